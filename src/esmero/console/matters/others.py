"""Who else is in a conversation: further customers, and colleagues who were asked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, team
from esmero.console.matters.reads import offered_of
from esmero.console.thread.acts import BOTH, sheet
from esmero.console.thread.recipients import parse
from esmero.console.thread.views import POST, back
from esmero.conversations import actions, queries
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput, NotFound, Refusal
from esmero.people import queries as people
from esmero.ui.refusals import sentence


@team(methods=BOTH)
def participants(request: TeamRequest, pk: int) -> HttpResponse:
    """Who takes part; a further one is added by address."""
    conversation = queries.conversation_for(request.agent, pk)
    problem, asked = "", request.POST.get("correo", "").strip()
    if request.method == "POST":
        try:
            found = parse(asked, field_name="correo")
            if len(found) != 1:
                raise InvalidInput(field="correo", value=asked[:60])
            name, address = found[0]
            actions.add_participant(
                conversation_id=conversation.pk,
                email=address,
                name=name,
                reads_all=request.POST.get("todo") == "1",
                tells=request.POST.get("avisar") == "1",
                at=now(),
                by=request.agent.pk,
            )
        except NotFound:
            raise
        except InvalidInput:
            problem = gettext("“%(value)s” is no mail address.") % {"value": asked[:60]}
        except Refusal as refusal:
            problem = sentence(refusal)
        else:
            messages.success(
                request, gettext("%(address)s takes part now.") % {"address": address}
            )
            return back(request, conversation.pk)
    found_participants = queries.matters.participants_of(conversation)
    ids = [one.customer_id for one in found_participants]
    context: dict[str, Any] = {
        "title": gettext("Who takes part"),
        "participants": found_participants,
        "addresses": people.main_addresses_of(ids),
        "offered": offered_of(conversation, queries.last_inbound(conversation.pk)),
        "asked": asked or request.GET.get("correo", ""),
        "posted": request.POST,
    }
    return sheet(
        request, "console/matters/_participants.html", conversation, context, problem=problem
    )


@team(methods=POST)
def remove_participant(request: TeamRequest, pk: int, customer_id: int) -> HttpResponse:
    """Take somebody out: their page ends, their mail comes as a conversation of its own."""
    conversation = queries.conversation_for(request.agent, pk)
    actions.remove_participant(
        conversation_id=conversation.pk, customer_id=customer_id, at=now(), by=request.agent.pk
    )
    messages.success(request, gettext("They take part no more. Their page has ended."))
    return back(request, conversation.pk)


@team(methods=BOTH)
def consult(request: TeamRequest, pk: int) -> HttpResponse:
    """Ask a colleague or a department; or bring them in so that the customer knows."""
    conversation = queries.conversation_for(request.agent, pk)
    problem = ""
    if request.method == "POST":
        try:
            agent_id, department_id = _asked(request.POST.get("a", ""))
            actions.consult(
                conversation_id=conversation.pk,
                question=request.POST.get("pregunta", ""),
                agent_id=agent_id,
                department_id=department_id,
                refers=request.POST.get("cliente") == "1",
                at=now(),
                by=request.agent.pk,
            )
        except NotFound:
            raise
        except InvalidInput:
            problem = gettext("Choose whom you ask.")
        except Refusal as refusal:
            problem = sentence(refusal)
            if refusal.code == "empty_message":
                problem = gettext("Write what you want to know.")
        else:
            messages.success(request, gettext("Asked. It stays yours."))
            return back(request, conversation.pk)
    at = now()
    context: dict[str, Any] = {
        "title": gettext("Ask a colleague"),
        "team": [one for one in people.team() if one.pk != request.agent.pk],
        "away": people.absent_agent_ids(at=at),
        "departments": list(people.departments()),
        "asked": request.POST,
        "customer_name": conversation.customer.name if conversation.customer else "",
        "may_refer": conversation.customer_id is not None,
    }
    return sheet(request, "console/matters/_consult.html", conversation, context, problem=problem)


def _asked(text: str) -> tuple[int | None, int | None]:
    """Read `agent:3` or `department:2`. Raises InvalidInput."""
    kind, _, number = text.partition(":")
    pk = int(number) if number.isdigit() and len(number) < 10 else 0
    if not pk or kind not in ("agent", "department"):
        raise InvalidInput(field="a")
    return (pk, None) if kind == "agent" else (None, pk)


@team(methods=POST)
def end_consultation(request: TeamRequest, pk: int) -> HttpResponse:
    """She is needed no more."""
    asked = queries.matters.consultation(pk)
    if asked is None:
        raise NotFound(consultation_id=pk)
    conversation = queries.conversation_for(request.agent, asked.conversation_id)
    actions.end_consultation(consultation_id=pk, at=now(), by=request.agent.pk)
    messages.success(request, gettext("Ended. Who was asked sees it no more by that."))
    return back(request, conversation.pk)
