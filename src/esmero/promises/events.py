"""What happened to promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from esmero.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PromiseMade(Event):
    """The shop gave its word. `due_at` is ISO 8601 in UTC."""

    kind: ClassVar[str] = "promise.made"
    promise_id: int
    promise_kind: str
    subject_ref: str
    due_at: str
    is_late_on_arrival: bool = False
    exceeds_limit: bool = False


@dataclass(frozen=True, slots=True)
class PromiseBeyondLimit(Event):
    """What was told lies beyond the standard's own limit: the supervisor is alarmed.

    A fact of its own, so that nobody has to look at each promise made.
    """

    kind: ClassVar[str] = "promise.beyond_limit"
    promise_id: int
    subject_ref: str


@dataclass(frozen=True, slots=True)
class PromiseHalfway(Event):
    """Half of the time is gone: the owner is warned."""

    kind: ClassVar[str] = "promise.halfway"
    promise_id: int
    subject_ref: str


@dataclass(frozen=True, slots=True)
class PromisePressing(Event):
    """Three quarters are gone: the supervisor is warned."""

    kind: ClassVar[str] = "promise.pressing"
    promise_id: int
    subject_ref: str


@dataclass(frozen=True, slots=True)
class PromiseAboutToBreak(Event):
    """The customer hears of it first."""

    kind: ClassVar[str] = "promise.about_to_break"
    promise_id: int
    subject_ref: str


@dataclass(frozen=True, slots=True)
class PromiseSettled(Event):
    """It was kept or broken."""

    kind: ClassVar[str] = "promise.settled"
    promise_id: int
    promise_kind: str
    subject_ref: str
    state: str
    after_outage: bool = False


@dataclass(frozen=True, slots=True)
class PromiseReleased(Event):
    """It was let go of for a stated reason."""

    kind: ClassVar[str] = "promise.released"
    promise_id: int
    promise_kind: str
    subject_ref: str
    reason: str


@dataclass(frozen=True, slots=True)
class PromiseRenegotiated(Event):
    """Another time took its place in the same chain."""

    kind: ClassVar[str] = "promise.renegotiated"
    promise_id: int
    successor_id: int
    subject_ref: str
    initiative: str
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class PromiseReassigned(Event):
    """Somebody else owns it now."""

    kind: ClassVar[str] = "promise.reassigned"
    promise_id: int
    subject_ref: str
    owner_agent_id: int | None
    department_id: int | None
