"""The pages for what goes wrong: they work without a database and say what to do next."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from esmero.kernel.clock import now
from esmero.shop.queries import ShopCard, the_shop


def _is_team(request: HttpRequest) -> bool:
    """Whether this is a page of the team; all others are read by customers."""
    return request.path_info.startswith(("/c/", "/cuenta/", "/instalar/"))


def _page(request: HttpRequest, status: int, title: str, what: str, do: str) -> HttpResponse:
    is_team = _is_team(request)
    words = {
        "title": title,
        "what": what,
        "do": do,
        "place": "/c/" if is_team else "/",
        "person": "" if is_team or status >= 500 else "/contacto/",
        "shop": None if status >= 500 else _shop(),
        "at": now(),
    }
    return render(request, "ui/error.html", words, status=status, using="jinja2")


def _shop() -> ShopCard | None:
    """Return whose page it is, if that can be told."""
    try:
        return the_shop()
    except DatabaseError:
        return None


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it is not there, or not for you; the two are told alike."""
    if _is_team(request):
        what = gettext("There is nothing at this address, or you may not see it.")
        do = gettext("If a link brought you here, it may have expired.")
    else:
        what = gettext("There is nothing at this address.")
        do = gettext(
            "A link may have been cut short when it was copied; "
            "opened from the mail itself it is whole."
        )
    return _page(request, 404, gettext("Not found"), what, do)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: seen, but not for this role."""
    return _page(
        request,
        403,
        gettext("Not allowed"),
        gettext("Your role does not allow that."),
        gettext("Ask a supervisor or an admin of the team."),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself makes no sense."""
    return _page(
        request,
        400,
        gettext("That did not work"),
        gettext("The request could not be read."),
        gettext("Go back, reload the page and try again."),
    )


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too often in too short a time."""
    return _page(
        request,
        429,
        gettext("Too many attempts"),
        gettext("From here there were too many attempts in a short time."),
        gettext("Wait a minute and try again."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault, in our log."""
    if _is_team(request):
        what = gettext(
            "It is noted in the log. What you had written in a reply is saved as a draft."
        )
        do = gettext("Try again in a moment; if it happens again, tell whoever runs Esmero.")
    else:
        what = gettext("We have noted it and will look into it.")
        do = gettext(
            "In a moment it should work again. An answer to one of our mails reaches us too."
        )
    return _page(request, 500, gettext("Something failed on our side"), what, do)


def csrf_failure(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    """403: the form was too old or came from elsewhere."""
    return _page(
        request,
        403,
        gettext("This form has expired"),
        gettext("You signed in or out since it was opened, or cookies are switched off."),
        gettext("Go back, reload the page and send it again; nothing was changed."),
    )
