from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Shop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('country', models.CharField(default='ES', max_length=2)),
                ('region', models.CharField(blank=True, max_length=10)),
                ('language', models.CharField(default='es', max_length=5)),
                ('zone', models.CharField(default='Europe/Madrid', max_length=60)),
                ('voice', models.CharField(default='tu', max_length=5)),
                ('primary_colour', models.CharField(blank=True, max_length=7)),
                ('website', models.URLField(blank=True)),
                ('telephone', models.CharField(blank=True, max_length=40)),
                ('is_demo', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('set_up_at', models.DateTimeField(null=True)),
                ('setup_token_digest', models.CharField(blank=True, max_length=64)),
                ('settings_version', models.PositiveBigIntegerField(default=1)),
            ],
            options={
                'db_table': 'shop_shop',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='shop_only_one')],
            },
        ),
        migrations.CreateModel(
            name='ShopText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('language', models.CharField(max_length=5)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('body', models.TextField()),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'shop_text',
                'constraints': [models.UniqueConstraint(fields=('key', 'language'), name='shop_text_once')],
            },
        ),
    ]
