"""Articles for the tests of the help pages, made as the team makes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from esmero.kernel import files
from esmero.knowledge import actions as knowledge
from esmero.knowledge.actions.indexing import index_text
from esmero.knowledge.enums import Audience, Kind
from esmero.knowledge.models import ArticleFile, Category, CategoryText, ManualPage, Related, Text
from tests.cast import NOON

SECRET = "zafarrancho"
"""A word that stands in private articles alone."""


def put(
    title: str,
    body: str = "Tienes 30 días desde que lo recibes.",
    *,
    kind: Kind = Kind.FAQ,
    audience: Audience = Audience.PUBLIC,
    category: int | None = None,
    language: str = "es",
    at: datetime = NOON,
    **more: Any,
) -> int:
    """Publish an article and return its id."""
    article = knowledge.create_article(
        kind=kind, language=language, title=title, body=f"<p>{body}</p>", category_id=category,
        audience=audience, at=at, by=None, **more,
    )  # fmt: skip
    knowledge.publish_text(article_id=article, language=language, at=at, by=None)
    return article


def translate(article: int, title: str, body: str = "You have 30 days.") -> None:
    """Publish the English text of an article."""
    knowledge.add_language(
        article_id=article, language="en", title=title, body=f"<p>{body}</p>", at=NOON, by=None
    )
    knowledge.publish_text(article_id=article, language="en", at=NOON, by=None)


def slug(article: int, language: str = "es") -> str:
    """Return an article's address."""
    return Text.objects.get(article_id=article, language=language).slug


def shelf(name: str, *, parent: Category | None = None, position: int = 0) -> Category:
    """Make a category."""
    found = Category.objects.create(position=position, created_at=NOON, parent=parent)
    for language in ("es", "en"):
        CategoryText.objects.create(
            category=found, language=language, name=f"{name}", slug=f"{name.lower()}-{language}"
        )
    return found


def relate(article: int, other: int) -> None:
    """Let the shop point from one article to another."""
    Related.objects.create(article_id=article, other_id=other)


def manual(
    title: str, pages: list[str], *, audience: Audience = Audience.PUBLIC
) -> tuple[int, str]:
    """Publish a manual with the words of its pages; return its id and its file's token."""
    article = knowledge.create_article(
        kind=Kind.MANUAL, language="es", title=title, body="<p>Manual.</p>", audience=audience,
        at=NOON, by=None,
    )  # fmt: skip
    file = ArticleFile.objects.create(
        article_id=article, name="manual.pdf", content_type="application/pdf", is_main=True,
        blob=files.put(b"%PDF-1.4", at=NOON), page_count=len(pages), added_at=NOON,
    )  # fmt: skip
    for number, text in enumerate(pages, 1):
        ManualPage.objects.create(file=file, number=number, text=text)
    knowledge.publish_text(article_id=article, language="es", at=NOON, by=None)
    index_text(Text.objects.get(article_id=article))
    return article, file.token


def picture(article: int) -> str:
    """Give an article a picture; return its token."""
    file = ArticleFile.objects.create(
        article_id=article, name="foto.png", content_type="image/png",
        blob=files.put(b"\x89PNG\r\n\x1a\n", at=NOON), added_at=NOON,
    )  # fmt: skip
    return file.token
