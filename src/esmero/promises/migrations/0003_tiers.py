"""Standards name a tier by its row. No screen could set one before: there is nothing to carry over."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_tiers'),
        ('promises', '0002_record_is_append_only'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='standardrow', name='promises_standard_once'),
        migrations.RemoveField(model_name='standardrow', name='tier'),
        migrations.AddField(
            model_name='standardrow',
            name='tier',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.tier'),
        ),
        migrations.AddConstraint(
            model_name='standardrow',
            constraint=models.UniqueConstraint(fields=('kind', 'department', 'channel', 'tier'), name='promises_standard_once', nulls_distinct=False),
        ),
    ]
