"""Customers as their conversations show them. `seen` is always what somebody may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce

from esmero.conversations.models import Conversation
from esmero.people import queries as people

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
    """Return how many of the conversations each (surviving) customer has; those with none are left
    out. Two queries.
    """
    into = people.survivors_of_groups(customer_ids)
    rows = (
        seen.filter(customer_id__in=into)
        .order_by()
        .values("customer_id")
        .annotate(n=Count("id"))
        .values_list("customer_id", "n")
    )
    found: Counter[int] = Counter()
    for pk, n in rows:
        if pk is not None:
            found[into[pk]] += n
    return dict(found)


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
