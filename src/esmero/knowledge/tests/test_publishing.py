"""The way to readers: looked over, at a time, taken away, brought back."""

from datetime import timedelta

import pytest

from esmero.kernel.errors import InvalidInput
from esmero.kernel.models import EventRow
from esmero.knowledge import actions, queries
from esmero.knowledge.enums import Audience, Kind, State
from esmero.knowledge.errors import (
    AddressTaken,
    ArticleChanged,
    NothingToPublish,
    NotInReview,
    StillToFillIn,
)
from esmero.knowledge.models import OldAddress, Passage, Text, Version
from tests.cast import NOON as NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


def make(title="¿Cómo devuelvo un pedido?", body="<p>Tienes 30 días.</p>", **more):
    return actions.create_article(
        kind=Kind.FAQ, language="es", title=title, body=body, at=NOW, by=None, **more
    )


@pytest.fixture
def article():
    make(title="Ruido")
    return make()


def row(article):
    return Text.objects.get(article_id=article, language="es")


def save(article, body, version, title="¿Cómo devuelvo un pedido?"):
    return actions.save_text(
        article_id=article, language="es", version=version, title=title, summary="",
        body=body, at=NOW, by=None,
    )  # fmt: skip


def step(act, article, **more):
    return act(article_id=article, language="es", at=NOW, by=None, **more)


def found(audience=Audience.PUBLIC):
    return set(queries.visible_to(audience, "es").values_list("article_id", flat=True))


def test_put_back_keeps_what_the_note_speaks_of(article):
    step(actions.ask_review, article)
    step(actions.put_back, article, note="Falta el plazo.")
    assert row(article).state == State.DRAFT
    version = Version.objects.get()
    assert (version.note, version.was_published, version.plain) == (
        "Falta el plazo.", False, "Tienes 30 días.",
    )  # fmt: skip


def test_review_is_not_asked_twice_and_nothing_is_put_back_that_waits_for_nothing(article):
    with pytest.raises(NotInReview):
        step(actions.put_back, article)
    step(actions.ask_review, article)
    with pytest.raises(NotInReview):
        step(actions.ask_review, article)


def test_what_is_written_after_the_review_was_asked_goes_back_to_its_writer(article):
    step(actions.ask_review, article, version=0)
    save(article, "<p>Otra cosa.</p>", 0)
    assert row(article).state == State.DRAFT


def test_what_is_published_is_what_was_looked_at(article):
    save(article, "<p>Otra cosa.</p>", 0)
    with pytest.raises(ArticleChanged):
        step(actions.publish_text, article, version=0)
    assert found() == set()
    step(actions.publish_text, article, version=1)
    assert found() == {article}


@pytest.mark.parametrize(
    ("minutes", "is_out"), [(-1, False), (0, True), (1, True)], ids=["before", "then", "after"]
)
def test_scheduled_is_published_when_its_time_has_come(article, minutes, is_out):
    step(actions.schedule_text, article, publish_at=LATER)
    assert actions.next_publication_at() == LATER
    assert actions.publish_due_one(at=LATER + timedelta(minutes=minutes)) is is_out
    assert found() == ({article} if is_out else set())


def test_scheduled_for_the_past_is_refused(article):
    with pytest.raises(InvalidInput):
        step(actions.schedule_text, article, publish_at=NOW)


def test_scheduled_and_then_emptied_goes_back_and_nothing_waits_behind_it(article):
    second = make(title="Otra")
    step(actions.schedule_text, article, publish_at=LATER)
    step(actions.schedule_text, second, publish_at=LATER)
    Text.objects.filter(article_id=article).update(body="")
    assert [actions.publish_due_one(at=LATER) for _ in range(3)] == [True, True, False]
    assert (row(article).state, found()) == (State.DRAFT, {second})


def test_a_blank_of_a_template_is_filled_in_before_it_is_published():
    article = make(body="<p>Tienes <strong>[[días]]</strong>.</p>")
    for act in (actions.publish_text, actions.ask_review):
        with pytest.raises(StillToFillIn) as refused:
            step(act, article)
        assert refused.value.params == {"blank": "días"}


def test_a_manual_without_its_file_is_nothing_to_publish():
    article = actions.create_article(
        kind=Kind.MANUAL, language="es", title="Manual", at=NOW, by=None
    )
    with pytest.raises(NothingToPublish):
        step(actions.publish_text, article)


def test_archived_is_neither_seen_nor_found_and_comes_back_as_it_was(article):
    step(actions.publish_text, article)
    actions.archive_article(article_id=article, at=NOW, by=None)
    assert (found(), Passage.objects.filter(is_gone=False).count()) == (set(), 0)
    actions.unarchive_article(article_id=article, at=NOW, by=None)
    assert (found(), Passage.objects.filter(is_gone=False).count()) == ({article}, 2)
    kinds = EventRow.objects.filter(kind__startswith="knowledge.").order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == [
        "knowledge.published", "knowledge.withdrawn", "knowledge.published",
    ]  # fmt: skip


def test_another_audience_changes_at_once_what_is_found(article):
    step(actions.publish_text, article)
    actions.describe_article(
        article_id=article, kind=Kind.FAQ, category_id=None, audience=Audience.TEAM,
        products=["Solana", " solana ", "", "Solana"], is_featured=True, at=NOW, by=None,
    )  # fmt: skip
    assert (found(), found(Audience.TEAM)) == (set(), {article})
    living = Passage.objects.filter(is_gone=False)
    assert set(living.values_list("audience", flat=True)) == {"team"}
    assert queries.article(article).products == ["Solana", "solana"]


def test_going_back_keeps_what_no_version_held(article):
    step(actions.publish_text, article)
    save(article, "<p>Nuevo.</p>", 0)
    step(actions.publish_text, article)
    save(article, "<p>Sin publicar.</p>", 1)
    with pytest.raises(ArticleChanged):
        step(actions.restore_version, article, number=1, version=1)
    assert step(actions.restore_version, article, number=1, version=2) == 3
    assert row(article).body == "<p>Tienes 30 días.</p>"
    kept = Version.objects.order_by("number").values_list("number", "plain", "was_published")
    assert list(kept) == [
        (1, "Tienes 30 días.", True), (2, "Nuevo.", True), (3, "Sin publicar.", False),
    ]  # fmt: skip
    assert queries.visible_to(Audience.PUBLIC, "es").get().published.plain == "Nuevo."


def test_going_back_from_what_is_held_already_makes_no_version(article):
    step(actions.publish_text, article)
    step(actions.restore_version, article, number=1, version=0)
    assert Version.objects.count() == 1


def test_the_address_follows_the_title_until_it_is_published(article):
    save(article, "<p>a</p>", 0, title="Devolver algo")
    assert row(article).slug == "devolver-algo"
    step(actions.publish_text, article)
    save(article, "<p>a</p>", 1, title="Otro título")
    assert row(article).slug == "devolver-algo"


def test_an_address_that_somebody_chose_stays(article):
    step(actions.change_address, article, wanted="Devolver")
    save(article, "<p>a</p>", 0, title="Otro título")
    assert row(article).slug == "devolver"


def test_an_old_address_leads_here_and_back_again_leads_nowhere_else(article):
    step(actions.publish_text, article)
    assert step(actions.change_address, article, wanted="¡Devolver!") == "devolver"
    assert list(OldAddress.objects.values_list("slug", "article_id")) == [
        ("como-devuelvo-un-pedido", article)
    ]
    step(actions.change_address, article, wanted="como-devuelvo-un-pedido")
    assert list(OldAddress.objects.values_list("slug", flat=True)) == ["devolver"]


def test_an_address_of_another_or_of_its_past_is_taken(article):
    other = make(title="Pagos")
    step(actions.publish_text, other)
    step(actions.change_address, other, wanted="pagar")
    for wanted in ("pagar", "pagos"):
        with pytest.raises(AddressTaken):
            step(actions.change_address, article, wanted=wanted)


def test_an_address_before_the_first_publication_leaves_nothing_behind(article):
    step(actions.change_address, article, wanted="otra-cosa")
    assert OldAddress.objects.count() == 0


def test_related_are_in_order_each_once_and_never_itself(article):
    a, b = make(title="A"), make(title="B")
    actions.set_related(article_id=article, others=[b, article, a, b, 9999])
    assert queries.pages.chosen_related(article) == [b, a]
