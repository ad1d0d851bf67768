"""The clean HTML of an article as a page shows it: tables that scroll by themselves, headings that
can be linked to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from esmero.knowledge.enums import Kind
from esmero.knowledge.queries import Card

HEADINGS_LEAST = 3
SHORT = 700
"""Characters of an answer up to which it is read whole in a list."""
_HEADING = re.compile(r"<h2(?: id=\"[^\"]*\")?>(.*?)</h2>", re.S)
_TAG = re.compile(r"<[^>]+>")
_PICTURE = re.compile(r"<img ")


@dataclass(frozen=True, slots=True)
class Dressed:
    """An article's body, and its headings as (id, words); none where they would not help."""

    body: Markup
    headings: list[tuple[str, str]]


def dressed(body: str) -> Dressed:
    """Return a body for a page. It is clean already (`knowledge.rules.html.clean`)."""
    headings: list[tuple[str, str]] = []

    def named(found: re.Match[str]) -> str:
        words = unescape(_TAG.sub("", found[1])).strip()
        name = f"s{len(headings) + 1}"
        headings.append((name, words))
        return f'<h2 id="{name}">{found[1]}</h2>'

    body = _HEADING.sub(named, body)
    label = escape(_("Table"))
    opening = f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table'
    body = body.replace("<table", opening).replace("</table>", "</table></div>")
    body = _PICTURE.sub('<img loading="lazy" decoding="async" ', body)
    shown = [one for one in headings if one[1]]
    return Dressed(
        Markup(body),  # noqa: S704  cleaned when it was saved
        shown if len(shown) >= HEADINGS_LEAST else [],
    )


def icon_of(card: Card) -> str:
    """Return the picture that says what an article is."""
    return {Kind.MANUAL.value: "file", Kind.GUIDE.value: "book", Kind.NEWS.value: "bell"}.get(
        card.kind, "chat"
    )


def kind_name(kind: str) -> str:
    """Return what an article is, in a word; '' for the usual answer."""
    return {
        Kind.GUIDE.value: _("Guide"),
        Kind.MANUAL.value: _("Manual"),
        Kind.NEWS.value: _("News"),
    }.get(kind, "")
