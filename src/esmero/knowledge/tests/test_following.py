"""The index in memory holds what the database says readers may find."""

import threading
from collections.abc import Sequence

import numpy as np
import pytest
from django.db import connection, transaction

from esmero.knowledge import actions
from esmero.knowledge.adapters.following import Following
from esmero.knowledge.enums import Audience, Kind
from esmero.knowledge.models import Passage, Vector
from esmero.knowledge.search import Index
from tests.cast import NOON as NOW

pytestmark = pytest.mark.django_db


class Letters:
    """An encoder that counts letters, and its texts."""

    version, dimensions = "letters-1", 8

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]):
        self.encoded += texts
        found = np.array([[text.count(c) + 1 for c in "aeiodsnr"] for text in texts], np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def is_word(self, word: str) -> bool:
        return True


def publish(title, body="<p>Texto.</p>", audience=Audience.PUBLIC):
    pk = actions.create_article(
        kind=Kind.FAQ, language="es", title=title, body=body, audience=audience, at=NOW, by=None
    )
    actions.publish_text(article_id=pk, language="es", at=NOW, by=None)
    return pk


def follow(encoder=None):
    index = Index(encoder)
    following = Following(index, encoder.dimensions if encoder else 1)
    following.load()
    return following


def found(following, query, audiences=("public",)):
    hits = following.index.search(query, language="es", audiences=set(audiences)).hits
    return [hit.document_id for hit in hits]


def test_what_was_there_and_what_comes_later_is_found():
    first = publish("¿Cómo devuelvo un pedido?")
    following = follow()
    later = publish("¿Qué formas de pago hay?")
    assert following.step() is True
    assert found(following, "devuelvo pedido")[0] == f"{first}.es"
    assert found(following, "formas de pago")[0] == f"{later}.es"


def test_nothing_new_is_nothing_done():
    publish("¿Cómo devuelvo un pedido?")
    following = follow()
    assert [following.step(), following.step()] == [False, False]


def test_what_is_withdrawn_is_found_no_more():
    article = publish("¿Cómo devuelvo un pedido?")
    publish("¿Qué formas de pago hay?")
    following = follow()
    actions.withdraw_text(article_id=article, language="es", at=NOW, by=None)
    following.step()
    assert f"{article}.es" not in found(following, "devuelvo pedido")
    assert len(following.index) == 1


def test_what_is_published_anew_takes_the_place_of_the_old():
    article = publish("¿Cómo devuelvo un pedido?")
    following = follow()
    actions.save_text(
        article_id=article, language="es", version=0, title="¿Hacéis facturas?", summary="",
        body="<p>Sí.</p>", at=NOW, by=None,
    )  # fmt: skip
    actions.publish_text(article_id=article, language="es", at=NOW, by=None)
    following.step()
    assert found(following, "hacéis facturas") == [f"{article}.es"]
    assert len(following.index) == 1


def test_what_is_for_the_team_is_found_by_the_team():
    secret = publish("Devoluciones fuera de plazo", audience=Audience.TEAM)
    following = follow()
    assert found(following, "devoluciones fuera de plazo") == []
    assert found(following, "devoluciones fuera de plazo", ["public", "team"]) == [f"{secret}.es"]


def test_a_vector_is_made_once_and_kept_for_the_next_start():
    publish("¿Cómo devuelvo un pedido?")
    first, second = Letters(), Letters()
    follow(first)
    assert first.encoded
    assert Vector.objects.filter(encoder="letters-1").count() == 2
    follow(second)
    assert second.encoded == []


def test_vectors_of_another_encoder_are_made_anew():
    publish("¿Cómo devuelvo un pedido?")
    follow(Letters())
    other = Letters()
    other.version = "letters-2"
    follow(other)
    assert other.encoded
    assert Vector.objects.filter(encoder="letters-2").count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_is_not_missed():
    publish("¿Qué formas de pago hay?")
    written, go_on = threading.Event(), threading.Event()

    def slowly():
        with transaction.atomic():
            publish("¿Cómo devuelvo un pedido?")
            written.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slowly)
    following = follow()
    thread.start()
    written.wait(10)
    publish("¿Hacéis facturas?")  # younger, and committed first
    following.step()
    following.step()
    go_on.set()
    thread.join()
    following.step()
    assert len(following.index) == 3 == Passage.objects.filter(role="question").count()
