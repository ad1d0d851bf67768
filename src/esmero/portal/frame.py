"""What every page of the customers has around it: shop, places, hours, language, voice."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from esmero.kernel import clock
from esmero.knowledge import queries as knowledge
from esmero.portal import hours, kept, prefix, readers, seo, shopface, team, voice
from esmero.portal.prefix import url
from esmero.shop.queries import ShopCard, the_shop
from esmero.ui import palette
from esmero.ui.context import DENSITY_COOKIE, THEME_COOKIE, forms, look

View = Callable[..., HttpResponseBase]


def page(view: View) -> View:
    """Make a view a customers' page: in her language, the shop's voice and zone.

    No CSRF token is asked for, so that forms work without cookies: nothing here acts by who is
    signed in. A contact form is anybody's, and an enquiry is acted on by its unguessable link
    alone, which no foreign page knows. What is not said to be public is kept by nobody.
    """
    return csrf_exempt(_framed(view))


def own_page(view: View) -> View:
    """Make a view a page of somebody who is signed in, or is about to be: its forms carry a CSRF
    token.
    """
    return csrf_protect(_framed(view))


def public(view: View) -> View:
    """Make a view a page that is the same for all whom we do not know, and keep it for them.

    Whoever is signed in, or comes with anything in the address or in a cookie that a page may
    depend on, gets a page of her own, which nobody keeps.
    """

    @wraps(view)
    def held(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if _is_somebody(request):
            return view(request, *args, **kwargs)
        key = page_key(request, at=moment())
        found = kept.shelf.get(key)
        if found is None:
            response = view(request, *args, **kwargs)
            if response.status_code != HTTPStatus.OK or not isinstance(response, HttpResponse):
                return response
            found = kept.page_of(response)
            kept.shelf.put(key, found)
        return kept.answer(request, found)

    return page(held)


def _is_somebody(request: HttpRequest) -> bool:
    return (
        request.method not in {"GET", "HEAD"}
        or bool(request.GET)
        or any(name in request.COOKIES for name in (readers.COOKIE, THEME_COOKIE, DENSITY_COOKIE))
    )


def page_key(request: HttpRequest, *, at: datetime) -> Hashable:
    """Return all that a public page may depend on."""
    return (
        request.path_info,
        translation.get_language(),
        the_shop().settings_version,
        knowledge.published.fingerprint(),
        timezone.localtime(at).date(),
        team.now(at=at),
    )


def _framed(view: View) -> View:
    @wraps(view)
    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        shop = the_shop()
        named = prefix.language_in(request.path_info)
        language = named or _language(request)
        token = prefix.carried.set(f"/{named}" if named else "")
        try:
            with (
                translation.override(voice.code_of(language, shop.voice)),
                timezone.override(shop.zone),
            ):
                try:
                    response = view(request, *args, **kwargs)
                except Http404:
                    response = missing(request)
                spoken = voice.language_of(translation.get_language() or "")
        finally:
            prefix.carried.reset(token)
        response.headers.setdefault("Content-Language", spoken)
        response.headers.setdefault("Cache-Control", kept.PRIVATE)
        return response

    return framed


def missing(request: HttpRequest) -> HttpResponse:
    """Say that nothing is here, and offer to look for it; the same whatever was asked for."""
    start = {code: "/" for code, _name in settings.LANGUAGES}
    return show(
        request,
        "portal/missing.html",
        at=moment(),
        status=HTTPStatus.NOT_FOUND,
        others=start,
    )


def _language(request: HttpRequest) -> str:
    if not request.headers.get("Accept-Language"):
        return the_shop().language
    wanted = voice.language_of(translation.get_language() or "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def language() -> str:
    """Return the language of the page that is being made, without its voice."""
    return voice.language_of(translation.get_language() or "")


def show(
    request: HttpRequest,
    template: str,
    *,
    at: datetime,
    place: str = "",
    status: int = HTTPStatus.OK,
    others: Mapping[str, str] | None = None,
    head: seo.Head | None = None,
    **context: Any,
) -> HttpResponse:
    """Render a page inside the frame; `place` names the current one.

    `others`: where the same is found in each language, without prefix; by default at the same
    address. `head`: what machines are told; without it they are told not to list the page.
    """
    shop = the_shop()
    spoken = language()
    face = shopface.face()
    addresses = others or {code: request.path_info for code, _name in settings.LANGUAGES}
    frame = {
        "at": at,
        "lang": spoken,
        "shop": {
            "name": shop.name,
            "url": url("portal:home"),
            "line": _line(shop, at),
            "logo_url": face.logo_url,
        },
        "places": _places(place, face),
        "person_url": url("portal:contact")
        if place == "contact"
        else url("portal:home") + "#person",
        "foot": _foot(shop, face),
        "languages": [
            {"code": code, "label": name, "url": prefix.under(code, addresses[code])}
            for code, name in settings.LANGUAGES
            if code in addresses
        ],
        "shop_css_url": _colours_url(shop),
        "team": team.now(at=at),
        "head": head,
        "url": url,
    }
    # Without the request: its CSRF token would set a cookie on every page, and nothing here asks
    # for one (see `page`). Pages with forms of their own pass it on (`own_page`).
    found = get_template(template, using="jinja2")
    content = found.render({**look(request), **frame, **context})
    response = HttpResponse(content, status=status)
    if head is not None and head.changed_at is not None:
        response.changed_at = head.changed_at  # type: ignore[attr-defined]
    patch_vary_headers(response, ["Cookie"])
    return response


def _places(place: str, face: shopface.Face) -> list[dict[str, Any]]:
    own = [
        ("help", _("Help"), "portal:help"),
        ("contact", translation.pgettext("place", "Contact"), "portal:contact"),
        ("mine", _("My enquiries"), "portal:mine"),
    ]
    found: list[dict[str, Any]] = [
        {"label": label, "url": url(name), "current": key == place} for key, label, name in own
    ]
    found += [{"label": one.label, "url": one.url} for one in face.links_of("head", language())]
    return found


def _line(shop: ShopCard, at: datetime) -> str:
    key = (shop.settings_version, translation.get_language())
    said: str = kept.value("week", key, lambda: hours.line(at=at))
    return f"{shop.name}. {said}" if said else shop.name


def _foot(shop: ShopCard, face: shopface.Face) -> list[dict[str, str]]:
    foot = [{"label": one.label, "url": one.url} for one in face.links_of("foot", language())]
    if shop.website:
        foot.append({"label": _("The shop"), "url": shop.website})
    if shop.telephone:
        foot.append({"label": shop.telephone, "url": f"tel:{shop.telephone.replace(' ', '')}"})
    foot.append({"label": _("My data"), "url": url("portal:data")})
    foot += [
        {"label": name, "url": url("portal:legal", slug)} for slug, name in shopface.legal_names()
    ]
    return foot


def _colours_url(shop: ShopCard) -> str:
    if not shop.primary_colour:
        return ""
    return prefix.link("portal:colours", shop.primary_colour.lstrip("#").lower())


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


def tokens(request: HttpRequest) -> dict[str, Any]:
    """Return what the forms of an `own_page` carry. Its cookie is set by such a page alone."""
    return forms(request)


def go(name: str, *args: Any, tail: str = "") -> HttpResponseRedirect:
    """Send a reader on after a form, staying in her language."""
    return HttpResponseRedirect(url(name, *args) + tail)


def moved(address: str) -> HttpResponse:
    """Send a reader on for good, to an address of ours."""
    response = HttpResponse(status=HTTPStatus.MOVED_PERMANENTLY)
    response.headers["Location"] = address
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def moment() -> datetime:
    """Return now: views pass it on."""
    return clock.now()


def ip_of(request: HttpRequest) -> str:
    """Return where a request came from (a trusted proxy's word is already in it)."""
    return str(request.META.get("REMOTE_ADDR", ""))
