"""What the doctor says of work that is not done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from esmero.config.cli import words
from esmero.config.doctor import work
from esmero.kernel import workers
from esmero.kernel.clock import now
from esmero.kernel.models import EventRow, ReactionFailure

pytestmark = pytest.mark.django_db


def said() -> list[tuple[str, str, str]]:
    from esmero.config import env

    return [
        (one.level, one.subject, one.text)
        for one in work.check_workers(env.load())
        if one.subject == "work"
    ]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    words.language.cache_clear()  # whoever ran before in this process has asked for it
    yield
    words.language.cache_clear()


def test_a_loop_that_only_fails_is_named():
    workers.note_alive("worker", at=now(), failing={"filing": 7, "forms": 1})
    assert said() == [("FAIL", "work", "filing: failed 7 times in a row")]


def test_reactions_given_up_are_counted():
    event = EventRow.objects.create(kind="x", at=now(), data={})
    for number, is_given_up in enumerate((True, False)):
        ReactionFailure.objects.create(
            event=event, reaction=f"r{number}", error="", last_at=now(), is_given_up=is_given_up
        )
    assert said() == [("WARN", "work", "1 reactions to events were given up")]


def test_where_all_goes_well_nothing_is_said():
    workers.note_alive("worker", at=now())
    assert said() == []
