"""Each thread has its own language, zone and connection, and Django's stores are where we think."""

import threading
from datetime import datetime

import pytest
from django.db import connection
from django.db.backends.postgresql import psycopg_any
from django.utils import timezone, translation

from esmero.config.threads import PLACES, UtcLoader, keep_by_thread


def test_the_stores_are_kept_by_thread_and_it_may_be_asked_again() -> None:
    before = [getattr(owner, name) for owner, name in PLACES]
    assert all(isinstance(kept, threading.local) for kept in before)
    keep_by_thread()
    assert [getattr(owner, name) for owner, name in PLACES] == before


def test_threads_do_not_see_each_others_language_zone_or_connection() -> None:
    seen = {}

    def elsewhere() -> None:
        seen["language"] = translation.get_language()
        seen["zone"] = timezone.get_current_timezone_name()
        with translation.override("en"), timezone.override("America/Lima"):
            seen["own"] = (translation.get_language(), timezone.get_current_timezone_name())
        seen["connection"] = connection._connections[connection._alias]

    with translation.override("de"), timezone.override("Asia/Tokyo"):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert translation.get_language() == "de"
        assert timezone.get_current_timezone_name() == "Asia/Tokyo"
    assert seen["language"] == "es"
    assert seen["zone"] == "UTC"
    assert seen["own"] == ("en", "America/Lima")
    assert seen["connection"] is not connection._connections[connection._alias]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "2026-11-18 10:00:00+00",
        "2026-11-18 10:00:00.5+00",
        "2026-11-18 10:00:00.123456+00",
        "0099-01-01 00:00:00+00",
        "9999-12-31 23:59:59.999999+00",
        "2026-11-18 12:00:00+02",
        "1890-05-05 00:00:00-05:14:44",
    ],
)
def test_moments_are_read_as_django_reads_them(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> datetime:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::timestamptz", [text])
            found = cursor.fetchone()[0]
            assert isinstance(found, datetime)
            return found

    ours = read()
    loads = []
    monkeypatch.setattr(
        UtcLoader, "load", lambda self, data: loads.append(data) or _django(self, data)
    )
    theirs = read()
    assert loads, "the loader is not in use"
    assert (ours, ours.tzinfo) == (theirs, theirs.tzinfo)


_django = psycopg_any.BaseTzLoader.__mro__[1].load
