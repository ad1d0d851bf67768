"""What the text of rows is searched by: extensions, Spanish stems over letters without accents, and
the letters alone.
"""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

# Accents go first, then the stem is taken: "devolución", "devolucion" and "devoluciones" meet.
# Both sides, index and query, pass through the same configuration.
CREATE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_ts_config WHERE cfgname = 'esmero_es') THEN
        CREATE TEXT SEARCH CONFIGURATION esmero_es (COPY = pg_catalog.spanish);
        ALTER TEXT SEARCH CONFIGURATION esmero_es
            ALTER MAPPING FOR hword, hword_part, word WITH unaccent, spanish_stem;
    END IF;
END $$;
"""
# As `kernel.text.fold` does: lower case, compatible letters, no accents.
FOLD = r"""
CREATE OR REPLACE FUNCTION esmero_fold(said text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(lower(normalize(said, NFKD)), E'[\u0300-\u036F]', '', 'g');
"""
DROP = "DROP TEXT SEARCH CONFIGURATION IF EXISTS esmero_es;"


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(CREATE, DROP),
        migrations.RunSQL(FOLD, "DROP FUNCTION IF EXISTS esmero_fold(text);"),
    ]
