import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('conversations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Preferences',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channels', models.JSONField(default=dict)),
                ('mail_minutes', models.PositiveSmallIntegerField(default=15)),
                ('hides_names', models.BooleanField(default=False)),
                ('quiet', models.CharField(default='work', max_length=5)),
                ('quiet_days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                ('quiet_starts', models.PositiveSmallIntegerField(default=1200)),
                ('quiet_ends', models.PositiveSmallIntegerField(default=480)),
                ('zone', models.CharField(blank=True, max_length=60)),
                ('paused_until', models.DateTimeField(null=True)),
                ('agent', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'notices_preferences',
            },
        ),
        migrations.CreateModel(
            name='PushKeys',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('private', models.TextField()),
                ('public', models.CharField(max_length=100)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'notices_push_keys',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='notices_push_keys_one')],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('endpoint', models.TextField()),
                ('endpoint_digest', models.CharField(max_length=64, unique=True)),
                ('p256dh', models.CharField(max_length=120)),
                ('auth', models.CharField(max_length=40)),
                ('session_key', models.CharField(max_length=40)),
                ('browser', models.CharField(blank=True, max_length=80)),
                ('made_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'notices_subscription',
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
            ],
            options={
                'db_table': 'notices_look',
                'constraints': [models.UniqueConstraint(fields=('agent', 'conversation'), name='notices_look_once')],
            },
        ),
        migrations.CreateModel(
            name='Mute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
            ],
            options={
                'db_table': 'notices_mute',
                'constraints': [models.UniqueConstraint(fields=('agent', 'conversation'), name='notices_mute_once')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('subject', models.CharField(max_length=40)),
                ('count', models.PositiveIntegerField(default=1)),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('event_id', models.BigIntegerField()),
                ('event_kind', models.CharField(max_length=60)),
                ('on_screen', models.BooleanField()),
                ('seen_at', models.DateTimeField(null=True)),
                ('mail_at', models.DateTimeField(null=True)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('push_at', models.DateTimeField(null=True)),
                ('pushed_at', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
            ],
            options={
                'db_table': 'notices_notice',
                'indexes': [models.Index(fields=['agent', '-last_at'], name='notices_notice_list'), models.Index(condition=models.Q(('on_screen', True), ('seen_at', None)), fields=['agent'], name='notices_notice_bell'), models.Index(condition=models.Q(('mail_at__isnull', False)), fields=['mail_at'], name='notices_notice_mail'), models.Index(condition=models.Q(('push_at__isnull', False)), fields=['push_at'], name='notices_notice_push')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('seen_at', None)), fields=('agent', 'kind', 'subject'), name='notices_notice_one_unseen'), models.CheckConstraint(condition=models.Q(('kind__in', ['assigned', 'message', 'mention', 'consulted', 'promise', 'returned', 'takeover', 'undelivered', 'unowned', 'followed', 'side', 'mailbox'])), name='notices_notice_kind')],
            },
        ),
        migrations.CreateModel(
            name='Push',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notice_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('made_at', models.DateTimeField()),
                ('not_before', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notices.subscription')),
            ],
            options={
                'db_table': 'notices_push',
                'indexes': [models.Index(fields=['not_before'], name='notices_push_due')],
            },
        ),
    ]
