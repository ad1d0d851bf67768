"""What a mail says, and the frame that all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.template import engines

from esmero.conversations import queries as conversations
from esmero.kernel.errors import Refusal
from esmero.mails.assembling import File
from esmero.mails.letter import rich
from esmero.shop.queries import ShopCard
from esmero.ui import palette


class UnknownText(Refusal):
    """No text has this name."""

    code = "unknown_text"


@dataclass(frozen=True, slots=True)
class Content:
    """A mail without its envelope."""

    subject: str
    text: str
    html: str
    to: Sequence[tuple[str, str]]
    auto_submitted: str = ""
    files: Sequence[File] = ()
    headers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Colours:
    """The shop's colour as it can be read on light and dark ground, and text on it."""

    colour: str
    on: str
    colour_dark: str


# The house's own, as ui's tokens.css has them.
HOUSE = Colours("#A23E1B", "#FFFFFF", "#F09A75")


@lru_cache(maxsize=64)
def colours_of(primary: str) -> Colours:
    """Return the colours made of a shop's own; the house's where it has none."""
    try:
        light, dark = palette.tokens(primary)
    except palette.NotAColour:
        return HOUSE
    return Colours(light.primary, light.on, dark.primary)


def page_url(path: str) -> str:
    """Return an address of ours as the outside world opens it."""
    return f"{settings.ENV.url}{path}"


def customer_url(token: str, *, at: datetime) -> str:
    """Return the signed link of a customer's page."""
    return page_url(f"/consulta/{conversations.link_of(token, at=at)}/")


def thread_url(conversation_id: int) -> str:
    """Return the link by which the team opens a conversation."""
    return page_url(f"/c/conversaciones/{conversation_id}/")


@lru_cache(maxsize=8)
def _template(name: str) -> Any:
    env = cast(Any, engines["jinja2"]).env
    env.filters.setdefault("rich", rich)
    return env.get_template(name)


def to_html(name: str, *, shop: ShopCard, subject: str, language: str, **context: Any) -> str:
    """Render a template of this surface inside the shop's mail layout."""
    found = colours_of(shop.primary_colour)
    html: str = _template(name).render(
        shop={
            "name": shop.name,
            "url": shop.website or settings.ENV.url,
            "line": contact_line(shop),
        },
        colour=found.colour,
        colour_dark=found.colour_dark,
        on=found.on,
        subject=subject,
        lang=language,
        **context,
    )
    return html


def contact_line(shop: ShopCard) -> str:
    """Return how else the shop is reached."""
    return " · ".join(part for part in (shop.name, shop.telephone) if part)


def foot(shop: ShopCard) -> str:
    """Return the end of a mail's text: a signature by the mark that mail programs know."""
    lines = ["-- ", contact_line(shop)]
    if shop.website:
        lines.append(shop.website)
    return "\n".join(lines)
