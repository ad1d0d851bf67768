"""When the shop is there, in words: "de lunes a viernes, de 9:00 a 14:00 y de 16:30 a 19:00"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from babel.dates import get_day_names
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from esmero.promises import queries as promises
from esmero.shop.queries import the_shop
from esmero.ui import formats


def state(*, at: datetime, department_id: int | None = None) -> tuple[bool, str]:
    """Return whether somebody works now, and the honest sentence about it."""
    calendar = promises.house(at=at).calendar(department_id)
    found = promises.public.opening(calendar, at=at)
    if found.is_open and found.until is not None:
        if found.until - at > timedelta(hours=24):
            return True, _("Open now")
        return True, _("Open until %(time)s") % {"time": formats.clock(found.until)}
    if found.opens_at is None:
        return False, _("Closed now")
    day, hour = formats.day(found.opens_at, at), formats.clock(found.opens_at)
    return False, _("Closed now. We open %(day)s at %(time)s") % {"day": day, "time": hour}


def line(*, at: datetime) -> str:
    """Return the usual week of the default hours in one sentence; '' when they never open."""
    parts = [f"{when}, {spans}" for when, spans in week(at=at) if spans]
    if not parts:
        return ""
    return _("We are here %(week)s (%(zone)s time).") % {
        "week": "; ".join(parts),
        "zone": the_shop().zone.key.rpartition("/")[2].replace("_", " "),
    }


def week(*, at: datetime, department_id: int | None = None) -> list[tuple[str, str]]:
    """Return the usual week by runs of alike days: (days, hours); no hours: closed."""
    usual = promises.public.week_of(promises.house(at=at).calendar(department_id))
    names = get_day_names("wide", locale=(get_language() or "en")[:2])
    found = []
    for frames, days in groupby(range(7), key=lambda day: tuple(usual[day])):
        run = list(days)
        first, last = names[run[0]], names[run[-1]]
        if len(run) == 1:
            when = first
        elif len(run) == 2:
            when = _("%(first)s and %(last)s") % {"first": first, "last": last}
        else:
            when = _("from %(first)s to %(last)s") % {"first": first, "last": last}
        found.append((when, _spans(frames)))
    return found


def coming(*, at: datetime, days: int = 30) -> list[tuple[str, str, str]]:
    """Return the next days that differ: (day, hours, why); no hours: closed."""
    calendar = promises.house(at=at).calendar(None)
    today = timezone.localtime(at).date()
    found = promises.public.different_days(calendar, since=today, days=days)
    return [(formats.day(day, at), _spans(frames), name) for day, name, frames in found]


def _spans(frames: Iterable[tuple[int, int]]) -> str:
    spans = [
        _("from %(start)s to %(end)s") % {"start": _clock(start), "end": _clock(end)}
        for start, end in frames
    ]
    return formats.listing(spans) if spans else ""


def _clock(minutes: int) -> str:
    moment = timezone.now().replace(
        hour=minutes // 60 % 24, minute=minutes % 60, tzinfo=timezone.get_current_timezone()
    )
    return formats.clock(moment)
