"""Articles are written by one person at a time and seen when they are published."""

from datetime import timedelta

import pytest

from esmero.kernel.models import EventRow
from esmero.knowledge import actions, queries
from esmero.knowledge.enums import Audience, Kind
from esmero.knowledge.errors import ArticleChanged, NothingToPublish
from esmero.knowledge.models import Passage, Text
from tests.cast import NOON as NOW

pytestmark = pytest.mark.django_db


def make(title="¿Cómo devuelvo un pedido?", body="<p>Tienes 30 días.</p>", **more):
    return actions.create_article(
        kind=Kind.FAQ, language="es", title=title, body=body, at=NOW, by=None, **more
    )


def seen(reader=Audience.PUBLIC):
    return list(queries.visible_to(reader, "es").values_list("article_id", flat=True))


def passages():
    found = Passage.objects.filter(is_gone=False).order_by("role", "place")
    return list(found.values_list("role", "text"))


def test_a_draft_is_seen_by_nobody_and_a_published_text_by_its_audience():
    make(title="Otra cosa")
    article = make()
    assert (seen(), passages()) == ([], [])
    assert actions.publish_text(article_id=article, language="es", at=NOW, by=None) == 1
    assert seen() == [article]
    assert passages() == [
        ("answer", "Tienes 30 días."),
        ("question", "¿Cómo devuelvo un pedido?"),
    ]


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        (Audience.PUBLIC, {Audience.PUBLIC, Audience.CUSTOMERS, Audience.TEAM}),
        (Audience.CUSTOMERS, {Audience.CUSTOMERS, Audience.TEAM}),
        (Audience.TEAM, {Audience.TEAM}),
    ],
)
def test_each_audience_reads_what_those_before_it_read(audience, readers):
    article = make(audience=audience)
    actions.publish_text(article_id=article, language="es", at=NOW, by=None)
    assert {reader for reader in Audience if seen(reader) == [article]} == readers


def test_publishing_says_so_once_and_again_with_the_next_number():
    article = make()
    actions.publish_text(article_id=article, language="es", at=NOW, by=None)
    actions.publish_text(article_id=article, language="es", at=NOW, by=None)
    said = EventRow.objects.filter(kind="knowledge.published").order_by("id")
    assert [row.data for row in said] == [
        {"article_id": article, "language": "es", "number": 1, "is_first": True},
        {"article_id": article, "language": "es", "number": 2, "is_first": False},
    ]


def test_two_writers_do_not_write_over_each_other():
    article = make()
    save = {"article_id": article, "language": "es", "summary": "", "at": NOW}
    assert actions.save_text(**save, version=0, title="A", body="<p>a</p>", by=None) == 1
    with pytest.raises(ArticleChanged) as refused:
        actions.save_text(**save, version=0, title="B", body="<p>b</p>", by=None)
    assert refused.value.params == {"version": 1, "agent_id": None}
    assert Text.objects.get(article_id=article).title == "A"


def test_readers_keep_the_published_text_while_another_is_written():
    article = make()
    actions.publish_text(article_id=article, language="es", at=NOW, by=None)
    actions.save_text(
        article_id=article, language="es", version=0, title="Nuevo", summary="",
        body="<p>Otro.</p>", at=NOW + timedelta(hours=1), by=None,
    )  # fmt: skip
    assert queries.visible_to(Audience.PUBLIC, "es").get().published.title == (
        "¿Cómo devuelvo un pedido?"
    )
    assert ("question", "¿Cómo devuelvo un pedido?") in passages()


@pytest.mark.parametrize(("title", "body"), [("", "<p>a</p>"), ("Título", ""), ("T", "<p> </p>")])
def test_nothing_is_not_published(title, body):
    article = make(title=title, body=body)
    with pytest.raises(NothingToPublish):
        actions.publish_text(article_id=article, language="es", at=NOW, by=None)
    assert EventRow.objects.filter(kind="knowledge.published").count() == 0


def test_withdrawn_it_is_neither_seen_nor_found():
    article = make()
    actions.publish_text(article_id=article, language="es", at=NOW, by=None)
    actions.withdraw_text(article_id=article, language="es", at=NOW, by=None)
    assert (seen(), passages()) == ([], [])


def test_two_articles_of_one_title_have_two_addresses():
    for _ in range(2):
        actions.publish_text(article_id=make(), language="es", at=NOW, by=None)
    assert sorted(Text.objects.values_list("slug", flat=True)) == [
        "como-devuelvo-un-pedido",
        "como-devuelvo-un-pedido-2",
    ]


def test_hostile_html_loses_its_teeth():
    article = make(body='<p onclick="x">a<script>b</script><img src="https://x.example/p"></p>')
    assert Text.objects.get(article_id=article).body == "<p>a<img></p>"
