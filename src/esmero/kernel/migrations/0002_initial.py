import django.db.models.deletion
import esmero.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel', '0001_text_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=esmero.kernel.ids.new_token, max_length=40, unique=True)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('data', models.BinaryField(null=True)),
                ('is_on_disk', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'kernel_blob',
            },
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
                ('kind', models.CharField(max_length=20)),
                ('started_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('failing', models.JSONField(default=dict)),
            ],
            options={
                'db_table': 'kernel_worker',
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=40)),
                ('action', models.CharField(max_length=80)),
                ('ref', models.CharField(blank=True, max_length=60)),
                ('data', models.JSONField(default=dict)),
                ('ip', models.GenericIPAddressField(null=True)),
            ],
            options={
                'db_table': 'kernel_audit',
                'indexes': [models.Index(fields=['-at'], name='kernel_audit_at')],
            },
        ),
        migrations.CreateModel(
            name='EventRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(default='system', max_length=40)),
                ('data', models.JSONField()),
                ('is_pending', models.BooleanField(default=False)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('retry_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'kernel_event',
                'indexes': [models.Index(condition=models.Q(('is_pending', True)), fields=['id'], name='kernel_event_pending'), models.Index(fields=['kind', 'at'], name='kernel_event_kind_at')],
            },
        ),
        migrations.CreateModel(
            name='EventLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=60)),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='kernel.eventrow')),
            ],
            options={
                'db_table': 'kernel_event_link',
                'indexes': [models.Index(fields=['event'], name='kernel_event_link_event')],
                'constraints': [models.UniqueConstraint(fields=('ref', 'event'), name='kernel_event_link_once')],
            },
        ),
        migrations.CreateModel(
            name='ReactionDone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reaction', models.CharField(max_length=80)),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='kernel.eventrow')),
            ],
            options={
                'db_table': 'kernel_reaction_done',
                'constraints': [models.UniqueConstraint(fields=('event', 'reaction'), name='kernel_reaction_once')],
            },
        ),
        migrations.CreateModel(
            name='ReactionFailure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reaction', models.CharField(max_length=80)),
                ('error', models.TextField()),
                ('attempts', models.PositiveSmallIntegerField(default=1)),
                ('last_at', models.DateTimeField()),
                ('is_given_up', models.BooleanField(default=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='kernel.eventrow')),
            ],
            options={
                'db_table': 'kernel_reaction_failure',
                'constraints': [models.UniqueConstraint(fields=('event', 'reaction'), name='kernel_reaction_failure_once')],
            },
        ),
    ]
