"""What the search asks: words by their likeness, recipients, files, the words of a subject."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


# With a threshold of its own: two letters swapped in a short word leave few of its trigrams.
WORDS_LIKE = """
CREATE OR REPLACE FUNCTION esmero_words_like(said text) RETURNS TABLE (word text, n int)
LANGUAGE sql STABLE SET pg_trgm.similarity_threshold = '0.22' AS $$
    SELECT w.word::text, w.n FROM conversations_word w
    WHERE w.word % said AND length(w.word) BETWEEN length(said) - 3 AND length(said) + 2
    ORDER BY similarity(w.word, said) DESC LIMIT 200
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0003_pressing'),
        ('people', '0003_customer_panel'),
    ]

    operations = [
        migrations.CreateModel(
            name='Word',
            fields=[
                ('word', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('n', models.PositiveIntegerField()),
            ],
            options={
                'db_table': 'conversations_word',
            },
        ),
        migrations.CreateModel(
            name='WordsRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'conversations_words_read',
            },
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('subject', config='esmero_es'), name='conversations_subject'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('has_files', True)), fields=['conversation'], name='conversations_with_files'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=django.contrib.postgres.indexes.GinIndex(models.Func(models.F('to'), models.F('cc'), models.F('bcc'), arg_joiner=' || ', output_field=models.JSONField(), template="(jsonb_path_query_array(lower((%(expressions)s)::text)::jsonb, '$[*][1]'))"), name='conversations_recipients'),
        ),
        migrations.AddIndex(
            model_name='word',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('word', name='gin_trgm_ops'), name='conversations_word_like'),
        ),
        migrations.RunSQL(WORDS_LIKE, "DROP FUNCTION IF EXISTS esmero_words_like(text);"),
    ]
