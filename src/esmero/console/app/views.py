"""The manifest, the service worker and the page without a connection; one click that silences."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.notices import actions as notices
from esmero.notices import queries
from esmero.notices.enums import Mutes
from esmero.notices.errors import LinkNotValid
from esmero.people import queries as people
from esmero.shop.queries import the_shop
from esmero.ui.links import link as link_to
from esmero.ui.notices import KINDS

SCOPE = "/c/"
LANGUAGES = ("es", "en")
GROUND = "#F7F3EC"
_SHELL = ("ui/console.css", "ui/console.js", "django_htmx/htmx-2.min.js", "ui/img/favicon.svg")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What an installed app is called and looks like. Source: W3C, Web Application Manifest."""
    shop = the_shop()
    name = f"{shop.name}, Esmero" if shop.is_set_up else "Esmero"
    icons = [
        {"src": static("ui/img/app-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("ui/img/app-512.png"), "sizes": "512x512", "type": "image/png"},
        {
            "src": static("ui/img/app-maskable-512.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ]
    said = {
        "id": SCOPE,
        "name": name,
        "short_name": shop.name[:12].strip() if shop.is_set_up else "Esmero",
        "lang": shop.language,
        "start_url": SCOPE,
        "scope": SCOPE,
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": icons,
    }
    return JsonResponse(
        said,
        content_type="application/manifest+json",
        headers={"Cache-Control": "no-cache"},
    )


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("l", "")
    return asked if asked in LANGUAGES else the_shop().language[:2]


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker in somebody's language (`l`): it keeps hashed static files and the page
    without a connection, and nothing else.
    """
    language = _language(request)
    shell = [static(path) for path in _SHELL]
    offline_at = f"{link_to('app:offline')}?l={language}"
    context = {
        "shell": shell,
        "offline": offline_at,
        "version": hashlib.sha256("\n".join([*shell, offline_at]).encode()).hexdigest()[:16],
        "icon": static("ui/img/app-192.png"),
        "badge": static("ui/img/app-badge.png"),
    }
    response = render(
        request, "console/app/worker.js", context, content_type="text/javascript; charset=utf-8"
    )
    # Source: W3C, Service Workers, 6.2: a wider scope than its own folder has to be allowed.
    response["Service-Worker-Allowed"] = SCOPE
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown where there is no connection: nobody's data, and what becomes of drafts."""
    with translation.override(_language(request)):
        context = {"shop": the_shop(), "again": SCOPE}
        response = render(request, "console/app/offline.html", context)
        response["Cache-Control"] = "no-cache"
        return response


@csrf_exempt  # the link is signed, and a mail program or a service worker has no cookie of ours
@require_http_methods(["GET", "HEAD", "POST"])
def silence(request: HttpRequest, link: str) -> HttpResponse:
    """Silence what a signed link names: asked first here, at once by RFC 8058 and by the buttons
    of a push message. Looking (a scanner does) changes nothing.
    """
    at = now()
    try:
        found = queries.read_link(link, at=at)
    except LinkNotValid:
        raise Http404 from None
    agent = people.agent(found.agent_id)
    if agent is None:
        raise Http404
    with translation.override(agent.language):
        is_done = False
        if request.method == "POST":
            try:
                notices.obey_link(link, at=at)
            except NotFound:
                raise Http404 from None
            is_done = True
            if request.POST.get("List-Unsubscribe") == "One-Click":
                return HttpResponse(status=HTTPStatus.NO_CONTENT)
        context = {"shop": the_shop(), "lines": _lines(found), "is_done": is_done}
        response = render(request, "console/app/silence.html", context)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response


def _lines(found: queries.Link) -> list[str]:
    if found.what is Mutes.CONVERSATION:
        return [gettext("Conversation no. %(number)s") % {"number": found.values[0]}]
    channel = gettext("by mail") if found.what is Mutes.MAIL else gettext("by push")
    return [f"{KINDS[kind]}, {channel}" for kind in queries.kinds_in(found)]
