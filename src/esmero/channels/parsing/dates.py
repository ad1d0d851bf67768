"""The moment a mail says it was sent."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from esmero.channels.parsing.headers import Headers

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2080, 1, 1, tzinfo=UTC)
_CLOCK_SKEW = timedelta(days=2)
_MONTHS = {
    "ene": "Jan", "abr": "Apr", "ago": "Aug", "set": "Sep", "dic": "Dec", "fev": "Feb",
    "mai": "May", "out": "Oct", "dez": "Dec",
}  # fmt: skip
_FOREIGN = re.compile(r"\b(" + "|".join(_MONTHS) + r")[a-z]*\.?\b", re.I)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?")


def parse_date(value: str) -> datetime | None:
    """An aware UTC datetime, None when unreadable or absurd (before 1990, after 2080)."""
    value = value[:120]
    for text in (value, _FOREIGN.sub(lambda m: _MONTHS[m[1].lower()], value)):
        parts = parsedate_tz(text)
        if parts is not None:
            fields: tuple[int, ...] = parts[:6]
            offset = parts[9] or 0
        else:
            match = _ISO.search(text)
            if match is None:
                continue
            fields = tuple(int(x or 0) for x in match.groups())
            offset = 0
        year, month, day, hour, minute, second = fields
        try:
            moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
            moment -= timedelta(seconds=offset)
        except (ValueError, OverflowError):
            continue
        return moment if _EARLIEST <= moment <= _LATEST else None
    return None


def sent_at(headers: Headers) -> datetime | None:
    """The Date header; None when it lies days after the mail was received (a wrong clock)."""
    moment = parse_date(headers.first("date"))
    if moment is None:
        return None
    received = headers.first("received")
    arrived = parse_date(received.rpartition(";")[2]) if ";" in received else None
    if arrived is not None and moment - arrived > _CLOCK_SKEW:
        return None
    return moment
