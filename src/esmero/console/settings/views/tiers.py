"""The kinds of customers to whom the shop promises something of their own."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext, gettext_lazy

from esmero.console.access import TeamRequest, team
from esmero.console.settings.saving import GET_POST, POST, back_to, goes_well, show
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people import actions, queries
from esmero.people.enums import Role


class TierForm(forms.Form):
    """What a kind of customer is called."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("For example VIP, wholesale or club."),
        max_length=40,
    )


@team(Role.ADMIN, GET_POST)
def tiers(request: TeamRequest) -> HttpResponse:
    """All of them, with how many customers each has; and one more."""
    form = TierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if goes_well(form, lambda: actions.add_tier(name=name, at=now(), by=request.agent.pk)):
            return back_to(request, "console:settings_tiers")
    sizes = queries.tiers.sizes()
    rows = [(one, sizes.get(one.pk, 0)) for one in queries.tiers.tiers()]
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "rows": rows}
    return show(request, "console/settings/tiers.html", "tiers", context, status=status)


@team(Role.ADMIN, GET_POST)
def tier(request: TeamRequest, tier_id: int) -> HttpResponse:
    """Rename one."""
    row = queries.tiers.tier(tier_id)
    if row is None:
        raise NotFound(tier_id=tier_id)
    form = TierForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if goes_well(
            form,
            lambda: actions.rename_tier(tier_id=tier_id, name=name, at=now(), by=request.agent.pk),
        ):
            return back_to(request, "console:settings_tiers")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "row": row}
    return show(request, "console/settings/tier.html", "tiers", context, status=status)


@team(Role.ADMIN, POST)
def remove_tier(request: TeamRequest, tier_id: int) -> HttpResponse:
    """Drop one, with what was promised to it alone."""
    actions.remove_tier(tier_id=tier_id, at=now(), by=request.agent.pk)
    return back_to(request, "console:settings_tiers", said=gettext("Removed."))
