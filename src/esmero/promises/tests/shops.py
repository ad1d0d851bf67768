"""Random calendars and a second, naive way to count their open minutes."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from esmero.promises.rules.calendar import ALL_DAY, Calendar, Frame, Week

ZONES = (
    "Europe/Madrid",
    "Atlantic/Canary",
    "Africa/Ceuta",
    "America/Santiago",
    "America/Asuncion",
    "America/Sao_Paulo",
    "America/Mexico_City",
    "America/Tijuana",
    "America/Havana",
    "America/Bogota",
    "America/Argentina/Buenos_Aires",
    "America/Caracas",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "UTC",
)


def week(*frames: str, days: str = "12345", **others: str) -> Week:
    """A week with `frames` on `days` (1 = Monday); others as d6="10:00-14:00"."""
    usual = tuple(Frame.parse(text) for text in frames)
    found = [usual if str(day) in days else () for day in range(1, 8)]
    for name, texts in others.items():
        found[int(name[1]) - 1] = tuple(Frame.parse(text) for text in texts.split())
    return tuple(found)


def random_frames(random: Random) -> tuple[Frame, ...]:
    """None to three frames, some over midnight, some overlapping."""
    kind = random.random()
    if kind < 0.08:
        return ()
    if kind < 0.14:
        return ALL_DAY
    frames = []
    for _ in range(random.choice((1, 1, 2, 2, 3))):
        start = random.randrange(1440)
        end = (start + random.choice((1, 15, 30, 90, 240, 300, 480, 900, 1439))) % 1440
        frames.append(Frame(start, end if end else 1440))
    return tuple(frames)


def random_start(random: Random, zone: str, days: int) -> datetime:
    """The first moment of a span of `days` UTC days that holds a change of the clock, if any."""
    year, tz = random.randrange(1998, 2031), ZoneInfo(zone)
    new_year = datetime(year, 1, 1, tzinfo=UTC)
    noons = [new_year + timedelta(days=n) for n in range(365)]
    changes = [
        noon
        for noon in noons
        if noon.astimezone(tz).utcoffset() != (noon + timedelta(days=1)).astimezone(tz).utcoffset()
    ]
    return random.choice(changes or noons) - timedelta(days=random.randrange(1, days - 2))


def random_calendar(random: Random, zone: str, first: date, days: int) -> Calendar:
    """A calendar whose holidays and special days lie in `days` days from `first`."""
    usual = random_frames(random)
    found = [usual if random.random() < 0.6 else random_frames(random) for _ in range(7)]
    if not any(found):
        found[random.randrange(7)] = (Frame(540, 840),)
    some_days = [first + timedelta(days=n) for n in range(days)]
    holidays = {day: "fiesta" for day in random.sample(some_days, k=min(days, 4))}
    special = {day: random_frames(random) for day in random.sample(some_days, k=min(days, 4))}
    return Calendar(
        zone,
        tuple(found),
        holidays,
        special,
    )


class MinuteCounter:
    """Looks at the wall clock in each minute of a span and asks whether the shop is open then.

    Shares nothing with the product but the calendar's fields: no offsets, no intervals.
    """

    def __init__(self, calendar: Calendar, first: datetime, minutes: int) -> None:
        zone = ZoneInfo(calendar.zone)
        start = int(first.timestamp())
        self.first = first
        self.open: list[bool] = []
        self.passed = [0]
        known: dict[date, bytearray] = {}
        count, clock = 0, datetime.fromtimestamp
        for second in range(start, start + minutes * 60, 60):
            local = clock(second, zone)
            day = local.date()
            if day not in known:
                known[day] = self._minutes_of(calendar, day)
            here = known[day][local.hour * 60 + local.minute]
            self.open.append(bool(here))
            count += here
            self.passed.append(count)

    @staticmethod
    def _minutes_of(calendar: Calendar, day: date) -> bytearray:
        """One byte a minute of the wall clock of `day`: 1 where some frame covers it."""
        found = bytearray(1440)
        for begun in (0, 1):
            one = day - timedelta(days=begun)
            if one in calendar.special_days:
                frames = calendar.special_days[one]
            elif one in calendar.holidays:
                frames = ()
            else:
                frames = calendar.week[one.weekday()]
            for frame in frames:
                length = (frame.end - frame.start) % 1440 or 1440
                for minute in range(frame.start, frame.start + length):
                    if minute // 1440 == begun:
                        found[minute % 1440] = 1
        return found

    def at(self, minute: int) -> datetime:
        return (self.first + timedelta(minutes=minute)).astimezone(UTC)
