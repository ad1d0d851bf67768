"""Standards: what is promised, and what a customer would be told this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext, override

from esmero.console.access import TeamRequest, team
from esmero.console.context import piece
from esmero.console.settings.forms.standards import StandardForm
from esmero.console.settings.saving import GET_POST, POST, actor_of, back_to, goes_well, show
from esmero.console.settings.words import (
    CHANNELS,
    SETTABLE,
    business_minutes,
    kind_name,
    legal_in_words,
    limit_in_words,
    target_in_words,
)
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound, Refusal
from esmero.people import queries as people
from esmero.people.enums import Role
from esmero.promises import actions as promises
from esmero.promises import queries
from esmero.promises.enums import Kind
from esmero.shop.queries import the_shop
from esmero.ui.refusals import sentence


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be told now. `says` is in the shop's language; `why` names what decided.

    `measured` says how long it takes by measurement, empty while data are too few.
    """

    says: str = ""
    why: str = ""
    measured: str = ""
    exceeds_limit: bool = False
    problem: str = ""


def preview_of(
    kind: Kind,
    *,
    department_id: int | None,
    channel: str,
    tier_id: int | None = None,
    at: datetime,
    standard: queries.Standard | None = None,
) -> Preview:
    """Return the sentence that a customer who wrote at this moment would read, and its reasons."""
    try:
        told = promises.expected_due(
            kind=kind,
            department_id=department_id,
            channel=channel,
            tier_id=tier_id,
            at=at,
            standard=standard,
        )
    except Refusal as refusal:
        return Preview(problem=sentence(refusal))
    card, basis = the_shop(), told.basis
    when = queries.say_due(told.due_at, now=at, zone=card.zone.key, language=card.language)
    measured = ""
    if basis.forecast_minutes is not None and basis.quantile is not None:
        measured = gettext(
            "Measured: %(share)s of every 100 within %(time)s (%(count)s cases)."
        ) % {
            "share": round(basis.quantile * 100),
            "time": business_minutes(basis.forecast_minutes),
            "count": basis.forecast_n,
        }
    return Preview(
        says=_sentence(kind, when, card.language),
        why=_why(basis.leading),
        measured=measured,
        exceeds_limit=basis.exceeds_limit,
    )


def _sentence(kind: Kind, when: str, language: str) -> str:
    with override(language):
        says = {
            Kind.ANSWER: gettext("We reply %(when)s."),
            Kind.UPDATE: gettext("We tell you how it goes %(when)s."),
            Kind.SOLVE: gettext("We solve it %(when)s."),
            Kind.CALL: gettext("We call you %(when)s."),
        }
        return says.get(kind, says[Kind.ANSWER]) % {"when": when}


def _why(leading: str) -> str:
    return {
        "target": gettext("The target decides."),
        "forecast": gettext("What was measured decides: it is longer than the target."),
        "limit": gettext("The limit decides."),
        "legal": gettext("The law's deadline decides."),
    }.get(leading, "")


@team(Role.ADMIN)
def standards(request: TeamRequest) -> HttpResponse:
    """What is set, general before particular, each with what would be said now."""
    at = now()
    rows = [_line(row, at) for row in queries.settings.standards()]
    told = {row["kind"] for row in rows if row["is_general"]}
    built_in = [_built_in(Kind(kind), at) for kind in SETTABLE if kind not in told]
    context = {"rows": rows, "built_in": built_in}
    return show(request, "console/settings/standards.html", "standards", context)


def _line(row: Any, at: datetime) -> dict[str, Any]:
    return {
        "row": row,
        "kind": row.kind,
        "name": kind_name(row.kind),
        "department": row.department.name if row.department else "",
        "channel": CHANNELS.get(row.channel, row.channel),
        "tier": row.tier.name if row.tier else "",
        "is_general": row.department_id is None and not row.channel and row.tier_id is None,
        "target": target_in_words(row.target_minutes, same_day=row.same_day),
        "limit": limit_in_words(row.limit_minutes, in_business_time=row.limit_in_business_time),
        "legal": legal_in_words(row.legal_days, in_business_days=row.legal_in_business_days),
        "preview": preview_of(
            Kind(row.kind),
            department_id=row.department_id,
            channel=row.channel,
            tier_id=row.tier_id,
            at=at,
        ),
    }


def _built_in(kind: Kind, at: datetime) -> dict[str, Any]:
    standard = queries.BUILT_IN[kind]
    return {
        "name": kind_name(kind.value),
        "target": target_in_words(standard.target_minutes, same_day=False),
        "preview": preview_of(kind, department_id=None, channel="", at=at, standard=standard),
    }


def _choices() -> dict[str, list[tuple[int, str]]]:
    return {
        "departments": [(one.pk, one.name) for one in people.departments()],
        "tiers": [(one.pk, one.name) for one in people.tiers.tiers()],
    }


@team(Role.ADMIN, GET_POST)
def new_standard(request: TeamRequest) -> HttpResponse:
    """Set what is aimed at for a kind of promise."""
    if request.method == "POST":
        return _save(request, StandardForm(request.POST, **_choices()), None)
    initial = {
        "kind": request.GET.get("kind", Kind.ANSWER.value),
        "aim": "time",
        "target_amount": 4,
        "target_unit": "h",
        "limit_unit": "h",
    }
    return _page(request, StandardForm(initial=initial, **_choices()), None)


@team(Role.ADMIN, GET_POST)
def edit_standard(request: TeamRequest, standard_id: int) -> HttpResponse:
    """Change one. Another kind, department, channel or tier makes it another."""
    row = queries.settings.standard_row(standard_id)
    if row is None:
        raise NotFound(standard_id=standard_id)
    if request.method == "POST":
        return _save(request, StandardForm(request.POST, **_choices()), row)
    form = StandardForm(initial=StandardForm.initial_of(row), **_choices())
    return _page(request, form, row)


def _save(request: TeamRequest, form: StandardForm, row: Any) -> HttpResponse:
    if request.POST.get("do") == "preview":
        return _page(request, form, row, status=200 if form.is_valid() else 422)
    if form.is_valid():
        data = form.cleaned_data

        def act() -> None:
            pk = promises.set_standard(
                kind=Kind(data["kind"]),
                department_id=form.department_id,
                channel=data["channel"],
                tier_id=form.tier_id,
                **form.facts(),
                at=now(),
                actor=actor_of(request),
            )
            if row is not None and row.pk != pk:
                promises.unset_standard(standard_id=row.pk, at=now(), actor=actor_of(request))

        if goes_well(form, act):
            return back_to(request, "console:settings_standards")
    return _page(request, form, row, status=422)


def _page(
    request: TeamRequest, form: StandardForm, row: Any, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "row": row, "preview": _preview(form)}
    return show(request, "console/settings/standard.html", "standards", context, status=status)


def _preview(form: StandardForm) -> Preview | None:
    """What the form would make of this moment; None while it cannot be read."""
    if not form.is_bound:
        form = StandardForm({name: form[name].value() or "" for name in form.fields}, **_choices())
    if not form.is_valid():
        return None
    data = form.cleaned_data
    return preview_of(
        Kind(data["kind"]),
        department_id=form.department_id,
        channel=data["channel"],
        at=now(),
        standard=form.standard(),
    )


@team(Role.ADMIN)
def preview(request: TeamRequest) -> HttpResponse:
    """A piece: what the values that are being typed would tell a customer now."""
    form = StandardForm(request.GET, **_choices())
    return piece(request, "console/settings/_preview.html", {"preview": _preview(form)})


@team(Role.ADMIN, POST)
def remove_standard(request: TeamRequest, standard_id: int) -> HttpResponse:
    """Drop one; the next more general one holds again."""
    if queries.settings.standard_row(standard_id) is None:
        raise NotFound(standard_id=standard_id)
    promises.unset_standard(standard_id=standard_id, at=now(), actor=actor_of(request))
    return back_to(request, "console:settings_standards", said=gettext("Removed."))
