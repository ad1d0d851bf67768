"""The shelves: two levels, each with its name and address by language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from esmero.kernel import audit
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.knowledge.actions._rows import LANGUAGES, actor_of
from esmero.knowledge.errors import AddressTaken, CategoryInUse
from esmero.knowledge.models import Article, Category, CategoryText, OldAddress
from esmero.knowledge.rules.slugs import slug_of


@dataclass(frozen=True, slots=True)
class Named:
    """A category in one language; without `slug` its address is made of the name."""

    name: str
    description: str = ""
    slug: str = ""


@action
def save_category(
    *,
    category_id: int | None = None,
    texts: Mapping[str, Named],
    parent_id: int | None = None,
    icon: str = "",
    at: datetime,
    by: int | None,
) -> int:
    """Make or change a category and return its id.

    `texts` by language; a language with an empty name is left out, one at least is needed. A
    category that holds others stands on the first level. Raises InvalidInput, AddressTaken,
    NotFound. What it was published under leads to its new address.
    """
    named = {
        language: Named(one_line(storable(one.name), 120), one.description, one.slug)
        for language, one in texts.items()
        if language in LANGUAGES and one.name.strip()
    }
    if not named:
        raise InvalidInput(field="name")
    category = _category(category_id) if category_id else None
    _refuse_depth(category, parent_id)
    if category is None:
        last = Category.objects.filter(parent_id=parent_id).order_by("-position").first()
        category = Category(created_at=at, position=last.position + 1 if last else 0)
    category.parent_id, category.icon = parent_id, icon[:30]
    category.save()
    for language, one in named.items():
        _save_text(category, language, one, at=at)
    category.texts.exclude(language__in=named).delete()
    audit.record(
        at=at, actor=actor_of(by), action="category.saved", ref=ref("category", category.pk)
    )
    return category.pk


def _category(category_id: int) -> Category:
    found = Category.objects.select_for_update().filter(pk=category_id).first()
    if found is None:
        raise NotFound(category_id=category_id)
    return found


def _refuse_depth(category: Category | None, parent_id: int | None) -> None:
    if parent_id is None:
        return
    parent = _category(parent_id)
    is_itself = category is not None and parent_id == category.pk
    has_children = category is not None and category.children.exists()
    if parent.parent_id is not None or is_itself or has_children:
        raise InvalidInput(field="parent")


def _save_text(category: Category, language: str, one: Named, *, at: datetime) -> None:
    row = category.texts.filter(language=language).first()
    wanted = slug_of(one.slug or one.name)
    if row is not None and not one.slug:
        wanted = row.slug  # a better name is no other address
    if row is None or row.slug != wanted:
        taken = CategoryText.objects.filter(language=language, slug=wanted)
        old = OldAddress.objects.filter(language=language, slug=wanted, category__isnull=False)
        if (
            taken.exclude(category=category).exists()
            or old.exclude(category_id=category.pk).exists()
        ):
            raise AddressTaken(slug=wanted)
        old.delete()
    if row is not None and row.slug != wanted:
        OldAddress.objects.update_or_create(
            language=language, slug=row.slug, category=category, defaults={"at": at}
        )
    row = row or CategoryText(category=category, language=language)
    row.name, row.slug = one.name, wanted
    row.description = one_line(storable(one.description), 300)
    row.save()


@action
def order_categories(*, ids: Sequence[int], by: int | None, at: datetime) -> None:
    """Put categories of one level in this order; others of it follow as they were."""
    for place, pk in enumerate(dict.fromkeys(ids)):
        Category.objects.filter(pk=pk).update(position=place)


@action
def merge_categories(*, category_id: int, into_id: int, at: datetime, by: int | None) -> None:
    """Put what a category holds into another and remove it; its addresses lead there.

    Raises InvalidInput (into itself or into one below it), NotFound.
    """
    category, other = _category(category_id), _category(into_id)
    if category.pk == other.pk or other.parent_id == category.pk:
        raise InvalidInput(field="into")
    if category.children.exists() and other.parent_id is not None:
        raise InvalidInput(field="into")
    Article.objects.filter(category=category).update(category=other)
    category.children.update(parent=other)
    OldAddress.objects.filter(category=category).update(category=other)
    texts = list(category.texts.all())
    category.texts.all().delete()
    for text in texts:
        OldAddress.objects.update_or_create(
            language=text.language, slug=text.slug, category=other, defaults={"at": at}
        )
    category.delete()
    audit.record(
        at=at, actor=actor_of(by), action="category.merged", ref=ref("category", into_id),
        merged=category_id,
    )  # fmt: skip


@action
def remove_category(*, category_id: int, at: datetime, by: int | None) -> None:
    """Remove an empty category. Raises CategoryInUse, NotFound."""
    category = _category(category_id)
    articles = Article.objects.filter(category=category).count()
    if articles or category.children.exists():
        raise CategoryInUse(count=articles)
    category.delete()
    audit.record(
        at=at, actor=actor_of(by), action="category.removed", ref=ref("category", category_id)
    )
