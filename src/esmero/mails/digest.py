"""The digest of a member's notices: what she has not seen yet, in one mail she can silence."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from esmero.channels.ports import ToRender
from esmero.mails import letter, texts
from esmero.mails.assembling import one_line
from esmero.mails.content import Content, foot, page_url, thread_url, to_html
from esmero.notices import queries as notices
from esmero.notices.enums import Mutes
from esmero.shop.queries import the_shop
from esmero.ui import formats
from esmero.ui.notices import KINDS, said

NOTICES = "notices"


def content_of(mail: ToRender, kind: texts.TextKind) -> Content:
    """Return what a digest says: of what was chosen, what is unseen and hers to see still."""
    shop = the_shop()
    language = texts.language_of(mail.language, shop.language)
    agent_id = int(mail.context.get("agent", 0))
    cards = notices.cards(agent_id, mail.context.get("notices", []))
    kinds = list(dict.fromkeys(card.kind for card in cards))
    with override(language), timezone.override(shop.zone):
        items = [
            letter.Item(
                text=one_line(said(card)),
                url=thread_url(card.conversation_id)
                if card.conversation_id
                else page_url("/c/salud/"),
                note=" · ".join(
                    part
                    for part in (
                        one_line(card.subject),
                        one_line(card.customer),
                        formats.when(card.last_at, mail.at),
                    )
                    if part
                ),
            )
            for card in cards
        ]
        link = notices.link_of(agent_id, Mutes.MAIL, [one.value for one in kinds], at=mail.at)
        silence = page_url(f"/avisos/{link}/") if kinds else ""
        values = {
            "agent_name": str(mail.context.get("to_name", "")),
            "shop_name": shop.name,
            "first": _first(items),
            "settings": page_url("/c/yo/avisos/"),
            "silence": silence,
        }
        wording = texts.built_in(kind.name, kind.variants[0], language, shop.voice)
        written = letter.write(wording, values, items=items)
        blocks = list(written.blocks)
        if len(kinds) > 0:
            names = ", ".join(str(KINDS[one]) for one in kinds)
            blocks.append(
                letter.Block("text", _("This mail is about: %(kinds)s.") % {"kinds": names})
            )
        written = letter.Letter(written.subject, blocks)
        html = to_html(
            "mails/letter.html",
            shop=shop,
            subject=written.subject,
            language=language,
            letter=written,
        )
    # Source: RFC 8058: one click in the mail program, by POST, without a page.
    headers = (
        [
            ("List-Unsubscribe", f"<{silence}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
        if silence
        else []
    )
    return Content(
        subject=written.subject,
        text=f"{letter.as_text(written.blocks)}\n\n{foot(shop)}\n",
        html=html,
        to=mail.to,
        auto_submitted=kind.auto_submitted,
        headers=headers,
    )


def _first(items: list[letter.Item]) -> str:
    if not items:
        return _("Everything is seen by now")
    if len(items) == 1:
        return items[0].text
    return _("%(first)s and %(more)s more") % {"first": items[0].text, "more": len(items) - 1}
