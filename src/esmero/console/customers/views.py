"""Customers: found, looked at as a whole, corrected, merged and separated again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from esmero.console.access import TeamRequest, team
from esmero.console.context import page
from esmero.console.customers.forms import ConsentForm, FieldsForm
from esmero.console.customers.seeing import customer_for, visible
from esmero.console.customers.words import HOWS, LIKENESS, PURPOSES
from esmero.console.history.pages import history_of
from esmero.console.inbox.lists import Place
from esmero.console.thread.beside import earlier_of, promise_cards, tally_of
from esmero.conversations import queries as conversations
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import id_of
from esmero.people import actions
from esmero.people import queries as people
from esmero.people.enums import AddressKind
from esmero.promises import queries as promises
from esmero.promises.queries import kept_rate
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from esmero.people.models import Customer, Tier

SHOWN = 40
CANDIDATES = 200
PROPOSED = 5
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
    tier = forms.ChoiceField(label=gettext_lazy("Kind of customer"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Only the team reads it."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tiers = [(str(one.pk), one.name) for one in people.tiers.tiers()]
        if tiers:
            self.fields["tier"].choices = [("", "–"), *tiers]  # type: ignore[attr-defined]
        else:
            del self.fields["tier"]

    def facts(self) -> dict[str, str]:
        """Return what `change_customer` stores."""
        return {name: self.cleaned_data[name] for name in ("name", "company", "language", "note")}


@team()
def people_list(request: TeamRequest) -> HttpResponse:
    """Who wrote last, or who is found by name, company, address or telephone."""
    words = " ".join(request.GET.get("q", "").split())[:200]
    at = now()
    if words:
        found = people.search_customers(words, limit=CANDIDATES)
        rows = {c.pk: c for c in found}
        allowed = visible(request.agent, list(rows))
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
    found = customer_for(request.agent, pk)
    if found.pk != pk:
        return HttpResponseRedirect(reverse("console:customer", args=[found.pk]))
    return shown(request, found)


def _values(found: Customer, tier: Tier | None) -> dict[str, str]:
    return {
        "tier": str(tier.pk) if tier else "",
        "name": found.name,
        "company": found.company,
        "language": found.language,
        "note": found.note,
    }


def shown(
    request: TeamRequest,
    found: Customer,
    form: CustomerForm | None = None,
    *,
    own_form: FieldsForm | None = None,
    consent_form: ConsentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a customer's page, with a form that came back with errors."""
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
    record = promises.record_of_customer(group, at=at)
    proposals = people.duplicates_of(group)
    allowed = set(visible(request.agent, [p.customer.pk for p in proposals]))
    proposals = [p for p in proposals if p.customer.pk in allowed][:PROPOSED]
    known = people.panel.known_of(group)
    tier = people.tiers.tier_of(group)
    context: dict[str, Any] = {
        "customer": found,
        "name": found.name or (addresses[0].value if addresses else gettext("Nameless")),
        "addresses": addresses,
        "telephone": people.shown_telephone,
        "merges": list(people.merges_of(found.pk)),
        "talks": talks,
        "promises": promise_cards(given, request.agent, at=at)[:30],
        "tally": tally_of(group),
        "record": record,
        "rate": kept_rate(record),
        "history": history_of(group, request.agent),
        "proposals": proposals,
        "proposal_address": people.main_addresses_of(p.customer.pk for p in proposals),
        "likeness": LIKENESS,
        "notes": list(people.panel.notes_of(group)[:50]),
        "known": known,
        "own_form": own_form or FieldsForm(known),
        "consents": list(people.panel.consents_of(group)),
        "consent_form": consent_form or ConsentForm(),
        "purposes": PURPOSES,
        "hows": HOWS,
        "tier": tier,
        "form": form or CustomerForm(initial=_values(found, tier)),
        "home": Place(),
    }
    return page(
        request, "console/customers/page.html", context, here="customers", status=status, at=at
    )


@team(methods=POST)
def change(request: TeamRequest, pk: int) -> HttpResponse:
    """Correct what is known."""
    found = customer_for(request.agent, pk)
    form = CustomerForm(request.POST)
    if not form.is_valid():
        return shown(request, found, form, status=422)
    at, by = now(), request.agent.pk
    actions.change_customer(customer_id=found.pk, at=at, by=by, **form.facts())
    if "tier" in form.fields:
        chosen = form.cleaned_data["tier"]
        actions.set_tier(
            customer_id=found.pk, tier_id=int(chosen) if chosen else None, at=at, by=by
        )
    messages.success(request, gettext("Saved."))
    return _to(found.pk)


@team(methods=POST)
def addresses(request: TeamRequest, pk: int) -> HttpResponse:
    """Add an address or a telephone (`value`), take one away (`remove`), let one be the first of
    its kind (`primary`), or say that it is known to be theirs or not (`verify`, `unverify`).
    """
    found = customer_for(request.agent, pk)
    at, by = now(), request.agent.pk
    for act in ("remove", "primary", "verify", "unverify"):
        sent = request.POST.get(act, "")
        if sent.isdigit() and sent.isascii() and len(sent) < 18:
            one: dict[str, Any] = {
                "customer_id": found.pk, "address_id": int(sent), "at": at, "by": by,
            }  # fmt: skip
            if act == "remove":
                actions.remove_address(**one)
            elif act == "primary":
                actions.make_primary(**one)
            else:
                actions.set_verified(**one, is_verified=act == "verify")
            messages.success(request, gettext("Saved."))
            return _to(found.pk)
    value = request.POST.get("value", "").strip()
    actions.add_address(
        customer_id=found.pk,
        kind=AddressKind.EMAIL if "@" in value else AddressKind.PHONE,
        value=value,
        is_verified=False,
        at=at,
        by=by,
        country=the_shop().country,
    )
    messages.success(request, gettext("Saved."))
    return _to(found.pk)


@team(methods=BOTH)
def merge(request: TeamRequest, pk: int) -> HttpResponse:
    """Find the other one (`q`), see both side by side (`con`), then make them one (POST)."""
    found = customer_for(request.agent, pk)
    asked = request.POST if request.method == "POST" else request.GET
    other_id = asked.get("con", "")
    other = None
    if other_id.isdigit() and len(other_id) < 18:
        other = customer_for(request.agent, int(other_id))
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
        candidates = [rows[one] for one in visible(request.agent, list(rows))][:12]
    ids = [c.pk for c in (found, other, *candidates) if c is not None]
    context = {
        "customer": found,
        "other": other,
        "words": words,
        "candidates": candidates,
        "address": people.main_addresses_of(ids),
        "counts": conversations.customers.counted(conversations.visible_to(request.agent), ids),
        "after": _after(found, other) if other is not None else [],
    }
    return page(request, "console/customers/merge.html", context, here="customers")


def _after(kept: Customer, merged: Customer) -> list[tuple[str, str, str, str]]:
    """Return what a merge would make of two customers: (what, of the one, of the other, then)."""
    groups = people.group_of(kept.pk), people.group_of(merged.pk)
    rows = [
        (gettext("Name"), kept.name, merged.name, kept.name or merged.name),
        (gettext("Company"), kept.company, merged.company, kept.company or merged.company),
    ]
    one, other = ([a.value for a in people.addresses_of_group(group)] for group in groups)
    rows.append((gettext("Addresses"), ", ".join(one), ", ".join(other), ", ".join(one + other)))
    tiers = [people.tiers.tier_of(group) for group in groups]
    named = [tier.name if tier else "" for tier in tiers]
    rows.append((gettext("Kind of customer"), named[0], named[1], named[0] or named[1]))
    at = now()
    counts = [promises.record_of_customer(group, at=at) for group in groups]
    kept_of = [f"{c.kept} / {c.decided}" for c in (*counts, counts[0] + counts[1])]
    rows.append((gettext("Promises kept"), kept_of[0], kept_of[1], kept_of[2]))
    for a, b in zip(*(people.panel.known_of(group) for group in groups), strict=True):
        if a.value or b.value:
            rows.append((a.field.name, a.value, b.value, a.value or b.value))
    return [row for row in rows if row[1] or row[2]]


@team(methods=POST)
def unmerge(request: TeamRequest, pk: int, merge: int) -> HttpResponse:
    """Separate two customers again."""
    found = customer_for(request.agent, pk)
    if merge not in {m.pk for m in people.merges_of(found.pk)}:
        raise NotFound(merge_id=merge)
    actions.undo_merge(merge_id=merge, at=now(), by=request.agent.pk)
    messages.success(request, gettext("Separated again."))
    return _to(found.pk)


def _to(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:customer", args=[pk]))
