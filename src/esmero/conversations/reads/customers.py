"""Customers as their conversations show them. `seen` is always what somebody may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce

from esmero.conversations.models import Conversation

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

_SURVIVING: Combinable = Coalesce(F("customer__merged_into_id"), F("customer_id"))


def still_waiting(conversation_ids: Iterable[int]) -> set[int]:
    """Return those of the conversations in which the customer still waits for our answer."""
    found = Conversation.objects.filter(
        pk__in=list(conversation_ids), awaits_reply_since__isnull=False
    )
    return set(found.values_list("id", flat=True))


def counted(seen: QuerySet[Conversation], customer_ids: Iterable[int]) -> dict[int, int]:
    """Return how many of the conversations each (surviving) customer has, none left out as 0."""
    ids = list(customer_ids)
    rows = (
        seen.annotate(whose=_SURVIVING)
        .filter(whose__in=ids)
        .order_by()
        .values("whose")
        .annotate(n=Count("id"))
        .values_list("whose", "n")
    )
    return {pk: n for pk, n in rows if pk is not None}


def with_any(customer_ids: Iterable[int]) -> set[int]:
    """Return those of the (surviving) customers who have a conversation at all, seen or not."""
    return set(counted(Conversation.objects.all(), customer_ids))


def last_writers(seen: QuerySet[Conversation], *, limit: int) -> list[int]:
    """Return the (surviving) customers of the newest conversations, each once, newest first.

    Looks at four times `limit` conversations at most: whoever wrote more often takes several.
    """
    rows = (
        seen.filter(is_suspect=False, customer__isnull=False)
        .annotate(whose=_SURVIVING)
        .order_by("-last_message_at", "-id")
        .values_list("whose", flat=True)[: limit * 4]
    )
    return [pk for pk in dict.fromkeys(rows) if pk is not None][:limit]
