"""Two levels of shelves, which are not removed while something stands on them."""

import pytest

from esmero.kernel.errors import InvalidInput
from esmero.knowledge import actions, queries
from esmero.knowledge.actions import Named
from esmero.knowledge.enums import Kind
from esmero.knowledge.errors import AddressTaken, CategoryInUse
from esmero.knowledge.models import Article, Category, CategoryText, OldAddress
from tests.cast import NOON as NOW

pytestmark = pytest.mark.django_db


def shelf(name, **more):
    return actions.save_category(texts={"es": Named(name)}, at=NOW, by=None, **more)


def tree():
    return [(name, level) for _row, name, level in queries.shelf.category_tree("es")]


def put(category):
    return actions.create_article(
        kind=Kind.FAQ, language="es", title="A", category_id=category, at=NOW, by=None
    )


def test_two_levels_in_their_order():
    a, b = shelf("Envíos"), shelf("Pagos")
    shelf("Aduanas", parent_id=a)
    actions.order_categories(ids=[b, a], at=NOW, by=None)
    assert tree() == [("Pagos", 0), ("Envíos", 0), ("Aduanas", 1)]


def test_no_third_level_and_none_within_itself():
    a = shelf("A")
    b = shelf("B", parent_id=a)
    c = shelf("C")
    for pk, parent in ((c, b), (a, a), (a, c)):
        with pytest.raises(InvalidInput):
            actions.save_category(
                category_id=pk, texts={"es": Named("X")}, parent_id=parent, at=NOW, by=None
            )


def test_a_category_needs_a_name_in_some_language():
    with pytest.raises(InvalidInput):
        actions.save_category(texts={"es": Named("  ")}, at=NOW, by=None)
    assert Category.objects.count() == 0


def test_a_better_name_is_no_other_address_and_another_address_leads_from_the_old_one():
    pk = shelf("Envíos")
    actions.save_category(category_id=pk, texts={"es": Named("Entregas")}, at=NOW, by=None)
    assert CategoryText.objects.get().slug == "envios"
    actions.save_category(
        category_id=pk, texts={"es": Named("Entregas", slug="entregas")}, at=NOW, by=None
    )
    assert (CategoryText.objects.get().slug, OldAddress.objects.get().slug) == (
        "entregas", "envios",
    )  # fmt: skip
    with pytest.raises(AddressTaken):
        shelf("Envíos")


def test_what_holds_something_is_not_removed():
    a, b = shelf("A"), shelf("B")
    shelf("C", parent_id=b)
    put(a)
    for pk in (a, b):
        with pytest.raises(CategoryInUse):
            actions.remove_category(category_id=pk, at=NOW, by=None)
    Article.objects.all().delete()
    actions.remove_category(category_id=a, at=NOW, by=None)
    assert tree() == [("B", 0), ("C", 1)]


def test_merged_its_articles_and_addresses_are_the_other_ones():
    a, b = shelf("A"), shelf("B")
    article = put(a)
    actions.merge_categories(category_id=a, into_id=b, at=NOW, by=None)
    assert tree() == [("B", 0)]
    assert Article.objects.get(pk=article).category_id == b
    assert OldAddress.objects.get().category_id == b


def test_a_category_is_not_merged_into_one_of_its_own():
    a = shelf("A")
    b = shelf("B", parent_id=a)
    for into in (a, b):
        with pytest.raises(InvalidInput):
            actions.merge_categories(category_id=a, into_id=into, at=NOW, by=None)
