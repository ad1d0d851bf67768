"""Where nothing is: the customers' page that offers to look for it; the team has its own."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from esmero.portal import frame
from esmero.ui import errors

_OTHERS = ("/c/", "/cuenta/", "/instalar/", "/static/")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """404, at an address that leads to no page of ours."""
    if not request.path_info.startswith(_OTHERS):
        try:
            return _page(request)
        except DatabaseError:
            pass  # the plain page works without
    return errors.not_found(request, exception)


@frame.page
def _page(request: HttpRequest) -> HttpResponse:
    return frame.missing(request)
