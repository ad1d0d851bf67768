"""Articles beside a thread and in the composer (`??`): found, read, put into the reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, is_piece, team
from esmero.console.context import piece
from esmero.console.inbox.lists import Place
from esmero.console.knowledge.questions.frame import article_address
from esmero.console.thread import compose
from esmero.console.thread.acts import sheet
from esmero.console.thread.below import put_below
from esmero.console.thread.views import POST
from esmero.conversations import queries
from esmero.conversations.enums import Direction
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.kernel.text import one_line
from esmero.knowledge import actions
from esmero.knowledge import queries as knowledge
from esmero.knowledge.enums import Audience
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.knowledge.queries import Found

BESIDE = 3
PICKED = 8
INSERTED_MOST = 1200
"""Characters of an article that go into a reply; the rest is behind its link."""
_ORDER = {Audience.PUBLIC.value: 0, Audience.CUSTOMERS.value: 1, Audience.TEAM.value: 2}


@dataclass(frozen=True, slots=True)
class Offer:
    """An article that may answer."""

    id: int
    title: str
    passage: str
    audience: str
    url: str
    """Where customers read it; empty when they may not."""
    edit_url: str
    answers: int


def _language(conversation: Conversation) -> str:
    found = (conversation.language or the_shop().language)[:2]
    return found if found in {"es", "en"} else the_shop().language[:2]


def public_address(slug: str, language: str) -> str:
    """Return the whole address at which customers read an article."""
    try:
        path = reverse("portal:article", args=[slug])
    except NoReverseMatch:
        path = f"/ayuda/{slug}/"
    prefix = "" if language == the_shop().language[:2] else f"/{language}"
    return f"{settings.ENV.url}{prefix}{path}"


def _offers(found: Found, language: str, *, most: int, public_first: bool) -> list[Offer]:
    hits = found.hits[: 2 * most]
    audiences = knowledge.audiences_among(hit.article_id for hit in hits)
    used = knowledge.questions.answers_of(hit.article_id for hit in hits)
    if public_first:
        hits = sorted(hits, key=lambda hit: _ORDER[audiences[hit.article_id]])
    return [
        Offer(
            id=hit.article_id,
            title=hit.title,
            passage=one_line(hit.passage, 160) if hit.passage != hit.title else "",
            audience=audiences[hit.article_id],
            url=public_address(hit.slug, language)
            if audiences[hit.article_id] != Audience.TEAM.value
            else "",
            edit_url=article_address(hit.article_id),
            answers=used.get(hit.article_id, 0),
        )
        for hit in hits[:most]
    ]


@team()
def beside(request: TeamRequest, pk: int) -> HttpResponse:
    """Articles that may answer the customer's newest message, public ones first: a piece."""
    conversation = queries.conversation_for(request.agent, pk)
    last = queries.last_inbound(conversation.pk)
    language = _language(conversation)
    offers: list[Offer] = []
    fits = False
    if last is not None:
        asked = knowledge.asked_in(last.text, subject=conversation.subject)
        found = knowledge.search(asked, language=language, reader=Audience.TEAM, limit=6)
        offers, fits = _offers(found, language, most=BESIDE, public_first=True), found.fits
    first = next((one.id for one in offers if one.url), None) if fits else None
    context = {"c": conversation, "offers": offers, "fits": fits, "first": first}
    context["place"] = Place.of(request.GET)
    return piece(request, "console/thread/_answers.html", context)


@team(methods=("GET", "HEAD", "POST"))
def pick(request: TeamRequest, pk: int) -> HttpResponse:
    """Articles by words (`q`, typed after `??`), for the team.

    A POST keeps what is typed so far and leads to the page of them: for where there is no script.
    """
    conversation = queries.conversation_for(request.agent, pk)
    place = Place.of(request.GET)
    if request.method == "POST":
        mode = "note" if request.POST.get("mode") == "note" else "reply"
        compose.save(conversation, request.agent, request.POST, at=now())
        where = reverse("console:articles", args=[pk]) + place.query(
            modo="nota" if mode == "note" else "respuesta"
        )
        return HttpResponseRedirect(where)
    words = request.GET.get("q", "")[:200]
    language = _language(conversation)
    asked = words
    if not words.strip():  # nothing typed yet: what the customer asks
        last = queries.last_inbound(conversation.pk)
        asked = knowledge.asked_in(last.text, subject=conversation.subject) if last else ""
    found = knowledge.search(asked, language=language, reader=Audience.TEAM, limit=PICKED)
    context: dict[str, Any] = {
        "title": gettext("Articles"),
        "offers": _offers(found, language, most=PICKED, public_first=False),
        "q": words,
        "mode": "note" if request.GET.get("modo") == "nota" else "reply",
    }
    if is_piece(request):
        return piece(request, "console/thread/_articles.html", {"c": conversation, **context})
    return sheet(request, "console/thread/_articles_sheet.html", conversation, context)


@team(methods=POST)
def use(request: TeamRequest, pk: int, article_id: int) -> HttpResponse:
    """Put an article into the reply: its link (`as` = link), or its text with the link. For a
    script the text comes back, else it is put below what the draft holds.
    """
    conversation = queries.conversation_for(request.agent, pk)
    language = _language(conversation)
    found = knowledge.readable(article_id, language)
    if found is None:
        raise NotFound(article_id=article_id)
    url = ""
    if found.audience != Audience.TEAM.value:
        url = public_address(found.slug, found.language)
    text = _said(found, url, whole=request.POST.get("as") != "link", language=language)
    warning = "" if found.audience == Audience.PUBLIC.value else _warning(found.audience)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"text": text, "warning": warning})
    if warning:
        messages.warning(request, warning)
    return put_below(request, conversation, text, at=now())


def _warning(audience: str) -> str:
    if audience == Audience.TEAM.value:
        return gettext("This article is for the team only: look over what you send of it.")
    return gettext("Only customers who are signed in can open this article.")


def _said(found: knowledge.Readable, url: str, *, whole: bool, language: str) -> str:
    """Return what goes into a reply, in the language of the conversation."""
    if not whole and url:
        return f"{found.title}: {url}"
    text = found.text.strip() or found.summary or found.title
    if len(text) > INSERTED_MOST:
        text = text[:INSERTED_MOST].rpartition("\n")[0] or one_line(text, INSERTED_MOST)
    if not url:
        return text
    with translation.override(language):
        return f"{text}\n\n" + gettext("All of it is here: %(url)s") % {"url": url}


@team(methods=POST)
def from_message(request: TeamRequest, pk: int) -> HttpResponse:
    """Make the draft of an article of a reply and what it answers, and open it."""
    message = queries.message(pk)
    if message is None or message.direction != Direction.OUT.value:
        raise NotFound(message_id=pk)
    conversation = queries.conversation_for(request.agent, message.conversation_id)
    article_id = actions.article_from_message(message_id=pk, at=now(), by=request.agent.pk)
    messages.success(request, gettext("A draft is there, without names or numbers. Look it over."))
    where = article_address(article_id) or Place.of(request.GET).url_of(conversation.pk)
    return HttpResponseRedirect(where)
