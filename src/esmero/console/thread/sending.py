"""What Send asks for: the reply that a form means, and what stops it once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from esmero.channels import actions as channels
from esmero.console.access import TeamRequest
from esmero.console.thread import compose, recipients
from esmero.console.thread.findings import Shown, findings_of
from esmero.console.times import parse_due, parse_when
from esmero.conversations import actions as conversations
from esmero.conversations.enums import After
from esmero.kernel.errors import InvalidInput, Refusal
from esmero.promises import queries as promises
from esmero.promises.enums import Kind
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.people.models import Agent

# What a button of the form says besides what becomes of the conversation.
SCHEDULE, SNOOZE = "schedule", "snooze"


class LookAgain(Refusal):
    """The check found something that nobody has seen yet: the same Send goes through."""

    code = "look_again"

    def __init__(self, findings: list[Shown], passed: str) -> None:
        super().__init__()
        self.findings = findings
        self.passed = passed


def send(request: TeamRequest, conversation: Conversation, *, at: datetime) -> None:
    """Send what the form holds. Raises LookAgain once, InvalidInput, what `send_reply` raises."""
    asked = {name: request.POST.get(name, "") for name in request.POST}
    reply = hand_in(conversation, request.agent, asked, at=at)
    # A double click: the second save came after the first send had taken the draft.
    conversations.discard_draft(
        conversation_id=conversation.pk, agent_id=request.agent.pk, mode="reply",
        draft_id=reply.draft_id,
    )  # fmt: skip


def hand_in(
    conversation: Conversation, agent: Agent, asked: Mapping[str, str], *, at: datetime
) -> conversations.Reply:
    """Check and send what a form or a macro asks for. Raises what `send` raises."""
    reply = reply_of(conversation, agent, asked, at=at)
    found = findings_of(conversation, agent, asked, at=at, send_at=reply.send_at)
    passed = set(asked.get("passed", "").split(","))
    if any(one.stops and one.key not in passed for one in found):
        keys = ",".join(one.key for one in found)
        raise LookAgain(found, keys)
    channels.send_reply(reply=reply, at=at, once=asked.get("once", ""))
    return reply


def reply_of(
    conversation: Conversation, agent: Agent, asked: Mapping[str, str], *, at: datetime
) -> conversations.Reply:
    """Return the reply that a form asks for. Raises InvalidInput."""
    wish = asked.get("after") or After.KEEP.value
    later = None
    if wish in {SCHEDULE, SNOOZE}:
        later = _later(asked.get("later", ""), at=at)
    after = asked.get("then", "") or After.KEEP.value if wish in {SCHEDULE, SNOOZE} else wish
    if after not in {one.value for one in After}:
        raise InvalidInput(field="after")
    quotes = compose.quotes_of(asked.get("quotes", ""))
    return conversations.Reply(
        conversation_id=conversation.pk,
        agent_id=agent.pk,
        text=asked.get("text", ""),
        to=recipients.parse(asked.get("to", "")),
        cc=recipients.parse(asked.get("cc", ""), field_name="cc"),
        bcc=recipients.parse(asked.get("bcc", ""), field_name="bcc"),
        after=After(after),
        promise=promise_of(conversation, asked, at=at),
        seen_message_id=compose.number(asked.get("seen", "")) or 0,
        undo_seconds=agent.undo_seconds,
        send_at=later if wish == SCHEDULE else None,
        snooze_until=later if wish == SNOOZE else None,
        quotes=quotes,
        quoted=asked.get("quoted", ""),
        draft_id=compose.number(asked.get("draft", "")),
    )


def _later(text: str, *, at: datetime) -> datetime:
    if not text.strip():
        raise InvalidInput(field="later")
    try:
        moment = parse_when(text, at=at, zone=the_shop().zone)
    except InvalidInput:
        raise InvalidInput(field="later", value=text[:60]) from None
    if moment <= at:
        raise InvalidInput(field="later", value=text[:60])
    return moment


def promise_of(
    conversation: Conversation, asked: Mapping[str, str], *, at: datetime
) -> tuple[Kind, datetime] | None:
    """Return what a form promises and until when. Raises InvalidInput."""
    text = asked.get("promise_when", "").strip()
    if not text:
        return None
    kind = asked.get("promise_kind", "") or Kind.UPDATE.value
    if not compose.kind_of(kind):
        raise InvalidInput(field="promise_kind")
    calendar = promises.house(at=at).calendar(conversation.department_id)
    due_at = parse_due(text, at=at, zone=the_shop().zone, calendar=calendar)
    if due_at <= at:
        raise InvalidInput(field="promise_when", value=text[:60])
    return Kind(kind), due_at
