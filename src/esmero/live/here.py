"""The live part of this very process: what pages and the server ask of it."""

from __future__ import annotations

from typing import Protocol, TypeVar


class _Part(Protocol):
    def present(self) -> str: ...

    def stop(self) -> None: ...


P = TypeVar("P", bound=_Part)
_parts: list[_Part] = []


def use(part: P) -> P:
    """Make it this process's own."""
    _parts[:] = [part]
    return part


def present() -> str:
    """Return the cursor for a page that is made now, empty where nobody follows the events."""
    return _parts[0].present() if _parts else ""


def stop() -> None:
    """End the streams of this process."""
    for part in _parts:
        part.stop()
