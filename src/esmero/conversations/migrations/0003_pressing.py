"""The lists read an index in each of their orders, however many rows there are."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_message_promise_due_at_message_promise_kind")]

    operations = [
        migrations.AddIndex(
            "conversation",
            models.Index(
                fields=["chip_at", "id"],
                name="conversations_pressing",
                condition=Q(chip__in=["open", "broken"]),
            ),
        ),
        migrations.AddIndex(
            "conversation",
            models.Index(
                fields=["owner_agent", "-last_message_at", "-id"],
                name="conversations_owner_recent",
                condition=~Q(state="resolved") & Q(is_suspect=False),
            ),
        ),
    ]
