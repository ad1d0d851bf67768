"""Furnishing the demo's desk: what its team has made for itself, through the actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from esmero.config.demo.content.shapes import DemoAct, DemoKnown, DemoView
from esmero.config.demo.opening import OPENED_BEFORE, House
from esmero.conversations import actions as conversations
from esmero.desk import actions as desk
from esmero.desk import queries as desk_queries
from esmero.kernel.refs import ref
from esmero.people import actions as people
from esmero.people.enums import FieldKind, How, Purpose
from esmero.promises import actions as promises
from esmero.promises.enums import Kind

RULES_SINCE = timedelta(days=21)
"""The rules are younger than the shop: what came before them bears only what hands have put on."""
CONSENT = {
    "newsletter": "Quiero recibir novedades de Candil y Brasa, una vez al mes como mucho.",
    "surveys": "Podéis preguntarme de vez en cuando cómo lo habéis hecho.",
    "telephone": "Podéis llamarme por teléfono por mis pedidos y consultas.",
}


@dataclass
class FurnishedHouse(House):
    """The house with its desk; ids by the names that the content uses."""

    tags: dict[str, int] = field(default_factory=dict)
    tiers: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)

    def furnish(self) -> None:
        """Make everything but the rules, right after the opening."""
        at, by = self.now - OPENED_BEFORE, self.agents["reme"]
        found = self.content.desk
        for tag in found.tags.values():
            self.tags[tag.id] = conversations.make_tag(
                name=tag.name, is_line=tag.is_line, at=at, by=by
            )
        for answer in self.content.saved_answers:
            only = answer.departments[0] if len(answer.departments) == 1 else ""
            self.answers[answer.shortcut] = conversations.save_answer(
                answer_id=None,
                title=answer.name,
                text=answer.text.strip(),
                department_id=self.departments.get(only),
                language="es",
                tags=answer.shortcut,
                at=at,
                by=by,
            )
        for macro in found.macros:
            desk.save_macro(
                name=macro.name,
                acts=self._acts(macro.acts),
                department_id=self.departments.get(macro.department),
                at=at,
                by=by,
            )
        for view in found.views:
            desk.save_view(
                name=view.name,
                conditions=self._conditions(view),
                order="plazo",
                department_id=self.departments.get(view.department),
                agent_id=self.agents[view.agent],
                at=at,
            )
        for work in found.works:
            desk.set_agent_work(
                agent_id=self.agents[work.agent],
                languages=work.languages,
                line_ids=[self.tags[line] for line in work.lines],
                writes=True,
                speaks=True,
                capacity=work.capacity,
                at=at,
                by=by,
            )
        fields = {
            one.id: people.define_field(
                name=one.name,
                kind=FieldKind(one.kind),
                choices=one.choices,
                hint=one.hint,
                at=at,
                by=by,
            )
            for one in found.fields.values()
        }
        self.tiers = {
            name: people.add_tier(name=name, at=at, by=by)
            for name in dict.fromkeys(known.tier for known in found.known if known.tier)
        }
        for known in found.known:
            self._note_down(known, fields)

    def _acts(self, acts: tuple[DemoAct, ...]) -> list[desk_queries.Act]:
        def value(act: DemoAct) -> str:
            if act.do == "tag":
                return str(self.tags[act.value])
            return f"answer:{self.answers[act.value]}" if act.do == "reply" else act.value

        return desk_queries.read_acts([{"do": act.do, "value": value(act)} for act in acts])

    def _conditions(self, view: DemoView) -> dict[str, object]:
        return {
            "tag": [self.tags[tag] for tag in view.tags],
            "state": list(view.state),
            "kind": list(view.kind),
            "due": list(view.due),
            "unanswered": view.unanswered,
        }

    def _note_down(self, known: DemoKnown, fields: dict[str, int]) -> None:
        at = self.now - timedelta(days=40)
        customer_id = self.customers[known.customer]
        if known.values:
            people.set_values(
                customer_id=customer_id,
                values={fields[name]: value for name, value in known.values.items()},
                at=at,
                by=self.agents["lola"],
            )
        if known.tier:
            people.set_tier(
                customer_id=customer_id,
                tier_id=self.tiers[known.tier],
                at=at,
                by=self.agents["lola"],
            )
        for who, text in known.notes:
            people.write_customer_note(
                customer_id=customer_id, text=text, at=at, by=self.agents[who]
            )
        for purpose in known.consents:
            people.record_consent(
                customer_id=customer_id,
                purpose=Purpose(purpose),
                text_version="1",
                text=CONSENT[purpose],
                how=How.TELEPHONE if purpose == "telephone" else How.FORM,
                given_at=at,
                at=at,
                by=self.agents["lola"],
            )

    def rule(self) -> None:
        """Make the rules on arrival, and what is promised to some customers alone, some weeks
        ago.
        """
        for tier, minutes in self.content.desk.tier_targets.items():
            promises.set_standard(
                kind=Kind.ANSWER,
                tier_id=self.tiers[tier],
                target_minutes=minutes,
                at=self.now - RULES_SINCE,
                actor=ref("agent", self.agents["reme"]),
            )
        for rule in self.content.desk.rules:
            desk.save_rule(
                name=rule.name,
                conditions={
                    "text": rule.words,
                    "department": [self.departments[one] for one in rule.departments],
                },
                acts=self._acts(rule.acts),
                ends=rule.ends,
                is_on=True,
                at=self.now - RULES_SINCE,
                by=self.agents["reme"],
            )
