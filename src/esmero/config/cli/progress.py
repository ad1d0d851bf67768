"""Progress of whatever takes more than a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType


class Progress:
    """Shows `done/of`, from the second second on: one line that changes, in a log a few lines."""

    def __init__(self, label: str, *, every: float | None = None) -> None:
        self._label = label
        self._is_terminal = sys.stderr.isatty()
        self._every = every or (0.1 if self._is_terminal else 5.0)
        self._begun = time.monotonic()
        self._next = self._begun + 1.0
        self._last = ""
        self._is_shown = False

    def __call__(self, done: int, of: int | None = None) -> None:
        """Take note of how far it is."""
        self._last = f"{done}/{of}" if of else str(done or "…")
        now = time.monotonic()
        if now >= self._next:
            self._next = now + self._every
            self._show()

    def _show(self) -> None:
        self._is_shown = True
        start, end = ("\r", "\x1b[K") if self._is_terminal else ("", "\n")
        print(f"{start}{self._label} {self._last}{end}", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if self._is_shown:
            self._show()
            if self._is_terminal:
                print(file=sys.stderr)
