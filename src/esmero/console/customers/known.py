"""What of a customer's panel stands beside a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from esmero.console.customers.seeing import visible
from esmero.people import queries as people
from esmero.people.enums import FieldKind

if TYPE_CHECKING:
    from esmero.people.models import Agent

NOTES = 2


@dataclass(frozen=True, slots=True)
class Known:
    """The kind of customer, the shop's own fields that are filled, the newest notes, whether there
    may be duplicates.
    """

    tier: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    duplicates: bool = False


NOTHING_KNOWN = Known()


def known_of(group: list[int], agent: Agent) -> Known:
    """Return it: seven queries, and one more for each kind of likeness that finds somebody."""
    proposals = people.duplicates_of(group)
    tier = people.tiers.tier_of(group)
    return Known(
        tier=tier.name if tier else "",
        fields=tuple(
            (one.field.name, shown_value(one.field.kind, one.value))
            for one in people.panel.known_of(group)
            if one.value
        ),
        notes=tuple(note.text for note in people.panel.notes_of(group)[:NOTES]),
        duplicates=bool(proposals and visible(agent, [p.customer.pk for p in proposals])),
    )


def shown_value(kind: str, value: str) -> str:
    """Return a value as it is read."""
    if kind == FieldKind.YES_NO.value:
        return gettext("yes") if value == "yes" else gettext("no")
    if kind == FieldKind.DATE.value:
        return date.fromisoformat(value).strftime("%d/%m/%Y")
    return value
