"""What a new shop begins with: shelves, and the questions that every online shop is asked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from esmero.kernel.transactions import action
from esmero.knowledge.actions.articles import add_language, create_article, save_text
from esmero.knowledge.actions.categories import Named, save_category
from esmero.knowledge.enums import Kind
from esmero.knowledge.models import Article, Category
from esmero.knowledge.rules.markdown import to_html
from esmero.knowledge.rules.slugs import slug_of

_FILE = Path(__file__).with_name("starting.toml")
_BLANK = re.compile(r"\{\{(\w+)\}\}")
Filled = Mapping[str, Mapping[str, str]]
"""What the shop says for a blank, by its name and language."""


def starting() -> dict[str, Any]:
    """Return what is in the file: `blanks`, `category`, `faq`."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@action
def lay_out_start(
    *, language: str, at: datetime, by: int | None, filled: Filled | None = None
) -> dict[str, int]:
    """Make the categories and a draft for each question, in both languages.

    What only the shop knows stands as `[[…]]` where `filled` does not say it. Nothing is made
    where there are articles or categories already. Returns the articles by the address of their
    Spanish title.
    """
    if Article.objects.exists() or Category.objects.exists():
        return {}
    content = starting()
    said = _sayer(content["blanks"], filled or {})
    shelves = {
        one["key"]: save_category(
            texts={"es": Named(one["es"]), "en": Named(one["en"])},
            icon=one["icon"], at=at, by=by,
        )
        for one in content["category"]
    }  # fmt: skip
    made = {}
    first, second = ("es", "en") if language == "es" else ("en", "es")
    for one in content["faq"]:
        text = one[first]
        pk = create_article(
            kind=Kind.FAQ, language=first, title=text["title"], body=said(text["body"], first),
            wordings=text["asked"], category_id=shelves[one["in"]], origin_ref="", at=at, by=by,
        )  # fmt: skip
        other = one[second]
        add_language(article_id=pk, language=second, title=other["title"], at=at, by=by)
        save_text(
            article_id=pk, language=second, version=0, title=other["title"], summary="",
            body=said(other["body"], second), wordings=other["asked"], at=at, by=by,
        )  # fmt: skip
        made[slug_of(one["es"]["title"])] = pk
    return made


def _sayer(blanks: Filled, filled: Filled) -> Callable[[str, str], str]:
    def said(markdown: str, language: str) -> str:
        def put(match: re.Match[str]) -> str:
            own = filled.get(match[1], {}).get(language)
            return own or f"**\\[\\[{blanks[match[1]][language]}\\]\\]**"

        text = to_html(_BLANK.sub(put, markdown))
        # What the shop says may begin a sentence.
        return re.sub(r"(?<=<p>)[a-záéíóúñ]", lambda letter: letter[0].upper(), text)

    return said
