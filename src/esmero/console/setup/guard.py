"""The door of the set-up: the right token, and not too many wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from esmero.kernel.ids import token_digest
from esmero.shop import queries as shop

WRONG_MOST = 20
WRONG_WITHIN = 600
"""So many wrong tokens from one address within so many seconds; then none is looked at."""

View = Callable[..., HttpResponseBase]


def with_token(view: View) -> View:
    """Let only the holder of the token in; everybody else, and everybody after, gets a 404."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = f"setup:wrong:{request.META.get('REMOTE_ADDR', '')}"
        if shop.the_shop(fresh=True).is_set_up or _is_blocked(key):
            raise Http404
        # Looked up by its digest: the time tells nothing about the token.
        if not shop.is_setup_token(token_digest(token)):
            _count(key)
            raise Http404
        with timezone.override(shop.the_shop().zone):
            return view(request, token, *args, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(guarded)


def _wrong(key: str) -> int:
    return int(cache.get(key, 0))


def _is_blocked(key: str) -> bool:
    return _wrong(key) >= WRONG_MOST


def _count(key: str) -> None:
    # Two at once may count as one: twenty are few enough that it does not matter.
    cache.set(key, _wrong(key) + 1, WRONG_WITHIN)
