import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('first_entry_id', models.BigIntegerField()),
                ('last_entry_id', models.BigIntegerField(unique=True)),
                ('entries', models.IntegerField()),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'db_table': 'promises_seal',
            },
        ),
        migrations.CreateModel(
            name='Hours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('zone', models.CharField(max_length=60)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('region', models.CharField(blank=True, max_length=10)),
                ('week', models.JSONField()),
                ('is_default', models.BooleanField(default=False)),
            ],
            options={
                'db_table': 'promises_hours',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='promises_one_default_hours')],
            },
        ),
        migrations.CreateModel(
            name='DepartmentHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('department', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.department')),
                ('hours', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='promises.hours')),
            ],
            options={
                'db_table': 'promises_department_hours',
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('subject_ref', models.CharField(max_length=60)),
                ('channel', models.CharField(blank=True, max_length=12)),
                ('made_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('basis', models.JSONField(default=dict)),
                ('load', models.FloatField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('told_by', models.CharField(blank=True, max_length=12)),
                ('is_late_on_arrival', models.BooleanField(default=False)),
                ('state', models.CharField(default='open', max_length=12)),
                ('settled_at', models.DateTimeField(null=True)),
                ('taken_minutes', models.FloatField(null=True)),
                ('reason', models.CharField(blank=True, max_length=14)),
                ('initiative', models.CharField(blank=True, max_length=8)),
                ('is_automatic_move', models.BooleanField(default=False)),
                ('evidence_ref', models.CharField(blank=True, max_length=60)),
                ('remaining_minutes', models.FloatField(null=True)),
                ('automatic_moves', models.PositiveSmallIntegerField(default=0)),
                ('stage', models.PositiveSmallIntegerField(default=0)),
                ('next_check_at', models.DateTimeField(null=True)),
                ('chain', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='promises.promise')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.customer')),
                ('department', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.department')),
                ('hours', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='promises.hours')),
                ('owner_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('successor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='promises.promise')),
            ],
            options={
                'db_table': 'promises_promise',
            },
        ),
        migrations.CreateModel(
            name='PromiseEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveSmallIntegerField()),
                ('what', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=40)),
                ('data', models.JSONField(default=dict)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('promise', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='promises.promise')),
            ],
            options={
                'db_table': 'promises_entry',
            },
        ),
        migrations.CreateModel(
            name='SpecialDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('frames', models.JSONField(default=list)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('hours', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='promises.hours')),
            ],
            options={
                'db_table': 'promises_special_day',
            },
        ),
        migrations.CreateModel(
            name='StandardRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('channel', models.CharField(blank=True, max_length=12)),
                ('tier', models.CharField(blank=True, max_length=12)),
                ('target_minutes', models.PositiveIntegerField(null=True)),
                ('same_day', models.BooleanField(default=False)),
                ('limit_minutes', models.PositiveIntegerField(null=True)),
                ('limit_in_business_time', models.BooleanField(default=False)),
                ('legal_days', models.PositiveSmallIntegerField(null=True)),
                ('legal_in_business_days', models.BooleanField(default=False)),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.department')),
            ],
            options={
                'db_table': 'promises_standard',
            },
        ),
        migrations.CreateModel(
            name='Measured',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('channel', models.CharField(blank=True, max_length=12)),
                ('load', models.FloatField()),
                ('minutes', models.FloatField()),
                ('arrived_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('told_minutes', models.FloatField(null=True)),
                ('department', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.department')),
            ],
            options={
                'db_table': 'promises_measured',
                'indexes': [models.Index(fields=['at'], name='promises_measured_at')],
            },
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['next_check_at'], name='promises_next_check'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(fields=['subject_ref'], name='promises_subject'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['owner_agent', 'due_at'], name='promises_open_by_owner'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['department', 'due_at'], name='promises_open_by_department'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('state', 'open'), _negated=True), fields=['settled_at'], name='promises_settled'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['due_at'], name='promises_open_by_due'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('state__in', ['broken', 'renegotiated'])), fields=['settled_at'], name='promises_not_kept'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['answer', 'update', 'solve', 'call', 'dispatch', 'deliver', 'refund', 'replace', 'follow_up', 'verify', 'legal'])), name='promises_promise_kind'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'kept', 'broken', 'released', 'renegotiated'])), name='promises_promise_state'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('made_at'))), name='promises_due_after_made'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'kept'), _negated=True), ('settled_at__lte', models.F('due_at')), _connector='OR'), name='promises_kept_in_time'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='promises_settled_has_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'released'), _negated=True), ('reason__in', ['withdrawn', 'not_a_contact', 'duplicate', 'waiting']), _connector='OR'), name='promises_released_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'renegotiated'), _negated=True), ('initiative', 'ours'), models.Q(('initiative', 'customer'), models.Q(('evidence_ref', ''), _negated=True)), _connector='OR'), name='promises_moved_with_evidence'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('owner_agent__isnull', False), ('department__isnull', False), _connector='OR'), name='promises_has_an_owner'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'answer'), ('state', 'open')), fields=('subject_ref',), name='promises_one_open_answer'),
        ),
        migrations.AddConstraint(
            model_name='promiseentry',
            constraint=models.UniqueConstraint(fields=('promise', 'seq'), name='promises_entry_in_order'),
        ),
        migrations.AddConstraint(
            model_name='specialday',
            constraint=models.UniqueConstraint(fields=('hours', 'on'), name='promises_special_day_once'),
        ),
        migrations.AddConstraint(
            model_name='standardrow',
            constraint=models.UniqueConstraint(fields=('kind', 'department', 'channel', 'tier'), name='promises_standard_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='standardrow',
            constraint=models.CheckConstraint(condition=models.Q(('target_minutes__isnull', False), ('same_day', True), ('limit_minutes__isnull', False), ('legal_days__isnull', False), _connector='OR'), name='promises_standard_says_something'),
        ),
    ]
