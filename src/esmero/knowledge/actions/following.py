"""Candidates follow what is published and answered, a few at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from esmero.knowledge.actions.grouping import check_covered
from esmero.knowledge.actions.questions import settle_outcomes
from esmero.knowledge.actions.summing import refresh_candidates
from esmero.knowledge.reads.questions import newest_passage

LOOKS = 2
"""The search follows a publication within seconds: who looks too early looks once more."""
REFRESHED_EVERY = timedelta(hours=1)


class Coverage:
    """What a worker's loop does: closes what was searched in vain, looks whether candidates are
    covered when something was published, and reckons once an hour how long answers took.

    Where it stands is kept in memory: a new worker looks at everything once.
    """

    def __init__(self) -> None:
        self._seen = -1
        self._looks = 0
        self._checked = 0
        self._refreshed = 0
        self._refresh_at: datetime | None = None

    def step(self, at: datetime) -> bool:
        """Do one piece of it and say whether there is more at once."""
        if not self._checked and not self._refreshed:
            settle_outcomes(at=at)
        return self._check(at) or self._refresh(at)

    def _check(self, at: datetime) -> bool:
        if not self._checked:
            newest = newest_passage()
            if newest != self._seen:
                self._seen, self._looks = newest, LOOKS
            if not self._looks:
                return False
            self._looks -= 1
        self._checked = check_covered(after=self._checked, at=at)
        return bool(self._checked)

    def _refresh(self, at: datetime) -> bool:
        if not self._refreshed:
            if self._refresh_at is not None and at < self._refresh_at:
                return False
            self._refresh_at = at + REFRESHED_EVERY
        self._refreshed = refresh_candidates(after=self._refreshed)
        return bool(self._refreshed)
