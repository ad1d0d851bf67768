"""What every request has to pass before anything of it is read."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from esmero.config import middleware
from esmero.portal import uploads

NO_COOKIE: dict[str, str] = {}
COOKIE = {settings.SESSION_COOKIE_NAME: "x"}


class Unread:
    """A body that must not be touched."""

    def read(self, *_args: int) -> bytes:
        raise AssertionError("it was read")


def status(path: str, length: str, cookies: dict[str, str]) -> int:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    request = RequestFactory(**{"wsgi.input": Unread()}).post(path)  # type: ignore[arg-type]
    request.META["CONTENT_LENGTH"] = length
    request.COOKIES = cookies
    return middleware.weight_check(view)(request).status_code


@pytest.mark.parametrize(
    ("path", "length", "cookies", "expected"),
    [
        ("/contacto/", "1000", NO_COOKIE, 200),
        ("/contacto/", str(uploads.BODY_MOST), NO_COOKIE, 200),
        ("/contacto/", "30000001", NO_COOKIE, 413),
        ("/contacto/", "30000001", COOKIE, 413),
        ("/cuenta/login/", "999999999999999999999999", NO_COOKIE, 413),
        ("/c/conversaciones/1/archivos/", "30000001", NO_COOKIE, 413),
        ("/c/conversaciones/1/archivos/", "420000000", COOKIE, 200),
        ("/c/conversaciones/1/archivos/", "450000001", COOKIE, 413),
        ("/contacto/", "-1", NO_COOKIE, 413),
        ("/contacto/", "1e3", NO_COOKIE, 413),
        ("/contacto/", "", NO_COOKIE, 200),
    ],
)
def test_requests_are_weighed_before_they_are_read(path, length, cookies, expected) -> None:
    assert status(path, length, cookies) == expected
