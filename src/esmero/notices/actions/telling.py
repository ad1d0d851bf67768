"""Telling: a notice for each member whom something concerns, one row for what goes on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from esmero.conversations import queries as conversations
from esmero.kernel import jobs
from esmero.kernel.composed import composed
from esmero.kernel.refs import id_of
from esmero.kernel.transactions import action
from esmero.notices import queries
from esmero.notices.enums import Channel, Kind
from esmero.notices.models import Look, Mute, Notice
from esmero.notices.reads.cards import sees
from esmero.notices.rules import matrix
from esmero.people import queries as people
from esmero.people.enums import Role

if TYPE_CHECKING:
    from esmero.kernel.events import Happened
    from esmero.people.models import Agent

PUSH_GATHERS = timedelta(seconds=5)
"""What comes together in one place goes in one message."""
PUSH_AGAIN_AFTER = timedelta(minutes=2)
"""The same of the same place is not pushed again so soon."""
BELL = "bell"


@action
def tell(*, event: Happened, kind: Kind, agent_ids: Iterable[int], subject: str) -> list[int]:
    """Tell members of something that happened in a place (`conversation:12`, `mailbox:3`); return
    whom it was told.

    Not told: who did it herself, who has it before her now or has looked since, who may not see
    it, who has silenced it, and who wants to know it nowhere. Wakes `bell:ID` for each.
    """
    actor = id_of(event.actor, "agent")
    conversation_id = id_of(subject, "conversation")
    there = _reading(conversation_id, at=event.at)
    wanted = [pk for pk in dict.fromkeys(agent_ids) if pk != actor and pk not in there]
    if not wanted:
        return []
    told = []
    for agent in people.active_among(wanted):
        if _is_hidden(agent, conversation_id, kind):
            continue
        if conversation_id is not None and _knows(agent.pk, conversation_id, kind, event.at):
            continue
        if _write(agent.pk, kind, subject, conversation_id, event, actor=actor):
            told.append(agent.pk)
    return told


def _reading(conversation_id: int | None, *, at: datetime) -> set[int]:
    """Return who has it open in a window that is in sight."""
    if conversation_id is None:
        return set()
    return set(conversations.presence.present_in([conversation_id], at=at)[conversation_id])


def _is_hidden(agent: Agent, conversation_id: int | None, kind: Kind) -> bool:
    if conversation_id is None or kind in matrix.ALONE:
        return not agent.has_role(Role.ADMIN)
    return not sees(agent, conversation_id)


def _knows(agent_id: int, conversation_id: int, kind: Kind, at: datetime) -> bool:
    looked = Look.objects.filter(
        agent_id=agent_id, conversation_id=conversation_id, at__gte=at
    ).exists()
    muted = Mute.objects.filter(agent_id=agent_id, conversation_id=conversation_id).exists()
    return looked or matrix.is_silenced(kind, is_muted=muted)


@composed
def _untold(agent_id: int, kind: str, subject: str) -> QuerySet[Notice]:
    return Notice.objects.select_for_update().filter(
        agent_id=agent_id, kind=kind, subject=subject, seen_at=None
    )


def _write(
    agent_id: int,
    kind: Kind,
    subject: str,
    conversation_id: int | None,
    event: Happened,
    *,
    actor: int | None,
) -> bool:
    preferences = queries.preferences_of(agent_id)
    channels = matrix.channels_of(preferences.channels, kind)
    if not channels:
        return False
    mail_at = push_at = None
    if Channel.MAIL in channels:
        mail_at = event.at + timedelta(minutes=preferences.mail_minutes)
    if Channel.PUSH in channels:
        push_at = event.at + PUSH_GATHERS
    row = next(iter(_untold(agent_id, kind.value, subject)), None)
    if row is None:
        Notice.objects.create(
            agent_id=agent_id,
            kind=kind.value,
            subject=subject,
            conversation_id=conversation_id,
            first_at=event.at,
            last_at=event.at,
            event_id=event.id,
            event_kind=event.kind,
            by_agent_id=actor,
            on_screen=Channel.SCREEN in channels,
            mail_at=mail_at,
            push_at=push_at,
        )
    else:
        if row.event_id >= event.id:
            return False  # it was told of
        row.count += 1
        row.last_at, row.event_id, row.event_kind = event.at, event.id, event.kind
        row.by_agent_id, row.on_screen = actor, Channel.SCREEN in channels
        if row.mail_at is None:
            row.mail_at = mail_at  # one that waits keeps its time, however much comes
        if row.push_at is None and push_at is not None:
            again = row.pushed_at + PUSH_AGAIN_AFTER if row.pushed_at else push_at
            row.push_at = max(push_at, again)
        row.save()
    if Channel.SCREEN in channels:
        jobs.wake_after_commit(f"{BELL}:{agent_id}")
    if mail_at is not None:
        jobs.wake_after_commit("notices")
    if push_at is not None:
        jobs.wake_after_commit("push")
    return True


@action
def forget_old(*, before: datetime) -> int:
    """Remove what was seen, or told, before a moment; return how many."""
    old = Notice.objects.filter(Q(seen_at__lt=before) | Q(last_at__lt=before, on_screen=False))
    gone, _ = old.delete()
    Look.objects.filter(at__lt=before).delete()
    return gone
