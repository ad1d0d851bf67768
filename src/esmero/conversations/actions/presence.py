"""Who is where: said by the windows, told on by waking a topic, and forgotten with the stream."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from esmero.conversations.enums import Doing
from esmero.conversations.models import Presence
from esmero.conversations.reads.presence import SILENT_AFTER
from esmero.kernel import jobs
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action

TOPIC = "presence"


@action
def note_presence(
    *,
    agent_id: int,
    line: str,
    tab: str,
    conversation_id: int | None,
    doing: Doing = Doing.LOOKS,
    at: datetime,
) -> None:
    """Say what a window of somebody's shows; `conversation_id` None: nothing any more.

    Wakes `presence:ID` for each conversation that this changes.
    """
    kept = Presence.objects.select_for_update().filter(agent_id=agent_id, line=line, tab=tab)
    before = kept.first()
    if conversation_id is None:
        if before is not None:
            before.delete()
            _wake([before.conversation_id])
        return
    if before is None:
        Presence.objects.update_or_create(
            agent_id=agent_id,
            line=line,
            tab=tab,
            defaults={"conversation_id": conversation_id, "doing": doing.value, "seen_at": at},
        )
        _wake([conversation_id])
        return
    was = before.conversation_id, before.doing
    before.conversation_id, before.doing, before.seen_at = conversation_id, doing.value, at
    before.save(update_fields=["conversation_id", "doing", "seen_at"])
    if was != (conversation_id, doing.value):
        _wake({was[0], conversation_id})


@action
def keep_presence(*, lines: Collection[str], at: datetime) -> None:
    """These streams are open still: what their windows show counts on."""
    if lines:
        Presence.objects.filter(line__in=list(lines)).update(seen_at=at)


@action
def leave_line(*, line: str, at: datetime) -> None:
    """A stream ended at `at`: its windows are gone, unless it was heard of since."""
    gone = Presence.objects.filter(line=line, seen_at__lte=at)
    _forget(gone.values_list("id", "conversation_id"))


@action
def forget_silent(*, at: datetime) -> None:
    """Remove what streams said that ended without a word."""
    silent = Presence.objects.filter(seen_at__lte=at - SILENT_AFTER)
    _forget(silent.values_list("id", "conversation_id"))


def _forget(found: Iterable[tuple[int, int]]) -> None:
    rows = list(found)
    if rows:
        Presence.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
        _wake({conversation_id for _, conversation_id in rows})


def _wake(conversation_ids: Collection[int]) -> None:
    for conversation_id in conversation_ids:
        jobs.wake_after_commit(ref(TOPIC, conversation_id))
