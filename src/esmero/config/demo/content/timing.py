"""Date the demo's steps: from offsets to moments, from `{due}` to "mañana antes de las 12:00".

Pure. The department's business time comes from outside as `Hours`, so that the demo keeps the
same calendars (holidays included) as the promises it shows.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from esmero.config.demo.content.shapes import DemoConversation, DemoShop, DemoStep

_WORD = re.compile(r"\{(due|(?:day|date)[+-]\d+)\}", re.IGNORECASE)
_NIGHT_ENDS = 7

_DAYS = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
        "septiembre", "octubre", "noviembre", "diciembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August",
        "September", "October", "November", "December",
    ),
}  # fmt: skip


class Hours(Protocol):
    """The business time of one department."""

    def add(self, at: datetime, minutes: int) -> datetime:
        """The moment so many business minutes after `at` (before it when negative), aware;
        for 0 `at` itself."""

    def is_open_on(self, day: date) -> bool:
        """Whether the department opens at all on that local day."""


@dataclass(frozen=True, slots=True)
class TimedStep:
    """A step with its moment, the time promised or slept until in it, and its finished text.

    `at` and `due_at` are aware, in the shop's zone.
    """

    step: DemoStep
    at: datetime
    due_at: datetime | None
    text: str
    html: str


def lay_out(
    conversation: DemoConversation, *, shop: DemoShop, now: datetime, hours: Hours
) -> tuple[TimedStep, ...]:
    """Date every step of a conversation, none after `now`, each after the one before.

    What is closed and would still be going on at `now` (a week of holidays in between) is moved
    back by whole weeks.
    """
    now = now.astimezone(ZoneInfo(shop.zone))
    if conversation.days_ago is None:
        moments = _backwards(conversation, now=now, hours=hours)
    else:
        moments = _forwards(conversation, now=now, hours=hours)
    return tuple(
        _timed(step, at, conversation=conversation, shop=shop, hours=hours)
        for step, at in zip(conversation.steps, moments, strict=True)
    )


def _forwards(conversation: DemoConversation, *, now: datetime, hours: Hours) -> list[datetime]:
    first = now.date() - timedelta(days=conversation.days_ago or 0)
    if conversation.weekday is not None:
        first -= timedelta(days=(first.weekday() - conversation.weekday) % 7)
    opening = conversation.at or time()
    while True:
        at = datetime.combine(first, opening, tzinfo=now.tzinfo)
        moments = [at]
        for step in conversation.steps[1:]:
            at = _later(at, step, hours=hours)
            moments.append(at)
        if moments[-1] <= now:
            return moments
        first -= timedelta(weeks=1)


def _later(at: datetime, step: DemoStep, *, hours: Hours) -> datetime:
    if not step.later_minutes:
        return hours.add(at, step.after_minutes).astimezone(at.tzinfo)
    at += timedelta(minutes=step.later_minutes)
    if at.hour < _NIGHT_ENDS:  # people sleep: what would come at night comes after breakfast
        at = at.replace(hour=_NIGHT_ENDS, minute=20 + at.minute // 2)
    return at


def _backwards(conversation: DemoConversation, *, now: datetime, hours: Hours) -> list[datetime]:
    if conversation.last_ago is not None:
        at = hours.add(now, -conversation.last_ago)
    else:
        at = now - timedelta(minutes=conversation.last_ago_wall or 0)
    moments = [at]
    for step in reversed(conversation.steps[1:]):
        if step.later_minutes:
            at -= timedelta(minutes=step.later_minutes)
        elif step.after_minutes:
            at = hours.add(at, -step.after_minutes)
        moments.append(at)
    return moments[::-1]


def _timed(
    step: DemoStep,
    at: datetime,
    *,
    conversation: DemoConversation,
    shop: DemoShop,
    hours: Hours,
) -> TimedStep:
    zone = ZoneInfo(shop.zone)
    at = at.astimezone(zone)
    due_at = _half_hour(hours.add(at, step.promise.due)).astimezone(zone) if step.promise else None
    customer = shop.customers.get(conversation.customer)

    def worded(found: re.Match[str]) -> str:
        word = found[1].lower()
        if word == "due" and due_at:
            own = ZoneInfo(customer.zone if customer else shop.zone)
            text = say_due(
                due_at.astimezone(own), at.astimezone(own), language=conversation.language
            )
            text += f" ({customer.clock})" if customer and customer.clock else ""
        elif word.startswith("date"):
            text = _say_date(at.date() + timedelta(int(word[4:])), conversation.language)
        else:
            day = _working_day(at.date(), int(word[3:]), hours=hours)
            text = _say_day(day, at.date(), conversation.language)
        return text[0].upper() + text[1:] if found[1][0].isupper() else text

    return TimedStep(
        step=step,
        at=at,
        due_at=due_at,
        text=_WORD.sub(worded, step.text),
        html=_WORD.sub(worded, step.html),
    )


def say_due(due_at: datetime, at: datetime, *, language: str) -> str:
    """Word a time as it is told to the customer; both moments in the customer's zone."""
    day = _say_day(due_at.date(), at.date(), language)
    clock = f"{due_at.hour}:{due_at.minute:02}"
    if language == "en":
        return f"{day} before {clock}"
    return f"{day} antes de {'la' if due_at.hour == 1 else 'las'} {clock}"


def _say_day(day: date, today: date, language: str) -> str:
    distance = (day - today).days
    if distance in (0, 1):
        return {"es": ("hoy", "mañana"), "en": ("today", "tomorrow")}[language][distance]
    article = "on" if language == "en" else "el"
    if distance < 7:
        return f"{article} {_DAYS[language][day.weekday()]}"
    return f"{article} {_DAYS[language][day.weekday()]} {_say_date(day, language)}"


def _say_date(day: date, language: str) -> str:
    link = " " if language == "en" else " de "
    return f"{day.day}{link}{_MONTHS[language][day.month - 1]}"


def _working_day(day: date, count: int, *, hours: Hours) -> date:
    while count:
        day += timedelta(days=1)
        count -= hours.is_open_on(day)
    return day


def _half_hour(at: datetime) -> datetime:
    over = timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    return at - over + timedelta(minutes=30) if over else at
