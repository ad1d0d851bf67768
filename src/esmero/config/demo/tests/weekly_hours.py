"""Business time from a department's weekly frames, without holidays: enough to date the demo."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from esmero.config.demo.content import DemoDepartment


class WeeklyHours:
    """Satisfies `content.Hours`; counts minute by minute over local frames."""

    def __init__(self, department: DemoDepartment, zone: str) -> None:
        self._frames = department.frames
        self._zone = ZoneInfo(zone)

    def is_open_on(self, day: date) -> bool:
        return any(day.weekday() in frame.days for frame in self._frames)

    def add(self, at: datetime, minutes: int) -> datetime:
        left = timedelta(minutes=abs(minutes))
        at = at.astimezone(self._zone)
        day = at.date()
        while True:
            for opens, closes in self._openings(day, backwards=minutes < 0):
                if minutes >= 0:
                    start, end = max(opens, at), closes
                    if start < end:
                        if left <= end - start:
                            return start + left
                        left -= end - start
                else:
                    start, end = opens, min(closes, at)
                    if start < end:
                        if left <= end - start:
                            return end - left
                        left -= end - start
            day += timedelta(days=1 if minutes >= 0 else -1)

    def _openings(self, day: date, *, backwards: bool) -> list[tuple[datetime, datetime]]:
        found = [
            (
                datetime.combine(day, frame.opens, tzinfo=self._zone),
                datetime.combine(day, frame.closes, tzinfo=self._zone),
            )
            for frame in self._frames
            if day.weekday() in frame.days
        ]
        return sorted(found, reverse=backwards)
