"""Acts on many conversations: planned by a page, done by the worker, stopped and undone.

The row is the queue's entry. A step locks it, takes the next conversations, does them each in a
savepoint and writes what became of them, in one transaction: whatever dies, each is done once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from esmero.conversations import queries as conversation_queries
from esmero.desk.actions.managing import note_macro_run
from esmero.desk.actions.performing import flattened, perform, perform_safely, take_back
from esmero.desk.enums import Do, JobState, Outcome
from esmero.desk.errors import NothingToDo, NotWaiting, TooMany
from esmero.desk.events import BulkFinished
from esmero.desk.models import BulkItem, BulkJob
from esmero.desk.queries import acts_of
from esmero.desk.rules.acts import Act
from esmero.kernel import audit, events, jobs
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.people import queries as people

if TYPE_CHECKING:
    from esmero.people.models import Agent

MOST = 50_000
AT_ONCE = 25
"""Conversations of one step: some tenths of a second, after which it can be stopped."""


@action
def plan_bulk(*, agent_id: int, conversation_ids: Iterable[int], at: datetime) -> int:
    """Keep which conversations were chosen and counted; return the job's id. Nothing is done yet.

    Raises NothingToDo, TooMany.
    """
    ids = list(dict.fromkeys(conversation_ids))
    if not ids:
        raise NothingToDo()
    if len(ids) > MOST:
        raise TooMany(most=MOST)
    return BulkJob.objects.create(
        agent_id=agent_id, conversation_ids=ids, state=JobState.PLANNED.value, made_at=at
    ).pk


@action
def begin_bulk(*, job_id: int, agent_id: int, acts: Sequence[Act], at: datetime) -> None:
    """Say what is done with the chosen ones; the worker does it.

    What the agent may not see is left out when its turn comes. Raises NothingToDo, NotFound (also
    for a macro that is gone), NotWaiting when it has begun already.
    """
    job = _own(job_id, agent_id)
    if job.state != JobState.PLANNED.value:
        raise NotWaiting(job_id=job_id)
    plain = flattened(acts)
    if not plain:
        raise NothingToDo()
    job.acts, job.state = [act.stored() for act in plain], JobState.QUEUED.value
    job.save(update_fields=["acts", "state"])
    audit.record(
        at=at, actor=ref("agent", agent_id), action="bulk.begun", ref=ref("bulk", job.pk),
        count=len(job.conversation_ids), acts=[act.do.value for act in plain],
    )  # fmt: skip
    jobs.wake_after_commit("bulk")


@action
def forget_plans(*, before: datetime) -> int:
    """Drop what was chosen and never begun; return how many."""
    gone, _ = BulkJob.objects.filter(state=JobState.PLANNED.value, made_at__lt=before).delete()
    return gone


@action
def step_bulk(*, at: datetime, job_id: int | None = None) -> bool:
    """Do or undo the next conversations of one bulk act and say whether there was any to do.

    `job_id`: of this one only, once whoever is at it has ended.
    """
    waiting = BulkJob.objects.select_for_update(skip_locked=job_id is None).filter(
        state__in=[JobState.QUEUED.value, JobState.UNDOING.value]
    )
    if job_id is not None:
        waiting = waiting.filter(pk=job_id)
    job = waiting.order_by("id").first()
    if job is None:
        return False
    if job.state == JobState.UNDOING.value:
        _undo_some(job, at=at)
    else:
        _do_some(job, at=at)
    return True


def _do_some(job: BulkJob, *, at: datetime) -> None:
    ids = job.conversation_ids[job.next_index : job.next_index + AT_ONCE]
    agent = people.agent(job.agent_id)
    seen = _seen(agent, ids)
    acts = acts_of(job.acts)
    items = []
    for pk in ids:
        if pk not in seen:
            items.append(BulkItem(job=job, conversation_id=pk, outcome=Outcome.GONE.value))
            continue
        done = perform_safely(conversation_id=pk, acts=acts, at=at, by=job.agent_id)
        items.append(
            BulkItem(
                job=job,
                conversation_id=pk,
                outcome=done.outcome.value,
                code=done.code[:40],
                before=done.before,
            )
        )
    BulkItem.objects.bulk_create(items)
    outcomes = [item.outcome for item in items]
    job.next_index += len(ids)
    job.done += outcomes.count(Outcome.DONE.value)
    job.same += outcomes.count(Outcome.SAME.value)
    job.refused += (
        len(items) - outcomes.count(Outcome.DONE.value) - outcomes.count(Outcome.SAME.value)
    )
    if job.next_index >= len(job.conversation_ids):
        _end(job, JobState.DONE, at=at)
    job.save(update_fields=["next_index", "done", "same", "refused", "state", "ended_at"])


def _seen(agent: Agent | None, ids: Sequence[int]) -> set[int]:
    """Which of these the agent may see now; one who has left sees nothing."""
    if agent is None:
        return set()
    return set(
        conversation_queries.visible_to(agent).filter(pk__in=ids).values_list("id", flat=True)
    )


def _undo_some(job: BulkJob, *, at: datetime) -> None:
    items = list(
        BulkItem.objects.filter(job=job, outcome=Outcome.DONE.value, undone_at=None).order_by(
            "-id"
        )[:AT_ONCE]
    )
    seen = _seen(people.agent(job.agent_id), [item.conversation_id for item in items])
    for item in items:
        whole = item.conversation_id in seen and take_back(
            conversation_id=item.conversation_id, before=item.before, at=at, by=job.agent_id
        )
        job.undone += whole
        job.kept += not whole
    BulkItem.objects.filter(pk__in=[item.pk for item in items]).update(undone_at=at)
    if len(items) < AT_ONCE:
        _end(job, JobState.UNDONE, at=at)
    job.save(update_fields=["undone", "kept", "state", "ended_at"])


def _end(job: BulkJob, state: JobState, *, at: datetime) -> None:
    job.state, job.ended_at = state.value, at
    finished = BulkFinished(job_id=job.pk, state=state.value, done=job.done)
    events.publish([(finished, [ref("bulk", job.pk)])], at=at, actor=ref("agent", job.agent_id))


@action
def stop_bulk(*, job_id: int, agent_id: int, at: datetime, by: int | None = None) -> None:
    """Stop an agent's bulk act after what is in hand; `by`: a supervisor who does it for her.

    Raises NotFound, NotWaiting.
    """
    job = _own(job_id, agent_id)
    if job.state != JobState.QUEUED.value:
        raise NotWaiting(job_id=job_id)
    _end(job, JobState.STOPPED, at=at)
    job.save(update_fields=["state", "ended_at"])
    audit.record(
        at=at, actor=ref("agent", by or agent_id), action="bulk.stopped", ref=ref("bulk", job_id)
    )


@action
def undo_bulk(*, job_id: int, agent_id: int, at: datetime, by: int | None = None) -> None:
    """Take back what a bulk act did, as far as nobody has changed it since; the worker does it.

    Raises NotFound, NotWaiting.
    """
    job = _own(job_id, agent_id)
    if job.state not in (JobState.DONE.value, JobState.STOPPED.value):
        raise NotWaiting(job_id=job_id)
    job.state, job.ended_at = JobState.UNDOING.value, None
    job.save(update_fields=["state", "ended_at"])
    audit.record(
        at=at, actor=ref("agent", by or agent_id), action="bulk.undone", ref=ref("bulk", job_id)
    )
    jobs.wake_after_commit("bulk")


def _own(job_id: int, agent_id: int) -> BulkJob:
    job = BulkJob.objects.select_for_update().filter(pk=job_id, agent_id=agent_id).first()
    if job is None:
        raise NotFound(job_id=job_id)
    return job


@action
def run_macro(
    *,
    macro_id: int,
    conversation_id: int,
    agent_id: int,
    at: datetime,
    leave_out: Collection[Do] = (),
) -> int:
    """Run a macro (without its reply) on one conversation at once; return the job that undoes it.

    All of it or nothing: raises what its acts refuse, NotFound. `leave_out`: what a reply sent
    with it does already.
    """
    acts = [a for a in flattened([Act(Do.MACRO, str(macro_id))]) if a.do not in leave_out]
    with transaction.atomic():
        done = perform(conversation_id=conversation_id, acts=acts, at=at, by=agent_id)
    job = BulkJob.objects.create(
        agent_id=agent_id,
        acts=[act.stored() for act in acts],
        conversation_ids=[conversation_id],
        next_index=1,
        done=int(done.outcome is Outcome.DONE),
        same=int(done.outcome is Outcome.SAME),
        state=JobState.DONE.value,
        made_at=at,
        ended_at=at,
    )
    BulkItem.objects.create(
        job=job, conversation_id=conversation_id, outcome=done.outcome.value, before=done.before
    )
    note_macro_run(macro_id=macro_id, conversation_id=conversation_id, agent_id=agent_id, at=at)
    return job.pk
