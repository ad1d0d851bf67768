"""What the demo shop knows: questions, guides, a manual, news and what is still being written."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from esmero.config.demo.opening import House
from esmero.knowledge import actions
from esmero.knowledge import queries as knowledge
from esmero.knowledge.enums import Audience, Kind

_FILE = Path(__file__).parent / "content" / "knowledge.toml"
_LEFT_AS_DRAFTS = 4
"""Of the starting questions: those that the shop has not come to yet."""
_WRITTEN_BEFORE = timedelta(days=100)
_WORDS = {"es": "Solana, guirnalda, tira de luces", "en": "string lights, fairy lights, Solana"}


def content() -> dict[str, Any]:
    """Return what the file says."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def learn(house: House) -> None:
    """Write and publish it all, some months ago; `house` knows the team."""
    start = house.now - _WRITTEN_BEFORE
    wanted = content()
    writer, other = house.agents["irene"], house.agents["lola"]
    made = actions.lay_out_start(language="es", at=start, by=writer, filled=wanted["filled"])
    ids = list(made.values())
    for number, pk in enumerate(ids[:-_LEFT_AS_DRAFTS]):
        at = start + timedelta(days=number // 4, hours=number % 4)
        for language in ("es", "en"):
            if not _has_blank(pk, language):
                actions.publish_text(article_id=pk, language=language, at=at, by=writer)
    shelves = _shelves()
    for number, one in enumerate(wanted["article"]):
        at = house.now - timedelta(days=40 - 7 * number)
        pk = _write(one, shelves, at=at, by=other)
        for language in ("es", "en"):
            if language in one:
                actions.publish_text(article_id=pk, language=language, at=at, by=other)
    for number, one in enumerate(wanted["draft"]):
        pk = _write(one, shelves, at=house.now - timedelta(days=3 + number), by=other)
        if number == 0:
            actions.ask_review(
                article_id=pk, language="es", at=house.now - timedelta(days=2), by=other
            )
    _manual(wanted["manual"], shelves, at=start, by=writer)
    _care_for(ids, house, writer)
    for number, one in enumerate(wanted["asked"]):
        _ask(one["words"], number, house)
    for language, words in _WORDS.items():
        actions.save_synonyms(language=language, words=words.split(","), at=start)


def _has_blank(pk: int, language: str) -> bool:
    text = knowledge.pages.text_of(pk, language)
    return text is None or "[[" in text.body


def _shelves() -> dict[str, int]:
    names = {
        "Pedidos": "pedidos", "Envíos y entregas": "envios",
        "Devoluciones y cambios": "devoluciones", "Pagos y facturas": "pagos",
        "Productos y garantía": "producto", "La tienda y tus datos": "tienda",
    }  # fmt: skip
    return {names[name]: row.pk for row, name, _level in knowledge.shelf.category_tree("es")}


def _write(one: dict[str, Any], shelves: dict[str, int], *, at: datetime, by: int) -> int:
    text = one["es"]
    pk = actions.create_article(
        kind=Kind(one["kind"]), language="es", title=text["title"],
        summary=text.get("summary", ""), body=knowledge.markdown_to_html(text["body"]),
        wordings=text["asked"], category_id=shelves[one["in"]],
        audience=Audience(one.get("audience", "public")), products=one.get("products", []),
        at=at, by=by,
    )  # fmt: skip
    if english := one.get("en"):
        actions.add_language(article_id=pk, language="en", title=english["title"], at=at, by=by)
        actions.save_text(
            article_id=pk, language="en", version=0, title=english["title"],
            summary=english.get("summary", ""),
            body=knowledge.markdown_to_html(english["body"]), wordings=english["asked"],
            at=at, by=by,
        )  # fmt: skip
    return pk


def _manual(one: dict[str, Any], shelves: dict[str, int], *, at: datetime, by: int) -> None:
    pk = actions.create_article(
        kind=Kind.MANUAL, language="es", title=one["title"], summary=one["summary"],
        wordings=one["asked"], category_id=shelves[one["in"]], products=one["products"], at=at,
        by=by,
    )  # fmt: skip
    pages = [(page["title"], page["lines"]) for page in one["page"]]
    actions.add_manual(article_id=pk, name=one["file"], source=io.BytesIO(pdf(pages)), at=at)
    actions.publish_text(article_id=pk, language="es", at=at, by=by)


def _ask(words: Sequence[str], number: int, house: House) -> None:
    """Let as many visits look for the same thing in the last weeks, and find nothing."""
    for place, text in enumerate(words):
        at = house.now - timedelta(days=2 + 4 * place + number, hours=1 + place)
        actions.note_search(
            text=text, language="es", asker=f"demo {number} {place}", found=None, at=at
        )


def _care_for(ids: Sequence[int], house: House, writer: int) -> None:
    """Some are looked over again: one this week, so that it stands in somebody's Today."""
    today = house.now.date()
    for pk, days in zip(ids, (3, 60, 120, 200), strict=False):
        actions.set_owner(article_id=pk, agent_id=house.agents["reme"], at=house.now, by=writer)
        actions.plan_review(
            article_id=pk, on=today + timedelta(days=days), at=house.now, by=writer
        )
    while actions.promise_review_one(at=house.now):
        pass


def pdf(pages: Sequence[tuple[str, Sequence[str]]]) -> bytes:
    """Return a small PDF with a heading and lines on each page. Source: ISO 32000-1, 7.5."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", _FONT % b"Helvetica-Bold",
               _FONT % b"Helvetica"]  # fmt: skip
    kids = []
    for title, lines in pages:
        drawn = [b"BT /F1 20 Tf 60 770 Td (%s) Tj ET" % _escaped(title)]
        y = 730
        for line in lines:
            for part in _wrapped(line, 80):
                drawn.append(b"BT /F2 12 Tf 60 %d Td (%s) Tj ET" % (y, _escaped(part)))
                y -= 18
            y -= 6
        stream = b"\n".join(drawn)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content_of in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content_of)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, start,
    )  # fmt: skip
    return bytes(out)


_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"


def _escaped(text: str) -> bytes:
    raw = text.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _wrapped(line: str, width: int) -> list[str]:
    found = [""]
    for word in line.split():
        if len(found[-1]) + len(word) + 1 > width:
            found.append("")
        found[-1] = f"{found[-1]} {word}".strip()
    return found
