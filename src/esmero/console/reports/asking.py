"""What the address of a report asks for: the period, the kind, the clock, and whose promises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from django.utils.translation import get_language, ngettext, pgettext

from esmero.console.access import TeamRequest
from esmero.console.reports.periods import WEEKS, Period, period_of
from esmero.console.settings.words import KINDS, SETTABLE
from esmero.people import queries as people
from esmero.promises.queries import report
from esmero.shop.queries import the_shop


def short_day(day: date) -> str:
    """Return a day as `24 Aug`, also today."""
    return format_date(day, pgettext("day and month", "d MMM"), locale=get_language() or "en")


def said_day(day: date) -> str:
    """Return a day as it stands in a sentence: `24 August`."""
    pattern = pgettext("day in a sentence", "d MMMM")
    return format_date(day, pattern, locale=get_language() or "en")


@dataclass(frozen=True, slots=True)
class Asked:
    """A report's question, ready for the reads and for the links around it."""

    period: Period
    kind: str
    clock: str
    scope: report.Scope
    scope_before: report.Scope
    before_id: int | None = None

    def query(self, **changes: str) -> dict[str, str]:
        """Return the address's fields with changes; an empty one falls away."""
        found = {"tipo": self.kind, "reloj": "" if self.clock == "cliente" else self.clock}
        if self.period.weeks:
            found["semanas"] = str(self.period.weeks)
        else:
            found |= {"desde": str(self.period.first), "hasta": str(self.period.last)}
        return {name: value for name, value in (found | changes).items() if value}

    def link(self, **changes: str) -> str:
        """Return the same question with changes, as the end of an address."""
        return "?" + urlencode(self.query(**changes))

    @property
    def first(self) -> str:
        """The first day in words."""
        return said_day(self.period.first)

    @property
    def last(self) -> str:
        """The last day in words."""
        return said_day(self.period.last)

    def weeks_links(self) -> list[dict[str, Any]]:
        """Return the usual periods, each with its link."""
        return [
            {
                "label": ngettext("%(count)s week", "%(count)s weeks", weeks) % {"count": weeks},
                "url": self.link(semanas=str(weeks), desde="", hasta=""),
                "current": self.period.weeks == weeks,
            }
            for weeks in WEEKS
        ]

    def kind_links(self) -> list[dict[str, Any]]:
        """Return the kinds that may be asked for, all of them first."""
        every = [("", pgettext("kinds of promises", "All kinds"))]
        return [
            {"label": label, "url": self.link(tipo=kind), "current": kind == self.kind}
            for kind, label in [*every, *((kind, KINDS[kind]) for kind in SETTABLE)]
        ]

    @property
    def kind_label(self) -> Any:
        """What the chosen kind is called."""
        return KINDS[self.kind] if self.kind else pgettext("kinds of promises", "All kinds")


def asked(request: TeamRequest, *, at: datetime) -> Asked:
    """Read the question; an agent asks about her departments only."""
    zone = the_shop().zone
    get = request.GET
    period = period_of(
        get.get("semanas", ""),
        get.get("desde", ""),
        get.get("hasta", ""),
        today=at.astimezone(zone).date(),
    )
    departments = people.department_ids_of(request.agent)
    kind = get.get("tipo", "")
    since, until = period.bounds(zone)
    scope = report.Scope(
        since=since,
        until=min(until, at),
        department_ids=None if departments is None else tuple(departments),
        kind=kind if kind in KINDS else "",
    )
    earlier = period.before().bounds(zone)
    before = get.get("antes", "")
    return Asked(
        period=period,
        kind=scope.kind,
        clock="horario" if get.get("reloj") == "horario" else "cliente",
        scope=scope,
        scope_before=replace(scope, since=earlier[0], until=earlier[1]),
        before_id=int(before)
        if before.isascii() and before.isdigit() and len(before) < 19
        else None,
    )
