"""How a notice is said: in the list, in the digest and in a push message."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override, pgettext_lazy

from esmero.notices import queries as notices
from esmero.notices.enums import Kind, Mutes

if TYPE_CHECKING:
    from esmero.notices.queries import Card

TITLE_MOST = 80
BODY_MOST = 240
LINES_MOST = 4

KINDS: Mapping[Kind, LazyText] = MappingProxyType(
    {
        Kind.ASSIGNED: gettext_lazy("A conversation is given to me"),
        Kind.MESSAGE: gettext_lazy("A customer writes in one of mine"),
        Kind.MENTION: gettext_lazy("A note mentions me"),
        Kind.CONSULTED: gettext_lazy("I or my department are asked"),
        Kind.PROMISE: gettext_lazy("A promise of mine is about to break, or broke"),
        Kind.RETURNED: gettext_lazy("Work comes to me from who is away, or leaves me unanswered"),
        Kind.TAKEOVER: gettext_lazy("Somebody asks to take over where I write"),
        Kind.UNDELIVERED: gettext_lazy("A reply of mine did not arrive, or did not leave"),
        Kind.UNOWNED: gettext_lazy("A new conversation of my departments that nobody owns"),
        Kind.FOLLOWED: gettext_lazy("There is news in what I follow"),
        Kind.SIDE: gettext_lazy("A supplier or colleague whom I asked has answered"),
        Kind.MAILBOX: gettext_lazy("A mailbox cannot be reached"),
    }
)
"""The rows of the matrix, in its order."""

# What is told of one kind; `(by)` where a colleague did it. `%(who)s` is the customer or she.
_SAID: Mapping[Kind, LazyText] = MappingProxyType(
    {
        Kind.ASSIGNED: pgettext_lazy("notice", "No. %(number)s is yours now"),
        Kind.MESSAGE: pgettext_lazy("notice", "%(who)s has written in no. %(number)s"),
        Kind.MENTION: pgettext_lazy("notice", "You are mentioned in no. %(number)s"),
        Kind.CONSULTED: pgettext_lazy("notice", "You are asked in no. %(number)s"),
        Kind.PROMISE: pgettext_lazy("notice", "Your promise in no. %(number)s is about to break"),
        Kind.RETURNED: pgettext_lazy("notice", "No. %(number)s comes to you from who is away"),
        Kind.TAKEOVER: pgettext_lazy("notice", "You are asked to hand over no. %(number)s"),
        Kind.UNDELIVERED: pgettext_lazy("notice", "Your reply in no. %(number)s did not arrive"),
        Kind.UNOWNED: pgettext_lazy("notice", "New, and nobody's yet: no. %(number)s"),
        Kind.FOLLOWED: pgettext_lazy("notice", "There is news in no. %(number)s"),
        Kind.SIDE: pgettext_lazy("notice", "You have an answer in no. %(number)s"),
        Kind.MAILBOX: pgettext_lazy("notice", "The mailbox %(subject)s cannot be reached"),
    }
)
_BY: Mapping[Kind, LazyText] = MappingProxyType(
    {
        Kind.ASSIGNED: pgettext_lazy("notice", "%(by)s has given you no. %(number)s"),
        Kind.MENTION: pgettext_lazy("notice", "%(by)s mentions you in no. %(number)s"),
        Kind.CONSULTED: pgettext_lazy("notice", "%(by)s asks you in no. %(number)s"),
        Kind.TAKEOVER: pgettext_lazy("notice", "%(by)s asks to take over no. %(number)s"),
        Kind.FOLLOWED: pgettext_lazy("notice", "News from %(by)s in no. %(number)s"),
        Kind.SIDE: pgettext_lazy("notice", "%(by)s has answered you in no. %(number)s"),
    }
)
_OF_EVENTS: Mapping[str, LazyText] = MappingProxyType(
    {
        "promise.settled": pgettext_lazy("notice", "Your promise in no. %(number)s is broken"),
        "desk.work_returned": pgettext_lazy(
            "notice", "No. %(number)s went back to the queue unanswered"
        ),
        "conversation.reply_stopped": pgettext_lazy(
            "notice", "Your reply in no. %(number)s did not leave: the customer wrote first"
        ),
        "conversation.resolved": pgettext_lazy("notice", "No. %(number)s is resolved"),
    }
)
ICONS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.ASSIGNED: "person",
        Kind.MESSAGE: "mail",
        Kind.MENTION: "note",
        Kind.CONSULTED: "people",
        Kind.PROMISE: "clock",
        Kind.RETURNED: "return",
        Kind.TAKEOVER: "hand",
        Kind.UNDELIVERED: "warning",
        Kind.UNOWNED: "inbox",
        Kind.FOLLOWED: "eye",
        Kind.SIDE: "reply",
        Kind.MAILBOX: "warning",
    }
)


def said(card: Card, *, hides_names: bool = False) -> str:
    """Return one sentence about a notice, in the language in force."""
    words = _OF_EVENTS.get(card.event_kind)
    if words is None and card.by:
        words = _BY.get(card.kind)
    words = words or _SAID[card.kind]
    who = card.customer if card.customer and not hides_names else _("The customer")
    sentence = str(words) % {
        "number": card.conversation_id,
        "who": who,
        "by": card.by,
        "subject": card.subject,
    }
    if card.count > 1:
        sentence += " " + ngettext("(%(n)s time)", "(%(n)s times)", card.count) % {"n": card.count}
    return sentence


class Words:
    """Words push messages (`notices.ports.PushWords`)."""

    def payload(
        self,
        cards: Sequence[Card],
        *,
        agent_id: int,
        language: str,
        hides_names: bool,
        at: datetime,
    ) -> bytes:
        """Return the JSON of a message: title, body, tag, address, and links that silence."""
        with override(language):
            shown = (
                _one(cards[0], agent_id, hides_names, at)
                if len(cards) == 1
                else _several(cards, hides_names)
            )
        return json.dumps(
            {**shown, "lang": language}, ensure_ascii=False, separators=(",", ":")
        ).encode()


def _one(card: Card, agent_id: int, hides_names: bool, at: datetime) -> dict[str, object]:
    acts = []
    if card.conversation_id is not None:
        quiet = notices.link_of(agent_id, Mutes.CONVERSATION, [card.conversation_id], at=at)
        acts.append({"action": f"/avisos/{quiet}/", "title": _("Silence this conversation")})
    off = notices.link_of(agent_id, Mutes.PUSH, [card.kind.value], at=at)
    acts.append({"action": f"/avisos/{off}/", "title": _("No more of this kind")})
    body = "" if hides_names else " · ".join(p for p in (card.subject, card.customer) if p)
    return {
        "title": _cut(said(card, hides_names=hides_names), TITLE_MOST),
        "body": _cut(body, BODY_MOST),
        "tag": f"{card.kind.value}-{card.conversation_id or card.subject}",
        "url": _page(card),
        "acts": acts,
    }


def _several(cards: Sequence[Card], hides_names: bool) -> dict[str, object]:
    lines = [_cut(said(card, hides_names=hides_names), TITLE_MOST) for card in cards[:LINES_MOST]]
    title = ngettext("%(n)s notice", "%(n)s notices", len(cards)) % {"n": len(cards)}
    return {
        "title": title,
        "body": "\n".join(lines),
        "tag": "several",
        "url": "/c/campana/",
        "acts": [],
    }


def _page(card: Card) -> str:
    if card.conversation_id is None:
        return "/c/salud/"
    return f"/c/conversaciones/{card.conversation_id}/"


def _cut(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
