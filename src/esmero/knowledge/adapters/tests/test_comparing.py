"""What the search process says of sentences, and what it keeps of them."""

from datetime import timedelta

import numpy as np
import pytest

from esmero.knowledge import actions
from esmero.knowledge.adapters import comparing
from esmero.knowledge.adapters.comparing import Comparing
from esmero.knowledge.adapters.following import Following
from esmero.knowledge.adapters.sentences import digest_of, packed
from esmero.knowledge.models import Passage, Vector
from esmero.knowledge.search import Index
from esmero.knowledge.search.tests.test_index import Bags, Broken
from esmero.knowledge.tests.asking import publish
from tests.cast import NOON, open_house

pytestmark = pytest.mark.django_db
TEXTS = [
    "cambiar la talla",
    "talla pequeña",
    "abrís los sábados",
    "los sábados por la tarde",
    "pagar con tarjeta",
    "tarjeta regalo",
    "cambiar la fecha",
    "dónde está mi pedido",
]
DAY = timedelta(days=1)


class Kept:
    """A `Comparing` whose clock and encoder the test holds."""

    def __init__(self, encoder=None):
        self.at = NOON
        self.encoder = encoder or Bags()
        self.it = Comparing(Index(self.encoder), now=lambda: self.at)

    def learn(self, texts=TEXTS):
        return self.it.learn({"texts": list(texts)})

    def alike(self, texts=TEXTS, of=(0,), also=None, around=(), limit=3):
        return self.it.alike(
            {
                "texts": packed(texts), "around": packed(around), "of": list(of), "limit": limit,
                "also": also if also is not None else [[] for _ in of],
            }
        )  # fmt: skip

    def pairs(self, texts, pairs, centre):
        return self.it.pairs({"texts": packed(texts), "pairs": pairs, "centre": centre})


def cosines(texts, around=()):
    """Reckon all cosines at once, as they are defined."""
    rows = Bags().encode([*texts, *around]).astype(np.float16).astype(float)
    rows = (rows - rows.mean(axis=0))[: len(texts)]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows @ rows.T


@pytest.fixture(autouse=True)
def house():
    return open_house()


@pytest.mark.parametrize("block", [1000, 3, 1])
def test_alike_tells_the_nearest_and_those_asked_for(monkeypatch, block):
    monkeypatch.setattr(comparing, "_BLOCK", block)
    around = ["hola buenas", "una consulta"]
    kept = Kept()
    kept.learn([*TEXTS, *around])
    told = kept.alike(of=[0, 5], also=[[7, 1], []], around=around)
    wanted = cosines(TEXTS, around)
    assert told["encoder"] == "bags-1"
    for near, place in zip(told["near"], (0, 5), strict=True):
        assert [cosine for _, cosine in near] == sorted((c for _, c in near), reverse=True)
        for other, cosine in near:
            assert cosine == pytest.approx(wanted[place][other], abs=2e-3)
        nearest = {int(p) for p in np.argsort(-wanted[place])[:3]}
        assert {other for other, _ in near} == nearest | ({7, 1} if place == 0 else set())


def test_pairs_equal_alike():
    kept = Kept()
    kept.learn()
    told = kept.alike(of=[0], limit=8)
    by_place = dict(told["near"][0])
    pairs = kept.pairs([TEXTS[0], TEXTS[6], TEXTS[7]], [0, 1, 0, 2], told["centre"])
    assert pairs["cosines"] == pytest.approx([by_place[6], by_place[7]], abs=1e-3)


def test_what_all_share_says_nothing():
    texts = [f"colchón {word}" for word in ("firme", "blando", "barato", "ancho")]
    kept = Kept()
    kept.learn(texts)
    raw = kept.encoder.encode(texts[:2])
    (near,) = kept.alike(texts, limit=4)["near"]
    assert raw[0] @ raw[1] > 0.3 > 0 > max(cosine for place, cosine in near if place)


def test_vectors_are_made_once_and_kept_in_the_database():
    kept, later = Kept(), Kept()
    assert kept.learn() == {"encoder": "bags-1"}
    assert sorted(kept.encoder.encoded) == sorted(TEXTS)
    rows = dict(Vector.objects.values_list("digest", "asked_on"))
    assert {bytes(digest) for digest in rows} == {digest_of(text) for text in TEXTS}
    assert set(rows.values()) == {NOON.date()}
    assert {len(row.data) for row in Vector.objects.all()} == {2 * Bags.dimensions}
    later.learn([*TEXTS, TEXTS[0], "una más"])
    later.alike([*TEXTS, TEXTS[0], "una más"])
    assert later.encoder.encoded == ["una más"]


def test_what_nobody_wants_for_a_month_is_forgotten():
    kept = Kept()
    kept.learn()
    kept.at = NOON + 20 * DAY
    kept.alike(TEXTS[:3])
    assert actions.forget_vectors(at=NOON + 29 * DAY) == 0
    assert actions.forget_vectors(at=NOON + 31 * DAY) == 5
    assert {bytes(d) for d in Vector.objects.values_list("digest", flat=True)} == {
        digest_of(text) for text in TEXTS[:3]
    }
    assert actions.forget_vectors(at=NOON + 51 * DAY) == 3


def test_what_is_wanted_daily_is_written_weekly():
    kept = Kept()
    kept.learn()
    for days, on in ((7, NOON), (8, NOON + 8 * DAY)):
        kept.at = NOON + days * DAY
        kept.alike()
        assert set(Vector.objects.values_list("asked_on", flat=True)) == {on.date()}


def test_vectors_of_passages_go_with_the_passage_alone():
    article = publish("¿Puedo cambiar la talla?", "Sí.")
    following = Following(Index(Bags()), Bags.dimensions)
    following.load()
    # The words of a title, asked as a question: a row of its own.
    Kept().learn(["¿Puedo cambiar la talla?"])
    assert Vector.objects.count() == 3
    assert actions.forget_vectors(at=NOON + 31 * DAY) == 1
    assert Vector.objects.filter(asked_on=None).count() == 2
    assert actions.forget_vectors(at=NOON + 31 * DAY) == 0
    actions.withdraw_text(article_id=article, language="es", at=NOON, by=None)
    assert Passage.objects.filter(is_gone=False).count() == 0
    assert actions.forget_vectors(at=NOON) == 2


def test_a_vector_that_is_forgotten_meanwhile_is_near_to_nothing(monkeypatch):
    kept = Kept()
    kept.learn()
    was = Comparing._refused

    def refused(self, texts):
        found = was(self, texts)
        Vector.objects.filter(digest=digest_of(TEXTS[1])).delete()
        return found

    monkeypatch.setattr(Comparing, "_refused", refused)
    near = dict(kept.alike(limit=8)["near"][0])
    assert near[1] == 0
    assert near[0] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("encoder", [None, Broken()])
def test_without_an_encoder_it_is_said(encoder):
    kept = Kept()
    kept.it = Comparing(Index(encoder), now=lambda: NOON)
    assert kept.learn() == {"encoder": ""}
    assert kept.alike()["encoder"] == ""
    assert Vector.objects.count() == 0


def test_what_was_not_learnt_is_named():
    kept = Kept()
    kept.learn(TEXTS[:6])
    told = kept.alike(around=["hola", TEXTS[0]])
    assert told == {"encoder": "bags-1", "missing": [6, 7, 8]}
    kept.learn([*TEXTS, "hola"])
    centre = kept.alike(around=["hola", TEXTS[0]])["centre"]
    assert kept.pairs([TEXTS[0], "otra"], [0, 1], centre)["missing"] == [1]
    many = [f"pregunta {number}" for number in range(500)]
    assert kept.alike(many)["missing"] == list(range(400))
    with pytest.raises(ValueError, match="400"):
        kept.learn(many)


def test_a_text_of_any_length_is_looked_at_for_a_while():
    kept = Kept()
    kept.learn(["x" * 5_000_000])
    assert [len(text) for text in kept.encoder.encoded] == [600]


ASKED = {"texts": packed("ab"), "around": "", "of": [0], "also": [[]], "limit": 3}


@pytest.mark.parametrize(
    "change",
    [
        {"texts": "no base64!"},
        {"texts": "AAAA"},  # three bytes
        {"texts": ["a"]},
        {"texts": ""},
        {"texts": packed("a") * 20_001},
        {"of": [2]},
        {"of": [-1]},
        {"of": [True]},
        {"of": ["0"]},
        {"of": [0] * 1001, "also": [[]] * 1001},
        {"also": []},
        {"also": [[5]]},
        {"also": [0]},
        {"limit": "many"},
        {"limit": None},
        {"around": None},
    ],
)
def test_what_cannot_be_asked_is_refused(change):
    kept = Kept()
    kept.learn(["a", "b"])
    assert kept.it.alike(ASKED)["near"]
    with pytest.raises((ValueError, TypeError)):
        kept.it.alike({**ASKED, **change})


@pytest.mark.parametrize("texts", ["ab", ["a", 1], [["a"]], None, {"a": 1}])
def test_what_cannot_be_learnt_is_refused(texts):
    with pytest.raises((ValueError, TypeError)):
        Kept().it.learn({"texts": texts})
    assert Vector.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"pairs": [0]},
        {"pairs": [0, 2]},
        {"pairs": [[0, 1]]},
        {"centre": "AAAA"},
        {"centre": "no base64!"},
        {"centre": None},
        {"texts": packed("a") * 6001},
        {"pairs": [0, 1] * 20_001},
    ],
)
def test_pairs_that_cannot_be_told_are_refused(change):
    kept = Kept()
    kept.learn(["a", "b"])
    centre = kept.it.alike(ASKED)["centre"]
    asked = {"texts": packed("ab"), "pairs": [0, 1], "centre": centre}
    assert len(kept.it.pairs(asked)["cosines"]) == 1
    with pytest.raises((ValueError, TypeError)):
        kept.it.pairs({**asked, **change})


def test_a_whole_shop_of_texts_is_told_in_a_message():
    kept = Kept()
    Vector.objects.bulk_create(
        Vector(
            encoder="bags-1",
            digest=digest_of(f"pregunta {number}"),
            data=np.eye(1, Bags.dimensions, number % 64).astype("<f2").tobytes(),
            asked_on=NOON.date(),
        )
        for number in range(15_000)
    )
    texts = [f"pregunta {number}" for number in range(15_000)]
    told = kept.alike(texts, of=range(14_900, 15_000), limit=60)
    assert [len(near) for near in told["near"]] == [60] * 100
    assert {place % 64 for place, _ in told["near"][0]} == {14_900 % 64}
    assert kept.encoder.encoded == []
