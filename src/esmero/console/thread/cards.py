"""A thread as its page shows it: messages, and between them what happened, folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext
from markupsafe import Markup

from esmero.channels import queries as channels
from esmero.console.text import LONGEST, paragraphs
from esmero.console.thread.events import Fact, facts
from esmero.console.words import PROMISE_KINDS
from esmero.conversations import queries as conversations
from esmero.conversations.enums import Delivery, Direction
from esmero.kernel import events
from esmero.kernel.composed import composed
from esmero.kernel.refs import id_of, ref
from esmero.people.enums import Role
from esmero.ui.links import link

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from esmero.conversations.models import Attachment, Conversation, Message
    from esmero.people.models import Agent

SHOWN = 30
"""Messages at once; earlier ones by a link."""
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
INLINE_MOST = 10 * 1024 * 1024
_HAS_HTML = ExpressionWrapper(~Q(html=""), output_field=BooleanField())
_UNSETTLED = frozenset({Delivery.HELD.value, Delivery.SENDING.value})


@dataclass(slots=True)
class MessageCard:
    """One message."""

    id: int
    kind: str
    who: str
    address: str
    icon: str
    moment: datetime
    text: Markup
    is_cut: bool
    quoted: str
    quoted_lines: int
    files: list[dict[str, Any]]
    has_html: bool
    is_verified: bool
    verdict: list[tuple[str, str]]
    defects: bool
    is_truncated: bool
    refused_by: str
    comes_later_to: str
    to: list[tuple[str, str]]
    cc: list[tuple[str, str]]
    bcc: list[tuple[str, str]]
    delivery: str
    delivery_note: str
    leaves_at: datetime | None
    meta: str
    promise: str
    promise_due_at: datetime | None
    has_original: bool
    is_new: bool = False


@dataclass(slots=True)
class EventsCard:
    """What happened between two messages: the first in words, the rest folded."""

    facts: list[Fact] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """What the customer got, else the first of them; and how many more."""
        rest = len(self.facts) - 1
        first = next((fact.text for fact in self.facts if fact.is_mail), self.facts[0].text)
        if not rest:
            return first
        if rest == 1:
            return gettext("%(first)s and 1 more event") % {"first": first}
        return gettext("%(first)s and %(count)s more events") % {"first": first, "count": rest}


@dataclass(frozen=True, slots=True)
class Talk:
    """The messages and events in order; `before` is the id to ask for earlier ones with."""

    cards: list[MessageCard | EventsCard]
    before: int | None
    newest_id: int | None
    """The newest message of all: whoever is shown the thread has seen up to it."""
    last_inbound: Message | None
    is_moving: bool
    """Some message of ours is held or being sent: the page looks again by itself."""
    is_held: bool
    """One of them can still be undone."""


def talk_of(
    conversation: Conversation, agent: Agent, *, before: int | None = None, seen: int | None = None
) -> Talk:
    """Return a conversation's thread, its newest messages last; at most seven queries.

    Messages of others with an id above `seen` are marked as new.
    """
    newest = _newest(conversation.pk, before)
    has_earlier = len(newest) > SHOWN
    messages = newest[:SHOWN][::-1]
    with_files = [m.pk for m in messages if m.has_files]
    files = conversations.attachments_of(with_files) if with_files else {}
    moving = [m.pk for m in messages if m.delivery in _UNSETTLED]
    deliveries = channels.deliveries_of_messages(moving) if moving else {}
    may_see_raw = agent.has_role(Role.SUPERVISOR) or conversation.owner_agent_id == agent.pk
    cards = [
        _card(
            m,
            files.get(m.pk, []),
            leaves_at=deliveries[m.pk].not_before if m.pk in deliveries else None,
            may_see_raw=may_see_raw,
            is_new=seen is not None and m.pk > seen and m.author_agent_id != agent.pk,
        )
        for m in messages
    ]
    inbound = [m for m in messages if m.direction == Direction.IN.value]
    return Talk(
        cards=_woven(conversation, cards, has_earlier=has_earlier, is_first=before is None),
        before=messages[0].pk if has_earlier else None,
        newest_id=_newest_id(conversation.pk, messages, has_earlier=has_earlier),
        last_inbound=inbound[-1] if inbound else None,
        is_moving=bool(moving),
        is_held=any(m.delivery == Delivery.HELD.value for m in messages),
    )


def _newest_id(conversation_id: int, shown: list[Message], *, has_earlier: bool) -> int | None:
    """A reply from elsewhere may have come in below the newest thirty."""
    if has_earlier:
        return conversations.newest_id(conversation_id)
    return max((m.pk for m in shown), default=None)


@composed
def _newest(conversation_id: int, before: int | None) -> QuerySet[Message]:
    found = conversations.messages_of(conversation_id)
    if before is not None:
        found = found.filter(pk__lt=before)
    # Whether there is HTML, not the HTML: it is asked for by its frame alone.
    found = found.defer("search", "html", "references").annotate(has_html=_HAS_HTML)
    return found.order_by("-at", "-id")[: SHOWN + 1]


_automatic_of = composed(channels.automatic_of)


def _woven(
    conversation: Conversation, cards: list[MessageCard], *, has_earlier: bool, is_first: bool
) -> list[MessageCard | EventsCard]:
    """Put the events between the messages. Only the first page has some."""
    if not is_first:
        return list(cards)
    since = cards[0].moment if cards and has_earlier else None
    happened = events.history_of(ref("conversation", conversation.pk), since=since)
    said = facts(happened, _automatic_of(conversation.pk))
    if since is not None:
        said = [fact for fact in said if fact.moment >= since]
    woven: list[MessageCard | EventsCard] = []
    waiting = list(said)
    for card in cards:
        between = EventsCard()
        while waiting and waiting[0].moment < card.moment:
            between.facts.append(waiting.pop(0))
        if between.facts:
            woven.append(between)
        woven.append(card)
    if waiting:
        woven.append(EventsCard(waiting))
    return woven


def _card(
    m: Message,
    files: Iterable[Attachment],
    *,
    leaves_at: datetime | None,
    may_see_raw: bool,
    is_new: bool,
) -> MessageCard:
    kind = {"in": "theirs", "out": "ours", "note": "note"}[m.direction]
    verdict = m.verdict if isinstance(m.verdict, dict) else {}
    due = m.promise_due_at
    has_html: bool = m.has_html  # type: ignore[attr-defined]  # annotated in talk_of
    return MessageCard(
        id=m.pk,
        kind=kind,
        who=_who(m),
        address=m.from_address if kind == "theirs" else "",
        icon="" if kind == "note" else {"mail": "mail", "form": "form"}.get(m.channel, "globe"),
        moment=m.at,
        text=paragraphs(m.text[:LONGEST]),
        is_cut=len(m.text) > LONGEST,
        quoted=m.quoted[:LONGEST],
        quoted_lines=len(m.quoted.strip().splitlines()),
        files=[_file(f) for f in files if not (f.is_inline and has_html)],
        has_html=has_html,
        is_verified=m.is_verified,
        verdict=[
            (name.upper(), str(verdict[name]))
            for name in ("spf", "dkim", "dmarc")
            if verdict.get(name)
        ],
        defects=bool(verdict.get("defects")),
        is_truncated=bool(verdict.get("truncated")),
        refused_by=_named(m, "refused"),
        comes_later_to=_named(m, "later"),
        to=[(n, a) for n, a in m.to],
        cc=[(n, a) for n, a in m.cc],
        bcc=[(n, a) for n, a in m.bcc],
        delivery=m.delivery,
        delivery_note="" if m.delivery_note == "elsewhere" else m.delivery_note,
        leaves_at=leaves_at,
        meta=_meta(m),
        promise=str(PROMISE_KINDS.get(m.promise_kind, "")) if due else "",
        promise_due_at=due,
        has_original=may_see_raw and id_of(m.source_ref, "raw") is not None,
        is_new=is_new,
    )


def _named(m: Message, what: str) -> str:
    """Return the recipients of a sent mail that do not have it (`refused`, `later`)."""
    if m.delivery != Delivery.SENT.value:
        return ""
    parts = dict(part.partition(": ")[::2] for part in m.delivery_note.split("; "))
    return parts.get(what, "")


def _who(m: Message) -> str:
    if m.direction == Direction.IN.value:
        customer = m.author_customer.name if m.author_customer else ""
        return m.from_name or customer or m.from_address
    if m.author_agent is None:
        return gettext("The shop")
    if m.direction == Direction.NOTE.value:
        return gettext("Note by %(name)s") % {"name": m.author_agent.name}
    return m.author_agent.name


def _meta(m: Message) -> str:
    if m.direction == Direction.IN.value:
        return gettext("automatic") if m.is_automatic else ""
    if m.delivery_note == "elsewhere":
        return gettext("sent from another program")
    return {
        Delivery.SENDING.value: gettext("being sent"),
        Delivery.SENT.value: gettext("sent"),
    }.get(Delivery(m.delivery), "")


def _file(f: Attachment) -> dict[str, Any]:
    shown = {
        "name": f.name or gettext("unnamed"),
        "url": link("console:file", f.token),
        "size": f.size,
    }
    if f.content_type.lower() in SHOWN_INLINE and f.size <= INLINE_MOST:
        shown["image_url"] = link("console:image", f.token)
    return shown
