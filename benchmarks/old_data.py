"""A shop with years behind it: old rows copied straight into the tables.

Everything is the same for the same seed and size. The shop, its team and its settings are made by
the actions; only the old rows go past them. `REFERENCE` is the present of these data: who uses
them sets the clock to it (`ESMERO_CLOCK`), else every open promise were long overdue.

In a tick one conversation opens, and the one that opened `LAG` ticks ago gets its second message,
the one before that its third, and so on: the ids of messages grow with time and those of one
conversation lie apart, as they do in life.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from benchmarks.old_rows import Table, field, text, without_indexes
from benchmarks.old_words import Words, address_of, name_of, order_of, words

REFERENCE = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
"""A Wednesday, eleven in the morning in Madrid."""
SPAN = timedelta(days=3 * 365)
TURNS = 10
LAG = 20
PASSWORD = "muy larga de verdad"  # noqa: S105  of a team that does not exist
TOPICS = (
    "Soporte técnico", "Atención al cliente", "Ventas", "Garantía", "Envíos", "Facturación",
    "Devoluciones", "Talleres",
)  # fmt: skip
AGENT, SUPERVISOR = "agente1@tienda.example", "supervisora@tienda.example"
EACH = 3
"""People in a department."""
QUIET = timedelta(hours=2)
"""For so long after REFERENCE nothing falls due: the worker idles."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is."""

    conversations: int

    @property
    def customers(self) -> int:
        """Two in five conversations are somebody's first."""
        return self.conversations * 2 // 5

    @property
    def messages(self) -> int:
        """Every conversation has ten."""
        return self.conversations * TURNS

    @property
    def open_promises(self) -> int:
        """Three for what waits for us, two for what waits for the customer, else none."""
        return self.conversations * 2


FULL, QUICK = Size(100_000), Size(10_000)


@dataclass(frozen=True, slots=True)
class Team:
    """Ids that the rows point at."""

    departments: list[int]
    agents: list[int]  # EACH a department, in the order of the departments

    def agent_of(self, number: int) -> int:
        """Return who works on a conversation."""
        return self.agents[number * 13 % len(self.agents)]

    def department_of(self, number: int) -> int:
        """Return where a conversation is, the department of its agent."""
        return self.departments[number * 13 % len(self.agents) // EACH]


def open_large_shop() -> Team:
    """Open the shop through the actions, with a team of 24 in eight departments."""
    from esmero.channels import actions as channels
    from esmero.people import actions as people
    from esmero.people.enums import Role
    from esmero.promises import actions as promises
    from esmero.promises.enums import Kind
    from esmero.shop import actions as shop

    at = REFERENCE - SPAN - timedelta(days=1)
    shop.open_shop(name="Tienda", country="ES", language="es", zone="Europe/Madrid", at=at)
    departments = [
        people.open_department(name=name, at=REFERENCE, actor="system") for name in TOPICS
    ]
    agents = []
    for number, department in enumerate(departments):
        for place in range(EACH):
            who = number * EACH + place
            agents.append(
                people.hire_agent(
                    email=f"agente{who}@tienda.example",
                    name=name_of(who * 37 + 5),
                    role=Role.AGENT,
                    password=PASSWORD if who == 1 else None,
                    department_ids=[department],
                    at=at,
                )
            )
    people.hire_agent(
        email=SUPERVISOR,
        name="Begoña Salas Peña",
        role=Role.SUPERVISOR,
        password=PASSWORD,
        department_ids=[departments[0]],
        at=at,
    )
    promises.open_hours(
        name="Tienda",
        zone="Europe/Madrid",
        country="ES",
        week=[[(540, 840), (990, 1140)]] * 5 + [[], []],
        is_default=True,
        at=REFERENCE,
        actor="system",
    )
    promises.set_standard(kind=Kind.ANSWER, target_minutes=240, at=REFERENCE, actor="system")
    channels.connect_mailbox(
        address="soporte@tienda.example", name="Tienda", department_id=departments[0], at=at
    )
    shop.finish_setup(at=at)
    return Team(departments, agents)


_PLAIN = [
    "people.Customer",
    "people.CustomerAddress",
    "conversations.Conversation",
    "conversations.Participant",
    "conversations.Message",
    "conversations.Attachment",
    "conversations.Closure",
    "promises.Promise",
    "promises.PromiseEntry",
    "promises.Measured",
    "kernel.EventRow",
    "kernel.EventLink",
    "channels.Delivery",
]


def fill(url: str, team: Team, size: Size, seed: int) -> dict[str, float]:
    """Copy all rows, make the indexes, gather statistics; return the seconds of each step.

    `url` belongs to a superuser: foreign keys are not looked up and triggers rest meanwhile.
    """
    from django.apps import apps

    tables = [apps.get_model(name)._meta.db_table for name in _PLAIN]
    seconds = {}
    begun = time.monotonic()
    with psycopg.connect(url) as connection:

        def copy_all() -> None:
            halves = max(1, min(2, os.cpu_count() or 1))
            context = multiprocessing.get_context("fork")
            parts = [
                context.Process(target=_copy_part, args=(url, team, size, seed, n, halves))
                for n in range(halves)
            ]
            for part in parts:
                part.start()
            for part in parts:
                part.join()
            if any(part.exitcode for part in parts):
                raise RuntimeError("filling failed")

        indexes = without_indexes(connection, tables, copy_all)
    seconds["rows_s"] = time.monotonic() - begun
    begun = time.monotonic()
    # The one over the words first: it takes longer than all others together.
    indexes.sort(key=lambda made: " gin " not in made.lower())
    _side_by_side(url, indexes)
    seconds["indexes_s"] = time.monotonic() - begun
    begun = time.monotonic()
    _side_by_side(url, [f"VACUUM (ANALYZE) {table}" for table in reversed(tables)])
    with psycopg.connect(url, autocommit=True) as connection:
        for table in tables:
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )
        connection.execute("CHECKPOINT")
    seconds["statistics_s"] = time.monotonic() - begun
    return seconds


def _side_by_side(url: str, statements: list[str]) -> None:
    def one(statement: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET maintenance_work_mem = '256MB'")
            connection.execute(statement)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, statements))


def _copy_part(url: str, team: Team, size: Size, seed: int, part: int, parts: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        copier = _Copier(connection, team, size, words(seed))
        copier.customers(part, parts)
        ticks = size.conversations + (TURNS - 1) * LAG
        for tick in range(ticks * part // parts, ticks * (part + 1) // parts):
            copier.tick(tick)
        copier.flush()


def _pairs(moment: datetime) -> str:
    return moment.isoformat()


class _Copier:
    def __init__(
        self, connection: psycopg.Connection[Any], team: Team, size: Size, found: Words
    ) -> None:
        from django.apps import apps

        def table(model: str, varying: str, **constant: Any) -> Table:
            return Table(connection, apps.get_model(model), varying, **constant)

        self.team, self.size, self.words = team, size, found
        self.step = SPAN / (size.conversations + TURNS * LAG)
        begin = REFERENCE - SPAN
        self.customer = table("people.Customer", "id name", language="es", created_at=begin)
        self.address = table(
            "people.CustomerAddress", "id customer_id value",
            is_primary=True, is_verified=True, created_at=begin,
        )  # fmt: skip
        self.conversation = table(
            "conversations.Conversation",
            "id token subject customer_id department_id owner_agent_id channel state is_suspect"
            " suspicion opened_at last_inbound_at last_outbound_at awaits_reply_since"
            " snoozed_until last_message_at excerpt has_failure chip chip_at chip_made_at",
            language="es", message_count=TURNS,
        )  # fmt: skip
        self.participant = table(
            "conversations.Participant", "id conversation_id customer_id", added_at=begin
        )
        self.message = table(
            "conversations.Message",
            "id conversation_id direction channel at sent_at author_agent_id author_customer_id"
            " from_name from_address to subject text quoted html message_id delivery has_files",
            language="es",
        )
        self.attachment = table(
            "conversations.Attachment", "id message_id token size",
            name="foto_daño.jpg", content_type="image/jpeg", raw_ref="raw:1", part_number=2,
        )  # fmt: skip
        self.closure = table("conversations.Closure", "id conversation_id at by_agent_id")
        self.promise = table(
            "promises.Promise",
            "id kind subject_ref customer_id owner_agent_id department_id made_at due_at told_at"
            " state settled_at settled_by_id taken_minutes reason next_check_at",
            channel="mail", told_by="mail",
            basis={"leading": "target", "standard_id": 1, "margin": 1.0, "forecast_n": 0},
        )  # fmt: skip
        self.entry = table(
            "promises.PromiseEntry", "id promise_id seq what at actor data previous hash"
        )
        self.measured = table(
            "promises.Measured", "id department_id load minutes arrived_at at told_minutes",
            kind="answer", channel="mail",
        )  # fmt: skip
        self.event = table("kernel.EventRow", "id kind at actor data")
        self.link = table("kernel.EventLink", "event_id ref id")
        self.delivery = table(
            "channels.Delivery",
            "id conversation_id promise_id recipients counted_to message_header created_at"
            " not_before sent_at",
            template="acknowledgement", language="es", is_automatic=True, state="sent",
            attempts=1, via="smtp",
        )  # fmt: skip
        self.tables = [one for one in vars(self).values() if isinstance(one, Table)]

    def flush(self) -> None:
        """Write what is left."""
        for one in self.tables:
            one.flush()

    def customers(self, part: int, parts: int) -> None:
        """Copy this part's share of the people."""
        for number in range(part, self.size.customers, parts):
            self.customer.add(number + 1, name_of(number))
            self.address.add(number + 1, number + 1, address_of(number))

    def tick(self, tick: int) -> None:
        """Copy what happened at one moment."""
        if tick < self.size.conversations:
            self._open(tick)
        for turn in range(TURNS):
            number = tick - turn * LAG
            if 0 <= number < self.size.conversations:
                self._message(number, turn, tick)

    def at(self, number: int, turn: int) -> datetime:
        """Return when a turn of a conversation was."""
        return REFERENCE - SPAN + self.step * (number + turn * LAG)

    def customer_of(self, number: int) -> int:
        """Return whose conversation it is: some write often, most once or twice."""
        few = self.size.customers // 50
        return (number % few if number % 5 == 3 else number * 7 % self.size.customers) + 1

    def _message(self, number: int, turn: int, tick: int) -> None:
        pk, at = tick * TURNS + turn + 1, _pairs(self.at(number, turn))
        customer = self.customer_of(number)
        order, name = order_of(number), name_of(customer - 1)
        body = text(self.words.text(number, turn, order, name))
        subject = self.words.subject(number, order)
        address = address_of(customer - 1)
        header = f"<m{pk}@correo.example>"
        if turn % 2:
            self.message.add(
                pk, number + 1, "out", "mail", at, at, self.team.agent_of(number), "\\N", "", "",
                f'[["{name}", "{address}"]]', f"Re: {subject}", body, "", "", header, "sent", "f",
            )  # fmt: skip
            return
        has_file = number % 8 == 0 and turn == 0
        html = body.replace("\\n", "<br>") if number % 2 else ""
        quoted = "> Hola:\\n> \\n> Gracias por escribirnos." if turn else ""
        self.message.add(
            pk, number + 1, "in", "mail", at, at, "\\N", customer, name, address,
            '[["", "soporte@tienda.example"]]', subject if not turn else f"Re: {subject}",
            body, quoted, html, header, "", "t" if has_file else "f",
        )  # fmt: skip
        if has_file:
            self.attachment.add(number + 1, pk, token_of("file", number), 20_000)

    def _open(self, number: int) -> None:
        size, team, pk = self.size, self.team, number + 1
        rank = number * 7919 % size.conversations / size.conversations
        is_open, is_waiting, is_suspect = rank < 0.5, 0.5 <= rank < 0.75, 0.75 <= rank < 0.755
        customer, agent = self.customer_of(number), team.agent_of(number)
        department = team.department_of(number)
        owner = agent if number % 5 < 3 else None
        last, inbound = self.at(number, TURNS - 1), self.at(number, TURNS - 2)
        due = REFERENCE + QUIET + timedelta(minutes=number * 31 % (14 * 1440))
        made = REFERENCE - timedelta(minutes=number * 17 % (3 * 1440))
        chip, chip_at = ("open", due) if is_open or is_waiting else ("kept", last)
        if is_suspect:
            chip, chip_at = "", None
        words = self.words.text(number, TURNS - 1, order_of(number), name_of(customer - 1))
        awaits = inbound if is_open or is_suspect else None
        state = "open" if is_open or is_suspect else "waiting" if is_waiting else "resolved"
        self.conversation.add(
            pk, token_of("talk", number), self.words.subject(number, order_of(number)), customer,
            department, field(owner), "mail", state, field(is_suspect),
            '["spf_fail"]' if is_suspect else "[]", _pairs(self.at(number, 0)), _pairs(inbound),
            _pairs(last), field(awaits),
            field(REFERENCE + timedelta(days=3) if is_waiting and number % 25 == 7 else None),
            _pairs(last), text(" ".join(words.split())[:160]), field(number % 500 == 9),
            chip, field(chip_at), field(made if chip == "open" else None),
        )  # fmt: skip
        self.participant.add(pk, pk, customer)
        if state == "resolved":
            self.closure.add(pk, pk, _pairs(last), agent)
        data = {"conversation_id": pk, "channel": "mail", "department_id": department}
        happened = [("conversation.opened", self.at(number, 0), f"customer:{customer}", data)]
        if owner:
            happened.append(("conversation.assigned", self.at(number, 1), f"agent:{owner}",
                             {"conversation_id": pk, "agent_id": owner, "department_id": None,
                              "why": ""}))  # fmt: skip
        owed = (
            ["answer", "solve", "call"] if is_open else ["update", "solve"] if is_waiting else []
        )
        self._promises(number, customer, agent, owner, department, happened, made, due, owed)
        for place, (kind, at, actor, data) in enumerate(happened):
            event = number * 12 + place + 1
            self.event.add(event, kind, _pairs(at), actor, json.dumps(data))
            refs = [f"conversation:{pk}", f"customer:{customer}"]
            if "promise_id" in data:
                refs.append(f"promise:{data['promise_id']}")
            for n, ref in enumerate(refs):
                self.link.add(event, ref, event * 3 + n)

    def _promises(
        self, number: int, customer: int, agent: int, owner: int | None, department: int,
        happened: list[Any], made: datetime, due: datetime, owed: list[str],
    ) -> None:  # fmt: skip
        subject = f"conversation:{number + 1}"
        for place, turn in enumerate((0, 4)):
            pk, began = number * 8 + place + 1, self.at(number, turn)
            ends = began + timedelta(hours=8)
            took = 20 + number * 29 % 400
            kept = (number + place) % 16 != 5
            settled = began + timedelta(minutes=took) if kept else ends + timedelta(seconds=1)
            state = "kept" if kept else "broken"
            self._promise(pk, "answer", subject, customer, agent, department, began, ends, state,
                          settled, agent if kept else None, took, None)  # fmt: skip
            self._told(happened, pk, "answer", subject, began, ends)
            happened.append(("promise.settled", settled, f"agent:{agent}",
                             {"promise_id": pk, "promise_kind": "answer", "subject_ref": subject,
                              "state": state, "after_outage": False}))  # fmt: skip
            self.measured.add(pk, department, 1 + number % 7, took, _pairs(began),
                              _pairs(settled), 480)  # fmt: skip
            if place == 0:
                sent = _pairs(began)
                address = address_of(customer - 1)
                self.delivery.add(number + 1, number + 1, pk, f'["{address}"]', address,
                                  f"<a{number}@tienda.example>", sent, sent, sent)  # fmt: skip
        for place, kind in enumerate(owed):
            pk, ends = number * 8 + place + 3, due + timedelta(days=2 * place)
            check = REFERENCE + QUIET / 2 + (ends - REFERENCE) / 4
            self._promise(pk, kind, subject, customer, owner, department, made, ends, "open",
                          None, None, None, check)  # fmt: skip
            self._told(happened, pk, kind, subject, made, ends)

    def _told(
        self, happened: list[Any], pk: int, kind: str, subject: str, at: datetime, due: datetime
    ) -> None:
        data = {"promise_id": pk, "promise_kind": kind, "subject_ref": subject,
                "due_at": due.isoformat(), "is_late_on_arrival": False,
                "exceeds_limit": False}  # fmt: skip
        happened.append(("promise.made", at, "system", data))

    def _promise(
        self, pk: int, kind: str, subject: str, customer: int, owner: int | None, department: int,
        made: datetime, due: datetime, state: str, settled: datetime | None, by: int | None,
        took: float | None, check: datetime | None,
    ) -> None:  # fmt: skip
        from esmero.promises.rules.ledger import entry_hash

        self.promise.add(
            pk, kind, subject, customer, field(owner), department, _pairs(made), _pairs(due),
            _pairs(made), state, field(settled), field(by), field(took), "", field(check),
        )  # fmt: skip
        lines: list[tuple[str, datetime, str, dict[str, Any]]] = [
            ("made", made, "system", {"due_at": due.isoformat()})
        ]
        if settled:
            actor = f"agent:{by}" if by else "system"
            lines.append((state, settled, actor, {"evidence": ""}))
        previous = ""
        for seq, (what, at, actor, data) in enumerate(lines, 1):
            digest = entry_hash(previous=previous, promise_id=pk, seq=seq, what=what, at=at,
                                actor=actor, data=data)  # fmt: skip
            self.entry.add(pk * 2 + seq - 2, pk, seq, what, _pairs(at), actor, json.dumps(data),
                           previous, digest)  # fmt: skip
            previous = digest


def token_of(kind: str, number: int) -> str:
    """Return a name that stands where the product puts a random one."""
    return hashlib.sha256(f"{kind}/{number}".encode()).hexdigest()[:27]
