"""Customers: found, looked at as a whole, corrected, merged and separated again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.validators import validate_email
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from esmero.console.access import TeamRequest, team
from esmero.console.context import page
from esmero.console.inbox.lists import Place
from esmero.console.thread.beside import earlier_of, promise_cards, tally_of
from esmero.conversations import queries as conversations
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound, Refusal
from esmero.kernel.refs import id_of
from esmero.people import actions
from esmero.people import queries as people
from esmero.people.enums import AddressKind
from esmero.promises import queries as promises
from esmero.ui.refusals import sentence

if TYPE_CHECKING:
    from esmero.people.models import Customer

SHOWN = 40
CANDIDATES = 200
POST = ("POST",)
BOTH = ("GET", "HEAD", "POST")


class CustomerForm(forms.Form):
    """What the team knows of somebody."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    company = forms.CharField(label=gettext_lazy("Company"), max_length=200, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("as they write")), *settings.LANGUAGES],
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Only the team reads it."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def customer_for(request: TeamRequest, pk: int) -> Customer:
    """Return a customer that this member may see: one with a conversation among hers, or with none
    at all. The surviving one when merged. Raises NotFound.
    """
    found = people.customer(people.surviving(pk))
    if found is None or found.erased_at is not None or not _visible(request, [found.pk]):
        raise NotFound(customer_id=pk)
    return found


def _visible(request: TeamRequest, customer_ids: list[int]) -> list[int]:
    """Return those of the (surviving) customers that this member may see, by three queries."""
    if people.department_ids_of(request.agent) is None:
        return customer_ids
    everybody = conversations.customers.with_any(customer_ids)
    seen = conversations.customers.counted(conversations.visible_to(request.agent), customer_ids)
    return [pk for pk in customer_ids if pk in seen or pk not in everybody]


@team()
def people_list(request: TeamRequest) -> HttpResponse:
    """Who wrote last, or who is found by name, company, address or telephone."""
    words = " ".join(request.GET.get("q", "").split())[:200]
    at = now()
    if words:
        found = people.search_customers(words, limit=CANDIDATES)
        rows = {c.pk: c for c in found}
        allowed = _visible(request, list(rows))
        shown = [rows[pk] for pk in allowed][:SHOWN]
    else:
        ids = conversations.customers.last_writers(
            conversations.visible_to(request.agent), limit=SHOWN
        )
        rows = {c.pk: c for c in people.customers_by_id(ids)}
        shown = [rows[pk] for pk in ids if pk in rows]
    addresses = people.main_addresses_of([c.pk for c in shown])
    context = {
        "words": words,
        "rows": [(c, c.name or addresses.get(c.pk, ""), addresses.get(c.pk, "")) for c in shown],
    }
    return page(request, "console/customers/list.html", context, here="customers", at=at)


@team()
def customer(request: TeamRequest, pk: int) -> HttpResponse:
    """One customer's whole history."""
    found = customer_for(request, pk)
    if found.pk != pk:
        return HttpResponseRedirect(reverse("console:customer", args=[found.pk]))
    return _shown(request, found, CustomerForm(initial=_values(found)))


def _values(found: Customer) -> dict[str, str]:
    return {
        "name": found.name,
        "company": found.company,
        "language": found.language,
        "note": found.note,
    }


def _shown(
    request: TeamRequest, found: Customer, form: CustomerForm, *, status: int = 200
) -> HttpResponse:
    at = now()
    group = people.group_of(found.pk)
    talks = earlier_of(group, request.agent, at=at, limit=100)
    seen = {row.id: row for row in talks}
    given = [
        p
        for p in promises.promises_of_customer(group).select_related("owner_agent", "department")[
            :200
        ]
        if id_of(p.subject_ref, "conversation") in seen
    ]
    addresses = list(people.addresses_of_group(group))
    context: dict[str, Any] = {
        "customer": found,
        "name": found.name or (addresses[0].value if addresses else gettext("Nameless")),
        "addresses": addresses,
        "merges": list(people.merges_of(found.pk)),
        "talks": talks,
        "promises": promise_cards(given, request.agent, at=at)[:30],
        "tally": tally_of(group),
        "form": form,
        "home": Place(),
    }
    return page(
        request, "console/customers/page.html", context, here="customers", status=status, at=at
    )


@team(methods=POST)
def change(request: TeamRequest, pk: int) -> HttpResponse:
    """Correct what is known."""
    found = customer_for(request, pk)
    form = CustomerForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form, status=422)
    actions.change_customer(
        customer_id=found.pk, at=now(), by=request.agent.pk, **form.cleaned_data
    )
    messages.success(request, gettext("Saved."))
    return _to(found.pk)


@team(methods=POST)
def addresses(request: TeamRequest, pk: int) -> HttpResponse:
    """Add an address or a telephone (`value`), or take one away (`remove`)."""
    found = customer_for(request, pk)
    remove = request.POST.get("remove", "")
    value = request.POST.get("value", "").strip()
    try:
        if remove.isdigit() and len(remove) < 18:
            actions.remove_address(customer_id=found.pk, address_id=int(remove))
        elif "@" in value:
            validate_email(value)
            actions.add_address(
                customer_id=found.pk,
                kind=AddressKind.EMAIL,
                value=value,
                is_verified=False,
                at=now(),
            )
        else:
            _add_phone(found.pk, value)
        messages.success(request, gettext("Saved."))
    except forms.ValidationError:
        messages.error(request, gettext("“%(value)s” is no mail address.") % {"value": value[:60]})
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    return _to(found.pk)


def _add_phone(customer_id: int, value: str) -> None:
    digits = "".join(c for c in value if c.isdigit())
    if not 6 <= len(digits) <= 15:  # E.164: at most 15 digits
        raise forms.ValidationError("no telephone")
    plus = "+" if value.lstrip().startswith("+") else ""
    actions.add_address(
        customer_id=customer_id,
        kind=AddressKind.PHONE,
        value=plus + digits,
        is_verified=False,
        at=now(),
    )


@team(methods=BOTH)
def merge(request: TeamRequest, pk: int) -> HttpResponse:
    """Find the other one (`q`), see both side by side (`con`), then make them one (POST)."""
    found = customer_for(request, pk)
    asked = request.POST if request.method == "POST" else request.GET
    other_id = asked.get("con", "")
    other = None
    if other_id.isdigit() and len(other_id) < 18:
        other = customer_for(request, int(other_id))
    if request.method == "POST":
        if other is None:
            raise NotFound(customer_id=other_id)
        actions.merge_customers(
            kept_id=found.pk, merged_id=other.pk, at=now(), by=request.agent.pk
        )
        messages.success(request, gettext("Merged. You can separate them again at any time."))
        return _to(found.pk)
    words = " ".join(request.GET.get("q", "").split())[:200]
    candidates: list[Customer] = []
    if words:
        rows = {c.pk: c for c in people.search_customers(words, limit=60) if c.pk != found.pk}
        candidates = [rows[one] for one in _visible(request, list(rows))][:12]
    ids = [c.pk for c in (found, other, *candidates) if c is not None]
    context = {
        "customer": found,
        "other": other,
        "words": words,
        "candidates": candidates,
        "address": people.main_addresses_of(ids),
        "counts": conversations.customers.counted(conversations.visible_to(request.agent), ids),
    }
    return page(request, "console/customers/merge.html", context, here="customers")


@team(methods=POST)
def unmerge(request: TeamRequest, pk: int, merge: int) -> HttpResponse:
    """Separate two customers again."""
    found = customer_for(request, pk)
    if merge not in {m.pk for m in people.merges_of(found.pk)}:
        raise NotFound(merge_id=merge)
    actions.undo_merge(merge_id=merge, at=now(), by=request.agent.pk)
    messages.success(request, gettext("Separated again."))
    return _to(found.pk)


def _to(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:customer", args=[pk]))
