"""Who reads: somebody whom we do not know, or a customer who came in with a code from her mail.

A cookie of its own, apart from the team's and set only when somebody signs in. It holds a random
token; what it opens is looked up each time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from esmero.kernel import clock
from esmero.knowledge.enums import Audience
from esmero.people import actions as people_actions
from esmero.people import queries as people
from esmero.portal.prefix import url

COOKIE = "esmero_reader"
_KEPT = "_esmero_reader"
Reader = people.signin.Reader


def of(request: HttpRequest) -> Reader | None:
    """Return the customer who is signed in here; asked once for a request."""
    if not hasattr(request, _KEPT):
        token = request.COOKIES.get(COOKIE, "")
        found = people.signin.reader_of(token, at=clock.now()) if 20 < len(token) < 100 else None
        setattr(request, _KEPT, found)
    known: Reader | None = getattr(request, _KEPT)
    return known


def audience_of(request: HttpRequest) -> Audience:
    """Return whose articles this reader may see."""
    return Audience.CUSTOMERS if of(request) is not None else Audience.PUBLIC


def let_in(response: HttpResponse, token: str) -> None:
    """Let a browser in."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(people_actions.SESSION_LASTS.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def let_out(request: HttpRequest, response: HttpResponse) -> None:
    """End the session, here and in the database."""
    people_actions.end_session(token=request.COOKIES.get(COOKIE, ""), at=clock.now())
    response.delete_cookie(COOKIE, samesite="Lax")


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Send whoever is not signed in to ask for a code."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reader = of(request)
        if reader is None:
            return HttpResponseRedirect(url("portal:mine"))
        return view(request, reader, *args, **kwargs)

    return asked
