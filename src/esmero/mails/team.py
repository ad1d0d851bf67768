"""Warnings to members of the team: a text of ours with a list of what it is about."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from esmero.channels.ports import ToRender
from esmero.conversations import queries as conversations
from esmero.kernel.refs import id_of
from esmero.knowledge import queries as knowledge
from esmero.mails import letter, texts
from esmero.mails.assembling import one_line
from esmero.mails.content import Content, foot, page_url, thread_url, to_html
from esmero.promises import queries as promises
from esmero.promises.enums import Kind, State
from esmero.shop.queries import ShopCard, the_shop

if TYPE_CHECKING:
    from esmero.promises.models import Promise

_KINDS: dict[str, LazyText] = {
    Kind.ANSWER.value: gettext_lazy("an answer"),
    Kind.UPDATE.value: gettext_lazy("news of how it goes"),
    Kind.SOLVE.value: gettext_lazy("a solution"),
    Kind.CALL.value: gettext_lazy("a call"),
    Kind.FOLLOW_UP.value: gettext_lazy("looking it over again"),
}
_SUBJECT_MOST = 70


def content_of(mail: ToRender, kind: texts.TextKind) -> Content:
    """Return what a warning says; the list shows what became of each promise meanwhile."""
    shop = the_shop()
    language = texts.language_of(mail.language, shop.language)
    with override(language), timezone.override(shop.zone):
        items = [
            found
            for entry in mail.context.get("items", [])
            if (found := _item(entry, shop=shop, language=language, at=mail.at)) is not None
        ]
        values = {
            "agent_name": str(mail.context.get("to_name", "")),
            "shop_name": shop.name,
            "first": _subject(items),
        }
        wording = texts.built_in(kind.name, kind.variants[0], language, shop.voice)
        written = letter.write(wording, values, items=items)
        html = to_html(
            "mails/letter.html",
            shop=shop,
            subject=written.subject,
            language=language,
            letter=written,
        )
    return Content(
        subject=written.subject,
        text=f"{letter.as_text(written.blocks)}\n\n{foot(shop)}\n",
        html=html,
        to=mail.to,
        auto_submitted=kind.auto_submitted,
    )


def _subject(items: list[letter.Item]) -> str:
    if not items:
        return _("settled meanwhile")
    first = one_line(items[0].text)
    if len(first) > _SUBJECT_MOST:
        first = first[: _SUBJECT_MOST - 1].rstrip() + "…"
    if len(items) == 1:
        return first
    return _("%(first)s and %(more)s more") % {"first": first, "more": len(items) - 1}


def _item(
    entry: dict[str, object], *, shop: ShopCard, language: str, at: datetime
) -> letter.Item | None:
    promise = promises.promise(int(str(entry.get("promise", 0))))
    if promise is None:
        return None
    article_id = id_of(promise.subject_ref, "article")
    if article_id is not None:
        title = knowledge.pages.titles_of([article_id], language).get(article_id, "")
        where = page_url(f"/c/saber/{article_id}/")
        note = _note(promise, "", shop, language, at)
        return letter.Item(one_line(title) or promise.subject_ref, where, note)
    conversation_id = id_of(promise.subject_ref, "conversation")
    conversation = conversations.conversation(conversation_id) if conversation_id else None
    if conversation is None or conversation_id is None:
        return letter.Item(
            promise.subject_ref, page_url("/c/"), _note(promise, "", shop, language, at)
        )
    number = _("no. %(number)s") % {"number": conversation_id}
    subject = one_line(conversation.subject) or _("(no subject)")
    customer = one_line(conversation.customer.name) if conversation.customer else ""
    return letter.Item(
        text=f"{number} · {subject}",
        url=thread_url(conversation_id),
        note=_note(promise, customer, shop, language, at),
    )


def _note(promise: Promise, customer: str, shop: ShopCard, language: str, at: datetime) -> str:
    due = promises.say_due(promise.due_at, now=at, zone=shop.zone.key, language=language)
    if promise.state == State.OPEN.value:
        left = promises.say_remaining(promise.due_at, now=at, language=language)
        state = f"{due} ({left})"
    elif promise.state == State.BROKEN.value:
        state = _("it was due %(time)s") % {"time": due}
    else:
        state = _("settled meanwhile")
    owner = promise.owner_agent.name if promise.owner_agent else _("nobody owns it")
    what = str(_KINDS.get(promise.kind, promise.kind))
    return " · ".join(part for part in (customer, what, state, owner) if part)
