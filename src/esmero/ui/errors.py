"""The pages for what goes wrong: they need no database and say what to do next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from esmero.kernel.clock import now


def _page(request: HttpRequest, status: int, title: str, what: str, do: str) -> HttpResponse:
    place = "/c/" if request.path_info.startswith(("/c/", "/cuenta/")) else "/"
    words = {"title": title, "what": what, "do": do, "place": place, "at": now()}
    return render(request, "ui/error.html", words, status=status, using="jinja2")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it is not there, or not for you; the two are told alike."""
    return _page(
        request,
        404,
        gettext("Not found"),
        gettext("There is nothing at this address, or you may not see it."),
        gettext("If a link brought you here, it may have expired."),
    )


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
    return _page(
        request,
        500,
        gettext("Something failed on our side"),
        gettext("It is noted in the log. What you had written in a reply is saved as a draft."),
        gettext("Try again in a moment; if it happens again, tell whoever runs Esmero."),
    )


def csrf_failure(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    """403: the form was too old or came from elsewhere."""
    return _page(
        request,
        403,
        gettext("This form has expired"),
        gettext("You signed in or out since it was opened, or cookies are switched off."),
        gettext("Go back, reload the page and send it again; nothing was changed."),
    )
