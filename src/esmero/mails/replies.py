"""What an agent wrote, with her signature, its files, and the part that it answers below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from esmero.channels import queries as channels
from esmero.channels.ports import ToRender
from esmero.conversations import queries as conversations
from esmero.conversations.enums import Direction, Quotes
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.mails import texts
from esmero.mails.assembling import File, file_name
from esmero.mails.content import Content, customer_url, page_url, to_html
from esmero.people import queries as people
from esmero.promises import queries as promises
from esmero.promises.enums import Kind
from esmero.shop.queries import ShopCard, the_shop
from esmero.ui import formats

if TYPE_CHECKING:
    from esmero.conversations.models import Message

FILE_MOST = conversations.replycheck.ENCLOSED_MOST
FILES_MOST = conversations.replycheck.ENCLOSED_IN_ALL
_QUOTE_MOST = 20_000
_AGAIN = re.compile(r"(?i)^\s*(?:(?:re|rv|aw|sv|res|r|fwd?|tr)\s*(?:\[\d+\])?\s*[:：]\s*)+")
# A reply settles these itself; what it opens is told on the customer's page.
_SETTLED_BY_REPLY = {Kind.ANSWER.value, Kind.UPDATE.value}


@dataclass(frozen=True, slots=True)
class Quote:
    """The customer's words that are answered, and the line above them."""

    intro: str
    text: str


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """A file that the customer fetches. `size` is said in words."""

    name: str
    size: str
    url: str


def content_of(mail: ToRender) -> Content:
    """Return what a reply says. Raises NotFound."""
    message = conversations.message(mail.message_id or 0)
    if message is None:
        raise NotFound(message_id=mail.message_id)
    shop = the_shop()
    conversation = message.conversation
    language = texts.language_of(message.language or conversation.language, shop.language)
    page = customer_url(conversation.token, at=mail.at)
    customer = conversation.customer
    zone = (customer.zone if customer else "") or shop.zone.key
    with override(language), timezone.override(zone):
        files, links = _files(message.pk, conversation.token, mail)
        author = message.author_agent
        signed = (
            people.signature_for(author, inbox_ref=conversation.inbox_ref, language=language)
            if author
            else ""
        )
        signature = signed or "\n".join(
            part for part in (author.name if author else "", shop.name) if part
        )
        quote = _quote(message)
        owed = _owed(message, mail, zone=zone, language=language)
        labels = {"page": _("See the whole conversation"), "files": _("Files to download:")}
        text = _text(message.text, signature, links, labels, owed, page, quote)
        html = to_html(
            "mails/reply.html",
            shop=shop,
            subject=message.subject,
            language=language,
            body=message.text.strip(),
            signature=signature,
            links=links,
            quote=quote,
            owed=owed,
            page=page,
            labels=labels,
        )
    return Content(
        subject=subject_of(message.subject, shop),
        text=text,
        html=html,
        to=mail.to,
        files=files,
    )


def subject_of(subject: str, shop: ShopCard) -> str:
    """Return `Re: …` once, whatever stood before it."""
    bare = _AGAIN.sub("", subject).strip()
    return f"Re: {bare or shop.name}"


def _files(
    message_id: int, token: str, mail: ToRender
) -> tuple[Sequence[File], Sequence[LinkedFile]]:
    enclosed, linked, total = [], [], 0
    for file in conversations.attachments_of([message_id]).get(message_id, []):
        if file.size > FILE_MOST or total + file.size > FILES_MOST:
            link = conversations.link_of(token, at=mail.at)
            url = page_url(f"/consulta/{link}/archivos/{file.token}/")
            linked.append(LinkedFile(file_name(file.name), formats.size(file.size), url))
            continue
        data = channels.bytes_of_attachment(file)
        enclosed.append(File(file.name, file.content_type, data))
        total += len(data)
    return enclosed, linked


def _quote(message: Message) -> Quote | None:
    if message.quotes == Quotes.NONE.value:
        return None
    last = (
        conversations.messages_of(message.conversation_id)
        .filter(direction=Direction.IN.value, pk__lt=message.pk)
        .last()
    )
    if last is None:
        return None
    part = message.quoted if message.quotes == Quotes.PART.value else last.text
    if not part.strip():
        return None
    who = last.from_name or last.from_address
    intro = _("On %(day)s at %(time)s, %(who)s wrote:") % {
        "day": formats.full_day(last.at),
        "time": formats.clock(last.at),
        "who": f"{who} <{last.from_address}>" if last.from_address else who,
    }
    return Quote(intro, part.strip()[:_QUOTE_MOST])


def _owed(message: Message, mail: ToRender, *, zone: str, language: str) -> str:
    """Return what is promised beside the answer, in words; '' when nothing is.

    First what this reply itself promises, then what is open already.
    """
    said = {
        Kind.ANSWER.value: _("There will be an answer %(time)s."),
        Kind.UPDATE.value: _("There will be news %(time)s."),
        Kind.SOLVE.value: _("It will be solved %(time)s."),
        Kind.CALL.value: _("There will be a call %(time)s."),
    }
    owed = [(message.promise_kind, message.promise_due_at)]
    subject = ref("conversation", message.conversation_id)
    owed += [
        (promise.kind, promise.due_at)
        for promise in promises.open_promises_of(subject)
        if promise.kind not in _SETTLED_BY_REPLY
    ]
    for kind, due_at in owed:
        if kind in said and due_at is not None and due_at > mail.at:
            due = promises.say_due(due_at, now=mail.at, zone=zone, language=language)
            if due in message.text and kind == message.promise_kind:
                return ""  # the letter says so itself
            return said[kind] % {"time": due}
    return ""


def _text(
    body: str,
    signature: str,
    links: Sequence[LinkedFile],
    labels: dict[str, str],
    owed: str,
    page: str,
    quote: Quote | None,
) -> str:
    pieces = [body.strip()]
    if links:
        lines = [f"- {f.name} ({f.size})\n  {f.url}" for f in links]
        pieces.append("\n".join([labels["files"], *lines]))
    if owed:
        pieces.append(owed)
    pieces.append(f"-- \n{signature}")
    pieces.append(f"{labels['page']}:\n{page}")
    if quote is not None:
        lines = [f"> {line}".rstrip() for line in quote.text.splitlines()]
        pieces.append("\n".join([quote.intro, *lines]))
    return "\n\n".join(pieces) + "\n"
