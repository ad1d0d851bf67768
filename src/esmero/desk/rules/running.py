"""Rules on arrival: which fire, in which order, and when to stop because they go in a circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from esmero.desk.enums import Do
from esmero.desk.rules.acts import FOR_RULES, Act, only
from esmero.desk.rules.conditions import Facts, missed

PASSES_MOST = 5
"""So often all rules are looked at; what still changes something then goes round in a circle."""


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A rule as it is run."""

    id: int
    name: str
    conditions: Mapping[str, Any]
    acts: Sequence[Act]
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One look at one rule: whether it fired, by which conditions or for want of which."""

    turn: int  # the pass, from 1
    rule_id: int
    rule: str
    fired: bool
    why: tuple[str, ...] = ()
    did: tuple[tuple[str, str], ...] = ()

    def stored(self) -> dict[str, Any]:
        """Return the step as a trace holds it."""
        return {
            "turn": self.turn,
            "rule_id": self.rule_id,
            "rule": self.rule,
            "fired": self.fired,
            "why": list(self.why),
            "did": [list(one) for one in self.did],
        }


@dataclass(slots=True)
class Run:
    """What came of it: the facts as they would be, what was done, and the way there."""

    before: Facts
    facts: Facts
    steps: list[Step] = field(default_factory=list)
    is_stopped: bool = False

    @property
    def fired(self) -> list[Step]:
        """The steps that did something."""
        return [step for step in self.steps if step.fired]


def run(rules: Sequence[RuleCard], facts: Facts, *, macros: Mapping[int, Sequence[Act]]) -> Run:
    """Look at the rules in their order, again while one changed something that others ask for.

    A rule that changes nothing more is not fired again. After PASSES_MOST passes that all changed
    something the rules contradict each other: it stops, and decides nothing (`facts` is then what
    it was). `macros`: the acts of each macro that a rule may run.
    """
    found = Run(before=facts, facts=facts)
    fired: set[int] = set()
    for turn in range(1, PASSES_MOST + 1):
        changed = False
        for rule in rules:
            lacks = missed(rule.conditions, found.facts)
            if lacks:
                if turn == 1:
                    found.steps.append(Step(turn, rule.id, rule.name, False, (lacks,)))
                continue
            after, did = _done(rule.acts, found.facts, macros)
            if after == found.facts and rule.id in fired:
                continue
            changed |= after != found.facts
            fired.add(rule.id)
            found.facts = after
            why = tuple(rule.conditions)
            found.steps.append(Step(turn, rule.id, rule.name, True, why, did))
            if rule.ends:
                return found
        if not changed:
            return found
    found.is_stopped, found.facts = True, facts
    return found


def _done(
    acts: Sequence[Act], facts: Facts, macros: Mapping[int, Sequence[Act]]
) -> tuple[Facts, tuple[tuple[str, str], ...]]:
    """Return the facts after these acts, and the acts that really change something."""
    did: list[tuple[str, str]] = []
    flat = [
        one for act in acts for one in (macros.get(act.pk, ()) if act.do is Do.MACRO else [act])
    ]
    # A macro of a macro is none, and what a rule may not do is left out of one.
    for act in only(flat, FOR_RULES - {Do.MACRO}):
        after = _after(act, facts)
        if after != facts:
            did.append((act.do.value, act.value))
        facts = after
    return facts, tuple(did)


def _after(act: Act, facts: Facts) -> Facts:
    match act.do:
        case Do.TAG:
            return replace(facts, tag_ids=facts.tag_ids | {act.pk})
        case Do.UNTAG:
            return replace(facts, tag_ids=facts.tag_ids - {act.pk})
        case Do.PRIORITY:
            return replace(facts, priority=int(act.value))
        case Do.ASSIGN if act.value.startswith("agent:"):
            return replace(facts, owner_id=act.pk)
        case Do.ASSIGN if act.value.startswith("department:"):
            return replace(facts, department_id=act.pk, owner_id=None)
        case Do.ASSIGN if act.value == "nobody":
            return replace(facts, owner_id=None)
    return facts
