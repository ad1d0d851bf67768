"""Kept promises: how many, by week, kind, department and person; which were not, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import pgettext

from esmero.console.access import TeamRequest, team
from esmero.console.context import page
from esmero.console.reports import csv, figures, telling
from esmero.console.reports.asking import Asked, asked, short_day
from esmero.console.settings.words import KINDS, kind_name
from esmero.conversations import queries as conversations
from esmero.kernel.clock import now
from esmero.kernel.refs import id_of
from esmero.people import queries as people
from esmero.people.enums import Role
from esmero.promises import queries as promises
from esmero.promises.queries import report
from esmero.shop.queries import the_shop
from esmero.ui import formats

GOAL = 0.95
"""The share that the house aims at (see docs/explanation on promises)."""
FEW, MANY = 4, 30


@team()
def reports(request: TeamRequest) -> HttpResponse:
    """Lead to the report there is."""
    return HttpResponseRedirect(reverse("console:report_promises"))


@team()
def kept(request: TeamRequest) -> HttpResponse:
    """The report."""
    at, zone = now(), the_shop().zone
    ask = asked(request, at=at)
    cells = report.cells(ask.scope, zone=zone)
    counts, mended = report.total(cells)
    past, _mended = report.total(report.cells(ask.scope_before, zone=zone))
    rows, every = report.done(ask.scope, total=counts.decided)
    between = _clock(ask, at)
    early = figures.early(rows, between)
    drawn, due_x = figures.shapes(early)
    weeks = _weeks(cells, ask)
    low, high = figures.axis([share for _label, share in weeks["line"]])
    departments = {one.pk: one.name for one in people.all_departments()}
    context = {
        "ask": ask,
        "counts": counts,
        "mended": mended,
        "rate": promises.kept_rate(counts),
        "rate_before": promises.kept_rate(past),
        "goal": GOAL,
        "weeks": weeks,
        "low": low,
        "high": high,
        "early": early,
        "drawn": drawn,
        "due_x": due_x,
        "reach": telling.length(early.unit * figures.SIDE),
        "half_reach": telling.length(early.unit * figures.SIDE // 2),
        "every": every,
        "early_words": [telling.column(one) for one in early.columns],
        "kinds": _grouped(cells, lambda cell: cell.kind, kind_name),
        "departments": _table(
            cells,
            lambda cell: cell.department_id,
            lambda pk: departments.get(pk, pgettext("department", "none")),
            waits=figures.waits(rows, between),
        ),
        "persons": _persons(request, cells),
        "failures": _failures(request, ask, at, limit=FEW),
    }
    return page(request, "console/reports/promises.html", context, here="reports", at=at)


def _clock(ask: Asked, at: datetime) -> figures.Between:
    if ask.clock != "horario":
        return figures.by_clock
    house = promises.house(at=at)

    def between(row: report.Done, start: datetime, end: datetime) -> float:
        return promises.settings.business_minutes_between(
            house.calendar_by_id(row.hours_id), start, end
        )

    return between


def _weeks(cells: Sequence[report.Cell], ask: Asked) -> dict[str, Any]:
    by_week = {monday: report.total([]) for monday in ask.period.mondays()}
    for monday in by_week:
        by_week[monday] = report.total([cell for cell in cells if cell.week == monday])
    line, table = [], []
    for monday, (counts, mended) in by_week.items():
        share = promises.kept_rate(counts)
        label = short_day(monday)
        line.append((label, share))
        table.append(
            (
                label,
                formats.number(counts.decided),
                formats.number(counts.kept),
                formats.number(mended),
                formats.number(counts.decided - counts.kept - mended),
                formats.percent(share) if share is not None else "–",
            )
        )
    return {"line": line, "table": table}


Key = Callable[[report.Cell], Any]


def _grouped(
    cells: Sequence[report.Cell], key: Key, name: Callable[[Any], str]
) -> list[tuple[str, int, int, int]]:
    """Bars: name, kept, mended, neither; the most frequent first."""
    found = []
    for value in {key(cell) for cell in cells}:
        counts, mended = report.total([cell for cell in cells if key(cell) == value])
        if counts.decided:
            bad = counts.decided - counts.kept - mended
            found.append((name(value), counts.kept, mended, bad))
    return sorted(found, key=lambda one: -(one[1] + one[2] + one[3]))


def _table(
    cells: Sequence[report.Cell],
    key: Key,
    name: Callable[[Any], str],
    *,
    waits: dict[Any, float | None] | None = None,
) -> list[dict[str, Any]]:
    found = []
    for value in {key(cell) for cell in cells}:
        counts, mended = report.total([cell for cell in cells if key(cell) == value])
        if counts.decided or counts.released:
            found.append(
                {
                    "key": value,
                    "name": name(value),
                    "counts": counts,
                    "mended": mended,
                    "bad": counts.decided - counts.kept - mended,
                    "rate": promises.kept_rate(counts),
                    "wait": (waits or {}).get(value),
                }
            )
    return sorted(found, key=lambda one: (-one["counts"].decided, one["name"]))


def _persons(request: TeamRequest, cells: Sequence[report.Cell]) -> list[dict[str, Any]]:
    """By person: supervisors see everybody, an agent only herself (and the department's)."""
    names = {one.pk: one.name for one in people.everyone()}
    if not request.agent.has_role(Role.SUPERVISOR):
        mine = request.agent.pk
        cells = [cell for cell in cells if cell.agent_id in (mine, None)]
    return _table(
        cells,
        lambda cell: cell.agent_id,
        lambda pk: names.get(pk, pgettext("owner of a promise", "the department")),
    )


def _failures(request: TeamRequest, ask: Asked, at: datetime, *, limit: int) -> dict[str, Any]:
    found = report.failures(ask.scope, limit=limit + 1, before_id=ask.before_id)
    shown = found[:limit]
    ids = [pk for one in shown if (pk := id_of(one.promise.subject_ref, "conversation"))]
    seen = {
        row.pk: row
        for row in conversations.visible_to(request.agent)
        .filter(pk__in=ids)
        .select_related("customer")
    }
    rows = [telling.failure(one, seen, at=at) for one in shown]
    return {
        "rows": rows,
        "older": shown[-1].promise.pk if len(found) > limit else None,
    }


@team()
def broken(request: TeamRequest) -> HttpResponse:
    """Every promise that was not kept, and what was done about it."""
    at = now()
    ask = asked(request, at=at)
    found = _failures(request, ask, at, limit=MANY)
    query = ask.query()
    older = "?" + urlencode({**query, "antes": found["older"]}) if found["older"] else ""
    newer = "?" + urlencode(query) if ask.before_id else ""
    context = {"ask": ask, "rows": found["rows"], "older": older, "newer": newer}
    return page(request, "console/reports/broken.html", context, here="reports", at=at)


@team()
def export(request: TeamRequest) -> StreamingHttpResponse:
    """Every promise of the period as CSV, released ones too."""
    ask = asked(request, at=now())
    # A spreadsheet in Spanish parts cells at semicolons.
    delimiter = ";" if request.agent.language.startswith("es") else ","
    name = f"promesas-{ask.period.first}-{ask.period.last}.csv"
    return StreamingHttpResponse(
        csv.lines(_rows(ask), delimiter=delimiter),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _rows(ask: Asked) -> Iterator[Sequence[Any]]:
    """Lines of the file. Built while it is sent: words are looked up once, before."""
    zone = the_shop().zone
    yield telling.columns()
    kinds = {kind: kind_name(kind) for kind in KINDS}
    states = telling.state_names()
    departments = {one.pk: one.name for one in people.all_departments()}
    agents = {one.pk: one.name for one in people.everyone()}

    def local(moment: datetime | None) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""

    for one in report.every_promise(ask.scope):
        early = (one.due_at - one.settled_at).total_seconds() / 60 if one.settled_at else None
        yield (
            one.id,
            kinds.get(one.kind, one.kind),
            departments.get(one.department_id or 0, ""),
            agents.get(one.agent_id or 0, ""),
            one.customer or "",
            one.subject_ref.partition(":")[2],
            local(one.made_at),
            local(one.due_at),
            local(one.settled_at),
            states[telling.state_of(one)],
            round(early) if early is not None else None,
            round(one.taken_minutes) if one.taken_minutes is not None else None,
        )
