"""For machines: what there is (sitemap), what is new (Atom), what may be read (robots)."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import get_template
from django.views.decorators.http import require_safe

from esmero.knowledge import queries as knowledge
from esmero.knowledge.enums import Audience
from esmero.portal import frame, prefix
from esmero.portal.help.dressing import dressed
from esmero.portal.seo import absolute, public_path
from esmero.shop import legal
from esmero.shop.queries import the_shop

IN_A_SITEMAP = 20_000
"""Articles in one file. Source: sitemaps.org, at most 50,000 addresses; each may have two here."""
IN_A_FEED = 20


def _answer(template: str, content_type: str, **context: object) -> HttpResponse:
    content = get_template(template, using="jinja2").render(context)
    return HttpResponse(content, content_type=content_type)


@require_safe
@frame.public
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the pages and articles that everybody may read, or the files that do."""
    count = knowledge.published.count_addresses()
    if count <= IN_A_SITEMAP:
        return _sitemap(0, with_pages=True)
    files = [
        absolute(prefix.link("portal:sitemap_part", number + 1))
        for number in range(-(-count // IN_A_SITEMAP))
    ]
    return _answer("portal/machines/index.xml", "application/xml; charset=utf-8", files=files)


@require_safe
@frame.public
def sitemap_part(request: HttpRequest, number: int) -> HttpResponse:
    """List a part of them."""
    start = (number - 1) * IN_A_SITEMAP
    if number < 1 or start >= max(1, knowledge.published.count_addresses()):
        raise Http404
    return _sitemap(start, with_pages=number == 1)


def _sitemap(start: int, *, with_pages: bool) -> HttpResponse:
    texts: dict[int, dict[str, tuple[str, datetime]]] = {}
    for article_id, language, slug, at in knowledge.published.addresses(
        start=start, limit=IN_A_SITEMAP
    ):
        texts.setdefault(article_id, {})[language] = (slug, at)
    entries = [entry for found in texts.values() for entry in _entries(found)]
    pages = _pages() if with_pages else []
    return _answer(
        "portal/machines/sitemap.xml",
        "application/xml; charset=utf-8",
        entries=[*pages, *entries],
    )


def _entries(found: dict[str, tuple[str, datetime]]) -> list[dict[str, object]]:
    addresses = {
        language: absolute(public_path(language, prefix.link("portal:article", slug)))
        for language, (slug, _at) in found.items()
    }
    return [
        {"loc": addresses[language], "at": at, "others": addresses if len(found) > 1 else {}}
        for language, (_slug, at) in sorted(found.items())
    ]


def _pages() -> list[dict[str, object]]:
    languages = [code for code, _name in settings.LANGUAGES]
    found: list[dict[str, object]] = []
    paths = [prefix.link(f"portal:{name}") for name in ("home", "help", "contact", "news")]
    for path in paths:
        others = {code: absolute(public_path(code, path)) for code in languages}
        found += [{"loc": others[code], "at": None, "others": others} for code in languages]
    for code in languages:
        for one in knowledge.published.shelves(language=code, reader=Audience.PUBLIC):
            address = absolute(public_path(code, prefix.link("portal:shelf", one.slug)))
            found.append({"loc": address, "at": None, "others": {}})
        for slug in legal.SLUGS:
            if legal.text(slug, code).is_own:
                address = absolute(public_path(code, prefix.link("portal:legal", slug)))
                found.append({"loc": address, "at": None, "others": {}})
    return found


@require_safe
@frame.public
def robots(request: HttpRequest) -> HttpResponse:
    """Say which pages are of no use to a search engine. It is advice, and hides nothing."""
    lines = [
        "User-agent: *",
        *(
            f"Disallow: {path}"
            for path in ("/c/", "/cuenta/", "/instalar/", "/consulta/", "/mis-consultas/",
                         "/mis-datos/", "/ayuda/buscar/", "/ayuda/sugerencias/")
        ),
        *(
            f"Disallow: /{code}{path}"
            for code, _name in settings.LANGUAGES
            for path in ("/ayuda/buscar/", "/mis-consultas/")
        ),
        f"Sitemap: {absolute(prefix.link('portal:sitemap'))}",
        "",
    ]  # fmt: skip
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@frame.public
def feed(request: HttpRequest) -> HttpResponse:
    """Return the news as Atom (RFC 4287)."""
    language = frame.language()
    shop = the_shop()
    cards = knowledge.published.news(language=language, reader=Audience.PUBLIC, limit=IN_A_FEED)
    host = urlsplit(settings.ENV.url).hostname or "localhost"
    entries = []
    for card in cards:
        found = knowledge.published.article_at(
            card.slug, language=language, reader=Audience.PUBLIC
        )
        if found is None:
            continue
        path = public_path(language, prefix.link("portal:article", card.slug))
        entries.append(
            {
                "card": card,
                # Stays the same when the address changes. Source: RFC 4151.
                "id": f"tag:{host},{card.first_at.date()}:article/{card.article_id}/{language}",
                "url": absolute(path),
                "html": _absolute_links(str(dressed(found.body).body)),
            }
        )
    response = _answer(
        "portal/machines/feed.xml",
        "application/atom+xml; charset=utf-8",
        shop=shop,
        language=language,
        entries=entries,
        id=f"tag:{host},2026:news/{language}",
        own_url=absolute(public_path(language, prefix.link("portal:feed"))),
        page_url=absolute(public_path(language, prefix.link("portal:news"))),
        updated=max((one.published_at for one in cards), default=None) or _epoch(),
    )
    if cards:
        response.changed_at = max(one.published_at for one in cards)  # type: ignore[attr-defined]
    return response


def _epoch() -> datetime:
    return datetime.fromisoformat("2026-01-01T00:00:00+00:00")


def _absolute_links(html: str) -> str:
    """Let pictures and links of ours work outside of our pages."""
    return html.replace('src="/', f'src="{settings.ENV.url}/').replace(
        'href="/', f'href="{settings.ENV.url}/'
    )
