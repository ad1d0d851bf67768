"""Mails that no person wrote."""

from __future__ import annotations

import time
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from esmero.channels.ports import ToRender
from esmero.conversations import queries as conversations
from esmero.kernel.errors import NotFound
from esmero.mails import digest, letter, team, texts
from esmero.mails.assembling import one_line
from esmero.mails.content import (
    Content,
    UnknownText,
    customer_url,
    foot,
    page_url,
    to_html,
)
from esmero.people import queries as people
from esmero.promises import queries as promises
from esmero.shop import queries as shops
from esmero.shop.queries import ShopCard, the_shop
from esmero.ui import formats

LINKS = "links"
CODE = "code"
REFERRAL = "referral"
LINKS_MOST = 10
_KEEP_SECONDS = 2.0
_kept: dict[tuple[str, str], tuple[float, tuple[str, str] | None]] = {}


def forget() -> None:
    """Drop the wordings that this process keeps (between tests)."""
    _kept.clear()


def content_of(mail: ToRender) -> Content:
    """Return what an automatic mail says. Raises UnknownText, NotFound."""
    kind = texts.KINDS.get(mail.template)
    if kind is None:
        raise UnknownText(name=mail.template)
    if kind.name == digest.NOTICES:
        return digest.content_of(mail, kind)
    if kind.name == CODE:
        return _code(mail, kind)
    return _to_customer(mail, kind) if kind.is_for_customers else team.content_of(mail, kind)


def _to_customer(mail: ToRender, kind: texts.TextKind) -> Content:
    shop = the_shop()
    facts = conversations.mail_facts(mail.conversation_id or 0)
    if facts is None:
        raise NotFound(conversation_id=mail.conversation_id)
    language = texts.language_of(mail.language or facts.language, shop.language)
    address = mail.to[0][1]
    known = people.sender(address)
    name = known.name if known is not None and known.is_verified else ""
    token = facts.token
    if known is not None and known.customer_id != facts.customer_id:
        seat = conversations.seat_of(mail.conversation_id or 0, customer_id=known.customer_id)
        token = seat.token if seat else ""
    due_at = promises.told_due_at(mail.promise_id) if mail.promise_id else None
    values = {
        "customer_name": first_name(name),
        "shop_name": shop.name,
        "number": str(mail.conversation_id),
        "link": customer_url(token, at=mail.at) if token else "",
        "promise_time": promises.say_due(
            due_at,
            now=mail.at,
            zone=facts.customer_zone or shop.zone.key,
            language=language,
        )
        if due_at and due_at > mail.at
        else "",
    }
    if kind.name == REFERRAL:
        values |= _brought_in(mail, shop)
    items: list[letter.Item] = []
    if kind.name == LINKS and known is not None:
        items = _links(known, language=language, zone=facts.customer_zone, at=mail.at)
    wording = wording_of(kind, _variant(mail, kind), language, shop)
    written = letter.write(wording, values, items=items)
    text = f"{letter.as_text(written.blocks)}\n\n{foot(shop)}\n"
    html = to_html(
        "mails/letter.html",
        shop=shop,
        subject=written.subject,
        language=language,
        letter=written,
    )
    return Content(
        subject=written.subject,
        text=text,
        html=html,
        # Nothing of a sender whom we do not know goes into a mail of ours, his name neither:
        # whoever writes in a stranger's name must not reach him with words of his own.
        to=[(name, address)],
        auto_submitted=kind.auto_submitted,
    )


def _code(mail: ToRender, kind: texts.TextKind) -> Content:
    """Return the mail with which a customer gets to her own pages.

    Raises NotFound once the code is used.
    """
    shop = the_shop()
    found = people.signin.code_to_send(int(mail.context.get("sign_in", 0)))
    if found is None:
        raise NotFound(sign_in=mail.context.get("sign_in"))
    code, _good_until = found
    name, address = mail.to[0]
    language = texts.language_of(mail.language, shop.language)
    values = {
        "customer_name": first_name(name),
        "shop_name": shop.name,
        "code": code,
        "link": page_url(f"/mis-consultas/codigo/{mail.context.get('ticket', '')}/?c={code}"),
    }
    written = letter.write(wording_of(kind, "main", language, shop), values)
    return Content(
        subject=written.subject,
        text=f"{letter.as_text(written.blocks)}\n\n{foot(shop)}\n",
        html=to_html(
            "mails/letter.html",
            shop=shop,
            subject=written.subject,
            language=language,
            letter=written,
        ),
        to=[(name, address)],
        auto_submitted=kind.auto_submitted,
    )


def _brought_in(mail: ToRender, shop: ShopCard) -> dict[str, str]:
    """Return who was asked, and who still looks after the matter: people by their first name."""
    asked = conversations.matters.consultation(int(mail.context.get("consultation", 0)))
    if asked is None:
        raise NotFound(consultation=mail.context.get("consultation"))
    colleague = asked.department.name if asked.department else ""
    if asked.agent is not None:
        colleague = first_name(asked.agent.name)
    conversation = conversations.conversation(asked.conversation_id)
    owner = conversation.owner_agent if conversation else None
    return {
        "colleague": one_line(colleague),
        "owner": one_line(first_name(owner.name)) if owner else shop.name,
    }


def _variant(mail: ToRender, kind: texts.TextKind) -> str:
    if mail.context.get("apologises") and "late" in kind.variants:
        return "late"
    variant = mail.context.get("variant")
    return variant if variant in kind.variants else kind.variants[0]


def _links(
    known: people.KnownSender, *, language: str, zone: str, at: datetime
) -> list[letter.Item]:
    """Return a customer's latest enquiries, each with its link.

    Their subjects only where the address is verified: who wrote in a stranger's name must not
    reach him with words of his own.
    """
    found = conversations.seats_of_customer(known.customer_id, limit=LINKS_MOST)
    items = []
    with override(language), timezone.override(zone or the_shop().zone.key):
        for seat in found:
            number = _("Enquiry no. %(number)s") % {"number": seat.number}
            subject = one_line(seat.subject) if known.is_verified else ""
            items.append(
                letter.Item(
                    text=f"{number} · {subject}" if subject else number,
                    url=customer_url(seat.token, at=at),
                    note=formats.when(seat.conversation.last_message_at, at),
                )
            )
    return items


def first_name(name: str) -> str:
    """Return how somebody is greeted: a person's first name, a firm's whole one."""
    words = name.split()
    is_person = 0 < len(words) <= 4 and all(w.replace("-", "").isalpha() for w in words)
    return words[0] if is_person else name


def wording_of(kind: texts.TextKind, variant: str, language: str, shop: ShopCard) -> texts.Wording:
    """Return the shop's own wording of a text, else the one that comes with the house."""
    built_in = texts.built_in(kind.name, variant, language, shop.voice)
    own = _own(texts.text_key(kind.name, variant), language)
    if own is None:
        return built_in
    return texts.Wording(own[0].strip() or built_in.subject, own[1])


def _own(key: str, language: str) -> tuple[str, str] | None:
    kept = _kept.get((key, language))
    if kept is not None and time.monotonic() - kept[0] < _KEEP_SECONDS:
        return kept[1]
    found = shops.text_of(key, language)
    _kept[key, language] = (time.monotonic(), found)
    return found
