"""What every answer carries (a strict content policy, no caching of private pages), and for which
host names we answer at all.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host

Answer = Callable[[HttpRequest], HttpResponse]

# Nothing inline, nothing from elsewhere. Frames: only the page that shows a mail, which is
# sandboxed and carries a policy of its own.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
# Asked for by address, by machines that do not know our name.
HOSTLESS = ("/healthz", "/readyz", "/metrics")
# Bytes of a whole request: the files of a form, its text, and what surrounds them.
VISITOR_MOST = 30_000_000
MEMBER_MOST = 450_000_000
PRIVATE = ("/c/", "/cuenta/", "/consulta/", "/instalar/", "/mis-consultas/", "/mis-datos/")


def allowed_hosts() -> list[str]:
    """Return the host names that we answer to: that of ESMERO_URL, and this machine's own."""
    named = urlsplit(settings.ENV.url).hostname or ""
    bound = settings.ENV.bind
    own = [f"[{name}]" if ":" in name else name for name in (named, bound)]
    return [
        *(name for name in own if name not in {"", "0.0.0.0", "[::]"}),  # noqa: S104
        *LOOPBACK,
        *(name for name in settings.ALLOWED_HOSTS if name != "*"),
    ]


def host_check(get_response: Answer) -> Answer:
    """Answer 400 to requests under a name that is not ours.

    A forged Host would end up in links and mails. Source: OWASP WSTG-INPV-17 (host header
    injection).
    """
    allowed = allowed_hosts()

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info.rstrip("/") in HOSTLESS:
            return get_response(request)
        try:
            given = request.get_host()
        except DisallowedHost:
            given = ""
        domain, _port = split_domain_port(given)
        if not domain or not validate_host(domain, _with_test_host(allowed)):
            return HttpResponse(
                "This host name is not served here. Set ESMERO_URL to the address in use.\n",
                status=400,
                content_type="text/plain; charset=utf-8",
            )
        return get_response(request)

    return answer


def _with_test_host(allowed: list[str]) -> list[str]:
    # Django's test runner adds its own name to the settings after they were read.
    return [*allowed, *(name for name in settings.ALLOWED_HOSTS if name != "*")]


def weight_check(get_response: Answer) -> Answer:
    """Answer 413 to requests heavier than any form of ours, before a byte of them is read.

    Forms are read (files to disk) before anybody asks who sends them. Only a browser that seems to
    be signed in may bring as much as an agent's files together.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        given = request.META.get("CONTENT_LENGTH") or "0"
        is_member = settings.SESSION_COOKIE_NAME in request.COOKIES
        most = MEMBER_MOST if is_member and request.path_info.startswith("/c/") else VISITOR_MOST
        if not (given.isascii() and given.isdigit()) or int(given) > most:
            said = f"More than {most // 1_000_000} MB at once.\n"
            return HttpResponse(said, status=413, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return answer


def policy(get_response: Answer) -> Answer:
    """Add the content policy, and keep private pages out of every cache.

    A view may set a stricter policy of its own before.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if settings.SECURE_HSTS_SECONDS:
            # Also where a proxy is not trusted and the request seems plain: browsers heed it only
            # over https (RFC 6797, 8.1).
            said = f"max-age={settings.SECURE_HSTS_SECONDS}"
            headers.setdefault("Strict-Transport-Security", said)
        if request.path_info.startswith(PRIVATE):
            headers.setdefault("Cache-Control", "no-store")
        return response

    return answer
