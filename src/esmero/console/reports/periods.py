"""Which stretch of time a report is about, and the one before it that it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKS = (4, 13, 26, 52)
USUAL = 13
LONGEST_DAYS = 3 * 366


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included. `weeks` is 0 for days that somebody chose."""

    first: date
    last: date
    weeks: int = 0

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return its moments: from the first midnight up to, and without, the one after it."""
        return (
            datetime.combine(self.first, time.min, zone),
            datetime.combine(self.last + timedelta(days=1), time.min, zone),
        )

    def before(self) -> Period:
        """Return the stretch of the same length that ends where this one begins.

        Of whole weeks, the last of which is not over, it has the whole weeks before.
        """
        length = timedelta(weeks=self.weeks) if self.weeks else timedelta(days=self.days)
        return Period(self.first - length, self.first - timedelta(days=1), self.weeks)

    def mondays(self) -> list[date]:
        """Return the Monday of every week that it touches."""
        monday = self.first - timedelta(days=self.first.weekday())
        return [monday + timedelta(weeks=n) for n in range((self.last - monday).days // 7 + 1)]


def last_weeks(weeks: int, today: date) -> Period:
    """Return the last weeks from Monday on, this one included up to today."""
    monday = today - timedelta(days=today.weekday())
    return Period(monday - timedelta(weeks=weeks - 1), today, weeks)


def period_of(weeks: str, first: str, last: str, *, today: date) -> Period:
    """Read a period from an address; what cannot be read is the usual one."""
    chosen = _day(first), _day(last)
    if chosen[0] and chosen[1] and chosen[0] <= chosen[1]:
        begins = max(chosen[0], chosen[1] - timedelta(days=LONGEST_DAYS - 1))
        return Period(begins, chosen[1])
    wanted = int(weeks) if weeks.isascii() and weeks.isdigit() and len(weeks) < 4 else USUAL
    return last_weeks(wanted if wanted in WEEKS else USUAL, today)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None
