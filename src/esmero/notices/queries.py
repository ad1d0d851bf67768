"""Reads of notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from esmero.desk import queries as desk
from esmero.kernel import secrets, signing
from esmero.kernel.composed import composed
from esmero.kernel.prepared import execute
from esmero.notices.enums import Kind, Mutes, Quiet
from esmero.notices.errors import LinkNotValid
from esmero.notices.models import Notice, Preferences, PushKeys, Subscription
from esmero.notices.reads.cards import Card as Card
from esmero.notices.reads.cards import cards as cards
from esmero.notices.reads.cards import cards_of as cards_of
from esmero.notices.reads.cards import seen_among as seen_among
from esmero.notices.rules import matrix as matrix
from esmero.notices.rules import quiet, webpush
from esmero.people import queries as people
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from esmero.people.models import Agent

LINKS_LAST = timedelta(days=60)
AWAY_LOOKS_AGAIN = timedelta(hours=1)
LISTED_MOST = 30
_PURPOSE = "notices"
_EPOCH = date(2020, 1, 1)


def preferences_of(agent_id: int) -> Preferences:
    """Return how a member wants to be told; unsaved, as it comes, when she never said."""
    return next(iter(_preferences(agent_id)), None) or Preferences(agent_id=agent_id)


@composed
def _preferences(agent_id: int) -> QuerySet[Preferences]:
    return Preferences.objects.filter(agent_id=agent_id)


def zone_of(preferences: Preferences) -> ZoneInfo:
    """Return the zone of a member's quiet hours."""
    return ZoneInfo(preferences.zone) if preferences.zone else the_shop().zone


def quiet_until(preferences: Preferences, *, at: datetime) -> datetime | None:
    """Return until when mail and push keep still, None when they do not at `at`."""
    if preferences.paused_until is not None and preferences.paused_until > at:
        return preferences.paused_until
    if preferences.agent_id in people.absent_agent_ids(at=at):
        return at + AWAY_LOOKS_AGAIN
    if preferences.quiet == Quiet.OWN.value:
        return quiet.end_inside(
            preferences.quiet_days,
            preferences.quiet_starts,
            preferences.quiet_ends,
            zone=zone_of(preferences),
            at=at,
        )
    if preferences.quiet == Quiet.WORK.value:
        own = people.own_department_ids_of(preferences.agent_id)
        departments: list[int | None] = [*own] or [None]
        frames = [frame for one in departments for frame in desk.frames_ahead(one, at=at)]
        return quiet.end_outside(frames, at=at)
    return None


def unseen(agent_id: int) -> QuerySet[Notice]:
    """Return what the bell counts."""
    return Notice.objects.filter(agent_id=agent_id, seen_at=None, on_screen=True)


def bells_of(agent_ids: Iterable[int], *, most: int) -> dict[int, int]:
    """Return what the bells of these members count, each at most `most`; one query."""
    ids = sorted(set(agent_ids))
    found = Notice.objects.filter(agent_id__in=ids, seen_at=None, on_screen=True)
    counted = dict(found.order_by().values_list("agent_id").annotate(n=Count("id")))
    return {pk: min(most, counted.get(pk, 0)) for pk in ids}


def listed(agent: Agent, *, after_id: int = 0) -> list[Card]:
    """Return what a member's list shows, the newest first; with `after_id` only what of it she
    has not seen and is newer than that event.
    """
    found = Notice.objects.filter(agent=agent, on_screen=True)
    if after_id:
        found = found.filter(seen_at=None, event_id__gt=after_id)
    rows = found.select_related("conversation", "conversation__customer", "by_agent")
    return cards_of(agent, list(rows.order_by("-last_at", "-id")[:LISTED_MOST]))


def newest_event_of(agent_id: int) -> int:
    """Return the number of the newest event of which a member was told."""
    found = unseen(agent_id).order_by("-event_id").values_list("event_id", flat=True)
    return found.first() or 0


def notice(agent_id: int, notice_id: int) -> Notice | None:
    """Return a notice of a member's."""
    return Notice.objects.filter(agent_id=agent_id, pk=notice_id).first()


_STANDING = """
SELECT 'unseen' WHERE EXISTS (
  SELECT 1 FROM notices_notice WHERE agent_id = %s AND conversation_id = %s AND seen_at IS NULL)
UNION ALL SELECT 'muted' WHERE EXISTS (
  SELECT 1 FROM notices_mute WHERE agent_id = %s AND conversation_id = %s)
"""


def standing(*, agent_id: int, conversation_id: int) -> frozenset[str]:
    """Return how a member stands to a conversation: `unseen` (she was told of it and has not
    looked), `muted` (she has silenced it). One query.
    """
    rows, _ = execute(_STANDING, [agent_id, conversation_id] * 2)
    return frozenset(row[0] for row in rows)


def subscriptions_of(agent_id: int) -> QuerySet[Subscription]:
    """Return the browsers of a member that take push messages, the newest first."""
    return Subscription.objects.filter(agent_id=agent_id).order_by("-made_at", "-id")


def push_keys() -> webpush.Keys | None:
    """Return the shop's pair, None before the first browser asked for it. Raises
    SecretUnreadable.
    """
    row = PushKeys.objects.filter(pk=1).values_list("private", flat=True).first()
    return _opened(secrets.unseal(row)) if row else None


def public_key() -> str:
    """Return what a browser is told to know the shop by, empty before the first asked for it."""
    return PushKeys.objects.filter(pk=1).values_list("public", flat=True).first() or ""


@lru_cache(maxsize=2)
def _opened(text: str) -> webpush.Keys:
    return webpush.read_keys(text)


# -- links to silence something, without signing in -------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """What a link silences, for whom."""

    agent_id: int
    what: Mutes
    values: tuple[str, ...]


def link_of(agent_id: int, what: Mutes, values: Iterable[object], *, at: datetime) -> str:
    """Return a signed name for a link that silences `values`: kinds, or a conversation."""
    day = (at.date() - _EPOCH).days
    said = f"{agent_id}.{what.value}.{'-'.join(str(one) for one in values)}.{day}"
    return f"{said}.{signing.sign(_PURPOSE, said)}"


def read_link(text: str, *, at: datetime) -> Link:
    """Return what a link silences. Raises LinkNotValid when it is forged or older than 60 days."""
    said, _, signature = text.rpartition(".")
    parts = said.split(".")
    if len(text) > 300 or len(parts) != 4 or not signing.is_signed(_PURPOSE, said, signature):
        raise LinkNotValid()
    made_on = _EPOCH + timedelta(days=int(parts[3]))
    if at.date() - made_on > LINKS_LAST:
        raise LinkNotValid()
    return Link(int(parts[0]), Mutes(parts[1]), tuple(parts[2].split("-")))


def kinds_in(link: Link) -> list[Kind]:
    """Return the kinds that a link names."""
    return [Kind(one) for one in link.values if one in {kind.value for kind in Kind}]
