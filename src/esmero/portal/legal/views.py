"""The shop's legal texts."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from esmero.portal import frame, prefix, seo, team
from esmero.portal.legal.rendering import html_of
from esmero.shop import legal as texts
from esmero.shop.queries import the_shop


@require_safe
@frame.public
def legal(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a legal text; a model that nobody has checked says so, and is not to be listed."""
    if slug not in texts.SLUGS:
        raise Http404
    at, language = frame.moment(), frame.language()
    found = texts.text(slug, language)
    body = texts.filled(found.body, the_shop(), email=team.now(at=at).address)
    path = prefix.link("portal:legal", slug)
    return frame.show(
        request,
        "portal/legal/legal.html",
        at=at,
        title=found.title,
        body=html_of(body),
        is_own=found.is_own,
        head=seo.head(
            title=found.title,
            language=language,
            addresses={code: path for code, _name in settings.LANGUAGES},
        )
        if found.is_own
        else None,
    )
