"""Findings, and the list of the checks that make them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from esmero.config.env import Environment


class Level(StrEnum):
    """How bad it is."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: what was looked at, what was found, and what to do about it."""

    level: Level
    subject: str
    text: str
    remedy: str = ""


Check = Callable[[Environment], Iterable[Finding]]

_checks: dict[str, list[Check]] = {"nothing": [], "database": []}


def needs(what: str) -> Callable[[Check], Check]:
    """Register a check. `what`: `nothing`, or `database` for those that need Django and rows."""

    def register(check: Check) -> Check:
        if check not in _checks[what]:
            _checks[what].append(check)
        return check

    return register


def checks_that_need(what: str) -> list[Check]:
    """Return the registered checks in the order of their registration."""
    return list(_checks[what])


def ok(subject: str, text: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(Level.OK, subject, text)


def warn(subject: str, text: str, remedy: str) -> Finding:
    """Return a finding that will be trouble some day."""
    return Finding(Level.WARN, subject, text, remedy)


def fail(subject: str, text: str, remedy: str) -> Finding:
    """Return a finding that is trouble now."""
    return Finding(Level.FAIL, subject, text, remedy)
