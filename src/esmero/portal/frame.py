"""What every page of the customers has around it: shop, places, hours, language, voice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from esmero.kernel import clock
from esmero.portal import hours, voice
from esmero.shop.queries import ShopCard, the_shop
from esmero.ui import palette
from esmero.ui.context import look

View = Callable[..., HttpResponseBase]
LANGUAGE_FIELD = "idioma"
_YEAR = 365 * 24 * 3600


def page(view: View) -> View:
    """Make a view a customers' page: in her language, the shop's voice and zone.

    No CSRF token is asked for, so that forms work without cookies: nothing here acts by who is
    signed in. A contact form is anybody's, and an enquiry is acted on by its unguessable link
    alone, which no foreign page knows.
    """

    @wraps(view)
    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        shop = the_shop()
        language = _language(request)
        with (
            translation.override(voice.code_of(language, shop.voice)),
            timezone.override(shop.zone),
        ):
            response = view(request, *args, **kwargs)
        response.headers.setdefault("Content-Language", language)
        if language != request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) and (
            LANGUAGE_FIELD in request.GET
        ):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=_YEAR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return csrf_exempt(framed)


def _language(request: HttpRequest) -> str:
    offered = dict(settings.LANGUAGES)
    for wanted in (request.GET.get(LANGUAGE_FIELD, ""), translation.get_language() or ""):
        if wanted[:2] in offered:
            return wanted[:2]
    return settings.LANGUAGE_CODE


def show(
    request: HttpRequest,
    template: str,
    *,
    at: datetime,
    place: str = "",
    status: int = HTTPStatus.OK,
    **context: Any,
) -> HttpResponse:
    """Render a page inside the frame; `place` names the current one."""
    shop = the_shop()
    language = voice.language_of(translation.get_language() or "")
    frame = {
        "at": at,
        "lang": language,
        "shop": {"name": shop.name, "url": reverse("portal:home"), "line": _line(shop, at)},
        "places": [
            {"label": _("Help"), "url": reverse("portal:home"), "current": place == "home"},
            {
                "label": _("Write to us"),
                "url": reverse("portal:contact"),
                "current": place == "contact",
            },
        ],
        "person_url": reverse("portal:home") + "#person",
        "foot": _foot(shop),
        "languages": [
            {"code": code, "label": name, "url": f"{request.path}?{LANGUAGE_FIELD}={code}"}
            for code, name in settings.LANGUAGES
        ],
        "shop_css_url": _colours_url(shop),
    }
    # Without the request: its CSRF token would set a cookie on every page, and nothing here asks
    # for one (see `page`).
    found = get_template(template, using="jinja2")
    content = found.render({**look(request), **frame, **context})
    return HttpResponse(content, status=status)


def _line(shop: ShopCard, at: datetime) -> str:
    said = hours.line(at=at)
    return f"{shop.name}. {said}" if said else shop.name


def _foot(shop: ShopCard) -> list[dict[str, str]]:
    foot = []
    if shop.website:
        foot.append({"label": _("The shop"), "url": shop.website})
    if shop.telephone:
        foot.append({"label": shop.telephone, "url": f"tel:{shop.telephone.replace(' ', '')}"})
    return foot


def _colours_url(shop: ShopCard) -> str:
    if not shop.primary_colour:
        return ""
    return reverse("portal:colours", args=[shop.primary_colour.lstrip("#").lower()])


def colours(request: HttpRequest, colour: str) -> HttpResponse:
    """The stylesheet made of the shop's own colour; no other colour is made."""
    shop = the_shop()
    if f"#{colour}" != shop.primary_colour.lower():
        raise Http404
    try:
        css = palette.shop_css(shop.primary_colour)
    except palette.NotAColour:
        raise Http404 from None
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def moment() -> datetime:
    """Return now: views pass it on."""
    return clock.now()


def ip_of(request: HttpRequest) -> str:
    """Return where a request came from (a trusted proxy's word is already in it)."""
    return str(request.META.get("REMOTE_ADDR", ""))
