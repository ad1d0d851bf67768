"""Words by their likeness; and who is where lies in a table that a crash may forget."""

from django.db import migrations

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
    dependencies = [("conversations", "0001_initial"), ("kernel", "0001_text_search")]

    operations = [
        migrations.RunSQL(WORDS_LIKE, "DROP FUNCTION IF EXISTS esmero_words_like(text);"),
        migrations.RunSQL(
            "ALTER TABLE conversations_presence SET UNLOGGED",
            "ALTER TABLE conversations_presence SET LOGGED",
        ),
    ]
