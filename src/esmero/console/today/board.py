"""What Today shows, gathered: my promises by the hour, what went wrong, what we promise now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from babel.dates import get_day_names
from django.utils.translation import get_language, gettext, ngettext

from esmero.console.counts import tomorrow
from esmero.console.inbox.lists import Row
from esmero.console.inbox.lists import rows_of as list_rows
from esmero.console.times import frames_of, frames_on
from esmero.console.today import reads
from esmero.console.today.todos import Todo, first_word, todos_of
from esmero.people import queries as people
from esmero.promises import actions as promising
from esmero.promises import queries as promises
from esmero.promises.enums import Initiative, Kind, State
from esmero.shop.queries import the_shop
from esmero.ui.dayline import DayLine, Mark, day_line
from esmero.ui.formats import day, full_day, listing, local

if TYPE_CHECKING:
    from esmero.people.models import Agent
    from esmero.promises.models import Promise

UNANSWERED_SHOWN_FOR = timedelta(days=60)
_COUNTED = {State.KEPT.value, State.BROKEN.value}


@dataclass(slots=True)
class Group:
    """Some lines under a title."""

    title: str
    count: str = ""
    todos: list[Todo] = field(default_factory=list)

    @property
    def is_one_day(self) -> bool:
        """Whether the hour alone says when."""
        return len({local(todo.due_at).date() for todo in self.todos}) == 1


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of my week: `3/4` when some word was not kept, `4` when all were."""

    letter: str
    name: str
    kept: int
    due: int
    is_ahead: bool

    @property
    def text(self) -> str:
        """What stands in its box."""
        if not self.due:
            return "–"
        return str(self.kept) if self.kept == self.due else f"{self.kept}/{self.due}"

    @property
    def state(self) -> str:
        """Its colour."""
        if not self.due:
            return ""
        return "kept" if self.kept == self.due else "late"


@dataclass(frozen=True, slots=True)
class Board:
    """All of it."""

    groups: list[Group]
    line: DayLine
    summary: str
    settled: list[Promise]
    week: list[WeekDay]
    kept: int
    due: int
    has_more: bool
    closed: str
    """Said in place of the line on a day without hours on which nothing falls due."""


def board(agent: Agent, department_id: int | None, *, at: datetime) -> Board:
    """Return my day: at most six queries, however much I owe."""
    calendar = promises.house(at=at).calendar(department_id)
    zone = the_shop().zone
    today = at.astimezone(zone).date()
    midnight = datetime.combine(today, time.min, tzinfo=zone)
    monday = midnight - timedelta(days=today.weekday())
    owed = reads.owed_by(agent.pk)
    broken = reads.broken_of(agent.pk, at)
    ends = tomorrow(at)
    settled = reads.settled_by(agent.pk, midnight, ends)
    ended = promises.persons.days_of(agent.pk, since=monday, until=ends)
    frames = frames_on(calendar, today)
    has_more = len(owed) > reads.TODOS_MOST
    reviews = reads.overdue_reviews(agent.pk, today)
    todos = todos_of(owed[: reads.TODOS_MOST], broken, agent, reviews, at=at)
    marks = _marks(todos, settled, midnight)
    days = _week(ended, today)
    return Board(
        groups=_grouped(todos, frames, at=at),
        line=day_line(frames=frames, marks=marks, at=at),
        summary=_summary(todos, settled, at=at),
        settled=[p for p in settled if p.state == State.KEPT.value],
        week=days,
        kept=sum(one.kept for one in days),
        due=sum(one.due for one in days),
        has_more=has_more,
        closed="" if frames or marks else _closed(calendar, at=at),
    )


def _closed(calendar: Any, *, at: datetime) -> str:
    """`Closed today. We open on Monday at 9:00.`"""
    ahead = [opens for opens, _closes in frames_of(calendar, at=at) if opens > at]
    if not ahead:
        return gettext("Closed today.")
    said = promises.say_day(
        ahead[0], now=at, zone=calendar.tz.key, language=get_language() or "es"
    )
    return gettext("Closed today. We open %(day)s at %(time)s.") % {
        "day": said,
        "time": f"{ahead[0].hour}:{ahead[0].minute:02}",
    }


def department_of(agent: Agent) -> int | None:
    """Return the department whose hours and promises this member sees."""
    ids = people.own_department_ids(agent)
    return ids[0] if ids else people.default_department_id()


def _grouped(
    todos: list[Todo], frames: list[tuple[datetime, datetime]], *, at: datetime
) -> list[Group]:
    """Put the lines under the hours of the day; what is late or nearly so comes first."""
    groups: dict[str, Group] = {}
    lunch = frames[0][1] if len(frames) > 1 else None
    ends_today = tomorrow(at)
    for todo in todos:
        if todo.state != "ok":
            title = gettext("Needs you now")
        elif todo.due_at < ends_today and lunch and at < lunch and todo.due_at <= lunch:
            title = gettext("Before the break")
        elif todo.due_at < ends_today:
            title = gettext("Later today") if lunch is None else gettext("This afternoon")
        elif todo.due_at < ends_today + timedelta(days=6):
            name = day(todo.due_at, at)
            title = name[:1].upper() + name[1:]
        else:
            title = gettext("Later")
        groups.setdefault(title, Group(title)).todos.append(todo)
    for group in groups.values():
        n = len(group.todos)
        group.count = ngettext("%(count)s promise", "%(count)s promises", n) % {"count": n}
    return list(groups.values())


def _marks(todos: list[Todo], settled: list[Promise], midnight: datetime) -> list[Mark]:
    ends = midnight + timedelta(days=1)
    marks = [
        Mark(todo.due_at, todo.state, todo.who) for todo in todos if midnight <= todo.due_at < ends
    ]
    shown = {State.KEPT.value: "kept", State.BROKEN.value: "broken"}
    marks += [
        Mark(p.due_at, shown[p.state], first_word(p.customer.name if p.customer else ""))
        for p in settled
        if p.state in shown
        and midnight <= p.due_at < ends
        # A broken one that still waits for its answer stands there as late already.
        and not (p.state == State.BROKEN.value and any(t.due_at == p.due_at for t in todos))
    ]
    return marks


def _summary(todos: list[Todo], settled: list[Promise], *, at: datetime) -> str:
    """`Today you gave your word nine times: three kept, one late.`"""
    ends = tomorrow(at)
    kept = sum(1 for p in settled if p.state == State.KEPT.value)
    late = sum(1 for todo in todos if todo.state == "late")
    ahead = sum(1 for todo in todos if todo.state != "late" and todo.due_at < ends)
    parts = []
    if kept:
        parts.append(ngettext("%(count)s kept", "%(count)s kept", kept) % {"count": kept})
    if late:
        parts.append(ngettext("%(count)s overdue", "%(count)s overdue", late) % {"count": late})
    if ahead:
        parts.append(ngettext("%(count)s to keep", "%(count)s to keep", ahead) % {"count": ahead})
    today = full_day(at)
    today = today[:1].upper() + today[1:]
    if not parts:
        return gettext("%(day)s. Nothing is promised for today.") % {"day": today}
    return gettext("%(day)s. Your word for today: %(parts)s.") % {
        "day": today,
        "parts": listing(parts),
    }


def _week(ended: list[tuple[date, str, str, int]], today: date) -> list[WeekDay]:
    """Return my seven days, counted as the report counts: by the day it was due."""
    monday = today - timedelta(days=today.weekday())
    names = get_day_names("wide", locale=(get_language() or "es")[:2])
    letters = get_day_names("narrow", locale=(get_language() or "es")[:2])
    kept: dict[date, int] = {}
    due: dict[date, int] = {}
    for on, state, initiative, n in ended:
        moved = state == State.RENEGOTIATED.value and initiative == Initiative.OURS.value
        if state in _COUNTED or moved:
            due[on] = due.get(on, 0) + n
        if state == State.KEPT.value:
            kept[on] = kept.get(on, 0) + n
    days = [monday + timedelta(days=number) for number in range(7)]
    return [
        WeekDay(
            letter=letters[on.weekday()],
            name=names[on.weekday()],
            kept=kept.get(on, 0),
            due=due.get(on, 0),
            is_ahead=on > today,
        )
        for on in days
    ]


def pressing_unowned(agent: Agent, *, at: datetime) -> list[Row]:
    """Return what nobody owns and is due first."""
    return list_rows(reads.pressing(agent.pk, people.department_ids_of(agent), at), agent, at=at)


def failed_of(agent: Agent, *, at: datetime) -> list[Row]:
    """Return my conversations in which something did not arrive."""
    return list_rows(reads.failed_of(agent.pk, at), agent, at=at)


def unanswered(agent: Agent, *, at: datetime) -> list[Row]:
    """Return what came back into my queues because its owner had not answered by half the time."""
    ids = sorted(set(reads.returned_since(at - UNANSWERED_SHOWN_FOR)))
    if not ids:
        return []
    found = reads.unanswered(ids, agent.pk, people.department_ids_of(agent), at)
    return list_rows(found, agent, at=at)


@dataclass(frozen=True, slots=True)
class Told:
    """What a channel promises right now."""

    channel: str
    words: str
    exceeds_limit: bool
    department: str


def told_now(department_id: int | None, *, at: datetime) -> list[Told]:
    """Return what we promise now by mail, form and telephone in a department."""
    found = []
    language = get_language() or "es"
    for kind, channel, name in (
        (Kind.ANSWER, "mail", gettext("Mail")),
        (Kind.ANSWER, "form", gettext("Form")),
        (Kind.CALL, "mail", gettext("Call back")),
    ):
        told = promising.expected_due(
            kind=kind, department_id=department_id, channel=channel, at=at
        )
        words = promises.say_due(told.due_at, now=at, zone=the_shop().zone.key, language=language)
        found.append(Told(name, words, told.basis.exceeds_limit, ""))
    return found


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the team: how much is open, and until when away."""

    name: str
    count: int
    is_away: bool
    away_until: datetime | None
    substitute: str


def colleagues(agent: Agent, *, at: datetime) -> list[Colleague]:
    """Return the team without me, those at work first: three queries."""
    team = [(pk, name) for pk, name in reads.team() if pk != agent.pk][: reads.TEAM_SHOWN]
    counts = promises.persons.open_counts(pk for pk, _name in team)
    away = {a.agent_id: a for a in reads.absences(at) if a.starts_at <= at}
    found = [
        Colleague(
            name=name,
            count=counts.get(pk, 0),
            is_away=pk in away,
            away_until=away[pk].ends_at if pk in away else None,
            substitute=_name(away[pk].substitute) if pk in away else "",
        )
        for pk, name in team
    ]
    return sorted(found, key=lambda one: (one.is_away, one.name))


def _name(agent: Agent | None) -> str:
    return agent.name if agent else ""
