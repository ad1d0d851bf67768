"""The business time of a demo department, by the calendars that promises are kept by."""

from collections.abc import Iterable
from datetime import date, datetime

from esmero.config.demo.content import DemoDepartment
from esmero.promises.rules.calendar import Calendar, Frame, add_business_time


class Desk:
    """Satisfies `content.Hours`."""

    def __init__(
        self, department: DemoDepartment, zone: str, holidays: Iterable[date] = ()
    ) -> None:
        week = tuple(
            tuple(
                Frame.parse(f"{frame.opens:%H:%M}-{frame.closes:%H:%M}")
                for frame in department.frames
                if day in frame.days
            )
            for day in range(7)
        )
        self._calendar = Calendar(zone, week, dict.fromkeys(holidays, "fiesta"))

    def add(self, at: datetime, minutes: int) -> datetime:
        return add_business_time(self._calendar, at, minutes)

    def is_open_on(self, day: date) -> bool:
        return bool(self._calendar.frames_on(day))
