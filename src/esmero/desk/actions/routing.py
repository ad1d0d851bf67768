"""What happens by itself: rules on arrival, the sharing out of a queue, giving back."""

from __future__ import annotations

from datetime import datetime, timedelta

from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.enums import Priority, State
from esmero.desk import queries
from esmero.desk.enums import Share
from esmero.desk.events import RulesApplied, WorkReturned
from esmero.desk.models import DepartmentWork, Returned, Rule, Trace
from esmero.desk.rules.choosing import choose
from esmero.desk.rules.running import Run, run
from esmero.kernel import events, jobs
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import id_of, ref
from esmero.kernel.transactions import action
from esmero.people import queries as people
from esmero.promises import queries as promises
from esmero.promises.enums import Kind
from esmero.promises.enums import State as PromiseState

WRITING_SINCE = timedelta(minutes=10)
"""Who has typed here so lately is answering: it is not taken from her hands."""


@action
def route(*, conversation_id: int, at: datetime) -> int | None:
    """Run the rules on a conversation that has come; return the trace's id, None without rules.

    Publishes RulesApplied when one fired. It is called once for an arrival; calling it again for
    the same one does nothing.
    """
    rules = queries.rules_on()
    if not rules:
        jobs.wake_after_commit("distribution")
        return None
    try:
        conversation = conversations.lock_conversation(conversation_id)
    except NotFound:
        return None
    if conversation.is_suspect or conversation.is_history or conversation.is_side:
        return None
    if Trace.objects.filter(conversation_id=conversation_id).exists():
        return None
    facts = queries.facts_of(conversation, at=at)
    found = run(rules, facts, macros=queries.macro_acts())
    trace = Trace.objects.create(
        conversation_id=conversation_id,
        at=at,
        steps=[step.stored() for step in found.steps],
        is_stopped=found.is_stopped,
    )
    if found.is_stopped:
        looping = {step.rule_id for step in found.fired if step.turn > 1}
        Rule.objects.filter(pk__in=looping).update(looped_at=at)
    else:
        _apply(conversation_id, found, at=at)
    if found.fired:
        applied = RulesApplied(
            conversation_id=conversation_id, trace_id=trace.pk, is_stopped=found.is_stopped
        )
        events.publish([(applied, [ref("conversation", conversation_id)])], at=at, actor="system")
    jobs.wake_after_commit("distribution")
    return trace.pk


def _apply(conversation_id: int, found: Run, *, at: datetime) -> None:
    before, after = found.before, found.facts
    known = conversation_queries.order.tags_by_id()
    add = sorted(pk for pk in after.tag_ids - before.tag_ids if pk in known)
    conversations.change_tags(
        conversation_id=conversation_id,
        add=add,
        remove=sorted(before.tag_ids - after.tag_ids),
        at=at,
        by=None,
    )
    if after.priority != before.priority:
        conversations.set_priority(
            conversation_id=conversation_id, priority=Priority(after.priority), at=at, by=None
        )
    owner = after.owner_id if after.owner_id and people.agent(after.owner_id) else None
    open_ones = {one.pk for one in people.departments()}
    department = after.department_id if after.department_id in open_ones else None
    if (owner, department) != (before.owner_id, before.department_id):
        conversations.assign_conversation(
            conversation_id=conversation_id,
            agent_id=owner,
            department_id=department,
            at=at,
            by=None,
            why="rule",
        )


@action
def distribute_one(*, at: datetime) -> bool:
    """Give the most pressing unowned conversation that somebody can take to whom it fits best.

    Who is away, is full, gave it back, or whose department is closed now, is skipped. Returns
    whether one was given.
    """
    for work in DepartmentWork.objects.exclude(share=Share.OFF.value).order_by("department_id"):
        if not queries.is_open(work.department_id, at=at):
            continue
        candidates = queries.candidates(work.department_id, at=at)
        if not any(one.has_room for one in candidates):
            continue
        for pk in queries.waiting_in(work.department_id, at=at):
            row = conversation_queries.conversation(pk)
            if row is None:
                continue
            agent_id = choose(
                candidates,
                queries.need_of(row),
                share=Share(work.share),
                last_id=work.last_agent_id,
                but=queries.gave_back(pk),
            )
            if agent_id is not None and _give(pk, agent_id, work, at=at):
                return True
    return False


def _give(conversation_id: int, agent_id: int, work: DepartmentWork, *, at: datetime) -> bool:
    try:
        conversation = conversations.lock_conversation(conversation_id)
    except NotFound:
        return False
    if conversation.owner_agent_id is not None or conversation.state != State.OPEN.value:
        return False  # somebody was quicker
    conversations.assign_conversation(
        conversation_id=conversation_id,
        agent_id=agent_id,
        at=at,
        by=None,
        why=f"share_{work.share}",
    )
    DepartmentWork.objects.filter(pk=work.pk).update(last_agent_id=agent_id)
    return True


@action
def give_back_unanswered(*, promise_id: int, at: datetime) -> bool:
    """Give a conversation back to the queue when its owner has not answered by half of the
    promise; say whether it was.

    Only where the department wishes so, only an `answer`, only what she had before the half, and
    not while she is writing. Publishes WorkReturned.
    """
    promise = promises.promise(promise_id)
    if promise is None or promise.kind != Kind.ANSWER.value:
        return False
    if promise.state != PromiseState.OPEN.value:
        return False
    conversation_id = id_of(promise.subject_ref, "conversation")
    if conversation_id is None:
        return False
    try:
        conversation = conversations.lock_conversation(conversation_id)
    except NotFound:
        return False
    agent_id = conversation.owner_agent_id
    if agent_id is None or not queries.gives_back(conversation.department_id):
        return False
    if Returned.objects.filter(promise_id=promise_id).exists():
        return False
    since = queries.owned_since(conversation_id)
    if since is not None and since > promises.half_at(promise, at=at):
        return False  # she took it when half was gone already
    if queries.is_writing(conversation_id, agent_id, since=at - WRITING_SINCE):
        return False
    Returned.objects.create(
        conversation_id=conversation_id, agent_id=agent_id, promise_id=promise_id, at=at
    )
    conversations.assign_conversation(
        conversation_id=conversation_id, agent_id=None, at=at, by=None, why="unanswered"
    )
    returned = WorkReturned(
        conversation_id=conversation_id, agent_id=agent_id, promise_id=promise_id
    )
    refs = [ref("conversation", conversation_id), ref("agent", agent_id)]
    events.publish([(returned, refs)], at=at, actor="system")
    jobs.wake_after_commit("distribution")
    return True
