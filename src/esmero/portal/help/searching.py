"""The results of a search, and suggestions while somebody types."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from esmero.kernel.text import fold, one_line, storable
from esmero.knowledge import queries as knowledge
from esmero.knowledge.enums import Audience
from esmero.portal import asked, frame, prefix, readers, shelving
from esmero.portal.help import marking
from esmero.portal.help.dressing import kind_name
from esmero.portal.help.views import contact_url

LONGEST = 300
"""Characters of a question that are looked for; more says nothing more."""
SHOWN = 12
SUGGESTED = 5
LETTERS_LEAST = 3
KEEP_SECONDS = 2.0
_KEPT_MOST = 500


@dataclass(frozen=True, slots=True)
class Line:
    """What was found, as a page shows it."""

    title: Markup
    url: str
    passage: Markup
    kind: str
    page: int | None
    article_id: int


_kept: OrderedDict[tuple[Any, ...], tuple[float, knowledge.Found]] = OrderedDict()
_lock = Lock()


def forget() -> None:
    """Drop what this process keeps (between tests)."""
    with _lock:
        _kept.clear()


def asked_for(request: HttpRequest) -> str:
    """Return the question as it is looked for."""
    return one_line(storable(request.GET.get("q", "")[: LONGEST * 8]), LONGEST)


def find(query: str, *, language: str, reader: Audience, limit: int) -> knowledge.Found:
    """Search; the same question of the same kind of reader is answered from memory for a moment.

    Who reads is part of what is remembered, and so is all that is published.
    """
    key = (fold(query), language, reader, limit, knowledge.published.fingerprint())
    with _lock:
        known = _kept.get(key)
    if known is not None and time.monotonic() - known[0] < KEEP_SECONDS:
        return known[1]
    found = knowledge.search(query, language=language, reader=reader, limit=limit)
    with _lock:
        _kept[key] = (time.monotonic(), found)
        _kept.move_to_end(key)
        while len(_kept) > _KEPT_MOST:
            _kept.popitem(last=False)
    return found


def lines(found: knowledge.Found, query: str, *, language: str, reader: Audience) -> list[Line]:
    """Return what was found with its passage, the words marked, and where it leads.

    Where an article was found by its title, or by another wording of it (which is searched and
    never shown), its answer speaks for it.
    """
    shown = []
    words = knowledge.published.words_of(
        (hit.article_id for hit in found.hits if hit.page is None),
        language=language,
        reader=reader,
    )
    for hit in found.hits:
        tail = f"?{urlencode({'q': query})}"
        if hit.page is not None:
            address = prefix.url("portal:manual_page", hit.slug, hit.page) + tail
        else:
            address = prefix.url("portal:article", hit.slug) + tail
        passage = marking.excerpt(_said(hit, words), query)
        shown.append(
            Line(
                marking.marked(hit.title, query),
                address,
                marking.marked(passage, query),
                kind_name(hit.kind),
                hit.page,
                hit.article_id,
            )
        )
    return shown


def _said(hit: knowledge.Hit, words: dict[int, tuple[str, str]]) -> str:
    if hit.page is not None:
        return hit.passage
    summary, plain = words.get(hit.article_id, ("", ""))
    if hit.passage == summary or hit.passage in " ".join(plain.split()):
        return hit.passage
    return summary or plain


@require_safe
@frame.page
def search(request: HttpRequest) -> HttpResponse:
    """Show what fits a question; say so when nothing does, and offer to pass it on."""
    at, language = frame.moment(), frame.language()
    query = asked_for(request)
    reader = readers.audience_of(request)
    found = find(query, language=language, reader=reader, limit=SHOWN) if query else None
    shown = lines(found, query, language=language, reader=reader) if found else []
    if query:
        asked.searched(request, query, found, language=language, at=at)
    path = prefix.link("portal:search") + (f"?{urlencode({'q': query})}" if query else "")
    return frame.show(
        request,
        "portal/help/search.html",
        at=at,
        place="help",
        query=query,
        lines=shown,
        fits=bool(found and found.fits),
        contact_url=contact_url(query),
        shelves=shelving.shelves(language=language, reader=reader) if not shown else [],
        others={code: path for code, _name in settings.LANGUAGES},
    )


@require_safe
@frame.page
def suggest(request: HttpRequest) -> HttpResponse:
    """Return the few best articles for what is being typed, as JSON.

    `cabe=1`: only when they may be an answer (beside the contact form, where anything else is in
    the way).
    """
    query = asked_for(request)
    items: list[dict[str, Any]] = []
    if len(query) >= LETTERS_LEAST:
        reader = readers.audience_of(request)
        language = frame.language()
        found = find(query, language=language, reader=reader, limit=SUGGESTED)
        if found.fits or request.GET.get("cabe") != "1":
            items = [
                {
                    "id": line.article_id,
                    "title": line.title.striptags(),
                    "url": line.url,
                    "kind": line.kind
                    if line.page is None
                    else f"{line.kind}, {_('page %(number)s') % {'number': line.page}}",
                    "passage": line.passage.striptags(),
                }
                for line in lines(found, query, language=language, reader=reader)
            ]
    response = JsonResponse({"items": items})
    response.headers["X-Robots-Tag"] = "noindex"
    return response
