"""Between an article's HTML and what stands in the team's pages."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import QueryDict

from esmero.console.knowledge.words import STATES
from esmero.kernel.errors import NotFound
from esmero.knowledge import queries
from esmero.knowledge.enums import State

if TYPE_CHECKING:
    from esmero.knowledge.models import Text

_PUBLIC = re.compile(r"/ayuda/archivo/(?=[A-Za-z0-9_-]{10,60}/)")
_OURS = re.compile(r"(?:https?://[^/\"'\s]{1,200})?/c/saber/archivo/(?=[A-Za-z0-9_-]{10,60}/)")


def languages() -> dict[str, str]:
    """Return the languages of articles, by code."""
    return {code: str(name) for code, name in settings.LANGUAGES}


def text_for(pk: int, language: str) -> Text:
    """Return a text for the team. Raises NotFound."""
    found = queries.pages.text_of(pk, language)
    if found is None:
        raise NotFound(article_id=pk, language=language)
    return found


def for_team(body: str) -> str:
    """Return clean HTML whose pictures come from the team's door: readers may not see them yet."""
    return _PUBLIC.sub("/c/saber/archivo/", body)


def for_readers(body: str) -> str:
    """Return HTML whose pictures come from the readers' door, as it is stored."""
    return _OURS.sub("/ayuda/archivo/", body)


def body_of(data: QueryDict, stored: str) -> str:
    """Return the HTML of a posted editor.

    With a script it is HTML; without, simple text with Markdown's marks. Text that was not touched
    leaves the HTML as it was.
    """
    if data.get("written") == "html":
        return for_readers(data.get("html", ""))
    typed = data.get("text", "").replace("\r\n", "\n")
    if typed.strip() == queries.to_markdown(stored).strip():
        return stored
    return for_readers(queries.markdown_to_html(typed))


def state_of(text: Text) -> str:
    """Return the state as the team names it: `changed` where readers see an older text."""
    if text.state == State.PUBLISHED.value and queries.shelf.has_changes(text):
        return "changed"
    return text.state


def state_name(text: Text) -> str:
    """Return its name."""
    return str(STATES[state_of(text)])


def is_behind(text: Text, other: Text | None) -> datetime | None:
    """Return when the other language was changed, if a minute later than this one at least."""
    if other is None or (other.saved_at - text.saved_at).total_seconds() < 60:
        return None
    return other.saved_at
