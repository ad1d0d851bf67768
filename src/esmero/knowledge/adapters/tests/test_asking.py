"""Who asks the search process, and goes on without it."""

import pytest

from esmero.knowledge.adapters import asking
from esmero.knowledge.adapters.asking import Process
from esmero.knowledge.search import Index
from esmero.knowledge.search.serving import Server

HOW = {"language": "es", "audiences": ["public"]}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "s"


@pytest.fixture
def process(path):
    made = Process(lambda: path)
    yield made
    made.close()


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

    monkeypatch.setattr(asking.time, "monotonic", lambda: Clock.now)
    return Clock


def serve(path, **more):
    made = Server(Index(None), path, more=more)
    made.start()
    return made


def test_what_is_done_beside_searching_is_answered(path, process):
    server = serve(path, double=lambda asked: {"found": [2 * one for one in asked["numbers"]]})
    assert process.more("double", numbers=[1, 2]) == {"found": [2, 4]}
    server.close()


def test_nobody_there_is_nothing_and_asked_again_after_a_minute(path, process, clock):
    assert process.more("double", numbers=[1]) is None
    server = serve(path, double=lambda asked: {"found": 2})
    assert process.more("double", numbers=[1]) is None
    clock.now += 61
    assert process.more("double", numbers=[1]) == {"found": 2}
    server.close()


def test_one_that_cannot_compare_goes_on_searching(path, process, clock):
    def refuses(asked):
        raise ValueError("no")

    server = serve(path, double=refuses)
    assert process.more("double") is None
    assert process.more("other") is None
    assert process.search("talla", **HOW) is not None
    server.close()


def test_an_answer_of_another_kind_is_nothing(path, process):
    server = serve(path, double=lambda asked: [1, 2])
    assert process.more("double") is None
    server.close()
