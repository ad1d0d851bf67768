"""Having seen something: by opening it, by saying so, or because it is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from esmero.kernel import jobs
from esmero.kernel.transactions import action
from esmero.notices import queries
from esmero.notices.actions.telling import BELL
from esmero.notices.enums import Kind
from esmero.notices.models import Look, Notice
from esmero.people import queries as people


@action
def look(
    *, agent_id: int, conversation_ids: Iterable[int], at: datetime, keeps: bool = False
) -> int:
    """A member has conversations before her: what she was told of them is seen; return how many.

    `keeps`: remember it also for what is told later of what happened before. Without that, nothing
    is written where nothing was untold.
    """
    ids = sorted(set(conversation_ids))
    found = Notice.objects.filter(agent_id=agent_id, conversation_id__in=ids, seen_at=None)
    seen = found.update(seen_at=at, mail_at=None, push_at=None)
    if keeps:
        for pk in ids:
            Look.objects.update_or_create(
                agent_id=agent_id, conversation_id=pk, defaults={"at": at}
            )
    if seen:
        jobs.wake_after_commit(f"{BELL}:{agent_id}")
    return seen


@action
def look_at_all(*, agent_id: int, at: datetime, notice_id: int | None = None) -> int:
    """A member says that she has seen what her list shows, or one of it; return how many."""
    found = queries.unseen(agent_id)
    if notice_id is not None:
        found = found.filter(pk=notice_id)
    seen = found.update(seen_at=at, mail_at=None, push_at=None)
    if seen:
        jobs.wake_after_commit(f"{BELL}:{agent_id}")
    return seen


@action
def settle(*, kind: Kind, subject: str, at: datetime) -> int:
    """What was told of is over: nobody needs to look at it any more. Returns how many notices."""
    found = Notice.objects.filter(kind=kind.value, subject=subject, seen_at=None)
    agents = set(found.values_list("agent_id", flat=True))
    seen = found.update(seen_at=at, mail_at=None, push_at=None)
    for agent_id in agents:
        jobs.wake_after_commit(f"{BELL}:{agent_id}")
    return seen


@action
def drop_hidden(*, conversation_id: int) -> int:
    """Remove what was told of a conversation to members who may not see it any more; return how
    many notices.
    """
    told = Notice.objects.filter(conversation_id=conversation_id)
    agents = {a.pk: a for a in people.active_among(set(told.values_list("agent_id", flat=True)))}
    hidden = [
        row.pk
        for row in told
        if row.agent_id not in agents
        or not queries.seen_among(agents[row.agent_id], [conversation_id])
    ]
    if not hidden:
        return 0
    gone = Notice.objects.filter(pk__in=hidden)
    for agent_id in set(gone.values_list("agent_id", flat=True)):
        jobs.wake_after_commit(f"{BELL}:{agent_id}")
    return gone.delete()[0]
