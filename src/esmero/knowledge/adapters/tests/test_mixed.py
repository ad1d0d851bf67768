"""Likeness by words and by meaning, and by words alone while nobody tells the meaning."""

import numpy as np
import pytest

from esmero.knowledge.adapters import lexical, mixed
from esmero.knowledge.adapters.comparing import Comparing
from esmero.knowledge.adapters.lexical import Lexical
from esmero.knowledge.adapters.mixed import Mixed, usual
from esmero.knowledge.models import Vector
from esmero.knowledge.search import Index
from tests.cast import NOON, open_house

pytestmark = pytest.mark.django_db
TOPICS = {"zanfona": 0, "cuerdas": 0, "horno": 1, "barro": 1}
TUNES = [
    "afinar la zanfona",
    "ajustar cuerdas flojas",
    "barro para horno",
    "afinar el horno",
    "paraguas plegables",
]


class Topics:
    """An encoder that knows two subjects; of all else each text is alone."""

    version, dimensions = "topics-1", 64

    def __init__(self):
        self.encoded = []

    def encode(self, texts):
        self.encoded += texts
        return np.stack([self._row(text) for text in texts]).astype(np.float32)

    def _row(self, text):
        row = np.random.default_rng(list(text.encode())).normal(size=self.dimensions)
        row /= np.linalg.norm(row)
        for word, axis in TOPICS.items():
            if word in text:
                row = 0.2 * row + np.eye(self.dimensions)[axis]
        return row / np.linalg.norm(row)

    def is_word(self, word):
        return False


class Beside:
    """The search process, without a process: what it was asked, and whether it answers."""

    def __init__(self, encoder=None):
        self.encoder = encoder or Topics()
        self.operations = Comparing(Index(self.encoder), now=lambda: NOON).operations()
        self.asked = []
        self.is_there = True

    def more(self, do, **asked):
        self.asked.append(do)
        return self.operations[do](asked) if self.is_there else None


@pytest.fixture(autouse=True)
def house():
    return open_house()


@pytest.fixture
def process():
    return Beside()


def test_other_words_of_the_same_subject_are_alike(process):
    compared = Mixed(process).compare(TUNES, language="es")
    near, scale = compared.nearest([0, 4], limit=3)
    assert scale == mixed.SCALE
    (itself, same, other), alone = near
    assert (itself[0], same[0], other[0]) == (0, 1, 3)
    assert itself[1] == pytest.approx(1, abs=0.01)
    assert same[1] >= scale.joins_from > other[1] > alone[1][1]
    by_words = dict(Lexical().compare(TUNES, language="es").nearest([0], limit=5)[0][0])
    assert 1 not in by_words
    assert process.asked == ["alike", "learn", "alike"]


def test_between_equals_nearest(process):
    likeness = Mixed(process)
    likeness.learn(TUNES, language="es")
    compared = likeness.compare(TUNES, language="es")
    near = dict(compared.nearest([0], limit=5)[0][0])
    values, scale = compared.between([(0, 1), (3, 0), (0, 4)])
    assert values == pytest.approx([near[1], near[3], near[4]], abs=0.01)
    assert scale == mixed.SCALE
    assert process.asked == ["learn", "alike", "pairs"]


def test_many_pairs_are_told_some_at_a_time(process, monkeypatch):
    compared = Mixed(process).compare(TUNES, language="es")
    compared.nearest([0], limit=5)
    pairs = [(0, 1), (3, 0), (0, 4), (1, 4), (3, 4)]
    whole = compared.between(pairs)
    monkeypatch.setattr(mixed, "_PAIRS_AT_ONCE", 2)
    assert compared.between(pairs) == whole
    assert process.asked[-4:] == ["pairs"] * 4


def test_words_count_beside_the_meaning(process):
    texts = ["afinar la zanfona", "afino mi zanfona", "ajustar cuerdas flojas"]
    near = dict(Mixed(process).compare(texts, language="es").nearest([0], limit=3)[0][0])
    assert near[1] > near[2]


@pytest.mark.parametrize("when", ["away", "no encoder", "cannot learn"])
def test_without_meaning_words_decide_on_their_own_scale(process, when):
    if when == "away":
        process.is_there = False
    elif when == "no encoder":
        process.operations = Comparing(Index(None), now=lambda: NOON).operations()
    else:
        process.operations["learn"] = lambda asked: {"encoder": "topics-1"}
    compared = Mixed(process).compare(TUNES, language="es")
    words = Lexical().compare(TUNES, language="es")
    pairs = [(0, 1), (0, 3)]
    assert compared.nearest([0, 3], limit=4) == words.nearest([0, 3], limit=4)
    assert compared.between(pairs) == words.between(pairs)
    assert words.between(pairs)[1] == lexical.SCALE
    assert "pairs" not in process.asked
    assert len(process.asked) <= 3


def test_who_goes_away_in_between_is_done_without(process):
    compared = Mixed(process).compare(TUNES, language="es")
    assert compared.nearest([0], limit=3)[1] == mixed.SCALE
    process.is_there = False
    words = Lexical().compare(TUNES, language="es")
    assert compared.between([(0, 3)]) == words.between([(0, 3)])


def test_learnt_in_portions_and_once(process, monkeypatch):
    monkeypatch.setattr(mixed, "_LEARNT_AT_ONCE", 100)
    # The clock moves half a second at each look: one portion fits in.
    told = iter(range(1000))
    monkeypatch.setattr(mixed.time, "monotonic", lambda: next(told) / 2)
    monkeypatch.setattr(mixed, "_LEARNS_S", 0.6)
    likeness = Mixed(process)
    many = [*usual("es"), *(f"pregunta {n}" for n in range(250 - len(usual("es"))))]
    assert [likeness.learn(many, language="es") for _ in range(3)] == [True, True, False]
    assert sorted(process.encoder.encoded) == sorted(many)
    assert process.asked == ["learn"] * 3
    assert likeness.learn(many[:20], language="es") is False
    assert process.asked == ["learn"] * 3


def test_what_was_forgotten_is_learnt_again(process):
    likeness = Mixed(process)
    many = [f"pregunta {number}" for number in range(1300)]
    while likeness.learn(many, language="es"):
        pass
    assert likeness.compare(many, language="es").nearest([0], limit=2)[1] == mixed.SCALE
    Vector.objects.all().delete()
    likeness.learn(many, language="es")  # knows of nothing to learn
    assert likeness.compare(many, language="es").nearest([0], limit=2)[1] == lexical.SCALE
    while likeness.learn(many, language="es"):
        pass
    assert likeness.compare(many, language="es").nearest([0], limit=2)[1] == mixed.SCALE


def test_nobody_to_learn_from_is_no_reason_to_wait(process):
    process.is_there = False
    assert Mixed(process).learn(TUNES, language="es") is False


def test_usual_questions_are_those_of_the_language():
    assert "¿Cómo hago un pedido?" in usual("es")
    assert "How do I place an order?" in usual("en")
    assert "How do I place an order?" not in usual("es")
    assert usual("fr") == []
