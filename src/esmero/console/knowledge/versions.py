"""The versions of a text, what changed from one to the next, and going back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, team
from esmero.console.knowledge.article import back
from esmero.console.knowledge.tabs import show
from esmero.console.knowledge.texts import for_team, languages, text_for
from esmero.console.settings.saving import GET_POST
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.knowledge import actions, queries
from esmero.knowledge.errors import ArticleChanged

SHOWN = 200


@team()
def versions(request: TeamRequest, pk: int, language: str) -> HttpResponse:
    """All versions of a text, the newest first."""
    text = text_for(pk, language)
    context = {
        "article": text.article,
        "text": text,
        "language": language,
        "language_name": languages()[language],
        "rows": list(queries.pages.versions_of(text.pk)[:SHOWN]),
    }
    return show(request, "console/knowledge/versions.html", "", context)


@team(methods=GET_POST)
def version(request: TeamRequest, pk: int, language: str, number_id: int) -> HttpResponse:
    """One version: what it says, and how the working copy (or another version) differs from it."""
    text = text_for(pk, language)
    row = queries.pages.version_of(text.pk, number_id)
    if row is None:
        raise NotFound(article_id=pk, number=number_id)
    if request.method == "POST":
        return _restore(request, pk, language, number_id)
    with_given = request.GET.get("con", "")
    other = None
    if with_given.isascii() and with_given.isdigit() and len(with_given) < 9:
        other = queries.pages.version_of(text.pk, int(with_given))
    after = other or text
    changes = queries.compare(_whole(row), _whole(after))
    context: dict[str, Any] = {
        "article": text.article,
        "text": text,
        "language": language,
        "row": row,
        "other": other,
        "changes": changes,
        "is_same": all(one.how == "same" for one in changes),
        "is_form_alone": all(one.how == "same" for one in changes) and row.body != after.body,
        "body": for_team(row.body),
    }
    return show(request, "console/knowledge/version.html", "", context)


def _whole(row: Any) -> str:
    return "\n".join(
        part for part in (row.title, row.summary, queries.plain_of(row.body), row.wordings) if part
    )


def _restore(request: TeamRequest, pk: int, language: str, number: int) -> HttpResponse:
    given = request.POST.get("version", "")
    seen = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else -1
    try:
        actions.restore_version(
            article_id=pk, language=language, number=number, version=seen, at=now(),
            by=request.agent.pk,
        )  # fmt: skip
    except ArticleChanged:
        said = gettext("Somebody wrote on meanwhile. Look at the text before you go back.")
        messages.error(request, said)
    else:
        messages.success(request, gettext("Brought back. Readers see it when it is published."))
    return back(pk, language)
