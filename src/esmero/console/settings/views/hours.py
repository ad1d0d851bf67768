"""Opening hours, their special days, and who keeps which."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, team
from esmero.console.settings.forms.hours import HoursForm, KeepForm, SpecialDayForm, first_day
from esmero.console.settings.saving import GET_POST, POST, actor_of, back_to, goes_well, show
from esmero.console.settings.words import frames_in_words, week_in_words
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people import queries as people
from esmero.people.enums import Role
from esmero.promises import actions as promises
from esmero.promises import queries
from esmero.shop.queries import the_shop

settings = queries.settings


@team(Role.ADMIN, GET_POST)
def hours(request: TeamRequest) -> HttpResponse:
    """All opening hours, whether they are open now, and which department keeps which."""
    at, departments = now(), list(people.departments())
    rows = list(settings.hours_sets())
    default = next((row for row in rows if row.is_default), None)
    form = KeepForm(
        request.POST or None,
        departments=[(one.pk, one.name) for one in departments],
        default_name=default.name if default else gettext("the built-in hours"),
    )
    if request.method == "POST":
        if form.is_valid():
            for department_id, hours_id in form.wishes().items():
                promises.keep_hours(
                    department_id=department_id,
                    hours_id=hours_id,
                    at=now(),
                    actor=actor_of(request),
                )
            return back_to(request, "console:settings_hours")
        return show(
            request, "console/settings/hours.html", "hours", _list(rows, form, at), status=422
        )
    return show(request, "console/settings/hours.html", "hours", _list(rows, form, at))


def _list(rows: list[Any], form: KeepForm, at: Any) -> dict[str, Any]:
    zone = the_shop().zone.key
    cards = [
        {
            "row": row,
            "week": week_in_words(row.week),
            "now": settings.opening(queries.calendar_from(row, zone=zone, at=at), at=at),
            "place": settings.countries().get(row.country, ""),
        }
        for row in rows
    ]
    built_in = None
    if not any(row.is_default for row in rows):
        calendar = queries.calendar_from(None, zone=zone, at=at)
        built_in = {
            "week": week_in_words(queries.BUILT_IN_WEEK),
            "now": settings.opening(calendar, at=at),
        }
    return {"cards": cards, "built_in": built_in, "form": form}


@team(Role.ADMIN, GET_POST)
def new_hours(request: TeamRequest) -> HttpResponse:
    """Add opening hours."""
    card = the_shop()
    if request.method == "POST":
        form = HoursForm(request.POST)
        if changed := _only_changed(request, form):
            return _edit(request, changed, None)
        if form.is_valid() and goes_well(
            form,
            lambda: promises.open_hours(
                **_facts(form), week=form.cleaned_data["week"], at=now(), actor=actor_of(request)
            ),
        ):
            return back_to(request, "console:settings_hours")
        return _edit(request, form, None, status=422)
    initial = {"zone": card.zone.key, "country": card.country, "region": card.region}
    week = [[(start, end) for start, end in day] for day in queries.BUILT_IN_WEEK]
    return _edit(request, HoursForm(initial=initial, week=week), None)


@team(Role.ADMIN, GET_POST)
def edit_hours(request: TeamRequest, hours_id: int) -> HttpResponse:
    """Change opening hours; promises already made keep their times."""
    row = settings.hours(hours_id)
    if row is None:
        raise NotFound(hours_id=hours_id)
    if request.method == "POST":
        form = HoursForm(request.POST)
        if changed := _only_changed(request, form):
            return _edit(request, changed, row)
        if form.is_valid() and goes_well(
            form,
            lambda: promises.change_hours(
                hours_id=hours_id,
                **_facts(form),
                week=form.cleaned_data["week"],
                at=now(),
                actor=actor_of(request),
            ),
        ):
            return back_to(request, "console:settings_hours_edit", hours_id)
        return _edit(request, form, row, status=422)
    initial = {name: getattr(row, name) for name in HoursForm.base_fields}
    week = [[(start, end) for start, end in day] for day in row.week]
    return _edit(request, HoursForm(initial=initial, week=week), row)


def _only_changed(request: TeamRequest, form: HoursForm) -> HoursForm | None:
    """What the buttons that save nothing make of the form."""
    wish = request.POST.get("do")
    return form.copied() if wish == "copy" else form.wider() if wish == "more" else None


def _facts(form: HoursForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in HoursForm.base_fields}


def _edit(
    request: TeamRequest,
    form: HoursForm,
    row: Any,
    *,
    special: SpecialDayForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = now()
    today = at.astimezone(the_shop().zone).date()
    context: dict[str, Any] = {"form": form, "row": row, "days": form.days()}
    place = form["country"].value() or "", form["region"].value() or ""
    known = place[0] in settings.countries()
    in_place = not place[1] or (known and place[1] in settings.regions_of(place[0]))
    context["holidays"] = settings.coming_holidays(
        place[0] if known else "",
        place[1] if in_place else "",
        since=today,
        language=request.agent.language,
    )
    if row is not None:
        calendar = queries.calendar_from(row, zone=the_shop().zone.key, at=at)
        context |= {
            "now_open": settings.opening(calendar, at=at),
            "special": special or SpecialDayForm(),
            "special_days": [
                (day, frames_in_words(day.frames))
                for day in settings.special_days(row.pk, since=today)
            ],
            "kept_by": [
                one.name
                for one in people.departments()
                if settings.hours_of_departments().get(one.pk) == row.pk
            ],
        }
    return show(request, "console/settings/hours_edit.html", "hours", context, status=status)


@team(Role.ADMIN, POST)
def add_special_day(request: TeamRequest, hours_id: int) -> HttpResponse:
    """Let a day differ."""
    row = settings.hours(hours_id)
    if row is None:
        raise NotFound(hours_id=hours_id)
    special = SpecialDayForm(request.POST)
    if special.is_valid() and goes_well(
        special,
        lambda: promises.set_special_day(
            hours_id=hours_id,
            on=special.cleaned_data["on"],
            frames=special.cleaned_data["frames"],
            name=special.cleaned_data["name"],
            at=now(),
            actor=actor_of(request),
        ),
    ):
        return back_to(request, "console:settings_hours_edit", hours_id, anchor="special")
    initial = {name: getattr(row, name) for name in HoursForm.base_fields}
    week = [[(start, end) for start, end in day] for day in row.week]
    form = HoursForm(initial=initial, week=week)
    return _edit(request, form, row, special=special, status=422)


@team(Role.ADMIN, POST)
def remove_special_day(request: TeamRequest, hours_id: int, on: str) -> HttpResponse:
    """Let a day be like its weekday again."""
    day = first_day(on)
    if day is None or settings.hours(hours_id) is None:
        raise NotFound(hours_id=hours_id)
    promises.remove_special_day(hours_id=hours_id, on=day, at=now(), actor=actor_of(request))
    return back_to(
        request,
        "console:settings_hours_edit",
        hours_id,
        said=gettext("Removed."),
        anchor="special",
    )


@team(Role.ADMIN, POST)
def make_default(request: TeamRequest, hours_id: int) -> HttpResponse:
    """Let all departments without hours of their own keep these."""
    promises.make_default_hours(hours_id=hours_id, at=now(), actor=actor_of(request))
    return back_to(request, "console:settings_hours")


@team(Role.ADMIN, POST)
def remove(request: TeamRequest, hours_id: int) -> HttpResponse:
    """Drop hours that nobody keeps."""
    promises.remove_hours(hours_id=hours_id, at=now(), actor=actor_of(request))
    return back_to(request, "console:settings_hours", said=gettext("Removed."))
