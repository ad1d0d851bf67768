"""Filling a database with the demo shop: ninety days lived again through the actions, in order.

Between two steps everything happens that the running product would have done by then: mail is
filed, acknowledgements leave, promises are watched, reactions run. Only the clock is ours.
"""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from esmero.channels import actions as channels
from esmero.channels import queries as channel_queries
from esmero.channels.enums import Source
from esmero.config.demo import knowing, letters
from esmero.config.demo.content import load_demo
from esmero.config.demo.content.timing import TimedStep, lay_out
from esmero.config.demo.furnishing import RULES_SINCE
from esmero.config.demo.opening import PASSWORD
from esmero.config.demo.passing import Desk, in_haste
from esmero.config.demo.together import Tale, Together
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.enums import After, OpenPromise
from esmero.conversations.enums import Kind as ConversationKind
from esmero.conversations.errors import NotResolved
from esmero.kernel.refs import ref
from esmero.notices import actions as notices
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries
from esmero.promises.enums import Initiative, Kind, Reason

Progress = Callable[[int, int], None]
SEEN_BUT = 40
"""Everybody has looked at the bell before so many of the last steps."""
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


@dataclass
class _Filling(Together):
    """The house, with its days."""

    # -- the days ---------------------------------------------------------------

    def live(self, progress: Progress) -> None:
        house = promise_queries.house(at=self.now)
        queue: list[tuple[datetime, int, Tale, TimedStep]] = []
        order = itertools.count()
        for tale in self.content.conversations:
            calendar = house.calendar(self.departments[tale.department])
            steps = lay_out(tale, shop=self.content, now=self.now, hours=Desk(calendar))
            lived = self.lived[tale.id] = Tale(tale)
            for step in steps:
                heapq.heappush(queue, (step.at, next(order), lived, step))
        total = len(queue)
        done = 0
        seen = heapq.nlargest(SEEN_BUT, [at for at, *_ in queue])[-1]
        turns: deque[tuple[datetime, Callable[[], None]]] = deque(
            [(self.now - RULES_SINCE, self.rule), (seen, partial(self._look_at_notices, seen))]
        )
        while queue:
            at, _, lived, step = heapq.heappop(queue)
            while turns and turns[0][0] <= at:
                moment, turn = turns.popleft()
                self.meanwhile.settle_until(moment)
                turn()
            self.meanwhile.settle_until(at)
            self.do(lived, step)
            done += 1
            progress(done, total)
        self.meanwhile.settle_until(self.now)

    def do(self, lived: Tale, timed: TimedStep) -> None:
        kind = timed.step.kind
        if kind in {"in", "thanks", "auto_in", "spam_in"}:
            self._receive(lived, timed)
            if kind == "thanks":
                self._let_go(lived, timed)
            return
        doing: dict[str, Callable[[Tale, TimedStep], None]] = {
            "clear": self._clear,
            "reply": self._reply,
            "note": self._note,
            "assign": self._assign,
            "call": self._call,
            "resolve": self._resolve,
            "renegotiate": self._renegotiate,
            "snooze": self._snooze,
            "reopen": self._reopen,
            "bounce": self.bounce,
            "tag": self.tag,
            "press": self.press,
            "follow": self.follow,
            "merge": self.merge,
            "link": self.link,
            "consult": self.consult,
            "side": self.side,
            "side_in": self.side_in,
            "draft": self.draft,
        }
        doing[kind](lived, timed)

    def _receive(self, lived: Tale, timed: TimedStep) -> None:
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

    def _let_go(self, lived: Tale, timed: TimedStep) -> None:
        """Thanks in words that only a person knows for thanks: she closes it, nothing was
        asked.
        """
        subject = ref("conversation", lived.conversation_id)
        at = timed.at + timedelta(minutes=11)
        if at > self.now or promise_queries.open_answer_of(subject) is None:
            return
        self.meanwhile.settle_until(at)
        conversations.resolve_conversation(
            conversation_id=lived.conversation_id,
            at=at,
            by=self.agent_of(lived, timed),
            open_promise=OpenPromise.RELEASE,
            reason=Reason.NOT_A_CONTACT,
        )

    def _ours(self, lived: Tale) -> str:
        """Return the Message-ID of the mail of ours that a customer would answer now."""
        return self.sent_in(lived.conversation_id) if lived.conversation_id else ""

    def _form(self, lived: Tale, timed: TimedStep, name: str, address: str) -> None:
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

    def _found(self, lived: Tale, raw_id: int | None) -> None:
        conversation_id = channel_queries.conversation_of_raw(raw_id) if raw_id else None
        if conversation_id is None:
            raise RuntimeError(f"{lived.tale.id}: a mail of the demo was not filed")
        if not lived.conversation_id:
            lived.conversation_id = conversation_id
            self._first(lived)
        elif conversation_id != lived.conversation_id:
            raise RuntimeError(f"{lived.tale.id}: a mail of the demo lost its thread")

    def _first(self, lived: Tale) -> None:
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

    def _clear(self, lived: Tale, timed: TimedStep) -> None:
        channels.clear_suspicion(
            conversation_id=lived.conversation_id, at=timed.at, by=self.agent_of(lived, timed)
        )

    def _reply(self, lived: Tale, timed: TimedStep) -> None:
        step = timed.step
        promised = None
        if step.promise is not None and timed.due_at is not None:
            promised = (Kind(step.promise.kind), timed.due_at)
        self._send(lived, timed, after=_AFTER.get(step.then, After.KEEP), promise=promised)

    def _send(
        self,
        lived: Tale,
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
                agent_id=self.agent_of(lived, timed),
                text=timed.text,
                to=[to],
                after=after,
                promise=promise,
                undo_seconds=0,
            ),
            at=timed.at,
        )
        lived.last_ours = (timed.text, timed.at)
        self.meanwhile.hand_over(timed.at)

    def _note(self, lived: Tale, timed: TimedStep) -> None:
        conversations.add_note(
            conversation_id=lived.conversation_id,
            agent_id=self.agent_of(lived, timed),
            text=timed.text,
            mentions=[self.agents[one] for one in timed.step.mentions],
            at=timed.at,
        )

    def _look_at_notices(self, at: datetime) -> None:
        for agent_id in self.agents.values():
            notices.look_at_all(agent_id=agent_id, at=at)

    def _assign(self, lived: Tale, timed: TimedStep) -> None:
        conversations.assign_conversation(
            conversation_id=lived.conversation_id,
            agent_id=self.agent_of(lived, timed),
            at=timed.at,
            by=self.agent_of(lived, timed),
        )

    def _call(self, lived: Tale, timed: TimedStep) -> None:
        by = self.agent_of(lived, timed)
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

    def _resolve(self, lived: Tale, timed: TimedStep) -> None:
        self._close(lived, timed)

    def _close(self, lived: Tale, timed: TimedStep) -> None:
        release = _REASONS.get(timed.step.release)
        conversations.resolve_conversation(
            conversation_id=lived.conversation_id,
            at=timed.at,
            by=self.agent_of(lived, timed),
            open_promise=OpenPromise.RELEASE if release else OpenPromise.ANSWERED,
            evidence="call",
            reason=release,
        )

    def _renegotiate(self, lived: Tale, timed: TimedStep) -> None:
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
                by=self.agent_of(lived, timed),
                evidence_message_id=message.pk if customer and message else None,
            )
            self._send(lived, timed, after=After.KEEP)
            return
        promised = (kind, timed.due_at) if timed.due_at else None
        self._send(lived, timed, after=After.KEEP, promise=promised)

    def _snooze(self, lived: Tale, timed: TimedStep) -> None:
        until = max(timed.due_at or timed.at + timedelta(days=1), timed.at + timedelta(hours=1))
        self.meanwhile.sleep(until)
        conversations.snooze_conversation(
            conversation_id=lived.conversation_id,
            until=until,
            at=timed.at,
            by=self.agent_of(lived, timed),
        )

    def _reopen(self, lived: Tale, timed: TimedStep) -> None:
        # The customer's own message may have done it already.
        with suppress(NotResolved):
            conversations.reopen_conversation(
                conversation_id=lived.conversation_id, at=timed.at, by=self.agent_of(lived, timed)
            )


def fill(progress: Progress, *, now: datetime) -> None:
    """Fill an empty database with the demo shop as it is at `now`."""
    filling = _Filling(content=load_demo(), now=now)
    with in_haste():
        filling.open()
        filling.furnish()
        knowing.learn(filling)
        with promises.standards_alone():
            filling.live(progress)
        filling.send_away()
