"""What this browser remembers of its customer: the enquiries that were written to from here.

A cookie of its own, apart from the team's, signed and for our pages only. It is set when somebody
writes, never when a page is merely opened, and it grants nothing: each enquiry in it is shown with
a link made afresh, as the mails carry it.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "esmero_customer"
LASTS = timedelta(days=90)
MOST = 10
_SALT = "esmero.portal.session"


def remembered(request: HttpRequest) -> list[str]:
    """Return the tokens of the enquiries that this browser wrote to, the last one first."""
    try:
        tokens = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return []
    return [t for t in tokens if isinstance(t, str)][:MOST] if isinstance(tokens, list) else []


def remember(request: HttpRequest, response: HttpResponse, token: str) -> None:
    """Let this browser remember an enquiry."""
    tokens = [token, *(t for t in remembered(request) if t != token)][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps(tokens, salt=_SALT, compress=True),
        max_age=int(LASTS.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    """Let this browser forget them all."""
    response.delete_cookie(COOKIE, samesite="Lax")
