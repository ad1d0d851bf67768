"""Indexes over the letters of names and addresses: finding a part of one among 40,000."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("kernel", "0001_text_search")]

    operations = [
        migrations.AddIndex(
            "customer",
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="people_customer_name"),
        ),
        migrations.AddIndex(
            "customer",
            GinIndex(
                OpClass(Upper("company"), name="gin_trgm_ops"), name="people_customer_company"
            ),
        ),
        migrations.AddIndex(
            "customeraddress",
            GinIndex(OpClass(Upper("value"), name="gin_trgm_ops"), name="people_address_part"),
        ),
    ]
