import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import esmero.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel', '0001_text_search'),
        ('kernel', '0002_initial'),
        ('people', '0001_initial'),
        ('promises', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=60, unique=True)),
                ('hue', models.PositiveSmallIntegerField(default=0)),
                ('is_line', models.BooleanField(default=False)),
                ('retired_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'conversations_tag',
            },
        ),
        migrations.CreateModel(
            name='WordsRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'conversations_words_read',
            },
        ),
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=esmero.kernel.ids.new_token, max_length=40, unique=True)),
                ('kind', models.CharField(default='question', max_length=12)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('channel', models.CharField(max_length=8)),
                ('inbox_ref', models.CharField(blank=True, max_length=40)),
                ('language', models.CharField(blank=True, max_length=5)),
                ('state', models.CharField(default='open', max_length=10)),
                ('priority', models.SmallIntegerField(default=0)),
                ('tag_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('is_suspect', models.BooleanField(default=False)),
                ('suspicion', models.JSONField(default=list)),
                ('is_history', models.BooleanField(default=False)),
                ('opened_at', models.DateTimeField()),
                ('last_inbound_at', models.DateTimeField(null=True)),
                ('last_outbound_at', models.DateTimeField(null=True)),
                ('awaits_reply_since', models.DateTimeField(null=True)),
                ('snoozed_until', models.DateTimeField(null=True)),
                ('last_message_at', models.DateTimeField()),
                ('excerpt', models.CharField(blank=True, max_length=200)),
                ('message_count', models.PositiveIntegerField(default=0)),
                ('has_failure', models.BooleanField(default=False)),
                ('chip', models.CharField(blank=True, default='', max_length=10)),
                ('chip_at', models.DateTimeField(null=True)),
                ('chip_made_at', models.DateTimeField(null=True)),
                ('merged_ids', models.JSONField(default=list)),
                ('is_side', models.BooleanField(default=False)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.customer')),
                ('department', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.department')),
                ('merged_into', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.conversation')),
                ('owner_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'conversations_conversation',
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('reopened_at', models.DateTimeField(null=True)),
                ('by_agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reopened_by_agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
            ],
            options={
                'db_table': 'conversations_closure',
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(default='reply', max_length=5)),
                ('text', models.TextField(blank=True)),
                ('to', models.JSONField(default=list)),
                ('cc', models.JSONField(default=list)),
                ('bcc', models.JSONField(default=list)),
                ('seen_message_id', models.BigIntegerField(null=True)),
                ('promise_kind', models.CharField(blank=True, max_length=12)),
                ('promise_when', models.CharField(blank=True, max_length=60)),
                ('quotes', models.CharField(default='all', max_length=4)),
                ('quoted', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('stopped_at', models.DateTimeField(null=True)),
                ('updated_at', models.DateTimeField()),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
                ('last_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'conversations_draft',
            },
        ),
        migrations.CreateModel(
            name='DraftFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=esmero.kernel.ids.new_token, max_length=40, unique=True)),
                ('name', models.CharField(max_length=255)),
                ('content_type', models.CharField(blank=True, max_length=120)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.blob')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.draft')),
            ],
            options={
                'db_table': 'conversations_draft_file',
            },
        ),
        migrations.CreateModel(
            name='DraftShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.draft')),
            ],
            options={
                'db_table': 'conversations_draft_share',
            },
        ),
        migrations.CreateModel(
            name='DraftTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.draft')),
            ],
            options={
                'db_table': 'conversations_draft_turn',
            },
        ),
        migrations.CreateModel(
            name='Follower',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
            ],
            options={
                'db_table': 'conversations_follower',
            },
        ),
        migrations.CreateModel(
            name='KnownWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=60, unique=True)),
                ('at', models.DateTimeField()),
                ('by_agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'conversations_known_word',
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(max_length=4)),
                ('channel', models.CharField(max_length=8)),
                ('at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('from_name', models.CharField(blank=True, max_length=200)),
                ('from_address', models.CharField(blank=True, max_length=320)),
                ('to', models.JSONField(default=list)),
                ('cc', models.JSONField(default=list)),
                ('bcc', models.JSONField(default=list)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField(blank=True)),
                ('quoted', models.TextField(blank=True)),
                ('html', models.TextField(blank=True)),
                ('language', models.CharField(blank=True, max_length=5)),
                ('message_id', models.CharField(blank=True, max_length=300)),
                ('references', models.TextField(blank=True)),
                ('source_ref', models.CharField(blank=True, max_length=40)),
                ('is_verified', models.BooleanField(default=True)),
                ('verdict', models.JSONField(default=dict)),
                ('is_automatic', models.BooleanField(default=False)),
                ('is_withdrawn', models.BooleanField(default=False)),
                ('after', models.CharField(blank=True, max_length=8)),
                ('promise_kind', models.CharField(blank=True, max_length=12)),
                ('promise_due_at', models.DateTimeField(null=True)),
                ('quotes', models.CharField(default='all', max_length=4)),
                ('delivery', models.CharField(blank=True, max_length=10)),
                ('delivery_note', models.CharField(blank=True, max_length=300)),
                ('has_files', models.BooleanField(default=False)),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('subject', 'text', config='esmero_es'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('author_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author_customer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.customer')),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
            ],
            options={
                'db_table': 'conversations_message',
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
                ('message', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.message')),
            ],
            options={
                'db_table': 'conversations_mention',
            },
        ),
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_referral', models.BooleanField(default=False)),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answered_by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by_agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.department')),
                ('ended_by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
                ('note', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.message')),
            ],
            options={
                'db_table': 'conversations_consultation',
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=esmero.kernel.ids.new_token, max_length=40, unique=True)),
                ('name', models.CharField(blank=True, max_length=255)),
                ('content_type', models.CharField(blank=True, max_length=120)),
                ('size', models.BigIntegerField(default=0)),
                ('content_id', models.CharField(blank=True, max_length=200)),
                ('is_inline', models.BooleanField(default=False)),
                ('raw_ref', models.CharField(blank=True, max_length=40)),
                ('part_number', models.PositiveIntegerField(null=True)),
                ('blob', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.blob')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.message')),
            ],
            options={
                'db_table': 'conversations_attachment',
            },
        ),
        migrations.CreateModel(
            name='Move',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=5)),
                ('at', models.DateTimeField()),
                ('is_shared', models.BooleanField(default=False)),
                ('state_before', models.CharField(blank=True, max_length=10)),
                ('awaits_before', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
                ('undone_by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'conversations_move',
            },
        ),
        migrations.CreateModel(
            name='MovedMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.message')),
                ('move', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.move')),
            ],
            options={
                'db_table': 'conversations_moved_message',
            },
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField()),
                ('token', models.CharField(blank=True, max_length=40)),
                ('reads_from', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('added_by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.customer')),
                ('move', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='conversations.move')),
                ('removed_by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'conversations_participant',
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.CharField(max_length=40)),
                ('tab', models.CharField(max_length=40)),
                ('doing', models.CharField(max_length=6)),
                ('seen_at', models.DateTimeField()),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
            ],
            options={
                'db_table': 'conversations_presence',
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
                ('removed_by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
            ],
            options={
                'db_table': 'conversations_relation',
            },
        ),
        migrations.CreateModel(
            name='SavedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('text', models.TextField()),
                ('language', models.CharField(blank=True, max_length=5)),
                ('tags', models.CharField(blank=True, max_length=200)),
                ('uses', models.PositiveIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.department')),
            ],
            options={
                'db_table': 'conversations_saved_answer',
            },
        ),
        migrations.CreateModel(
            name='SideConversation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField()),
                ('once', models.CharField(blank=True, max_length=40)),
                ('unread_since', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
                ('follow_up', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='promises.promise')),
                ('opened_by_agent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
            ],
            options={
                'db_table': 'conversations_side',
            },
        ),
        migrations.CreateModel(
            name='Snooze',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('end', models.CharField(blank=True, max_length=10)),
                ('by_agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
            ],
            options={
                'db_table': 'conversations_snooze',
            },
        ),
        migrations.CreateModel(
            name='Takeover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=10)),
                ('asked', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
            ],
            options={
                'db_table': 'conversations_takeover',
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('word', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('n', models.PositiveIntegerField()),
            ],
            options={
                'db_table': 'conversations_word',
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('word', name='gin_trgm_ops'), name='conversations_word_like')],
            },
        ),
        migrations.CreateModel(
            name='CheckLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('level', models.CharField(max_length=4)),
                ('at', models.DateTimeField()),
                ('by_agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'conversations_check_level',
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['off', 'tell', 'stop'])), name='conversations_check_level_known')],
            },
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(models.Q(('state', 'resolved'), _negated=True), ('is_suspect', False)), fields=['owner_agent', 'chip_at', 'id'], name='conversations_active_owner'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(models.Q(('state', 'resolved'), _negated=True), ('is_suspect', False)), fields=['department', 'chip_at', 'id'], name='conversations_active_dept'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(models.Q(('state', 'resolved'), _negated=True), ('is_suspect', False)), fields=['chip_at', 'id'], name='conversations_active'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(models.Q(('state', 'resolved'), _negated=True), ('is_suspect', False)), fields=['owner_agent', '-last_message_at', '-id'], name='conversations_owner_recent'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('chip__in', ['open', 'broken'])), fields=['chip_at', 'id'], name='conversations_pressing'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('has_failure', True)), fields=['owner_agent'], name='conversations_failed'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('subject', config='esmero_es'), name='conversations_subject'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(fields=['-last_message_at', '-id'], name='conversations_recent'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(fields=['department', '-last_message_at', '-id'], name='conversations_dept_recent'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('is_suspect', True)), fields=['-last_message_at'], name='conversations_suspect'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('snoozed_until__isnull', False)), fields=['snoozed_until'], name='conversations_snoozed'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=django.contrib.postgres.indexes.GinIndex(fields=['tag_ids'], name='conversations_tagged'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='conversations_merged'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'waiting', 'resolved'])), name='conversations_state'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='conversations_not_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', None), ('state', 'resolved'), _connector='OR'), name='conversations_merged_rests'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('conversation', 'agent', 'mode'), name='conversations_draft_once'),
        ),
        migrations.AddConstraint(
            model_name='draftshare',
            constraint=models.UniqueConstraint(fields=('draft', 'agent'), name='conversations_draft_share_once'),
        ),
        migrations.AddIndex(
            model_name='follower',
            index=models.Index(fields=['conversation'], name='conversations_followed'),
        ),
        migrations.AddConstraint(
            model_name='follower',
            constraint=models.UniqueConstraint(fields=('agent', 'conversation'), name='conversations_follower_once'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['conversation', 'at', 'id'], name='conversations_thread'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('message_id', ''), _negated=True), fields=['message_id'], name='conversations_message_id'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='conversations_search'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('has_files', True)), fields=['conversation'], name='conversations_with_files'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=django.contrib.postgres.indexes.GinIndex(models.Func(models.F('to'), models.F('cc'), models.F('bcc'), arg_joiner=' || ', output_field=models.JSONField(), template="(jsonb_path_query_array(lower((%(expressions)s)::text)::jsonb, '$[*][1]'))"), name='conversations_recipients'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('direction__in', ['in', 'out', 'note'])), name='conversations_message_direction'),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['agent', 'conversation'], name='conversations_mention_open'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.UniqueConstraint(fields=('message', 'agent'), name='conversations_mention_once'),
        ),
        migrations.AddIndex(
            model_name='consultation',
            index=models.Index(condition=models.Q(('agent__isnull', False), ('answered_at', None), ('ended_at', None)), fields=['agent', 'asked_at'], name='conversations_asked_agent'),
        ),
        migrations.AddIndex(
            model_name='consultation',
            index=models.Index(condition=models.Q(('answered_at', None), ('department__isnull', False), ('ended_at', None)), fields=['department', 'asked_at'], name='conversations_asked_department'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(('agent', None), ('department', None), _connector='XOR'), name='conversations_consulted_one'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(('blob__isnull', False), models.Q(('raw_ref', ''), _negated=True), _connector='OR'), name='conversations_attachment_has_bytes'),
        ),
        migrations.AddConstraint(
            model_name='move',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['merge', 'split'])), name='conversations_move_kind'),
        ),
        migrations.AddConstraint(
            model_name='move',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'merge'), ('undone_at', None)), fields=('source',), name='conversations_merged_once'),
        ),
        migrations.AddConstraint(
            model_name='movedmessage',
            constraint=models.UniqueConstraint(fields=('move', 'message'), name='conversations_moved_once'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(fields=('conversation', 'customer'), name='conversations_participant_once'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(condition=models.Q(('token', ''), _negated=True), fields=('token',), name='conversations_participant_token'),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=models.UniqueConstraint(fields=('line', 'tab', 'agent'), name='conversations_presence_once'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['related', 'duplicate', 'caused_by'])), name='conversations_relation_kind'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('first', models.F('second')), _negated=True), name='conversations_relation_of_two'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('first', 'second'), name='conversations_relation_once'),
        ),
        migrations.AddIndex(
            model_name='sideconversation',
            index=models.Index(condition=models.Q(('unread_since__isnull', False)), fields=['conversation'], name='conversations_side_unread'),
        ),
        migrations.AddConstraint(
            model_name='sideconversation',
            constraint=models.UniqueConstraint(condition=models.Q(('once', ''), _negated=True), fields=('conversation', 'once'), name='conversations_side_once'),
        ),
        migrations.AddIndex(
            model_name='takeover',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['until'], name='conversations_takeover_due'),
        ),
        migrations.AddConstraint(
            model_name='takeover',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('conversation',), name='conversations_takeover_one_open'),
        ),
    ]
