"""What happened at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from esmero.kernel.events import Event


@dataclass(frozen=True, slots=True)
class RulesApplied(Event):
    """Rules on arrival did something, or were stopped because they went round in a circle."""

    kind: ClassVar[str] = "desk.rules_applied"
    conversation_id: int
    trace_id: int
    is_stopped: bool


@dataclass(frozen=True, slots=True)
class WorkReturned(Event):
    """An owner had not answered by half of the promise: it is the queue's again."""

    kind: ClassVar[str] = "desk.work_returned"
    conversation_id: int
    agent_id: int
    promise_id: int


@dataclass(frozen=True, slots=True)
class MacroRun(Event):
    """Somebody ran a macro on a conversation."""

    kind: ClassVar[str] = "desk.macro_run"
    conversation_id: int
    macro_id: int


@dataclass(frozen=True, slots=True)
class BulkFinished(Event):
    """A bulk act is over: done, stopped or undone."""

    kind: ClassVar[str] = "desk.bulk_finished"
    job_id: int
    state: str
    done: int
