"""How events read in somebody's history: one register for every context.

A context whose events are to be seen brings a module `console/<context>/history.py` that registers
its sentences with `told` and, for what not everybody may see, a gate with `gate`; it is imported
when the console starts. Nothing else changes: the events of a customer are read by their links.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

import esmero.console as console
from esmero.kernel.events import Happened
from esmero.kernel.refs import id_of

if TYPE_CHECKING:
    from esmero.console.history.names import Names
    from esmero.people.models import Agent


@dataclass(frozen=True, slots=True)
class Line:
    """What an event says: in words, its icon, a promise's state for its colour, where it leads."""

    text: str
    icon: str = "info"
    state: str = ""
    url: str = ""


Teller = Callable[[Happened, "Names"], Line | None]
Gate = Callable[["Agent", set[int]], set[int]]
_tellers: dict[str, Teller] = {}
_gates: dict[str, Gate] = {}


def told(kind: str) -> Callable[[Teller], Teller]:
    """Register how an event of this kind reads; None as its answer: not at all."""

    def register(teller: Teller) -> Teller:
        _tellers[kind] = teller
        return teller

    return register


def gate(subject: str) -> Callable[[Gate], Gate]:
    """Register who may see events about a subject (`order`): of these ids those that an agent may.

    An event about a subject without a gate is shown to nobody.
    """

    def register(found: Gate) -> Gate:
        _gates[subject] = found
        return found

    return register


def subject_of(event: Happened) -> tuple[str, int] | None:
    """Return what an event is about, by `conversation_id` or `subject_ref` in its data; None: only
    the customer.
    """
    ref = str(event.data.get("subject_ref") or "")
    if ref:
        kind = ref.partition(":")[0]
        pk = id_of(ref, kind)
        return (kind, pk) if pk else None
    for name in _gates:
        pk = event.data.get(f"{name}_id")
        if pk:
            return name, int(pk)
    return None


def seen_by(agent: Agent, events: Iterable[Happened]) -> list[Happened]:
    """Return the events that an agent may see and that say something."""
    known = [event for event in events if event.kind in _tellers]
    about = {event.id: subject_of(event) for event in known}
    wanted: dict[str, set[int]] = {}
    for found in about.values():
        if found:
            wanted.setdefault(found[0], set()).add(found[1])
    allowed = {
        kind: _gates[kind](agent, ids) if kind in _gates else set() for kind, ids in wanted.items()
    }
    return [e for e in known if not (s := about[e.id]) or s[1] in allowed[s[0]]]


def line_of(event: Happened, names: Names) -> Line | None:
    """Return what an event says, None when nothing."""
    teller = _tellers.get(event.kind)
    return teller(event, names) if teller else None


def load() -> None:
    """Import every `console.<context>.history`."""
    for found in pkgutil.iter_modules(console.__path__):
        if not found.ispkg or found.name == "history":
            continue
        name = f"esmero.console.{found.name}.history"
        if find_spec(name):
            import_module(name)
