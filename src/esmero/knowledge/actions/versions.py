"""Going back to what a text was."""

from __future__ import annotations

from datetime import datetime

from esmero.kernel.errors import NotFound
from esmero.kernel.transactions import action
from esmero.knowledge.actions._rows import locked_text
from esmero.knowledge.actions.articles import kept
from esmero.knowledge.actions.publishing import put_down
from esmero.knowledge.errors import ArticleChanged
from esmero.knowledge.models import Text, Version
from esmero.knowledge.rules import html


@action
def restore_version(
    *, article_id: int, language: str, number: int, version: int, at: datetime, by: int | None
) -> int:
    """Make an earlier version the working copy and return the copy's new number.

    What the working copy held and no version holds is put aside as one first. `version` is the
    number of the working copy that was seen. Readers see it when it is published. Raises
    ArticleChanged, NotFound.
    """
    text = locked_text(article_id, language)
    wanted = text.versions.filter(number=number).first()
    if wanted is None:
        raise NotFound(article_id=article_id, number=number)
    if text.draft_version != version:
        raise ArticleChanged(version=text.draft_version, agent_id=text.saved_by_agent_id)
    if not _is_held(text):
        put_down(text, note="", was_published=False, at=at, by=text.saved_by_agent_id)
    text.title, text.summary = wanted.title, wanted.summary
    text.body, text.wordings = html.clean(wanted.body), wanted.wordings
    return kept(text, at=at, by=by)


def _is_held(text: Text) -> bool:
    return Version.objects.filter(
        text=text,
        title=text.title,
        summary=text.summary,
        body=text.body,
        wordings=text.wordings,
    ).exists()


@action
def put_aside(*, article_id: int, language: str, at: datetime, by: int | None) -> None:
    """Keep the working copy as a version, unless one holds it already. Raises NotFound."""
    text = locked_text(article_id, language)
    if not _is_held(text):
        put_down(text, note="", was_published=False, at=at, by=by)
