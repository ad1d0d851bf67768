"""What becomes of a demo conversation's promises by the table of promises, reckoned on paper.

The engine decides for itself when the demo is filled; this says beforehand what the writer meant.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from esmero.config.demo.content import DemoDepartment, Hours, TimedStep


@dataclass
class Reckoning:
    """`ends` counts kept, broken, us (moved by us), customer (moved for them), released."""

    ends: Counter[str] = field(default_factory=Counter)
    open: dict[str, datetime] = field(default_factory=dict)
    has_chased: bool = False
    is_suspect: bool = False
    is_asleep: bool = False
    _paused: bool = False

    @property
    def aim(self) -> str:
        if self.is_suspect:
            return "spam"
        if self.open or self.is_asleep:
            return "open"
        if self.ends["broken"]:
            return "broken" if self.has_chased else "mended"
        for end, aim in (
            ("us", "renegotiated"),
            ("customer", "moved_by_customer"),
            ("released", "released"),
        ):
            if self.ends[end]:
                return aim
        return "kept"

    def settle(self, kind: str, at: datetime) -> None:
        due = self.open.pop(kind, None)
        if due is not None:
            self.ends["kept" if at <= due else "broken"] += 1

    def release(self, *kinds: str) -> None:
        for kind in kinds:
            if self.open.pop(kind, None) is not None:
                self.ends["released"] += 1
                self._paused |= kind == "solve"

    def receive(self, at: datetime, *, answer_due: datetime, solve_due: datetime) -> None:
        self.has_chased |= any(at > due for due in self.open.values())
        self.open.setdefault("answer", answer_due)
        if self._paused:
            self._paused = False
            self.open["solve"] = solve_due
        self.is_asleep = False


def reckon(steps: tuple[TimedStep, ...], *, department: DemoDepartment, hours: Hours) -> Reckoning:
    found = Reckoning()
    received = steps[0].at
    for timed in steps:
        step, at = timed.step, timed.at
        if step.kind in {"in", "clear"}:
            received = at if step.kind == "in" else received
            found.is_suspect = False
            found.receive(
                at,
                answer_due=hours.add(received, department.target_minutes),
                solve_due=hours.add(at, department.update_minutes),
            )
        elif step.kind == "spam_in":
            found.is_suspect = True
        elif step.kind in {"reply", "call"}:
            for kind in ("answer", "update") if step.kind == "reply" else ("answer", "call"):
                found.settle(kind, at)
            _go_on(found, timed, department=department, hours=hours)
        elif step.kind == "resolve":
            if step.release:
                found.release(*list(found.open))
            for kind in list(found.open):
                found.settle(kind, at)
        elif step.kind == "renegotiate" and step.promise and timed.due_at:
            if at > found.open[step.promise.kind]:
                found.ends["broken"] += 1
            else:
                found.ends[step.by] += 1
            found.open[step.promise.kind] = timed.due_at
            found.settle("answer", at)
        elif step.kind == "snooze":
            found.is_asleep = True
    return found


def _go_on(
    found: Reckoning, timed: TimedStep, *, department: DemoDepartment, hours: Hours
) -> None:
    step = timed.step
    if step.then == "resolve":
        for kind in list(found.open):
            found.settle(kind, timed.at)
    elif step.then == "wait":
        found.release("solve", "update", "call")
    elif step.promise and timed.due_at:
        found.settle(step.promise.kind, timed.at)
        found.open[step.promise.kind] = timed.due_at
    elif step.kind == "reply" and not found.open:
        found.open["update"] = hours.add(timed.at, department.update_minutes)
