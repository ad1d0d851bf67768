"""Vectors of questions bear the day on which they were last wanted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0002_kept_apart")]

    operations = [
        migrations.AddField(
            model_name="vector",
            name="asked_on",
            field=models.DateField(null=True),
        ),
    ]
