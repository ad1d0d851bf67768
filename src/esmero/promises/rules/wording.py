"""How people say a due time and a duration, in Spanish and English, on the customer's clock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from esmero.promises.rules.calendar import zone_of

Day = Literal["today", "tomorrow", "yesterday", "weekday", "date"]

_MONTHS: Final = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "en": "January February March April May June July August September October November December",
}
_WEEKDAYS: Final = {
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
_NEAR: Final = {
    "es": {"today": "hoy", "tomorrow": "mañana", "yesterday": "ayer"},
    "en": {"today": "today", "tomorrow": "tomorrow", "yesterday": "yesterday"},
}
_YEAR_AFTER_DAYS: Final = 180
"""From so many days on a date is said with its year."""


@dataclass(frozen=True, slots=True)
class DueWords:
    """A due time in parts, in the zone asked for.

    `date` is the local day and `time_text` its 24-hour clock without a leading zero ("9:40",
    "16:30"). Midnight is the end of the day before: "24:00" of that day. `day` is "weekday" for
    the 2nd to the 6th day ahead, "date" for those beyond and those before yesterday.
    """

    day: Day
    date: date
    time_text: str


def describe_due(due_at: datetime, now: datetime, zone: str) -> DueWords:
    """The parts of a due time as seen at `now`; seconds are dropped, to our own disadvantage."""
    tz = zone_of(zone)
    clock, today = due_at.astimezone(tz), now.astimezone(tz).date()
    on, time_text = clock.date(), f"{clock.hour}:{clock.minute:02}"
    if time_text == "0:00":
        on, time_text = on - timedelta(days=1), "24:00"
    ahead = (on - today).days
    near: dict[int, Day] = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    return DueWords(near.get(ahead, "weekday" if 2 <= ahead <= 6 else "date"), on, time_text)


def say_due(due_at: datetime, *, now: datetime, zone: str, language: str) -> str:
    """The due time as a phrase: "hoy antes de las 16:30", "on Monday before 10:00".

    `language` is a code such as "es", "es-MX" or "en"; others get English.
    """
    code = _code(language)
    words = describe_due(due_at, now, zone)
    today = now.astimezone(zone_of(zone)).date()
    return f"{_say_day(words, today, code)} {_say_before(words.time_text, code)}"


def say_day(due_at: datetime, *, now: datetime, zone: str, language: str) -> str:
    """The day alone: "hoy", "el lunes", "el lunes 30 de noviembre", "on Monday"."""
    today = now.astimezone(zone_of(zone)).date()
    return _say_day(describe_due(due_at, now, zone), today, _code(language))


def _code(language: str) -> str:
    return "es" if language.lower().startswith("es") else "en"


def _say_day(words: DueWords, today: date, code: str) -> str:
    if words.day in _NEAR[code]:
        return _NEAR[code][words.day]
    on = words.date
    weekday = _WEEKDAYS[code].split()[on.weekday()]
    article = {"es": "el", "en": "on"}[code]
    if words.day == "weekday":
        return f"{article} {weekday}"
    month = _MONTHS[code].split()[on.month - 1]
    says_year = on.year != today.year and abs((on - today).days) > _YEAR_AFTER_DAYS
    if code == "es":
        year = f" de {on.year}" if says_year else ""
        return f"{article} {weekday} {on.day} de {month}{year}"
    year = f" {on.year}" if says_year else ""
    return f"{article} {weekday} {on.day} {month}{year}"


def _say_before(time_text: str, code: str) -> str:
    if time_text == "24:00":
        return {"es": "antes de medianoche", "en": "before midnight"}[code]
    if code == "en":
        return f"before {time_text:0>5}"
    article = "la" if time_text.startswith("1:") else "las"
    return f"antes de {article} {time_text}"


def say_duration(length: timedelta, language: str) -> str:
    """A length for a chip, rounded down: "20 min", "1 h 50 min", "12 h", "1 día 4 h", "3 días".

    Less than a minute is "menos de 1 min". The sign is not looked at.
    """
    return _say_length(abs(length), _code(language), is_rough=False)


def say_remaining(due_at: datetime, *, now: datetime, language: str) -> str:
    """What is left or how long ago: "quedan 20 min", "queda 1 h", "hace 2 h", "3 days left"."""
    code, left = _code(language), due_at - now
    if left < timedelta(0):
        if -left < timedelta(minutes=1):
            return {"es": "hace un momento", "en": "just now"}[code]
        length = _say_length(-left, code, is_rough=True)
        return f"hace {length}" if code == "es" else f"{length} ago"
    length = _say_length(left, code, is_rough=False)
    if code == "en":
        return f"{length} left"
    # One of anything, and less than one, is singular: queda 1 h, queda menos de 1 min.
    is_one = length in ("1 min", "1 h", "1 día") or left < timedelta(minutes=1)
    return f"{'queda' if is_one else 'quedan'} {length}"


def _say_length(length: timedelta, code: str, *, is_rough: bool) -> str:
    """`is_rough` says the largest unit alone."""
    minutes = int(length / timedelta(minutes=1))
    hours, days = minutes // 60, minutes // 1440
    if minutes < 1:
        return {"es": "menos de 1 min", "en": "less than 1 min"}[code]
    if hours < 1:
        return f"{minutes} min"
    if days < 1:
        rest = minutes % 60
        return f"{hours} h" if is_rough or not rest or hours >= 10 else f"{hours} h {rest} min"
    one, many = {"es": ("día", "días"), "en": ("day", "days")}[code]
    said = f"{days} {one if days == 1 else many}"
    rest = hours % 24
    return said if is_rough or not rest or days > 1 else f"{said} {rest} h"
