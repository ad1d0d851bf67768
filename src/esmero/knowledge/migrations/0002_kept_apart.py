"""Candidates that somebody has split stay apart."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="is_kept_apart",
            field=models.BooleanField(default=False),
        ),
    ]
