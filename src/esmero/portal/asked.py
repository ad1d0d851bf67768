"""What readers ask and read, and that they wrote although something had been offered.

Reads are counted in memory and written together: a row for each would cost more than the page.
"""

from __future__ import annotations

import atexit
import contextlib
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from threading import Lock

import structlog
from django.db import DatabaseError
from django.http import HttpRequest

from esmero.kernel import signing
from esmero.knowledge import actions as knowledge
from esmero.knowledge import queries
from esmero.shop.queries import the_shop

log = structlog.get_logger(__name__)
WRITE_EACH = 5.0
"""Seconds between two writings of the counted reads of one process."""
KINDS_MOST = 500
_MACHINE = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python|http|scan", re.I)
_VOTER = "esmero.portal.voter"
_ASKER = "esmero.portal.asker"
_reads: Counter[tuple[int, str, date]] = Counter()
_lock = Lock()
_written_at = time.monotonic()


def visit_of(request: HttpRequest, *, at: datetime, purpose: str = _VOTER) -> str:
    """Return a keyed digest of a visit: where from, with which browser, on which day.

    Enough to count nobody twice, and nothing that could be traced back or followed into another
    day; no cookie is needed for it.
    """
    parts = (
        _day(at).isoformat(),
        str(request.META.get("REMOTE_ADDR", "")),
        request.headers.get("User-Agent", "")[:400],
    )
    return signing.sign(purpose, "\0".join(parts))


def _day(at: datetime) -> date:
    return at.astimezone(the_shop().zone).date()


def asker_of(request: HttpRequest, *, at: datetime) -> str:
    """Return the digest under which a question is counted once."""
    return visit_of(request, at=at, purpose=_ASKER)


def read(request: HttpRequest, article_id: int, language: str, *, at: datetime) -> None:
    """Count that somebody read an article; machines are not somebody."""
    if request.method != "GET" or _is_machine(request):
        return
    with _lock:
        _reads[article_id, language, _day(at)] += 1
        is_time = time.monotonic() - _written_at >= WRITE_EACH or len(_reads) >= KINDS_MOST
    if is_time:
        write_reads()


def write_reads() -> None:
    """Write what was counted. What cannot be written now is kept for the next time."""
    global _written_at
    with _lock:
        _written_at = time.monotonic()
        taken = dict(_reads)
        _reads.clear()
    if not taken:
        return
    try:
        knowledge.count_reads(reads=taken)
    except DatabaseError as error:
        log.warning("reads_not_counted_yet", error=type(error).__name__)
        with _lock:
            _reads.update(taken)


def forget() -> None:
    """Drop what is counted (between tests)."""
    global _written_at
    with _lock:
        _reads.clear()
        _written_at = time.monotonic()


def wrote_anyway(article_ids: list[int], *, language: str, at: datetime) -> None:
    """A contact followed although these articles had been at hand."""
    day = _day(at)
    knowledge.count_contacts(article_ids=article_ids, language=language, day=day)


def searched(
    request: HttpRequest, query: str, found: queries.Found | None, *, language: str, at: datetime
) -> None:
    """Write down what was searched, without who; a machine asks nothing, and what cannot be
    written takes no answer away.
    """
    if request.method != "GET" or _is_machine(request):
        return
    with _unwritten("search"):
        knowledge.note_search(
            text=query, language=language, asker=asker_of(request, at=at), found=found, at=at
        )


def opened(request: HttpRequest, article_id: int, *, at: datetime) -> None:
    """An article was opened from what a search had found."""
    if request.method != "GET" or _is_machine(request):
        return
    with _unwritten("opened"):
        knowledge.note_opened(article_id=article_id, asker=asker_of(request, at=at), at=at)


def wrote(request: HttpRequest, *, at: datetime) -> None:
    """A contact followed what this visit had searched."""
    with _unwritten("contact"):
        knowledge.note_contact(asker=asker_of(request, at=at), conversation_id=None, at=at)


def _is_machine(request: HttpRequest) -> bool:
    agent = request.headers.get("User-Agent", "")
    return not agent or bool(_MACHINE.search(agent))


@contextlib.contextmanager
def _unwritten(what: str) -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        log.warning("question_not_noted", what=what, error=type(error).__name__)


def _at_exit() -> None:
    with contextlib.suppress(Exception):
        write_reads()


atexit.register(_at_exit)
