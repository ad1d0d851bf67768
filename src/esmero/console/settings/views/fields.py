"""The shop's own fields of customers."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, team
from esmero.console.customers.forms import FieldForm
from esmero.console.customers.words import FIELD_KINDS
from esmero.console.settings.saving import GET_POST, POST, back_to, goes_well, show
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people import actions, queries
from esmero.people.enums import FieldKind, Role


@team(Role.ADMIN)
def fields(request: TeamRequest) -> HttpResponse:
    """All that are in use."""
    context = {"rows": list(queries.panel.fields()), "kinds": FIELD_KINDS}
    return show(request, "console/settings/fields.html", "fields", context)


@team(Role.ADMIN, GET_POST)
def new_field(request: TeamRequest) -> HttpResponse:
    """Add one."""
    form = FieldForm(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        if goes_well(
            form,
            lambda: actions.define_field(
                name=facts["name"],
                kind=FieldKind(facts["kind"]),
                choices=form.lines(),
                hint=facts["hint"],
                at=now(),
                by=request.agent.pk,
            ),
        ):
            return back_to(request, "console:settings_fields")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "row": None}
    return show(request, "console/settings/field.html", "fields", context, status=status)


@team(Role.ADMIN, GET_POST)
def field(request: TeamRequest, field_id: int) -> HttpResponse:
    """Rename one, or change what is chosen from."""
    row = queries.panel.field(field_id)
    if row is None:
        raise NotFound(field_id=field_id)
    if request.method == "POST":
        form = FieldForm(request.POST, is_new=False)
        if form.is_valid() and goes_well(
            form,
            lambda: actions.change_field(
                field_id=field_id,
                name=form.cleaned_data["name"],
                choices=form.lines(),
                hint=form.cleaned_data["hint"],
                at=now(),
                by=request.agent.pk,
            ),
        ):
            return back_to(request, "console:settings_fields")
    else:
        initial = {"name": row.name, "choices": "\n".join(row.choices), "hint": row.hint}
        form = FieldForm(initial=initial, is_new=False)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "row": row, "kinds": FIELD_KINDS}
    return show(request, "console/settings/field.html", "fields", context, status=status)


@team(Role.ADMIN, POST)
def close_field(request: TeamRequest, field_id: int) -> HttpResponse:
    """Show one no more."""
    actions.close_field(field_id=field_id, at=now(), by=request.agent.pk)
    return back_to(request, "console:settings_fields", said=gettext("Closed."))
