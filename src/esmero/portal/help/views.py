"""Help: what there is, one article, a manual at its page, and what readers say of it."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from esmero.kernel.errors import Refusal
from esmero.knowledge import actions as knowledge_actions
from esmero.knowledge import queries as knowledge
from esmero.knowledge.enums import Audience, Kind, Unhelpful
from esmero.portal import asked, frame, prefix, readers, seo, shelving
from esmero.portal.help import marking
from esmero.portal.help.dressing import dressed, icon_of, kind_name
from esmero.shop.queries import the_shop

ON_A_PAGE = 40
NEWS_SHOWN = 3
FOUND_IN_MANUAL = 8


def _everywhere(name: str) -> dict[str, str]:
    return {code: prefix.link(name) for code, _label in settings.LANGUAGES}


@require_safe
@frame.public
def help_start(request: HttpRequest) -> HttpResponse:
    """Show the categories, what stands in none, and the news."""
    at, language = frame.moment(), frame.language()
    reader = readers.audience_of(request)
    shelves = shelving.shelves(language=language, reader=reader)
    loose = knowledge.published.on_shelf(None, language=language, reader=reader, limit=ON_A_PAGE)
    steps = [
        (the_shop().name, prefix.link("portal:home")),
        (_("Help"), prefix.link("portal:help")),
    ]
    return frame.show(
        request,
        "portal/help/start.html",
        at=at,
        place="help",
        shelves=_tree(shelves),
        loose=loose,
        icon_of=icon_of,
        news=knowledge.published.news(language=language, reader=reader, limit=NEWS_SHOWN),
        head=seo.head(
            title=_("Help"),
            description=_("Answers, guides and manuals of %(shop)s.") % {"shop": the_shop().name},
            language=language,
            addresses=_everywhere("portal:help"),
            things=[seo.breadcrumbs(steps, language=language)],
        ),
    )


def _tree(shelves: list[Any]) -> list[tuple[Any, list[Any]]]:
    """Return (category, its children), and orphans of a hidden parent beside the others."""
    ids = {one.category_id for one in shelves}
    tops = [one for one in shelves if one.parent_id not in ids]
    return [(top, [s for s in shelves if s.parent_id == top.category_id]) for top in tops]


@require_safe
@frame.public
def shelf(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a category: its children and its articles."""
    at, language = frame.moment(), frame.language()
    reader = readers.audience_of(request)
    shelves = shelving.shelves(language=language, reader=reader)
    found = next((one for one in shelves if one.slug == slug), None)
    if found is None:
        return _shelf_elsewhere(slug, language)
    number = _page_number(request)
    cards = knowledge.published.on_shelf(
        found.category_id,
        language=language,
        reader=reader,
        limit=ON_A_PAGE + 1,
        start=(number - 1) * ON_A_PAGE,
    )
    if number > 1 and not cards:
        raise Http404
    path = prefix.link("portal:shelf", slug)
    steps = [
        (the_shop().name, prefix.link("portal:home")),
        (_("Help"), prefix.link("portal:help")),
        (found.name, path),
    ]
    parent = next((one for one in shelves if one.category_id == found.parent_id), None)
    return frame.show(
        request,
        "portal/help/shelf.html",
        at=at,
        place="help",
        shelf=found,
        parent=parent,
        children=[one for one in shelves if one.parent_id == found.category_id],
        cards=cards[:ON_A_PAGE],
        icon_of=icon_of,
        number=number,
        has_more=len(cards) > ON_A_PAGE,
        others={**_everywhere("portal:help"), language: path},
        head=seo.head(
            title=found.name,
            description=found.description,
            language=language,
            addresses={language: path},
            things=[seo.breadcrumbs(steps, language=language)],
        ),
    )


def _page_number(request: HttpRequest) -> int:
    said = request.GET.get("p", "1")
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 5 else 1


def _shelf_elsewhere(slug: str, language: str) -> HttpResponse:
    slug_now = knowledge.published.shelf_moved_to(slug, language=language)
    if slug_now is not None:
        return frame.moved(prefix.url("portal:shelf", slug_now))
    raise Http404


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show an article, and count that it was read."""
    response = _article(request, slug=slug)
    about = getattr(response, "about", None)
    if about is not None and response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
        asked.read(request, *about, at=frame.moment())
        if "q" in request.GET:
            asked.opened(request, about[0], at=frame.moment())
    return response


@frame.public
def _article(request: HttpRequest, slug: str) -> HttpResponse:
    at, language = frame.moment(), frame.language()
    reader = readers.audience_of(request)
    found = knowledge.published.article_at(slug, language=language, reader=reader)
    if found is None:
        return _elsewhere(request, slug, language, reader)
    response = _show_article(request, found, at=at, reader=reader)
    response.about = (found.card.article_id, language)  # type: ignore[attr-defined]
    return response


def _elsewhere(request: HttpRequest, slug: str, language: str, reader: Audience) -> HttpResponse:
    """Answer where no article of this language stands: moved, in another language, or nowhere."""
    slug_now = knowledge.published.moved_to(slug, language=language, reader=reader)
    if slug_now is not None:
        return frame.moved(prefix.url("portal:article", slug_now))
    for other in knowledge.published.languages_at(slug, reader=reader):
        # An address without a language is that of its text, whatever the browser wishes.
        response = HttpResponse(status=HTTPStatus.FOUND)
        response.headers["Location"] = prefix.under(other, prefix.link("portal:article", slug))
        return response
    for other, _label in settings.LANGUAGES:
        slug_now = knowledge.published.moved_to(slug, language=other, reader=reader)
        if slug_now is not None:
            return frame.moved(prefix.under(other, prefix.link("portal:article", slug_now)))
    raise Http404


def _show_article(
    request: HttpRequest, found: knowledge.published.Whole, *, at: datetime, reader: Audience
) -> HttpResponse:
    card, language = found.card, frame.language()
    shelves = {one.category_id: one for one in shelving.shelves(language=language, reader=reader)}
    path = prefix.link("portal:article", card.slug)
    steps = _steps(card, shelves)
    body = dressed(found.body)
    addresses = {language: path} | {
        code: prefix.link("portal:article", other) for code, other in found.others.items()
    }
    main = next((one for one in found.files if one.is_main), None)
    query = request.GET.get("q", "")[:300]
    opinion = request.GET.get("opinion", "")
    return frame.show(
        request,
        "portal/help/article.html",
        at=at,
        place="help",
        card=card,
        kind_name=kind_name(card.kind),
        body=body.body,
        headings=body.headings,
        steps=steps[1:-1],
        main_file=main,
        files=[
            one
            for one in found.files
            if not one.is_main and not one.content_type.startswith("image/")
        ],
        pages=_pages(main, query),
        related=knowledge.published.related(card, reader=reader),
        icon_of=icon_of,
        query=query,
        opinion=opinion if opinion in {"si", "no", "enviada"} else "",
        reasons=reasons(),
        contact_url=contact_url(query or card.title if query else "", card.article_id),
        is_news=card.kind == Kind.NEWS.value,
        others={**_everywhere("portal:help"), **addresses},
        head=seo.head(
            title=card.title,
            description=card.summary or found.plain,
            language=language,
            addresses=addresses,
            kind="article",
            things=_things(found, steps, path),
            changed_at=card.published_at,
        )
        if reader is Audience.PUBLIC
        else None,
    )


def _steps(card: knowledge.published.Card, shelves: dict[int, Any]) -> list[tuple[str, str]]:
    steps = [
        (the_shop().name, prefix.link("portal:home")),
        (_("Help"), prefix.link("portal:help")),
    ]
    if card.kind == Kind.NEWS.value:
        steps[1] = (_("News"), prefix.link("portal:news"))
    line: list[tuple[str, str]] = []
    at = shelves.get(card.category_id or 0)
    while at is not None and len(line) < 3:
        line.append((at.name, prefix.link("portal:shelf", at.slug)))
        at = shelves.get(at.parent_id or 0)
    return [*steps, *reversed(line), (card.title, prefix.link("portal:article", card.slug))]


def _things(
    found: knowledge.published.Whole, steps: list[tuple[str, str]], path: str
) -> list[seo.Thing]:
    card, language = found.card, frame.language()
    things = [seo.breadcrumbs(steps, language=language)]
    if card.kind == Kind.FAQ.value:
        return [*things, seo.questions([(card.title, found.plain)], language=language)]
    return [
        *things,
        seo.article(
            title=card.title,
            description=card.summary or found.plain,
            path=path,
            language=language,
            first_at=card.first_at,
            changed_at=card.published_at,
            is_news=card.kind == Kind.NEWS.value,
        ),
    ]


def _pages(main: knowledge.published.File | None, query: str) -> list[tuple[int, Any]]:
    """Return the pages of a manual that hold the words that were asked for."""
    words = marking.words_of(query)
    if main is None or not words:
        return []
    found = knowledge.filed.pages_with(main.token, words, limit=FOUND_IN_MANUAL)
    return [
        (number, marking.marked(marking.excerpt(text, query), query)) for number, text in found
    ]


def reasons() -> list[tuple[str, str]]:
    """Return why an article may not have helped, as a reader says it."""
    return [
        (Unhelpful.NOT_MY_QUESTION.value, _("It is not what I was looking for")),
        (Unhelpful.UNCLEAR.value, _("I do not understand it")),
        (Unhelpful.INCOMPLETE.value, _("Something is missing")),
        (Unhelpful.WRONG.value, _("It is not right")),
        (Unhelpful.DISLIKE.value, _("I understand it, but I do not like it")),
    ]


def contact_url(query: str, article_id: int | None = None) -> str:
    """Return the contact form with what somebody was looking for."""
    facts: dict[str, Any] = {}
    if query:
        facts["q"] = query
    if article_id:
        facts["articulo"] = article_id
    return prefix.url("portal:contact") + (f"?{urlencode(facts)}" if facts else "")


@require_safe
@frame.public
def manual_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the words of one page of a manual, with the file opened at it one click away."""
    at, language = frame.moment(), frame.language()
    reader = readers.audience_of(request)
    found = knowledge.published.article_at(slug, language=language, reader=reader)
    main = next((one for one in found.files if one.is_main), None) if found else None
    text = knowledge.filed.page_of(main.token, number) if main else None
    if found is None or main is None or text is None:
        raise Http404
    query = request.GET.get("q", "")[:300]
    path = prefix.link("portal:manual_page", slug, number)
    return frame.show(
        request,
        "portal/help/page.html",
        at=at,
        place="help",
        card=found.card,
        main_file=main,
        number=number,
        count=main.page_count or number,
        lines=[marking.marked(line, query) for line in text.splitlines() if line.strip()],
        query=query,
        contact_url=contact_url(query, found.card.article_id),
        others={**_everywhere("portal:help"), language: path},
        head=seo.head(
            title=_("%(title)s, page %(number)s") % {"title": found.card.title, "number": number},
            description=text,
            language=language,
            addresses={language: path},
        )
        if reader is Audience.PUBLIC
        else None,
    )


@require_POST
@frame.page
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a reader's word on an article; without a cookie, one a visit."""
    at, language = frame.moment(), frame.language()
    reader = readers.audience_of(request)
    found = knowledge.published.article_at(slug, language=language, reader=reader)
    if found is None:
        for other in knowledge.published.languages_at(slug, reader=reader):
            language = other
            found = knowledge.published.article_at(slug, language=other, reader=reader)
    if found is None:
        raise Http404
    is_helpful = request.POST.get("sirve") == "si"
    reason = request.POST.get("motivo", "")
    given = Unhelpful(reason) if reason in set(Unhelpful) else None
    try:
        knowledge_actions.vote(
            article_id=found.card.article_id,
            language=language,
            reader=reader,
            voter=asked.visit_of(request, at=at),
            is_helpful=is_helpful,
            reason=given,
            comment=request.POST.get("comentario", ""),
            at=at,
        )
    except Refusal:
        raise Http404 from None
    query = request.POST.get("q", "")[:300]
    said = "si" if is_helpful else "enviada" if "motivo" in request.POST else "no"
    facts = {"q": query} if query else {}
    tail = f"?{urlencode({**facts, 'opinion': said})}#opinion"
    return frame.go("portal:article", slug, tail=tail)


@require_safe
@frame.public
def news(request: HttpRequest) -> HttpResponse:
    """Show the news, the latest first."""
    at, language = frame.moment(), frame.language()
    reader = readers.audience_of(request)
    number = _page_number(request)
    cards = knowledge.published.news(
        language=language, reader=reader, limit=ON_A_PAGE + 1, start=(number - 1) * ON_A_PAGE
    )
    steps = [
        (the_shop().name, prefix.link("portal:home")),
        (_("News"), prefix.link("portal:news")),
    ]
    return frame.show(
        request,
        "portal/help/news.html",
        at=at,
        cards=cards[:ON_A_PAGE],
        number=number,
        has_more=len(cards) > ON_A_PAGE,
        head=seo.head(
            title=_("News"),
            description=_("What is new at %(shop)s.") % {"shop": the_shop().name},
            language=language,
            addresses=_everywhere("portal:news"),
            things=[seo.breadcrumbs(steps, language=language)],
        ),
    )
