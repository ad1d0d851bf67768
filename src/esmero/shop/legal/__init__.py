"""The legal texts of a shop's pages: its own, or a model that says that it has to be checked.

A text is plain: an empty line parts paragraphs, `## ` begins a heading, `- ` a line of a list, and
names in double braces stand for the shop's facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from esmero.kernel import templating
from esmero.shop.queries import ShopCard, text_of

HERE = Path(__file__).parent
SLUGS = ("aviso-legal", "privacidad", "cookies", "devoluciones")
LANGUAGES = ("es", "en")
VARIABLES = ("shop_name", "street", "email", "telephone", "website")
LONGEST = 60_000


@dataclass(frozen=True, slots=True)
class Legal:
    """A legal text. `is_own`: the shop has written or checked it."""

    title: str
    body: str
    is_own: bool


def key_of(slug: str) -> str:
    """Return the key under which the shop keeps its own text (`shop.actions.word_text`)."""
    return f"legal_{slug}"


@lru_cache(maxsize=32)
def model(slug: str, language: str) -> tuple[str, str]:
    """Return (title, text) of the model that comes with the house."""
    said = (HERE / f"{slug}.{language}.txt").read_text(encoding="utf-8")
    title, _, body = said.partition("\n")
    return title.strip(), body.strip()


def text(slug: str, language: str) -> Legal:
    """Return what is in force, with its names in braces."""
    own = text_of(key_of(slug), language)
    title, body = model(slug, language)
    return Legal(own[0] or title, own[1], is_own=True) if own else Legal(title, body, is_own=False)


def filled(body: str, shop: ShopCard, *, email: str) -> str:
    """Return a text with the shop's facts in it; what is not known stays to be seen."""
    facts = {
        "shop_name": shop.name,
        "street": " ".join(shop.street.split()),
        "email": email,
        "telephone": shop.telephone,
        "website": shop.website,
    }
    return templating.fill(body, {name: value or f"[{name}]" for name, value in facts.items()})
