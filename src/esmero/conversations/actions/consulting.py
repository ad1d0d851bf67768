"""A colleague or a department is brought in; the owner stays the owner."""

from __future__ import annotations

from datetime import datetime

from esmero.conversations.actions._locked import actor_of, links, locked
from esmero.conversations.actions.organise import add_note
from esmero.conversations.errors import AskedAlready, NotAsked
from esmero.conversations.events import (
    ColleagueConsulted,
    ConsultationEnded,
)
from esmero.conversations.models import Consultation
from esmero.kernel import events
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.people import queries as people


@action
def consult(
    *,
    conversation_id: int,
    question: str,
    agent_id: int | None = None,
    department_id: int | None = None,
    refers: bool = False,
    at: datetime,
    by: int,
) -> int:
    """Ask a colleague or a department, by a note with the question; return the consultation's id.

    Who is asked may see the conversation until it is ended. `refers`: the customer is told who was
    brought in. Raises EmptyMessage, AskedAlready, InvalidInput, NotFound. Publishes NoteWritten
    and ColleagueConsulted.
    """
    conversation = locked(conversation_id)
    if (agent_id is None) == (department_id is None) or agent_id == by:
        raise InvalidInput(field="who")
    if agent_id is not None and people.agent(agent_id) is None:
        raise NotFound(ref=ref("agent", agent_id))
    if department_id is not None and people.department(department_id) is None:
        raise NotFound(ref=ref("department", department_id))
    asked = Consultation.objects.filter(conversation=conversation, answered_at=None, ended_at=None)
    if agent_id is not None:
        asked = asked.filter(agent_id=agent_id)
    elif department_id is not None:
        asked = asked.filter(department_id=department_id)
    if asked.exists():
        raise AskedAlready(conversation_id=conversation.pk)
    note_id = add_note(conversation_id=conversation.pk, agent_id=by, text=question, at=at)
    row = Consultation.objects.create(
        conversation=conversation,
        note_id=note_id,
        agent_id=agent_id,
        department_id=department_id,
        is_referral=refers,
        asked_at=at,
        asked_by_agent_id=by,
    )
    consulted = ColleagueConsulted(
        conversation_id=conversation.pk,
        consultation_id=row.pk,
        agent_id=agent_id,
        department_id=department_id,
        is_referral=refers,
    )
    events.publish([(consulted, links(conversation))], at=at, actor=actor_of(by))
    return row.pk


@action
def end_consultation(*, consultation_id: int, at: datetime, by: int) -> None:
    """Say that who was asked is needed no more; what she may see ends with it. Raises NotAsked,
    NotFound. Publishes ConsultationEnded.
    """
    row = Consultation.objects.select_for_update().filter(pk=consultation_id).first()
    if row is None:
        raise NotFound(consultation_id=consultation_id)
    if row.ended_at is not None:
        raise NotAsked(consultation_id=consultation_id)
    row.ended_at, row.ended_by_agent_id = at, by
    row.save(update_fields=["ended_at", "ended_by_agent"])
    conversation = locked(row.conversation_id)
    ended = ConsultationEnded(conversation_id=conversation.pk, consultation_id=row.pk)
    events.publish([(ended, links(conversation))], at=at, actor=actor_of(by))
