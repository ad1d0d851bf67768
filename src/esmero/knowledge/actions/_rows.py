"""Rows that an action changes, locked; and what several actions ask of them."""

from __future__ import annotations

from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.knowledge.enums import State
from esmero.knowledge.models import Article, Text

LANGUAGES = ("es", "en")


def actor_of(agent_id: int | None) -> str:
    """Return who acts, for events and the audit list."""
    return ref("agent", agent_id) if agent_id else "system"


def locked_article(article_id: int) -> Article:
    """Return an article for writing. Raises NotFound."""
    found = Article.objects.select_for_update().filter(pk=article_id).first()
    if found is None:
        raise NotFound(article_id=article_id)
    return found


def locked_text(article_id: int, language: str) -> Text:
    """Return a text for writing, with its article and what is published of it. Raises NotFound."""
    found = (
        Text.objects.select_for_update(of=("self",))
        .select_related("article", "published")
        .filter(article_id=article_id, language=language)
        .first()
    )
    if found is None:
        raise NotFound(article_id=article_id, language=language)
    return found


def resting_state(text: Text) -> str:
    """Return the state of a text that waits for nothing."""
    return State.PUBLISHED.value if text.published_id else State.DRAFT.value
