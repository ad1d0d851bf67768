"""What the panel of a customer shows: fields of the shop's own, notes, consents, duplicates that
were looked at; and names found without their accents.
"""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# As `kernel.text.fold` does: lower case, compatible letters, no accents.
FOLD = r"""
CREATE OR REPLACE FUNCTION esmero_fold(said text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(lower(normalize(said, NFKD)), E'[\u0300-\u036F]', '', 'g');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_search'),
    ]

    operations = [
        migrations.RunSQL(FOLD, "DROP FUNCTION IF EXISTS esmero_fold(text);"),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=40)),
                ('text_version', models.CharField(max_length=40)),
                ('text', models.TextField(blank=True)),
                ('given_at', models.DateTimeField()),
                ('how', models.CharField(max_length=20)),
                ('evidence', models.CharField(blank=True, max_length=200)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_how', models.CharField(blank=True, max_length=20)),
            ],
            options={
                'db_table': 'people_consent',
            },
        ),
        migrations.CreateModel(
            name='CustomerNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'people_customer_note',
            },
        ),
        migrations.CreateModel(
            name='CustomField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('kind', models.CharField(default='text', max_length=8)),
                ('choices', models.JSONField(default=list)),
                ('hint', models.CharField(blank=True, max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'people_custom_field',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CustomValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.CharField(max_length=500)),
            ],
            options={
                'db_table': 'people_custom_value',
            },
        ),
        migrations.CreateModel(
            name='DuplicateDismissal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'people_duplicate_dismissal',
            },
        ),
        migrations.AddIndex(
            model_name='customer',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.Func(models.F('name'), function='esmero_fold', output_field=models.TextField()), 'gin_trgm_ops'), name='people_customer_name_folded'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.Func(models.F('company'), function='esmero_fold', output_field=models.TextField()), 'gin_trgm_ops'), name='people_company_folded'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(models.Func(models.F('name'), function='esmero_fold', output_field=models.TextField()), name='people_customer_same_name'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(models.Func(models.F('company'), function='esmero_fold', output_field=models.TextField()), condition=models.Q(('company', ''), _negated=True), name='people_same_company'),
        ),
        migrations.AddField(
            model_name='consent',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.customer'),
        ),
        migrations.AddField(
            model_name='consent',
            name='recorded_by_agent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='consent',
            name='withdrawn_by_agent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='customernote',
            name='by_agent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='customernote',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.customer'),
        ),
        migrations.AddField(
            model_name='customernote',
            name='removed_by_agent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='customfield',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['text', 'number', 'date', 'choice', 'yes_no'])), name='people_custom_field_kind'),
        ),
        migrations.AddField(
            model_name='customvalue',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.customer'),
        ),
        migrations.AddField(
            model_name='customvalue',
            name='field',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.customfield'),
        ),
        migrations.AddField(
            model_name='duplicatedismissal',
            name='by_agent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='duplicatedismissal',
            name='one',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.customer'),
        ),
        migrations.AddField(
            model_name='duplicatedismissal',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.customer'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('customer', 'purpose'), name='people_consent_in_force_once'),
        ),
        migrations.AddIndex(
            model_name='customvalue',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.Func(models.F('value'), function='esmero_fold', output_field=models.TextField()), 'gin_trgm_ops'), name='people_custom_value_part'),
        ),
        migrations.AddConstraint(
            model_name='customvalue',
            constraint=models.UniqueConstraint(fields=('customer', 'field'), name='people_custom_value_once'),
        ),
        migrations.AddConstraint(
            model_name='duplicatedismissal',
            constraint=models.UniqueConstraint(fields=('one', 'other'), name='people_dismissed_once'),
        ),
        migrations.AddConstraint(
            model_name='duplicatedismissal',
            constraint=models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='people_dismissed_order'),
        ),
    ]
