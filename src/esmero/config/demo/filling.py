"""Filling a database with the demo shop: ninety days lived again through the actions, in order.

Between two steps everything happens that the running product would have done by then: mail is
filed, acknowledgements leave, promises are watched, reactions run. Only the clock is ours.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from esmero.channels import actions as channels
from esmero.channels import queries as channel_queries
from esmero.channels.enums import Source
from esmero.config.demo import knowing, letters
from esmero.config.demo.content import load_demo
from esmero.config.demo.content.shapes import DemoConversation
from esmero.config.demo.content.timing import TimedStep, lay_out
from esmero.config.demo.opening import PASSWORD, House
from esmero.config.demo.passing import Desk, hand_over, settle_until
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.enums import After, OpenPromise
from esmero.conversations.enums import Kind as ConversationKind
from esmero.conversations.errors import NotResolved
from esmero.kernel.refs import ref
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries
from esmero.promises.enums import Initiative, Kind, Reason

Progress = Callable[[int, int], None]
_REASONS = {
    "withdrew": Reason.WITHDRAWN,
    "duplicate": Reason.DUPLICATE,
    "not_a_contact": Reason.NOT_A_CONTACT,
}
_AFTER = {"resolve": After.RESOLVE, "wait": After.WAIT}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the demo who can sign in."""

    email: str
    password: str
    role: str


def accounts() -> list[Account]:
    """Return the accounts of the demo's team."""
    return [Account(a.email, PASSWORD, a.role) for a in load_demo().agents.values()]


@dataclass(slots=True)
class _Tale:
    """What is known of one conversation while it is lived."""

    tale: DemoConversation
    conversation_id: int = 0
    references: str = ""
    count: int = 0
    last_ours: tuple[str, datetime] | None = None


@dataclass
class _Filling(House):
    """The house, with its days."""

    # -- the days ---------------------------------------------------------------

    def live(self, progress: Progress) -> None:
        house = promise_queries.house(at=self.now)
        queue: list[tuple[datetime, int, _Tale, TimedStep]] = []
        order = itertools.count()
        for tale in self.content.conversations:
            calendar = house.calendar(self.departments[tale.department])
            steps = lay_out(tale, shop=self.content, now=self.now, hours=Desk(calendar))
            lived = _Tale(tale)
            for step in steps:
                heapq.heappush(queue, (step.at, next(order), lived, step))
        total = len(queue)
        done = 0
        while queue:
            at, _, lived, step = heapq.heappop(queue)
            settle_until(at)
            self.do(lived, step)
            done += 1
            progress(done, total)
        settle_until(self.now)

    def do(self, lived: _Tale, timed: TimedStep) -> None:
        kind = timed.step.kind
        if kind in {"in", "thanks", "auto_in", "spam_in"}:
            self._receive(lived, timed)
            if kind == "thanks":
                self._let_go(lived, timed)
            return
        doing: dict[str, Callable[[_Tale, TimedStep], None]] = {
            "clear": self._clear,
            "reply": self._reply,
            "note": self._note,
            "assign": self._assign,
            "call": self._call,
            "resolve": self._resolve,
            "renegotiate": self._renegotiate,
            "snooze": self._snooze,
            "reopen": self._reopen,
            "bounce": self._bounce,
        }
        doing[kind](lived, timed)

    def _receive(self, lived: _Tale, timed: TimedStep) -> None:
        tale, step, at = lived.tale, timed.step, timed.at
        customer = self.content.customers.get(tale.customer)
        address = step.sender or tale.address or (customer.addresses[0].email if customer else "")
        name = customer.name if customer else address.partition("@")[0].replace(".", " ").title()
        department = self.content.departments[tale.department]
        if tale.channel == "form" and not lived.conversation_id:
            self._form(lived, timed, name, address)
            return
        lived.count += 1
        header = f"<{tale.id}.{lived.count}@{address.rpartition('@')[2]}>"
        text = timed.text
        if lived.last_ours is not None and step.kind != "spam_in" and len(text) % 3:
            text += letters.quote(
                lived.last_ours[0], at=lived.last_ours[1], who=self.content.name,
                address=department.mailbox,
            )  # fmt: skip
        answered = self._ours(lived)
        subject = tale.subject if not answered else f"Re: {tale.subject}"
        extra = {"Auto-Submitted": "auto-replied"} if step.kind == "auto_in" else {}
        if step.kind == "spam_in":
            extra = {"X-Spam-Flag": "YES", "Authentication-Results": "mx.example; spf=fail"}
        raw_id = channels.accept_mail(
            source=Source.SMTP,
            data=letters.letter(
                name=name,
                address=address,
                to=(self.content.name, department.mailbox),
                subject=subject,
                text=text,
                html=timed.html,
                at=at,
                message_id=header,
                in_reply_to=answered,
                references=f"{lived.references} {answered}".strip(),
                attachments=step.attachments,
                headers=extra,
            ),
            received_at=at,
            at=at,
            mailbox_id=self.mailboxes[tale.department],
            envelope_to=[department.mailbox],
            flags=("junk",) if step.kind == "spam_in" else (),
        )
        while channels.file_one(at=at):
            pass
        lived.references = f"{lived.references} {header}".strip()
        self._found(lived, raw_id)

    def _let_go(self, lived: _Tale, timed: TimedStep) -> None:
        """Thanks in words that only a person knows for thanks: she closes it, nothing was
        asked.
        """
        subject = ref("conversation", lived.conversation_id)
        at = timed.at + timedelta(minutes=11)
        if at > self.now or promise_queries.open_answer_of(subject) is None:
            return
        settle_until(at)
        conversations.resolve_conversation(
            conversation_id=lived.conversation_id,
            at=at,
            by=self._agent(lived, timed),
            open_promise=OpenPromise.RELEASE,
            reason=Reason.NOT_A_CONTACT,
        )

    def _ours(self, lived: _Tale) -> str:
        """Return the Message-ID of the mail of ours that a customer would answer now."""
        if not lived.conversation_id:
            return ""
        sent = channel_queries.deliveries().filter(conversation_id=lived.conversation_id)
        last = sent.exclude(sent_at=None).first()
        return last.message_header if last else ""

    def _form(self, lived: _Tale, timed: TimedStep, name: str, address: str) -> None:
        accepted = channels.accept_form(
            form=channels.Form(
                once=f"demo-{lived.tale.id}",
                name=name,
                email=address,
                subject=lived.tale.subject,
                text=timed.text,
                department_id=self.departments[lived.tale.department],
                ip="192.0.2.10",
                language=lived.tale.language,
            ),
            at=timed.at,
        )
        if accepted.conversation_id is None:
            raise RuntimeError(f"{lived.tale.id}: a form of the demo was not filed")
        lived.conversation_id = accepted.conversation_id
        self._first(lived)

    def _found(self, lived: _Tale, raw_id: int | None) -> None:
        conversation_id = channel_queries.conversation_of_raw(raw_id) if raw_id else None
        if conversation_id is None:
            raise RuntimeError(f"{lived.tale.id}: a mail of the demo was not filed")
        if not lived.conversation_id:
            lived.conversation_id = conversation_id
            self._first(lived)
        elif conversation_id != lived.conversation_id:
            raise RuntimeError(f"{lived.tale.id}: a mail of the demo lost its thread")

    def _first(self, lived: _Tale) -> None:
        tale = lived.tale
        someone = next(iter(self.agents.values()))
        conversations.change_kind(
            conversation_id=lived.conversation_id, kind=ConversationKind(tale.kind), by=someone
        )
        if tale.owner:
            conversations.assign_conversation(
                conversation_id=lived.conversation_id,
                agent_id=self.agents[tale.owner],
                at=conversation_queries.messages_of(lived.conversation_id)[0].at,
                by=None,
                why="routing",
            )

    def _agent(self, lived: _Tale, timed: TimedStep) -> int:
        who = timed.step.who or lived.tale.owner
        return self.agents[who] if who else next(iter(self.agents.values()))

    def _clear(self, lived: _Tale, timed: TimedStep) -> None:
        channels.clear_suspicion(
            conversation_id=lived.conversation_id, at=timed.at, by=self._agent(lived, timed)
        )

    def _reply(self, lived: _Tale, timed: TimedStep) -> None:
        step = timed.step
        promised = None
        if step.promise is not None and timed.due_at is not None:
            promised = (Kind(step.promise.kind), timed.due_at)
        self._send(lived, timed, after=_AFTER.get(step.then, After.KEEP), promise=promised)

    def _send(
        self,
        lived: _Tale,
        timed: TimedStep,
        *,
        after: After,
        promise: tuple[Kind, datetime] | None = None,
    ) -> None:
        message = conversation_queries.last_inbound(lived.conversation_id)
        to = (message.from_name, message.from_address) if message else ("", "")
        channels.send_reply(
            reply=conversations.Reply(
                conversation_id=lived.conversation_id,
                agent_id=self._agent(lived, timed),
                text=timed.text,
                to=[to],
                after=after,
                promise=promise,
                undo_seconds=0,
            ),
            at=timed.at,
        )
        lived.last_ours = (timed.text, timed.at)
        hand_over(timed.at)

    def _note(self, lived: _Tale, timed: TimedStep) -> None:
        conversations.add_note(
            conversation_id=lived.conversation_id,
            agent_id=self._agent(lived, timed),
            text=timed.text,
            at=timed.at,
        )

    def _assign(self, lived: _Tale, timed: TimedStep) -> None:
        conversations.assign_conversation(
            conversation_id=lived.conversation_id,
            agent_id=self._agent(lived, timed),
            at=timed.at,
            by=self._agent(lived, timed),
        )

    def _call(self, lived: _Tale, timed: TimedStep) -> None:
        by = self._agent(lived, timed)
        note = conversations.add_note(
            conversation_id=lived.conversation_id, agent_id=by, text=timed.text, at=timed.at
        )
        subject = ref("conversation", lived.conversation_id)
        for promise in promise_queries.open_promises_of(subject).filter(
            kind__in=[Kind.ANSWER.value, Kind.CALL.value]
        ):
            conversations.settle_elsewhere(
                promise_id=promise.pk, evidence_ref=ref("message", note), at=timed.at, by=by
            )
        if timed.step.then == "resolve":
            self._close(lived, timed)
        elif timed.step.promise is not None and timed.due_at is not None:
            conversations.promise_something(
                conversation_id=lived.conversation_id,
                kind=Kind(timed.step.promise.kind),
                due_at=timed.due_at,
                at=timed.at,
                by=by,
            )

    def _resolve(self, lived: _Tale, timed: TimedStep) -> None:
        self._close(lived, timed)

    def _close(self, lived: _Tale, timed: TimedStep) -> None:
        release = _REASONS.get(timed.step.release)
        conversations.resolve_conversation(
            conversation_id=lived.conversation_id,
            at=timed.at,
            by=self._agent(lived, timed),
            open_promise=OpenPromise.RELEASE if release else OpenPromise.ANSWERED,
            evidence="call",
            reason=release,
        )

    def _renegotiate(self, lived: _Tale, timed: TimedStep) -> None:
        step = timed.step
        if step.promise is None:
            raise RuntimeError(f"{lived.tale.id}: renegotiate without a promise")
        subject = ref("conversation", lived.conversation_id)
        kind = Kind(step.promise.kind)
        promise = promise_queries.open_promises_of(subject).filter(kind=kind.value).first()
        customer = step.by == "customer"
        message = conversation_queries.last_inbound(lived.conversation_id)
        if promise is not None and promise.due_at >= timed.at:
            conversations.renegotiate(
                promise_id=promise.pk,
                initiative=Initiative.CUSTOMER if customer else Initiative.OURS,
                due_at=timed.due_at,
                at=timed.at,
                by=self._agent(lived, timed),
                evidence_message_id=message.pk if customer and message else None,
            )
            self._send(lived, timed, after=After.KEEP)
            return
        promised = (kind, timed.due_at) if timed.due_at else None
        self._send(lived, timed, after=After.KEEP, promise=promised)

    def _snooze(self, lived: _Tale, timed: TimedStep) -> None:
        until = timed.due_at or timed.at + timedelta(days=1)
        conversations.snooze_conversation(
            conversation_id=lived.conversation_id,
            until=max(until, timed.at + timedelta(hours=1)),
            at=timed.at,
            by=self._agent(lived, timed),
        )

    def _reopen(self, lived: _Tale, timed: TimedStep) -> None:
        # The customer's own message may have done it already.
        with suppress(NotResolved):
            conversations.reopen_conversation(
                conversation_id=lived.conversation_id, at=timed.at, by=self._agent(lived, timed)
            )

    def _bounce(self, lived: _Tale, timed: TimedStep) -> None:
        ours = conversation_queries.messages_of(lived.conversation_id).filter(direction="out")
        last = ours.last()
        if last is None:
            raise RuntimeError(f"{lived.tale.id}: nothing that could come back")
        department = self.content.departments[lived.tale.department]
        channels.accept_mail(
            source=Source.SMTP,
            data=letters.returned(
                to=department.mailbox,
                original=last.message_id,
                recipient=last.to[0][1],
                text=timed.text,
                at=timed.at,
            ),
            received_at=timed.at,
            at=timed.at,
            mailbox_id=self.mailboxes[lived.tale.department],
            envelope_to=[department.mailbox],
        )
        while channels.file_one(at=timed.at):
            pass


def fill(progress: Progress, *, now: datetime) -> None:
    """Fill an empty database with the demo shop as it is at `now`."""
    filling = _Filling(content=load_demo(), now=now)
    filling.open()
    knowing.learn(filling)
    with promises.standards_alone():
        filling.live(progress)
    filling.send_away()
