"""Outgoing mail: what waits, what left, what went wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from esmero.channels.enums import DeliveryState
from esmero.channels.models import Delivery
from esmero.kernel.composed import composed


def deliveries() -> QuerySet[Delivery]:
    """Return outgoing mail, newest first."""
    return (
        Delivery.objects.defer("rendered")
        .select_related("conversation", "message", "mailbox")
        .order_by("-created_at", "-id")
    )


def deliveries_by_state(*, since: datetime) -> dict[str, int]:
    """Return how many outgoing mails are in each state: all that wait, and the rest that were made
    since a moment (their number only grows, and counting it is dear).
    """
    waiting = [DeliveryState.QUEUED.value, DeliveryState.HANDING_OVER.value]
    found = dict.fromkeys((state.value for state in DeliveryState), 0)
    for state in waiting:  # one by one: each has an index of its own
        found[state] = Delivery.objects.filter(state=state).count()
    recent = Delivery.objects.filter(created_at__gte=since).exclude(state__in=waiting)
    for row in recent.values("state").annotate(n=Count("id")).order_by():
        found[row["state"]] = row["n"]
    return found


def delivery(delivery_id: int) -> Delivery | None:
    """Return one outgoing mail with its bytes."""
    return (
        Delivery.objects.select_related("conversation", "message", "mailbox", "promise")
        .filter(pk=delivery_id)
        .first()
    )


def delivery_of_message(message_id: int) -> Delivery | None:
    """Return how an agent's message is sent."""
    return Delivery.objects.defer("rendered").filter(message_id=message_id).first()


def deliveries_of_messages(message_ids: Iterable[int]) -> dict[int, Delivery]:
    """Return how agents' messages are sent, by message, in one query."""
    found = Delivery.objects.filter(message_id__in=list(message_ids)).defer("rendered", "context")
    return {d.message_id: d for d in found if d.message_id is not None}


def delivery_by_header(message_header: str) -> Delivery | None:
    """Return the mail that carries a Message-ID, ours or the one a provider put in its place."""
    if not message_header:
        return None
    return next(iter(_with_header(message_header)), None)


@composed
def _with_header(header: str) -> QuerySet[Delivery]:
    found = Delivery.objects.defer("rendered")
    found = found.filter(Q(message_header=header) | Q(provider_header=header))
    return found.order_by("id")[:1]


def conversations_by_provider_headers(message_ids: Iterable[str]) -> list[int]:
    """Return the conversations of mails that a provider gave these Message-IDs."""
    wanted = [m for m in dict.fromkeys(message_ids) if m][:50]
    found = Delivery.objects.filter(
        provider_header__in=wanted, conversation__isnull=False
    ).values_list("conversation_id", flat=True)
    return [pk for pk in dict.fromkeys(found) if pk is not None]


def automatic_of(conversation_id: int) -> QuerySet[Delivery]:
    """Return the automatic mails of a conversation, oldest first."""
    return (
        Delivery.objects.filter(conversation_id=conversation_id, is_automatic=True)
        .defer("rendered")
        .order_by("created_at", "id")
    )


def late_batch() -> QuerySet[Delivery]:
    """Return the late notices that wait for a supervisor."""
    return (
        Delivery.objects.filter(state=DeliveryState.BATCH.value)
        .defer("rendered")
        .select_related("conversation", "conversation__customer", "promise")
        .order_by("id")
    )


def troubled() -> QuerySet[Delivery]:
    """Return mails whose fate is unknown or that failed, newest first."""
    return (
        Delivery.objects.filter(
            state__in=[DeliveryState.UNCERTAIN.value, DeliveryState.FAILED.value]
        )
        .defer("rendered")
        .select_related("conversation", "message")
        .order_by("-id")
    )


def next_delivery_at() -> datetime | None:
    """Return when the next queued mail may leave."""
    return next(iter(_next_leaving()), None)


@composed
def _next_leaving() -> QuerySet[Delivery, datetime]:
    found = Delivery.objects.filter(state=DeliveryState.QUEUED.value).order_by("not_before")
    return found.values_list("not_before", flat=True)[:1]
