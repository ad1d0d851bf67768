"""Which of the mail that lies in a folder is taken, and as what. Pure.

A folder's numbers below `history_below` were given before we first looked at it (or before its
server renumbered it). Among them only what came since the mailbox was connected is live; the rest
is history or none of our business, as the shop chose. Numbers from `history_below` on are live.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from esmero.channels.enums import Take

# A mail that we see this much later than it came has waited: its promise counts from now.
WAITED_AFTER = timedelta(minutes=10)
# Servers' clocks differ and INTERNALDATE may be wrong: nothing comes from further in the future.
_FUTURE = timedelta(days=1)
# Copying mail to another server may date it as of now; its own Date then tells its age.
_OLD_DATE = timedelta(days=3)
# How far back a renumbered folder is read again. What is filed already is recognised as such.
LOOK_BACK = timedelta(days=7)


class Taking(StrEnum):
    """What to do with a mail."""

    LIVE = "live"
    HISTORY = "history"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the shop chose when it connected the mailbox."""

    take: Take
    take_days: int
    connected_at: datetime

    @property
    def history_from(self) -> datetime | None:
        """Return from when on old mail is wanted; None: all of it."""
        if self.take is Take.ALL:
            return None
        days = self.take_days if self.take is Take.LAST_DAYS else 0
        return self.connected_at - timedelta(days=days)


def taking(
    terms: Terms,
    *,
    uid: int,
    history_below: int,
    received_at: datetime | None,
    dated_at: datetime | None = None,
    now: datetime,
) -> Taking:
    """Decide on one mail. `received_at` is its INTERNALDATE, `dated_at` its Date (when known)."""
    if uid >= history_below:
        return Taking.LIVE
    # INTERNALDATE has whole seconds.
    begun = terms.connected_at.replace(microsecond=0)
    if received_at is not None and begun <= received_at <= now + _FUTURE:
        if dated_at is not None and dated_at < begun - _OLD_DATE:
            return Taking.HISTORY
        return Taking.LIVE
    if terms.take is Take.ALL:
        return Taking.HISTORY
    since = terms.history_from
    is_wanted = terms.take is Take.LAST_DAYS and received_at is not None and since is not None
    return Taking.HISTORY if is_wanted and since <= received_at <= now + _FUTURE else Taking.SKIP  # type: ignore[operator]


def waited_since(*, received_at: datetime, now: datetime) -> datetime | None:
    """Return when a live mail came, if that is so long ago that its sender has waited."""
    return received_at if now - received_at > WAITED_AFTER else None


def read_again_from(terms: Terms, *, last_look: datetime | None) -> datetime:
    """Return from when on a renumbered folder is read again."""
    if last_look is None:
        return terms.connected_at
    return max(terms.connected_at, last_look - LOOK_BACK)
