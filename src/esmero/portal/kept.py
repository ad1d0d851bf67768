"""Rendered pages that this process keeps, for readers of whom nothing is known and them alone.

A page's key holds all that may change it: address, language and voice, the shop's settings, what
is published, the day, and the state of the team as the page says it. So nothing has to be thrown
away when something changes: the old key is not asked for any more and falls out in time.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

PAGES_MOST = 2000
BYTES_MOST = 48_000_000
PUBLIC = "public, max-age=0, must-revalidate"
PRIVATE = "no-store"
# The moment of the rendering, for the clocks of a page; nothing else of it is new each time.
_MOMENT = re.compile(rb' data-now="[^"]*"')


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered answer."""

    content: bytes
    content_type: str
    etag: str
    changed_at: datetime | None = None
    about: Any = None


class Shelf:
    """The pages, the least used ones going first when they grow too many or too heavy."""

    def __init__(self, pages: int = PAGES_MOST, size: int = BYTES_MOST) -> None:
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._lock = Lock()
        self._pages_most, self._size_most, self._size = pages, size, 0

    def get(self, key: Hashable) -> Page | None:
        """Return a page, if it is here."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Hashable, page: Page) -> None:
        """Keep a page."""
        with self._lock:
            old = self._pages.pop(key, None)
            self._size += len(page.content) - (len(old.content) if old else 0)
            self._pages[key] = page
            while len(self._pages) > self._pages_most or self._size > self._size_most:
                _key, gone = self._pages.popitem(last=False)
                self._size -= len(gone.content)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._pages.clear()
            self._size = 0

    def __len__(self) -> int:
        return len(self._pages)


shelf = Shelf()
_values: dict[Hashable, tuple[Hashable, Any]] = {}


def forget() -> None:
    """Drop what this process keeps (between tests)."""
    shelf.clear()
    _values.clear()


def value(name: Hashable, key: Hashable, make: Callable[[], Any]) -> Any:
    """Return what was made for a key; of each name one value is kept, the latest."""
    found = _values.get(name)
    if found is not None and found[0] == key:
        return found[1]
    made = make()
    if len(_values) > 4000:
        _values.clear()
    _values[name] = (key, made)
    return made


def page_of(response: HttpResponse) -> Page:
    """Return an answer as it is kept, with the mark of its content; what a view noted on it
    (`changed_at`, `about`) is kept too.
    """
    mark = hashlib.blake2b(_MOMENT.sub(b"", response.content), digest_size=12).hexdigest()
    return Page(
        response.content,
        response.headers["Content-Type"],
        f'"{mark}"',
        getattr(response, "changed_at", None),
        getattr(response, "about", None),
    )


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    """Return a public page, or that the reader's copy of it is still good (RFC 9110, 13.1)."""
    if _has(request, page):
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
    else:
        response = HttpResponse(page.content, content_type=page.content_type)
    response.about = page.about  # type: ignore[attr-defined]
    headers = response.headers
    headers["ETag"] = page.etag
    headers["Cache-Control"] = PUBLIC
    if page.changed_at is not None:
        headers["Last-Modified"] = format_datetime(page.changed_at, usegmt=True)
    # Signed in, one sees more: a shared cache must not answer for those who show a cookie.
    patch_vary_headers(response, ["Cookie"])
    return response


def _has(request: HttpRequest, page: Page) -> bool:
    known = request.headers.get("If-None-Match", "")
    if known:
        marks = {mark.strip().removeprefix("W/") for mark in known.split(",")}
        return page.etag in marks or "*" in marks
    since = request.headers.get("If-Modified-Since", "")
    if not since or page.changed_at is None:
        return False
    try:
        return page.changed_at.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
