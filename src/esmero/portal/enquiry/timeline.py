"""A conversation as its customer reads it: messages, and between them what became of our word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from markupsafe import Markup

from esmero.conversations import queries as conversations
from esmero.conversations.enums import Delivery, Direction
from esmero.kernel.composed import composed
from esmero.people import queries as people
from esmero.portal import words
from esmero.portal.prefix import url as page_url
from esmero.promises.enums import State
from esmero.ui.plain import paragraphs

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from esmero.conversations.models import Attachment, Conversation, Message
    from esmero.conversations.queries import Seat
    from esmero.promises.models import Promise

# The newest ones; the rest is one click away.
SHOWN_AT_FIRST = 30
SHOWN_MOST = 500
# Shown as pictures; what a browser would run as a page (SVG, HTML) never is.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PICTURE_MOST = 3_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of the page, in the order of time. `kind`: theirs, ours, event."""

    kind: str
    at: datetime
    id: str = ""
    who: str = ""
    avatar: str = ""
    body: Markup = field(default_factory=Markup)
    meta: str = ""
    files: Sequence[dict[str, object]] = ()
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is shown, and how many earlier messages are not."""

    entries: Sequence[Entry]
    earlier: int


def timeline(
    seat: Seat,
    found: Sequence[Promise],
    *,
    link: str,
    shop_name: str,
    whole: bool,
) -> Timeline:
    """Return the page's entries; `found` are all promises of the conversation."""
    limit = SHOWN_MOST if whole else SHOWN_AT_FIRST
    conversation = seat.conversation
    if seat.is_alone and seat.reads_from is None:
        newest = _newest(conversation.pk, whole)
    else:
        shown = conversations.shown_messages(seat).order_by("-at", "-id")
        newest = list(shown[: limit + 1])
    has_more = len(newest) > limit
    messages = newest[:limit][::-1]
    earlier = conversations.shown_messages(seat).count() - limit if has_more else 0
    group = _group_of(seat)
    files = conversations.attachments_of(m.pk for m in messages if m.has_files)
    entries = [
        _message(m, files.get(m.pk, []), link=link, shop_name=shop_name, group=group)
        for m in messages
    ]
    since = messages[0].at if has_more and messages else None
    if not seat.is_own and seat.reads_from is not None:
        since = max(since or seat.reads_from, seat.reads_from)
    entries += [entry for entry in _events(conversation, found) if not since or entry.at >= since]
    entries.sort(key=lambda entry: entry.at)
    return Timeline(entries, earlier)


@composed
def _newest(conversation_id: int, whole: bool) -> QuerySet[Message]:
    found = conversations.all_shown_messages(conversation_id).order_by("-at", "-id")
    return found[: (SHOWN_MOST if whole else SHOWN_AT_FIRST) + 1]


_closures_of = composed(conversations.closures_of)


def _group_of(seat: Seat) -> set[int] | None:
    """Return who "you" is where several customers write; None where only one does."""
    if seat.is_alone:
        return None
    return set(people.group_of(seat.customer_id or 0))


def _message(
    message: Message,
    files: Sequence[Attachment],
    *,
    link: str,
    shop_name: str,
    group: set[int] | None,
) -> Entry:
    is_ours = message.direction == Direction.OUT.value
    agent = message.author_agent
    who = (agent.name.split()[0] if agent and agent.name else shop_name) if is_ours else _("You")
    if not is_ours and group is not None and message.author_customer_id not in group:
        who = message.from_name or _("Another person")
    meta = ""
    if message.delivery in (Delivery.BOUNCED.value, Delivery.FAILED.value):
        meta = _("could not be delivered by mail")
    return Entry(
        kind="ours" if is_ours else "theirs",
        at=(message.sent_at or message.at) if is_ours else message.at,
        id=f"m{message.pk}",
        who=who,
        avatar=(agent.name if agent else shop_name) if is_ours else "",
        body=paragraphs(message.text),
        meta=meta,
        files=[_file(f, link) for f in files],
    )


def _file(file: Attachment, link: str) -> dict[str, object]:
    url = page_url("portal:file", link, file.token)
    is_picture = file.content_type.lower() in PICTURES and file.size <= PICTURE_MOST
    return {
        "name": file.name or _("file"),
        "url": url,
        "size": file.size,
        "image_url": url if is_picture else "",
    }


def _events(conversation: Conversation, found: Sequence[Promise]) -> list[Entry]:
    entries = []
    for promise in found:
        if promise.state == State.KEPT.value and promise.settled_at is not None:
            name = promise.settled_by.name.split()[0] if promise.settled_by else ""
            line = words.kept_line(promise, who=name)
            entries.append(Entry("event", promise.settled_at, meta=line, icon="check"))
    for closure in _closures_of(conversation.pk):
        said = _("You said that it is solved") if closure.reason == "customer" else _("Solved")
        entries.append(Entry("event", closure.at, meta=said, icon="check"))
        if closure.reopened_at is not None:
            entries.append(Entry("event", closure.reopened_at, meta=_("Open again"), icon="undo"))
    return entries
