"""Acts done to one conversation, and taken back again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from esmero.channels import actions as channels
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.enums import UNTIL_REPLY, OpenPromise, Priority, State
from esmero.conversations.errors import SnoozeInThePast
from esmero.desk import queries
from esmero.desk.enums import Do, Outcome
from esmero.desk.rules import snoozing
from esmero.desk.rules.acts import FOR_MACROS, Act, only
from esmero.kernel.errors import InvalidInput, NotFound, Refusal
from esmero.kernel.transactions import action
from esmero.people import queries as people
from esmero.promises.enums import Reason

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation


_CHANGING = (
    "owner_agent", "department", "state", "priority", "tag_ids", "snoozed_until", "is_suspect",
)  # fmt: skip


@dataclass(slots=True)
class Performed:
    """What became of one conversation; `before` is what undoing needs."""

    outcome: Outcome
    code: str = ""
    before: dict[str, Any] = field(default_factory=dict)


def flattened(acts: Iterable[Act]) -> list[Act]:
    """Return acts with macros opened into what they do, without their reply."""
    found: list[Act] = []
    for act in acts:
        if act.do is Do.MACRO:
            macro = queries.macro(act.pk)
            if macro is None:
                raise NotFound(macro_id=act.pk)
            found += only(queries.acts_of(macro.acts), FOR_MACROS - {Do.REPLY})
        else:
            found.append(act)
    return found


def perform_safely(
    *, conversation_id: int, acts: Sequence[Act], at: datetime, by: int
) -> Performed:
    """Do acts in a savepoint: a refusal leaves the conversation as it was and is returned."""
    try:
        with transaction.atomic():
            return perform(conversation_id=conversation_id, acts=acts, at=at, by=by)
    except NotFound as refusal:
        return Performed(Outcome.REFUSED, refusal.code)
    except Refusal as refusal:
        return Performed(Outcome.REFUSED, refusal.code)


@action
def perform(*, conversation_id: int, acts: Sequence[Act], at: datetime, by: int) -> Performed:
    """Do acts (without replies) to a conversation. Raises what each of them refuses, NotFound.

    All of them or none: within a transaction of its own.
    """
    conversation = conversations.lock_conversation(conversation_id)
    before: dict[str, Any] = {}
    for number, act in enumerate(flattened(acts)):
        if number:
            conversation.refresh_from_db(fields=_CHANGING)
        before.update(_one(conversation, act, at=at, by=by))
    return Performed(Outcome.DONE if before else Outcome.SAME, before=before)


def _one(c: Conversation, act: Act, *, at: datetime, by: int) -> dict[str, Any]:
    match act.do:
        case Do.ASSIGN:
            return _assign(c, act, at=at, by=by)
        case Do.TAG | Do.UNTAG:
            wanted = {"add" if act.do is Do.TAG else "remove": [act.pk]}
            added, removed = conversations.change_tags(
                conversation_id=c.pk, **wanted, at=at, by=by
            )
            key = f"{act.do.value}:{act.pk}"
            return {key: True} if added or removed else {}
        case Do.PRIORITY:
            was = c.priority
            conversations.set_priority(
                conversation_id=c.pk, priority=Priority(int(act.value)), at=at, by=by
            )
            return {} if was == int(act.value) else {"priority": [was, int(act.value)]}
        case Do.SNOOZE:
            return _snooze(c, act, at=at, by=by)
        case Do.WAKE:
            if c.snoozed_until is None:
                return {}
            was_until = c.snoozed_until.isoformat()
            conversations.wake_conversation(conversation_id=c.pk, at=at, by=by)
            return {"snooze": [was_until, None]}
        case Do.WAIT:
            if c.state == State.WAITING.value:
                return {}
            conversations.mark_waiting(conversation_id=c.pk, at=at, by=by)
            return {"waits": True}
        case Do.RESOLVE:
            return _resolve(c, act, at=at, by=by)
        case Do.SPAM:
            if c.is_suspect:
                return {}
            channels.mark_as_spam(conversation_id=c.pk, at=at, by=by)
            return {"spam": True}
    return {}


def _assign(c: Conversation, act: Act, *, at: datetime, by: int) -> dict[str, Any]:
    agent_id, department_id = target_of(act, by=by)
    was = [c.owner_agent_id, c.department_id]
    now = [agent_id, department_id or c.department_id]
    if was == now:
        return {}
    conversations.assign_conversation(
        conversation_id=c.pk, agent_id=agent_id, department_id=department_id, at=at, by=by
    )
    return {"owner": [was, now]}


def target_of(act: Act, *, by: int | None) -> tuple[int | None, int | None]:
    """Return (agent, department) that an assignment means. Raises NotFound: not there any more."""
    if act.value == "me":
        return by, None
    if act.value == "nobody":
        return None, None
    if act.value.startswith("agent:"):
        if people.agent(act.pk) is None:
            raise NotFound(agent_id=act.pk)
        return act.pk, None
    if all(one.pk != act.pk for one in people.departments()):
        raise NotFound(department_id=act.pk)
    return None, act.pk


def _snooze(c: Conversation, act: Act, *, at: datetime, by: int) -> dict[str, Any]:
    if c.state == State.RESOLVED.value:
        return {}
    frames = queries.frames_ahead(c.department_id, at=at)
    until = snoozing.until(act.value, frames, at=at)
    was = c.snoozed_until.isoformat() if c.snoozed_until else None
    conversations.snooze_conversation(conversation_id=c.pk, until=until, at=at, by=by)
    return {"snooze": [was, (until or UNTIL_REPLY).isoformat()]}


def _resolve(c: Conversation, act: Act, *, at: datetime, by: int) -> dict[str, Any]:
    if c.state == State.RESOLVED.value:
        return {}
    choice, _, more = act.value.partition(":")
    was_state = c.state
    was_until = c.snoozed_until.isoformat() if c.snoozed_until else None
    open_promise = {
        "keep": OpenPromise.KEEP, "release": OpenPromise.RELEASE, "answered": OpenPromise.ANSWERED
    }.get(choice)  # fmt: skip
    reason = None
    if open_promise is OpenPromise.RELEASE:
        try:
            reason = Reason(more)
        except ValueError:
            raise InvalidInput(field="reason") from None
    conversations.resolve_conversation(
        conversation_id=c.pk,
        at=at,
        by=by,
        open_promise=open_promise,
        evidence=more if open_promise is OpenPromise.ANSWERED else "",
        reason=reason,
    )
    return {"resolved": [was_state, was_until]}


@action
def take_back(*, conversation_id: int, before: dict[str, Any], at: datetime, by: int) -> bool:
    """Undo what `perform` did, as far as nobody has changed it since; say whether all of it.

    What was settled or released with it stays so: the record is only ever added to.
    """
    try:
        c = conversations.lock_conversation(conversation_id)
    except NotFound:
        return False
    whole = True
    if "spam" in before:
        if c.is_suspect:
            conversations.clear_suspicion(conversation_id=c.pk, at=at, by=by)
        else:
            whole = False
    if "resolved" in before:
        whole &= _reopen(c, before["resolved"], at=at, by=by)
    if "snooze" in before:
        whole &= _unsnooze(c, *before["snooze"], at=at, by=by)
    if "waits" in before:
        whole = False  # what paused goes on with the customer's next message, not before
    if "priority" in before:
        was, now = before["priority"]
        if c.priority == now:
            conversations.set_priority(conversation_id=c.pk, priority=Priority(was), at=at, by=by)
        else:
            whole = False
    if "owner" in before:
        (agent_id, department_id), now = before["owner"]
        if [c.owner_agent_id, c.department_id] == now:
            conversations.assign_conversation(
                conversation_id=c.pk, agent_id=agent_id, department_id=department_id, at=at, by=by
            )
        else:
            whole = False
    return _untag(c, before, at=at, by=by) and whole


def _untag(c: Conversation, before: dict[str, Any], *, at: datetime, by: int) -> bool:
    keys = [key.partition(":") for key in before if key.startswith(("tag:", "untag:"))]
    put = [int(pk) for do, _, pk in keys if do == "tag"]
    off = [int(pk) for do, _, pk in keys if do == "untag"]
    if not put and not off:
        return True
    known = conversation_queries.order.tags_by_id()
    back, gone = conversations.change_tags(
        conversation_id=c.pk, add=[pk for pk in off if pk in known], remove=put, at=at, by=by
    )
    return len(back) == len(off) and len(gone) == len(put)


def _reopen(c: Conversation, was: list[Any], *, at: datetime, by: int) -> bool:
    if c.state != State.RESOLVED.value:
        return False
    conversations.reopen_conversation(conversation_id=c.pk, at=at, by=by)
    if was[1]:
        _unsnooze(c, was[1], None, at=at, by=by)
    return was[0] == State.OPEN.value


def _unsnooze(c: Conversation, was: str | None, now: str | None, *, at: datetime, by: int) -> bool:
    current = c.snoozed_until.isoformat() if c.snoozed_until else None
    if now is not None and current is not None and current != now:
        return False
    if was is None:
        conversations.wake_conversation(conversation_id=c.pk, at=at, by=by)
        return current == now
    try:
        conversations.snooze_conversation(
            conversation_id=c.pk, until=datetime.fromisoformat(was), at=at, by=by
        )
    except SnoozeInThePast:
        conversations.wake_conversation(conversation_id=c.pk, at=at, by=by)
    return True
