"""The table of Django's database cache, for counters of attempts that all processes share.

Unlogged: a crash may empty it, which only forgives attempts; writing it costs no fsync.
"""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE IF NOT EXISTS kernel_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS kernel_cache_expires ON kernel_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_history_is_append_only")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE IF EXISTS kernel_cache")]
