"""Time zones as a shop looks for them: those of its country first."""

from __future__ import annotations

from typing import Any

from babel.core import get_global
from django.utils.translation import gettext, pgettext

from esmero.console.settings.forms.shop import zone_choices
from esmero.promises import queries as promises
from esmero.shop import queries as shop

Choices = list[tuple[Any, Any]]


def usual_zone(country: str) -> str:
    """Return the zone in which most shops of a country are."""
    return shop.ZONES.get(country, "")


def zones_of(country: str) -> list[str]:
    """Return the zones of a country, the usual one first. Source: CLDR (by Babel)."""
    found = sorted(get_global("territory_zones").get(country, []))
    first = usual_zone(country)
    return [first, *(zone for zone in found if zone != first)] if first else found


def grouped_zones(country: str) -> Choices:
    """Return the choices of a zone field in two groups: the country's, and all others."""
    near = zones_of(country)
    name = promises.settings.countries().get(country) or gettext("Near")
    return [
        (name, [(zone, _shown(zone)) for zone in near]),
        (
            pgettext("time zones", "Elsewhere"),
            [(zone, label) for zone, label in zone_choices() if zone not in near],
        ),
    ]


def _shown(zone: str) -> str:
    place = zone.rpartition("/")[2].replace("_", " ")
    return f"{place} ({zone})"
