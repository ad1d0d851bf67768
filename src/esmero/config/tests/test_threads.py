"""Each thread has its own language, zone and connection, and Django's stores are where we think."""

import threading

from django.db import connection
from django.utils import timezone, translation

from esmero.config.threads import PLACES, keep_by_thread


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
