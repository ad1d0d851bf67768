"""What is done on a customer's page beside correcting it: notes, own fields, consents, duplicates,
and the further pages of the history.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, is_piece, team
from esmero.console.context import page, piece
from esmero.console.customers.forms import ConsentForm, FieldsForm
from esmero.console.customers.known import known_of
from esmero.console.customers.seeing import customer_for, visible
from esmero.console.customers.views import shown
from esmero.console.history.pages import history_of
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound, Refusal
from esmero.people import actions
from esmero.people import queries as people
from esmero.people.enums import How, Purpose
from esmero.people.errors import BadValue
from esmero.ui.refusals import sentence

POST = ("POST",)
COMPANY_MOST = 100


def number(text: str) -> int:
    """Return an id that a form sent. Raises NotFound."""
    if not (text.isdigit() and text.isascii() and len(text) < 18):
        raise NotFound(id=text[:20])
    return int(text)


def to(pk: int, anchor: str = "") -> HttpResponse:
    """Lead back to a customer's page."""
    where = reverse("console:customer", args=[pk])
    return HttpResponseRedirect(f"{where}#{anchor}" if anchor else where)


@team()
def history(request: TeamRequest, pk: int) -> HttpResponse:
    """Further back in a history: `antes` is the cursor. As a piece: only the lines."""
    found = customer_for(request.agent, pk)
    before = request.GET.get("antes", "")
    listed = history_of(
        people.group_of(found.pk), request.agent, before=number(before) if before else 0
    )
    context = {"customer": found, "history": listed, "at": now()}
    if is_piece(request):
        return piece(request, "console/customers/_history.html", context)
    return page(request, "console/customers/history.html", context, here="customers")


@team()
def known(request: TeamRequest, pk: int) -> HttpResponse:
    """What of the panel stands beside a conversation, as a piece."""
    found = customer_for(request.agent, pk)
    context = {"customer": found, "known": known_of(people.group_of(found.pk), request.agent)}
    return piece(request, "console/customers/_known.html", context)


@team(methods=POST)
def note(request: TeamRequest, pk: int) -> HttpResponse:
    """Write a note (`text`) or take one back (`remove`)."""
    found = customer_for(request.agent, pk)
    if remove := request.POST.get("remove", ""):
        actions.remove_customer_note(
            customer_id=found.pk, note_id=number(remove), at=now(), by=request.agent.pk
        )
    else:
        actions.write_customer_note(
            customer_id=found.pk, text=request.POST.get("text", ""), at=now(), by=request.agent.pk
        )
    messages.success(request, gettext("Saved."))
    return to(found.pk, "notas")


@team(methods=POST)
def fields(request: TeamRequest, pk: int) -> HttpResponse:
    """Enter what is known in the shop's own fields."""
    found = customer_for(request.agent, pk)
    form = FieldsForm(people.panel.known_of(people.group_of(found.pk)), request.POST)
    if form.is_valid():
        try:
            actions.set_values(
                customer_id=found.pk, values=form.values(), at=now(), by=request.agent.pk
            )
        except BadValue as refusal:
            form.add_error(str(refusal.params["field"]), sentence(refusal))
        else:
            messages.success(request, gettext("Saved."))
            return to(found.pk, "campos")
    return shown(request, found, own_form=form, status=422)


@team(methods=POST)
def consent(request: TeamRequest, pk: int) -> HttpResponse:
    """Note a consent, or that one is withdrawn (`withdraw`, `how`)."""
    found = customer_for(request.agent, pk)
    if withdraw := request.POST.get("withdraw", ""):
        how = request.POST.get("how", "")
        actions.withdraw_consent(
            customer_id=found.pk,
            consent_id=number(withdraw),
            how=How(how) if how in list(How) else How.MAIL,
            at=now(),
            by=request.agent.pk,
        )
        messages.success(request, gettext("Withdrawn."))
        return to(found.pk, "consentimientos")
    form = ConsentForm(request.POST)
    if form.is_valid():
        facts = dict(form.cleaned_data)
        try:
            actions.record_consent(
                customer_id=found.pk,
                purpose=Purpose(facts.pop("purpose")),
                how=How(facts.pop("how")),
                given_at=now(),
                at=now(),
                by=request.agent.pk,
                **facts,
            )
        except Refusal as refusal:
            form.add_error("purpose", sentence(refusal))
        else:
            messages.success(request, gettext("Saved."))
            return to(found.pk, "consentimientos")
    return shown(request, found, consent_form=form, status=422)


@team(methods=POST)
def not_the_same(request: TeamRequest, pk: int) -> HttpResponse:
    """Dismiss a proposed duplicate (`other`)."""
    found = customer_for(request.agent, pk)
    other = customer_for(request.agent, number(request.POST.get("other", "")))
    actions.dismiss_duplicate(
        customer_id=found.pk, other_id=other.pk, at=now(), by=request.agent.pk
    )
    messages.success(request, gettext("It will not be proposed again."))
    return to(found.pk)


@team()
def company(request: TeamRequest) -> HttpResponse:
    """The customers of one company (`nombre`)."""
    name = " ".join(request.GET.get("nombre", "").split())[:200]
    rows = {c.pk: c for c in people.panel.of_company(name)[:COMPANY_MOST]}
    allowed = visible(request.agent, list(rows))
    addresses = people.main_addresses_of(allowed)
    context = {
        "company": rows[allowed[0]].company if allowed else name,
        "rows": [
            (rows[pk], rows[pk].name or addresses.get(pk, ""), addresses.get(pk, ""))
            for pk in allowed
        ],
    }
    return page(request, "console/customers/company.html", context, here="customers")
