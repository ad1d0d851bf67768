
import django.contrib.postgres.fields
import django.db.models.deletion
import esmero.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel', '0004_cache'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Synonyms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=5)),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'knowledge_synonyms',
            },
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(default='faq', max_length=8)),
                ('position', models.PositiveIntegerField(default=0)),
                ('products', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, size=None)),
                ('audience', models.CharField(default='public', max_length=10)),
                ('is_featured', models.BooleanField(default=False)),
                ('review_on', models.DateField(null=True)),
                ('review_promise_id', models.BigIntegerField(null=True)),
                ('origin_ref', models.CharField(blank=True, max_length=60)),
                ('created_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(null=True)),
                ('created_by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'knowledge_article',
            },
        ),
        migrations.CreateModel(
            name='ArticleFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=esmero.kernel.ids.new_token, max_length=40, unique=True)),
                ('name', models.CharField(max_length=255)),
                ('content_type', models.CharField(max_length=120)),
                ('alternative', models.CharField(blank=True, max_length=300)),
                ('language', models.CharField(blank=True, max_length=5)),
                ('is_main', models.BooleanField(default=False)),
                ('width', models.PositiveIntegerField(null=True)),
                ('height', models.PositiveIntegerField(null=True)),
                ('reading', models.CharField(default='done', max_length=8)),
                ('detail', models.CharField(blank=True, max_length=200)),
                ('page_count', models.PositiveIntegerField(null=True)),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='knowledge.article')),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.blob')),
            ],
            options={
                'db_table': 'knowledge_file',
            },
        ),
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=5)),
                ('text', models.CharField(max_length=300)),
                ('state', models.CharField(default='open', max_length=10)),
                ('count', models.PositiveIntegerField(default=0)),
                ('answer_minutes', models.PositiveIntegerField(null=True)),
                ('conversation_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('article', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge.article')),
                ('decided_by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'knowledge_candidate',
            },
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0)),
                ('icon', models.CharField(blank=True, max_length=30)),
                ('created_at', models.DateTimeField()),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='knowledge.category')),
            ],
            options={
                'db_table': 'knowledge_category',
            },
        ),
        migrations.AddField(
            model_name='article',
            name='category',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='knowledge.category'),
        ),
        migrations.CreateModel(
            name='CategoryText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=5)),
                ('name', models.CharField(max_length=120)),
                ('description', models.CharField(blank=True, max_length=300)),
                ('slug', models.CharField(max_length=120)),
                ('category', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='knowledge.category')),
            ],
            options={
                'db_table': 'knowledge_category_text',
            },
        ),
        migrations.CreateModel(
            name='ManualPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('file', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='knowledge.articlefile')),
            ],
            options={
                'db_table': 'knowledge_page',
            },
        ),
        migrations.CreateModel(
            name='OldAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=5)),
                ('slug', models.CharField(max_length=160)),
                ('at', models.DateTimeField()),
                ('article', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.article')),
                ('category', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.category')),
            ],
            options={
                'db_table': 'knowledge_old_address',
            },
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=5)),
                ('audience', models.CharField(max_length=10)),
                ('role', models.CharField(max_length=8)),
                ('place', models.PositiveIntegerField(default=0)),
                ('text', models.TextField()),
                ('digest', models.BinaryField(max_length=16)),
                ('changed', models.BigIntegerField()),
                ('is_gone', models.BooleanField(default=False)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.article')),
                ('page', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.manualpage')),
            ],
            options={
                'db_table': 'knowledge_passage',
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=5)),
                ('source', models.CharField(max_length=8)),
                ('text', models.CharField(max_length=500)),
                ('asker', models.CharField(blank=True, max_length=44)),
                ('at', models.DateTimeField()),
                ('conversation_id', models.BigIntegerField(null=True, unique=True)),
                ('fits', models.BooleanField()),
                ('confidence', models.FloatField(default=0)),
                ('outcome', models.CharField(default='open', max_length=8)),
                ('is_grouped', models.BooleanField(default=False)),
                ('best_article', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge.article')),
                ('candidate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='questions', to='knowledge.candidate')),
                ('opened_article', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge.article')),
            ],
            options={
                'db_table': 'knowledge_question',
            },
        ),
        migrations.CreateModel(
            name='ReadCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=5)),
                ('day', models.DateField()),
                ('reads', models.PositiveIntegerField(default=0)),
                ('contacts', models.PositiveIntegerField(default=0)),
                ('answers', models.PositiveIntegerField(default=0)),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.article')),
            ],
            options={
                'db_table': 'knowledge_read_count',
            },
        ),
        migrations.CreateModel(
            name='Related',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0)),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.article')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.article')),
            ],
            options={
                'db_table': 'knowledge_related',
            },
        ),
        migrations.CreateModel(
            name='Text',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=5)),
                ('slug', models.CharField(max_length=160)),
                ('state', models.CharField(default='draft', max_length=10)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('summary', models.CharField(blank=True, max_length=400)),
                ('body', models.TextField(blank=True)),
                ('wordings', models.TextField(blank=True)),
                ('draft_version', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField()),
                ('publish_at', models.DateTimeField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('first_published_at', models.DateTimeField(null=True)),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='knowledge.article')),
                ('saved_by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'knowledge_text',
            },
        ),
        migrations.CreateModel(
            name='Vector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('encoder', models.CharField(max_length=60)),
                ('digest', models.BinaryField(max_length=16)),
                ('data', models.BinaryField()),
            ],
            options={
                'db_table': 'knowledge_vector',
                'constraints': [models.UniqueConstraint(fields=('encoder', 'digest'), name='knowledge_vector_once')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('summary', models.CharField(blank=True, max_length=400)),
                ('body', models.TextField(blank=True)),
                ('wordings', models.TextField(blank=True)),
                ('plain', models.TextField(blank=True)),
                ('note', models.CharField(blank=True, max_length=200)),
                ("was_published", models.BooleanField(default=True)),
                ('at', models.DateTimeField()),
                ('by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('text', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='knowledge.text')),
            ],
            options={
                'db_table': 'knowledge_version',
            },
        ),
        migrations.AddField(
            model_name='text',
            name='published',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge.version'),
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=5)),
                ('version', models.PositiveIntegerField()),
                ('voter', models.CharField(max_length=44)),
                ('is_helpful', models.BooleanField()),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('comment', models.CharField(blank=True, max_length=1000)),
                ('at', models.DateTimeField()),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.article')),
            ],
            options={
                'db_table': 'knowledge_vote',
            },
        ),
        migrations.AddIndex(
            model_name='articlefile',
            index=models.Index(condition=models.Q(('reading', 'waiting')), fields=['id'], name='knowledge_file_waiting'),
        ),
        migrations.AddIndex(
            model_name='candidate',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['-count', '-last_at'], name='knowledge_candidate_open'),
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='knowledge_category_not_its_own'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['category', 'position', 'id'], name='knowledge_article_shelf'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('archived_at', None), ('review_on__isnull', False)), fields=['review_on'], name='knowledge_article_review'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['faq', 'guide', 'manual', 'news'])), name='knowledge_article_kind'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('audience__in', ['public', 'customers', 'team'])), name='knowledge_article_audience'),
        ),
        migrations.AddConstraint(
            model_name='categorytext',
            constraint=models.UniqueConstraint(fields=('category', 'language'), name='knowledge_category_text_once'),
        ),
        migrations.AddConstraint(
            model_name='categorytext',
            constraint=models.UniqueConstraint(fields=('language', 'slug'), name='knowledge_category_address_once'),
        ),
        migrations.AddConstraint(
            model_name='manualpage',
            constraint=models.UniqueConstraint(fields=('file', 'number'), name='knowledge_page_once'),
        ),
        migrations.AddConstraint(
            model_name='oldaddress',
            constraint=models.UniqueConstraint(condition=models.Q(('article__isnull', False)), fields=('language', 'slug'), name='knowledge_old_article_once'),
        ),
        migrations.AddConstraint(
            model_name='oldaddress',
            constraint=models.UniqueConstraint(condition=models.Q(('category__isnull', False)), fields=('language', 'slug'), name='knowledge_old_category_once'),
        ),
        migrations.AddConstraint(
            model_name='oldaddress',
            constraint=models.CheckConstraint(condition=models.Q(('article', None), ('category', None), _connector='XOR'), name='knowledge_old_address_of_one'),
        ),
        migrations.AddIndex(
            model_name='passage',
            index=models.Index(fields=['changed'], name='knowledge_passage_changed'),
        ),
        migrations.AddIndex(
            model_name='passage',
            index=models.Index(fields=['digest'], name='knowledge_passage_digest'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['-at'], name='knowledge_question_recent'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('is_grouped', False)), fields=['id'], name='knowledge_question_new'),
        ),
        migrations.AddConstraint(
            model_name='readcount',
            constraint=models.UniqueConstraint(fields=('article', 'language', 'day'), name='knowledge_read_count_once'),
        ),
        migrations.AddConstraint(
            model_name='related',
            constraint=models.UniqueConstraint(fields=('article', 'other'), name='knowledge_related_once'),
        ),
        migrations.AddConstraint(
            model_name='related',
            constraint=models.CheckConstraint(condition=models.Q(('article', models.F('other')), _negated=True), name='knowledge_related_not_itself'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('text', 'number'), name='knowledge_version_once'),
        ),
        migrations.AddIndex(
            model_name='text',
            index=models.Index(condition=models.Q(('state', 'scheduled')), fields=['publish_at'], name='knowledge_text_scheduled'),
        ),
        migrations.AddIndex(
            model_name='text',
            index=models.Index(condition=models.Q(('published__isnull', False)), fields=['language', '-published_at'], name='knowledge_text_recent'),
        ),
        migrations.AddConstraint(
            model_name='text',
            constraint=models.UniqueConstraint(fields=('article', 'language'), name='knowledge_text_once'),
        ),
        migrations.AddConstraint(
            model_name='text',
            constraint=models.UniqueConstraint(fields=('language', 'slug'), name='knowledge_text_address'),
        ),
        migrations.AddConstraint(
            model_name='text',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'review', 'scheduled', 'published', 'withdrawn'])), name='knowledge_text_state'),
        ),
        migrations.AddConstraint(
            model_name='text',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published__isnull', False), _connector='OR'), name='knowledge_text_published_has_version'),
        ),
        migrations.AddIndex(
            model_name='vote',
            index=models.Index(fields=['article', '-at'], name='knowledge_vote_recent'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(fields=('article', 'language', 'voter'), name='knowledge_vote_once'),
        ),
    ]
