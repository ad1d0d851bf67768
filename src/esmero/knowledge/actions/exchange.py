"""Bringing articles in from files and taking them out; the same files again change nothing."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from esmero.kernel import audit, files
from esmero.kernel.errors import Refusal
from esmero.kernel.pictures import kind_of_image, without_traces
from esmero.kernel.text import fold
from esmero.knowledge.actions._rows import actor_of
from esmero.knowledge.actions.articles import add_language, create_article, save_text
from esmero.knowledge.actions.categories import Named, save_category
from esmero.knowledge.actions.files import add_manual, add_picture
from esmero.knowledge.actions.publishing import publish_text
from esmero.knowledge.enums import Audience, Kind
from esmero.knowledge.models import Article, ArticleFile, CategoryText, OldAddress, Text
from esmero.knowledge.rules import exchange
from esmero.knowledge.rules.exchange import Entry

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
_ENDINGS = {
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp",
    "application/pdf": "pdf",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What happens, or would, with one entry. `notes` and `why` are codes."""

    source: str
    what: str
    title: str
    language: str
    article_id: int | None = None
    notes: tuple[str, ...] = ()
    why: str = ""


@dataclass
class _Bringing:
    at: datetime
    by: int | None
    is_trial: bool
    # Articles by the key that their files give them, of this import.
    keys: dict[str, int] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)


def bring_articles(
    *, entries: Sequence[Entry], at: datetime, by: int | None, is_trial: bool = False
) -> list[Line]:
    """Make or change articles as entries say and return a line for each; a trial changes nothing.

    An entry is the text that has its address (or had it) in its language; else a further language
    of the article that its key names; else a new article. Each stands for itself: one that is
    refused leaves the others alone.
    """
    lines: list[Line] = []
    bringing = _Bringing(at, by, is_trial)
    with transaction.atomic():
        for entry in entries:
            try:
                with transaction.atomic():
                    lines.append(_bring(entry, bringing))
            except Refusal as refusal:
                lines.append(
                    Line(entry.source, REFUSED, entry.title, entry.language, why=refusal.code)
                )
        if is_trial:
            transaction.set_rollback(True)
        else:
            made = sum(line.what in {NEW, CHANGED} for line in lines)
            audit.record(at=at, actor=actor_of(by), action="articles.imported", count=made)
    return lines


def _bring(entry: Entry, bringing: _Bringing) -> Line:
    text = _text_at(entry)
    article = text.article if text else _article_of(entry, bringing)
    what = SAME
    notes = list(entry.warnings)
    if article is None:
        category_id = _category(entry, bringing, notes)
        pk = create_article(
            kind=Kind(entry.kind), language=entry.language, title=entry.title,
            summary=entry.summary, wordings=entry.wordings, category_id=category_id,
            audience=Audience(entry.audience), products=entry.products, at=bringing.at,
            by=bringing.by,
        )  # fmt: skip
        what = NEW
    else:
        pk = article.pk
        if text is None:
            add_language(
                article_id=pk, language=entry.language, title=entry.title, at=bringing.at,
                by=bringing.by,
            )  # fmt: skip
            what = NEW
    if entry.article:
        bringing.keys[entry.article] = pk
    text = Text.objects.select_related("article", "published").get(
        article_id=pk, language=entry.language
    )
    if what == NEW and entry.address and text.slug != entry.slug:
        text.slug = _free(entry, text)
        text.save(update_fields=["slug"])
    if _write(entry, text, bringing):
        what = NEW if what == NEW else CHANGED
    if _put_file(entry, pk, bringing) and what == SAME:
        what = CHANGED
    text = Text.objects.select_related("published").get(pk=text.pk)
    if entry.is_published and (text.published is None or _differs(text)):
        publish_text(article_id=pk, language=entry.language, at=bringing.at, by=bringing.by)
        notes.append("published")
        what = CHANGED if what == SAME else what
    return Line(
        entry.source, what, entry.title, entry.language, article_id=pk,
        notes=tuple(dict.fromkeys(notes)),
    )  # fmt: skip


def _differs(text: Text) -> bool:
    seen = text.published
    return seen is None or (
        (seen.title, seen.summary, seen.body, seen.wordings)
        != (text.title, text.summary, text.body, text.wordings)
    )


def _text_at(entry: Entry) -> Text | None:
    texts = Text.objects.select_related("article").filter(language=entry.language)
    found = texts.filter(slug=entry.slug).first()
    if found is None:
        old = OldAddress.objects.filter(
            language=entry.language, slug=entry.slug, article__isnull=False
        ).first()
        found = texts.filter(article=old.article).first() if old and old.article else None
    return found


def _article_of(entry: Entry, bringing: _Bringing) -> Article | None:
    if not entry.article:
        return None
    pk = bringing.keys.get(entry.article)
    if pk is None:
        other = Text.objects.filter(slug=entry.article).exclude(language=entry.language).first()
        pk = other.article_id if other else None
    article = Article.objects.filter(pk=pk).first() if pk else None
    # It has a text of that language under another address: another article, then.
    if article is not None and article.texts.filter(language=entry.language).exists():
        return None
    return article


def _free(entry: Entry, text: Text) -> str:
    taken = Text.objects.filter(language=entry.language, slug=entry.slug).exclude(pk=text.pk)
    return text.slug if taken.exists() else entry.slug


def _category(entry: Entry, bringing: _Bringing, notes: list[str]) -> int | None:
    if not entry.category:
        return None
    wanted = fold(entry.category)
    if not bringing.categories:
        for named in CategoryText.objects.all():
            bringing.categories[fold(named.name)] = named.category_id
            bringing.categories.setdefault(named.slug, named.category_id)
    if wanted not in bringing.categories:
        bringing.categories[wanted] = save_category(
            texts={entry.language: Named(entry.category)}, at=bringing.at, by=bringing.by
        )
        notes.append("category")
    return bringing.categories[wanted]


def _write(entry: Entry, text: Text, bringing: _Bringing) -> bool:
    """Save what differs, and say whether something did."""
    known = {
        file.blob.sha256: file.token
        for file in ArticleFile.objects.filter(
            article_id=text.article_id, removed_at=None
        ).select_related("blob")
    }
    addresses: dict[str, str] = {}
    for named, data in entry.pictures.items():
        if kind_of_image(data) is None:
            continue
        digest = hashlib.sha256(without_traces(data)).hexdigest()
        if digest not in known:
            known[digest] = _picture(text.article_id, named, data, bringing)
        addresses[named] = f"/ayuda/archivo/{known[digest]}/"
    body = exchange.with_pictures(entry.body, addresses)
    wanted = (entry.title, entry.summary, body, entry.wordings)
    if wanted == (text.title, text.summary, text.body, text.wordings):
        return False
    save_text(
        article_id=text.article_id, language=entry.language, version=text.draft_version,
        title=entry.title, summary=entry.summary, body=body, wordings=entry.wordings,
        at=bringing.at, by=bringing.by,
    )  # fmt: skip
    return True


def _picture(pk: int, named: str, data: bytes, bringing: _Bringing) -> str:
    if bringing.is_trial:  # bytes on a disk are not rolled back
        return "not-kept-yet"
    return add_picture(article_id=pk, name=named.rpartition("/")[2], data=data, at=bringing.at)


def _put_file(entry: Entry, pk: int, bringing: _Bringing) -> bool:
    if entry.file is None:
        return False
    name, data = entry.file
    digest = hashlib.sha256(data).hexdigest()
    main = ArticleFile.objects.filter(article_id=pk, is_main=True, removed_at=None)
    if main.filter(blob__sha256=digest).exists():
        return False
    if bringing.is_trial:
        return True
    add_manual(
        article_id=pk, name=name.rpartition("/")[2], source=io.BytesIO(data), at=bringing.at
    )
    return True


# -- taking out --


def _values(text: Text, key: str, category: str) -> dict[str, str]:
    article = text.article
    return {
        "article": key,
        "language": text.language,
        "kind": article.kind,
        "address": text.slug,
        "title": text.title,
        "summary": text.summary,
        "category": category,
        "audience": article.audience,
        "products": ", ".join(article.products),
        "wordings": text.wordings,
        "state": "published" if text.published_id and not _differs(text) else "draft",
    }


def _texts() -> Iterator[tuple[Text, dict[str, str]]]:
    names: dict[tuple[int, str], str] = {
        (one.category_id, one.language): one.name for one in CategoryText.objects.all()
    }
    fallback = {one.category_id: one.name for one in CategoryText.objects.order_by("-language")}
    keys: dict[int, str] = {}
    for pk, slug in (
        Text.objects.filter(article__archived_at=None)
        .order_by("language")
        .values_list("article_id", "slug")
    ):
        keys[pk] = slug  # `es` comes last and names the pair
    found = (
        Text.objects.filter(article__archived_at=None)
        .select_related("article", "published")
        .order_by("article_id", "language")
    )
    for text in found.iterator(chunk_size=200):
        at = text.article.category_id
        category = names.get((at, text.language)) or fallback.get(at, "") if at else ""
        yield text, _values(text, keys[text.article_id], category)


def exported_csv() -> Iterator[str]:
    """Yield a CSV file of all articles that are not archived, line by line."""
    return exchange.csv_of((values, text.body) for text, values in _texts())


def exported_files() -> Iterator[tuple[str, bytes]]:
    """Yield a folder of Markdown of all articles that are not archived: paths and bytes.

    Pictures and manuals lie in `archivos/`, named by their tokens.
    """
    written: set[str] = set()
    for text, values in _texts():
        names: dict[str, str] = {}
        for file in text.article.files.filter(removed_at=None).select_related("blob"):
            name = f"archivos/{file.token}.{_ENDINGS.get(file.content_type, 'bin')}"
            names[f"/ayuda/archivo/{file.token}/"] = f"../{name}"
            if file.is_main and file.language in {"", text.language}:
                values["file"] = f"../{name}"
            if name not in written:
                written.add(name)
                yield name, files.read(file.blob)
        body = text.body
        for address, name in names.items():
            body = body.replace(f'"{address}"', f'"{name}"')
        yield f"{text.language}/{text.slug}.md", exchange.markdown_of(values, body).encode()
