"""Times, lengths, numbers and money as people of the current language and zone read them.

Every function is a Jinja filter of the same name. `at` is the aware moment that counts as now
(UTC); without it the clock is read. Moments are aware; they are shown in Django's current zone.
The words mirror ui/js/lib/due.js, which keeps them ticking; both are tested with one table.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, pgettext

from esmero.kernel.clock import now

MINUTE, HOUR, DAY = 60, 3600, 86400
SYMBOLS = {"second": "s", "minute": "min", "hour": "h"}


@lru_cache(maxsize=32)
def _locale_of(code: str) -> Locale:
    return Locale.parse(code.replace("-", "_"))


def _locale() -> Locale:
    return _locale_of(_code())


def _code() -> str:
    return _code_of(get_language() or "en")


@lru_cache(maxsize=32)
def _code_of(tag: str) -> str:
    language, _, region = tag.partition("-")
    return f"{language}-{region.upper()}" if region else language


# A page of fifty rows says few days and hours again and again; Babel reads each pattern anew.
@lru_cache(maxsize=4096)
def _date(on: date, pattern: str, code: str) -> str:
    return format_date(on, pattern, locale=_locale_of(code))


@lru_cache(maxsize=4096)
def _time(hour: int, minute: int, pattern: str, code: str) -> str:
    return format_time(time(hour, minute), pattern, locale=_locale_of(code))


def local(moment: datetime) -> datetime:
    """The moment in Django's current zone."""
    return moment.astimezone(timezone.get_current_timezone())


def _now(at: datetime | None) -> datetime:
    return local(at or now())


def clock(moment: datetime) -> str:
    """`11:40`"""
    moment = local(moment)
    return _time(moment.hour, moment.minute, "short", _code())


def hour(moment: datetime) -> str:
    """A whole hour as short as the language allows (`9`, `9 AM`), other moments as `clock`."""
    moment = local(moment)
    if moment.minute:
        return clock(moment)
    twelve = "a" in _locale().time_formats["short"].pattern
    return format_time(moment, "h a" if twelve else "H", locale=_locale())


def day(moment: datetime | date, at: datetime | None = None) -> str:
    """`today`, `yesterday`, `tomorrow`, `Monday 23` within six days, `23 Nov`, `23 Nov 2025`."""
    on = local(moment).date() if isinstance(moment, datetime) else moment
    return _day(on, _now(at).date(), _code())


@lru_cache(maxsize=4096)
def _day(on: date, today: date, code: str) -> str:
    names = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}
    distance = (on - today).days
    if distance in names:
        return names[distance]
    if abs(distance) <= 6:
        return _date(on, pgettext("weekday and day", "EEEE d"), _code())
    if on.year == today.year:
        return _date(on, pgettext("day and month", "d MMM"), _code())
    return _date(on, "medium", _code())


def when(moment: datetime, at: datetime | None = None) -> str:
    """`today, 11:42`; `Monday 23, 10:00`."""
    moment = local(moment)
    return f"{day(moment, at)}, {clock(moment)}"


def full_day(moment: datetime | date) -> str:
    """`Thursday, 19 November 2026` in the order of the language."""
    on = local(moment).date() if isinstance(moment, datetime) else moment
    return _date(on, "full", _code())


def brief(moment: datetime, at: datetime | None = None) -> str:
    """For a narrow column: `11:31` today, `yesterday`, `Tuesday` within six days, `11 Nov`."""
    on, today = local(moment).date(), _now(at).date()
    if on == today:
        return clock(moment)
    if 1 < (today - on).days <= 6:
        return _date(on, "EEEE", _code())
    return day(on, at)


def capfirst(text: str) -> str:
    """The first letter large, the rest as it is: Spanish days begin small."""
    return text[:1].upper() + text[1:]


def iso(moment: datetime) -> str:
    """For `datetime=""` attributes and scripts: ISO 8601 with the zone."""
    return moment.isoformat(timespec="seconds")


def duration(length: timedelta | float) -> str:
    """A length (timedelta or seconds) in at most two units: `40 s`, `18 min`, `5 h 20 min`,
    `2 days 3 h`, `14 days`. Rounded down; negative lengths lose their sign.
    """
    seconds = int(abs(length.total_seconds() if isinstance(length, timedelta) else length))
    return " ".join(_unit(value, unit) for value, unit in _parts(seconds))


def _parts(seconds: int) -> list[tuple[int, str]]:
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    if days >= 3:
        return [(days, "day")]
    if days:
        return [(days, "day"), (hours, "hour")] if hours else [(days, "day")]
    if hours:
        return [(hours, "hour"), (minutes, "minute")] if minutes else [(hours, "hour")]
    return [(minutes, "minute")] if minutes else [(seconds, "second")]


def _unit(value: int, unit: str) -> str:
    """Source: SI brochure (9th ed., 2019), table 8: `min` and `h` in every language. Not Babel's
    short forms: they give `1 horas` in Spanish.
    """
    if unit == "day":
        return _days(value, _code())
    return f"{value} {SYMBOLS[unit]}"


@lru_cache(maxsize=1024)
def _days(count: int, code: str) -> str:
    return format_unit(count, "duration-day", length="long", locale=_locale_of(code))


def left(due_at: datetime, at: datetime | None = None, state: str = "ok") -> str:
    """The words of an open promise's chip: `5 h 20 min`, `18 min left` when soon, `2 h late`."""
    gap = int((due_at - (at or now())).total_seconds())
    if gap < 0:
        return gettext("%(time)s late") % {"time": duration(gap)}
    if state == "soon":
        count = _parts(gap)[0][0]
        return ngettext("%(time)s left", "%(time)s left", count) % {"time": duration(gap)}
    return duration(gap)


def number(value: float | Decimal, digits: int = 0) -> str:
    """`1284`, `12.840`: Spanish groups from five digits on.

    Source: Ortografía de la lengua española (RAE 2010) and CLDR `minimumGroupingDigits` = 2.
    """
    locale = _locale()
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    grouped = locale.language != "es" or not -10_000 < value < 10_000
    return format_decimal(value, pattern, locale=locale, group_separator=grouped)


def percent(share: float | Decimal, digits: int = 1) -> str:
    """A share from 0 to 1 as `94,6 %`."""
    locale = _locale()
    pattern = locale.percent_formats[None].pattern
    wanted = pattern.replace("#,##0", "0" + ("." + "0" * digits if digits else ""))
    return format_percent(share, wanted, locale=locale)


def money(amount: Decimal, currency: str) -> str:
    """`amount` in whole units of `currency` (ISO 4217): `48,00 €`."""
    return format_currency(amount, currency, locale=_locale())


def size(count: int) -> str:
    """A file's size from bytes, in decimal units: `840 B`, `12 kB`, `1,2 MB`, `25 MB`."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{number(count / 1000)} kB"
    return f"{number(count / 1_000_000, 1 if count < 9_950_000 else 0)} MB"


def listing(items: Iterable[Any]) -> str:
    """`Ana, Bruno and Carla`."""
    return format_list([str(item) for item in items], locale=_locale())


def initials(name: str) -> str:
    """Up to two letters for an avatar: the first of the first and of the second word."""
    letters = [word[0] for word in name.split() if word[0].isalnum()]
    return "".join(letters[:2]).upper() or "?"


FILTERS: tuple[Callable[..., str], ...] = (
    clock, hour, day, when, full_day, brief, iso, duration, left, number, percent, money, size,
    listing, initials, capfirst,
)  # fmt: skip
