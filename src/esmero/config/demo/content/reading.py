"""Read the demo shop from its TOML files into frozen dataclasses, refusing what does not fit.

Files beside this module:

- `shop.toml`: `[shop]`, `[[department]]` with `[[department.frame]]`, `[[agent]]`.
- `customers.toml`: `[[customer]]`; the first address is the one they usually write from.
- `texts.toml`: `[[saved_answer]]`, `[[note_style]]`. Saved answers hold the product's variables
  (`conversations.rules.variables`): `{{customer_name}}`, `{{promise_time}}`, `{{agent_name}}`.
- `desk.toml`: what the team has made for itself: `[[tag]]`, `[[macro]]`, `[[rule]]`, `[[view]]`,
  `[[field]]`, `[[known]]` (of a customer), `[[work]]` (of an agent).
- `conversations_*.toml`: `[[conversation]]`, each a list of `steps`.

**A conversation** has an `id`, `dept`, `customer` (none for a suspect), `kind`, `subject`,
`channel` (mail by default), `language` (the customer's by default), `address` (the customer's
first by default), `owner` (who holds it at the end; the last agent who acted by default, `""` for
nobody), `order`, and
`aim`: what becomes of its promises, see `shapes.AIMS`. Its place in time is one of

- `days_ago` and `at`: the first step, so many calendar days before today at that local time,
  moved back to the last `weekday` ("mon" to "sun") where the tale needs one;
- `last_ago`: the last step, so many *business* minutes of the department before now;
- `last_ago_wall`: the last step, so many plain minutes before now.

The latter two are for what is open today: the promise in force is then due at last step + target.

**A step** says what happens (`do`), who does it (`who`, an agent) and when, counted from the step
before: `after` in business minutes of the department, or `later` in plain time (`"2d 3h 20m"`).

| do | means | may hold |
|---|---|---|
| `in` | the customer writes; opens or reopens | `attachments`, `html` |
| `thanks` | mere thanks by the customer: makes no promise, wakes nothing | |
| `auto_in` | an automatic answer of the customer's mailbox | |
| `spam_in` | a mail held as suspect: no acknowledgement, no promise | `sender` |
| `clear` | an agent clears the suspect: promise counted from receipt | |
| `reply` | an agent's mail, without signature (the mail adds it) | `then`, `promise` |
| `note` | an internal note | `mentions` |
| `assign` | the conversation is given to `who` | |
| `call` | an agent telephoned; `text` is the record of it, kept as evidence | `then` |
| `resolve` | closed without writing; open promises count as done otherwise | `release` |
| `renegotiate` | a promise is moved before it is due; `text` is the mail that says so | `by` |
| `snooze` | put aside until `promise.due` business minutes later | |
| `reopen` | an agent opens it again | |
| `bounce` | a delivery report: the mail before it could not be delivered | |
| `tag` | put `tags` on it | |
| `press` | it matters more than others | |
| `follow` | `who` follows it | |
| `merge` | the conversation `other` becomes part of this one | |
| `link` | it has to do with the conversation `other` | |
| `consult` | `whom` is asked by a note | |
| `side` | a mail on a `subject` `to` (name, address) a carrier or supplier | `promise` |
| `side_in` | they answer it | |
| `draft` | an answer that `who` has begun | |

`then` is what goes with a reply: `resolve`, `wait` (for the customer), or nothing, which leaves
the matter open: with the `promise` named, else with the automatic `update`. `promise` is a table
`{kind, due}`, due in business minutes after the step (of a `side`: `follow_up`); the timetable
rounds it up to a half hour.
`release` is why open promises were let go: `withdrew`, `duplicate`, `not_a_contact`. `by` says on
whose initiative a promise moved: `us` (counts as not kept) or `customer` (neutral).

**Words that depend on the day** are written as `{due}` (the promise of this step: "mañana antes de
las 12:00"), `{day+2}` (two working days after the step: "el jueves 12"), `{date-9}` (nine days
before it: "3 de marzo"); with a capital at a sentence's start. `timing.lay_out` fills them.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any

from esmero.config.demo.content.shapes import (
    AIMS,
    BY_AGENT,
    CHANNELS,
    DOINGS,
    KINDS,
    PROMISED,
    RELEASES,
    ROLES,
    WEEKDAYS,
    WITH_OTHER,
    WITH_TEXT,
    DemoAbsence,
    DemoAct,
    DemoAddress,
    DemoAgent,
    DemoConversation,
    DemoCustomer,
    DemoDepartment,
    DemoDesk,
    DemoField,
    DemoFrame,
    DemoKnown,
    DemoMacro,
    DemoNoteStyle,
    DemoPromise,
    DemoRule,
    DemoSavedAnswer,
    DemoShop,
    DemoStep,
    DemoTag,
    DemoView,
    DemoWork,
)

FOLDER = Path(__file__).parent

_LATER = re.compile(r"(?:(\d+)d)? ?(?:(\d+)h)? ?(?:(\d+)m)?")


class ContentError(ValueError):
    """The demo's files contradict themselves; the message names the file's entry and the fault."""


def load_demo(folder: Path = FOLDER) -> DemoShop:
    """Read and check the whole demo shop.

    Raises ContentError for a reference that leads nowhere, an unknown word or a missing field.
    """
    main = _toml(folder / "shop.toml")
    texts = _toml(folder / "texts.toml")
    departments = _by_id([_department(raw) for raw in main["department"]])
    agents = _by_id([_agent(raw) for raw in main["agent"]])
    customers = _by_id([_customer(raw) for raw in _toml(folder / "customers.toml")["customer"]])
    conversations: list[DemoConversation] = []
    for path in sorted(folder.glob("conversations_*.toml")):
        for raw in _toml(path)["conversation"]:
            where = f"{path.name}: {raw.get('id', 'a conversation without id')}"
            try:
                conversations.append(_conversation(raw, departments, agents, customers))
            except (KeyError, TypeError, ValueError) as error:
                raise ContentError(f"{where}: {error}") from error
    known = _by_id(conversations)
    _check_others(conversations, frozenset(known))
    _check_agents(agents, departments)
    return DemoShop(
        **main["shop"],
        departments=departments,
        agents=agents,
        customers=customers,
        conversations=tuple(conversations),
        saved_answers=tuple(
            DemoSavedAnswer(**{**raw, "departments": tuple(raw["departments"])})
            for raw in texts["saved_answer"]
        ),
        note_styles=tuple(DemoNoteStyle(**raw) for raw in texts["note_style"]),
        desk=_desk(_toml(folder / "desk.toml")),
    )


def _desk(raw: dict[str, Any]) -> DemoDesk:
    tags = _by_id([DemoTag(**one) for one in raw["tag"]])

    def acts(one: dict[str, Any]) -> tuple[DemoAct, ...]:
        found = tuple(DemoAct(**act) for act in one.pop("acts"))
        for act in found:
            if act.do in {"tag", "untag"}:
                _one_of(act.value, frozenset(tags), "tag")
        return found

    return DemoDesk(
        tags=tags,
        macros=tuple(DemoMacro(acts=acts(one), **one) for one in raw["macro"]),
        rules=tuple(DemoRule(acts=acts(one), **_lists(one)) for one in raw["rule"]),
        views=tuple(DemoView(**_lists(one)) for one in raw["view"]),
        fields=_by_id([DemoField(**_lists(one)) for one in raw["field"]]),
        known=tuple(_known(one) for one in raw["known"]),
        works=tuple(DemoWork(**_lists(one)) for one in raw["work"]),
        tier_targets=raw["tier_targets"],
    )


def _known(raw: dict[str, Any]) -> DemoKnown:
    notes = tuple((who, text.strip()) for who, text in raw.pop("notes", ()))
    return DemoKnown(**{"values": {}, **_lists(raw)}, notes=notes)


def _lists(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(v) if isinstance(v, list) else v for name, v in raw.items()}


def _check_others(conversations: list[DemoConversation], known: frozenset[str]) -> None:
    for conversation in conversations:
        for step in conversation.steps:
            if step.kind in WITH_OTHER:
                _one_of(step.other, known - {conversation.id}, f"other of {conversation.id}")


def _toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        try:
            return tomllib.load(file)
        except tomllib.TOMLDecodeError as error:
            raise ContentError(f"{path.name}: {error}") from error


def _by_id(things: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for thing in things:
        if thing.id in found:
            raise ContentError(f"used twice: {thing.id}")
        found[thing.id] = thing
    return found


def _one_of(value: str, known: frozenset[str], what: str) -> str:
    if value not in known:
        raise ContentError(f"unknown {what} {value!r}")
    return value


def _department(raw: dict[str, Any]) -> DemoDepartment:
    frames = tuple(
        DemoFrame(
            days=tuple(WEEKDAYS.index(day) for day in frame["days"]),
            opens=time.fromisoformat(frame["opens"]),
            closes=time.fromisoformat(frame["closes"]),
        )
        for frame in raw["frame"]
    )
    plain = {key: value for key, value in raw.items() if key != "frame"}
    return DemoDepartment(**plain, frames=frames)


def _agent(raw: dict[str, Any]) -> DemoAgent:
    absence = DemoAbsence(**raw["absence"]) if "absence" in raw else None
    plain = {**raw, "departments": tuple(raw["departments"]), "absence": absence}
    _one_of(raw["role"], ROLES, "role")
    return DemoAgent(**plain)


def _check_agents(
    agents: Mapping[str, DemoAgent], departments: Mapping[str, DemoDepartment]
) -> None:
    for agent in agents.values():
        for department in agent.departments:
            _one_of(department, frozenset(departments), f"department of {agent.id}")
        if agent.absence:
            _one_of(agent.absence.substitute, frozenset(agents), f"substitute of {agent.id}")


def _customer(raw: dict[str, Any]) -> DemoCustomer:
    unverified = set(raw.pop("unverified", ()))
    addresses = tuple(DemoAddress(a, a not in unverified) for a in raw.pop("addresses"))
    return DemoCustomer(**{**raw, "phones": tuple(raw.get("phones", ()))}, addresses=addresses)


def _conversation(
    raw: dict[str, Any],
    departments: Mapping[str, DemoDepartment],
    agents: Mapping[str, DemoAgent],
    customers: Mapping[str, DemoCustomer],
) -> DemoConversation:
    raw = dict(raw)
    customer_id = raw.pop("customer", "")
    steps = tuple(_step(step, agents) for step in raw.pop("steps"))
    if steps[0].kind not in {"in", "spam_in"}:
        raise ContentError("begins with something else than the customer's message")
    owner = raw.pop("owner", next((s.who for s in reversed(steps) if s.who), ""))
    language, addresses = "es", [steps[0].sender]
    if customer_id or not steps[0].sender:
        language = customers[customer_id].language
        addresses = [known.email for known in customers[customer_id].addresses]
    address = raw.pop("address", addresses[0])
    if address not in addresses:
        raise ContentError(f"{address} is not an address of {customer_id}")
    anchors = [name for name in ("days_ago", "last_ago", "last_ago_wall") if name in raw]
    if len(anchors) != 1 or ("days_ago" in raw) != ("at" in raw):
        raise ContentError("needs days_ago and at, or last_ago, or last_ago_wall")
    if "at" in raw:
        raw["at"] = time.fromisoformat(raw["at"])
    if "weekday" in raw:
        raw["weekday"] = WEEKDAYS.index(raw["weekday"])
    return DemoConversation(
        department=_one_of(raw.pop("dept"), frozenset(departments), "department"),
        customer=customer_id,
        address=address,
        channel=_one_of(raw.pop("channel", "mail"), CHANNELS, "channel"),
        kind=_one_of(raw.pop("kind"), KINDS, "kind"),
        language=raw.pop("language", language),
        aim=_one_of(raw.pop("aim"), AIMS, "aim"),
        owner=_one_of(owner, frozenset(agents) | {""}, "owner"),
        steps=steps,
        **raw,
    )


def _step(raw: dict[str, Any], agents: Mapping[str, DemoAgent]) -> DemoStep:
    raw = dict(raw)
    kind = _one_of(raw.pop("do"), DOINGS, "step")
    promise = DemoPromise(**raw.pop("promise")) if "promise" in raw else None
    step = DemoStep(
        kind=kind,
        text=raw.pop("text", "").strip(),
        html=raw.pop("html", "").strip(),
        after_minutes=raw.pop("after", 0),
        later_minutes=_minutes(raw.pop("later", "")),
        attachments=tuple(raw.pop("attachments", ())),
        promise=promise,
        **_lists(raw),
    )
    _check_step(step, agents)
    return step


def _check_step(step: DemoStep, agents: Mapping[str, DemoAgent]) -> None:
    if bool(step.text) != (step.kind in WITH_TEXT):
        raise ContentError(f"step {step.kind} with or without text")
    if (step.kind in BY_AGENT) != (step.who in agents):
        raise ContentError(f"step {step.kind} by {step.who!r}")
    if step.after_minutes and step.later_minutes:
        raise ContentError(f"step {step.kind} in two sorts of time")
    if bool(step.promise) > (step.kind in {"reply", "renegotiate", "snooze", "call", "side"}):
        raise ContentError(f"step {step.kind} promises")
    if step.kind in {"renegotiate", "snooze"} and not step.promise:
        raise ContentError(f"step {step.kind} without a time")
    if step.promise:
        _one_of(step.promise.kind, PROMISED | {"snooze"}, "promise")
    if step.then:
        _one_of(step.then, frozenset({"resolve", "wait"}), "then")
    if step.release:
        _one_of(step.release, RELEASES, "release")
    if (step.kind == "renegotiate") != (step.by in {"us", "customer"}):
        raise ContentError(f"step {step.kind} moved by {step.by!r}")
    if bool(step.other) != (step.kind in WITH_OTHER) or bool(step.tags) != (step.kind == "tag"):
        raise ContentError(f"step {step.kind} with too much or too little")
    for colleague in (*step.mentions, *([step.whom] if step.kind == "consult" else [])):
        _one_of(colleague, frozenset(agents), f"colleague of a {step.kind}")
    if "{due}" in step.text.lower() and not step.promise:
        raise ContentError(f"step {step.kind} tells a time it does not promise")


def _minutes(text: str) -> int:
    found = _LATER.fullmatch(text)
    if not found:
        raise ContentError(f"not a length of time: {text!r}")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return (days * 24 + hours) * 60 + minutes
