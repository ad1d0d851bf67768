"""Promises of a conversation: made by agents, moved, settled elsewhere, mirrored in the
list row.
"""

from __future__ import annotations

from datetime import datetime

from esmero.conversations.actions._locked import actor_of, locked
from esmero.conversations.enums import Chip
from esmero.conversations.models import Conversation
from esmero.kernel.refs import id_of, ref
from esmero.kernel.transactions import action
from esmero.people import actions as people_actions
from esmero.people import queries as people
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries
from esmero.promises.enums import Initiative, Kind, State

_CHIPS = {State.KEPT: Chip.KEPT, State.RELEASED: Chip.RELEASED}


def owner_of(conversation: Conversation) -> promises.Owner:
    """Return who answers for what is promised here: its owner, its department, any department."""
    department_id = conversation.department_id or people.default_department_id()
    if department_id is None and conversation.owner_agent_id is None:
        department_id = _some_department(at=conversation.opened_at)
    return promises.Owner(agent_id=conversation.owner_agent_id, department_id=department_id)


def _some_department(*, at: datetime) -> int:
    # A shop without any department still owes answers: the first one is made when needed.
    return people_actions.open_department(
        name="Atención al cliente", is_default=True, at=at, actor="system"
    )


def mirror(conversation: Conversation, *, fields: list[str]) -> None:
    """Put the promise that matters now into the row's chip, and name the fields to save.

    That is the open promise due first; else, while the customer waits for an answer, the one that
    broke; else the last one that ended.
    """
    subject = ref("conversation", conversation.pk)
    now = promise_queries.open_promises_of(subject).values_list("due_at", "made_at").first()
    if now is not None:
        chip, chip_at, made_at = Chip.OPEN, now[0], now[1]
    else:
        last = promise_queries.last_ended_of(subject)
        if last is None:
            chip, chip_at, made_at = Chip.NONE, None, None
        elif last.state == State.BROKEN.value:
            chip, chip_at, made_at = Chip.BROKEN, last.due_at, last.made_at
            if conversation.awaits_reply_since is None:
                chip, chip_at = Chip.MENDED, last.settled_at
        else:
            chip = _CHIPS.get(State(last.state), Chip.NONE)
            if last.state == State.KEPT.value and promise_queries.is_mended(last):
                chip = Chip.MENDED
            chip_at, made_at = last.settled_at, last.made_at
    conversation.chip = chip.value
    conversation.chip_at, conversation.chip_made_at = chip_at, made_at
    fields += ["chip", "chip_at", "chip_made_at"]


@action
def mirror_promises(*, conversation_id: int) -> None:
    """Bring a list row's chip up to date after its promises changed elsewhere."""
    conversation = locked(conversation_id)
    fields: list[str] = []
    mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)


@action
def promise_something(
    *,
    conversation_id: int,
    kind: Kind,
    due_at: datetime | None,
    at: datetime,
    by: int,
    told_by: str = "person",
) -> int:
    """Make a promise by hand and return its id; without `due_at` by standard and forecast.

    Raises DueInThePast, NotFound.
    """
    conversation = locked(conversation_id)
    made = promises.make_promise(
        kind=kind,
        subject_ref=ref("conversation", conversation_id),
        owner=owner_of(conversation),
        customer_id=conversation.customer_id,
        channel=conversation.channel,
        due_at=due_at,
        at=at,
        actor=actor_of(by),
        told_by=told_by,
    )
    fields: list[str] = []
    mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)
    return made.pk


@action
def renegotiate(
    *,
    promise_id: int,
    initiative: Initiative,
    due_at: datetime | None,
    at: datetime,
    by: int | None,
    evidence_message_id: int | None = None,
    is_automatic: bool = False,
) -> int:
    """Move a promise of a conversation and return its successor's id.

    Raises what `promises.renegotiate_promise` raises.
    """
    evidence = ref("message", evidence_message_id) if evidence_message_id else ""
    successor = promises.renegotiate_promise(
        promise_id=promise_id,
        at=at,
        actor=actor_of(by),
        initiative=initiative,
        due_at=due_at,
        evidence_ref=evidence,
        is_automatic=is_automatic,
    )
    _mirror_subject(successor.subject_ref)
    return successor.pk


@action
def settle_elsewhere(*, promise_id: int, evidence_ref: str, at: datetime, by: int) -> bool:
    """Settle a promise that was kept outside (a call, a mail of another account), with evidence.

    Returns whether it was kept. Raises PromiseAlreadySettled.
    """
    kept = promises.settle_promise(promise_id=promise_id, at=at, by=by, evidence_ref=evidence_ref)
    row = promise_queries.promise(promise_id)
    if row is not None:
        if row.kind == Kind.ANSWER.value:
            conversation = _of_subject(row.subject_ref)
            if conversation is not None:
                conversation.awaits_reply_since = None
                conversation.save(update_fields=["awaits_reply_since"])
        _mirror_subject(row.subject_ref)
    return kept


def _of_subject(subject_ref: str) -> Conversation | None:
    pk = id_of(subject_ref, "conversation")
    return locked(pk) if pk else None


def _mirror_subject(subject_ref: str) -> None:
    conversation = _of_subject(subject_ref)
    if conversation is not None:
        fields: list[str] = []
        mirror(conversation, fields=fields)
        conversation.save(update_fields=fields)
