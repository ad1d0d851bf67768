"""The shop's facts, and the way into the settings."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from esmero.console.access import TeamRequest, team
from esmero.console.context import piece
from esmero.console.settings.forms.shop import ShopForm
from esmero.console.settings.saving import GET_POST, actor_of, back_to, goes_well, show
from esmero.kernel.clock import now
from esmero.people.enums import Role
from esmero.shop import actions as shops
from esmero.shop.queries import the_shop
from esmero.ui import palette


@team()
def start(request: TeamRequest) -> HttpResponse:
    """Lead to the first page that this member may see."""
    route = "console:me"
    if request.agent.has_role(Role.ADMIN):
        route = "console:settings_shop"
    elif request.agent.has_role(Role.SUPERVISOR):
        route = "console:settings_absences"
    return HttpResponseRedirect(reverse(route))


@team(Role.ADMIN, GET_POST)
def shop(request: TeamRequest) -> HttpResponse:
    """Name, place, language, voice, colour."""
    card = the_shop(fresh=True)
    if request.method == "POST":
        form = ShopForm(request.POST)
        if form.is_valid() and goes_well(
            form,
            lambda: shops.change_shop(at=now(), actor=actor_of(request), **form.cleaned_data),
        ):
            return back_to(request, "console:settings_shop")
        return _page(request, form, status=422)
    initial = {name: getattr(card, name) for name in ShopForm.base_fields if name != "zone"}
    return _page(request, ShopForm(initial={**initial, "zone": card.zone.key}))


def _page(request: TeamRequest, form: ShopForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "shade": shade_of(str(form["primary_colour"].value() or ""))}
    return show(request, "console/settings/shop.html", "shop", context, status=status)


@dataclass(frozen=True, slots=True)
class Shade:
    """How a colour can be read. `ratio`: as given, on our paper; the house asks for `enough`."""

    colour: str
    ratio: float
    enough: float
    light: str
    dark: str

    @property
    def is_readable(self) -> bool:
        """Say whether it can stay as it is in the light theme."""
        return self.ratio >= self.enough


def shade_of(colour: str) -> Shade | None:
    """Return how a colour is read and what it becomes, or None when it is none."""
    try:
        light, dark = palette.tokens(colour.strip())
        ratio = palette.contrast(colour.strip(), palette.LIGHT_PAPER)
    except palette.NotAColour:
        return None
    return Shade(colour.strip(), ratio, palette.ENOUGH, light.primary, dark.primary)


@team(Role.ADMIN)
def shade(request: TeamRequest) -> HttpResponse:
    """A piece: how the colour that is being typed would be read."""
    found = shade_of(request.GET.get("primary_colour", ""))
    return piece(request, "console/settings/_shade.html", {"shade": found})
