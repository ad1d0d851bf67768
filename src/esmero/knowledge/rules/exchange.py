"""Articles as files: CSV, Markdown with a head, HTML pages; read into entries, and written.

Pure: bytes in, entries and problems out. Nothing here is written to a disk, so that a path in a
zip leads nowhere.
"""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from esmero.kernel.text import fold, one_line, storable
from esmero.knowledge.rules import html as articles
from esmero.knowledge.rules.markdown import to_html
from esmero.knowledge.rules.marked import to_markdown
from esmero.knowledge.rules.slugs import slug_of

FILES_MOST = 6000
BYTES_MOST = 250_000_000
FILE_MOST = 60_000_000
TEXT_MOST = 2_000_000
FIELDS = (
    "article", "language", "kind", "address", "title", "summary", "category", "audience",
    "products", "wordings", "state", "file", "body",
)  # fmt: skip
_NAMES = {
    "article": "article", "articulo": "article", "clave": "article",
    "language": "language", "idioma": "language", "lang": "language",
    "kind": "kind", "tipo": "kind", "type": "kind",
    "address": "address", "direccion": "address", "slug": "address", "url": "address",
    "title": "title", "titulo": "title", "pregunta": "title", "question": "title",
    "summary": "summary", "resumen": "summary", "description": "summary",
    "descripcion": "summary",
    "category": "category", "categoria": "category",
    "audience": "audience", "para": "audience", "publico": "audience",
    "products": "products", "productos": "products", "product": "products",
    "wordings": "wordings", "otras formas": "wordings", "sinonimos": "wordings",
    "state": "state", "estado": "state", "status": "state",
    "file": "file", "archivo": "file",
    "body": "body", "texto": "body", "text": "body", "respuesta": "body", "answer": "body",
    "contenido": "body", "content": "body",
}  # fmt: skip
_KINDS = {
    "faq": "faq", "pregunta": "faq", "question": "faq", "": "faq", "guide": "guide",
    "guia": "guide", "manual": "manual", "news": "news", "novedad": "news", "noticia": "news",
}  # fmt: skip
_AUDIENCES = {
    "": "public", "public": "public", "publico": "public", "todos": "public",
    "everybody": "public",
    "customers": "customers", "clientes": "customers", "team": "team", "equipo": "team",
}  # fmt: skip
_PUBLISHED = {"published", "publicado", "publicada", "si", "yes"}
_HEAD = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_PICTURE = re.compile(r'(<img\b[^<>]*?\bsrc=")([^"<>]{1,1000})(")')
_TITLE = re.compile(r"<title[^<>]*>([^<>]{0,1000})</title", re.I)
_FIRST = re.compile(r"<h1\b[^<>]*>(.{0,2000}?)</h1\s*>", re.I | re.DOTALL)
_LANG = re.compile(r"<html\b[^<>]*\blang=[\"']?([a-zA-Z]{2})", re.I)
_SUMMARY = re.compile(
    r"<meta\b[^<>]*\bname=[\"']?description[\"']?[^<>]*\bcontent=\"([^\"<>]{0,1000})\"", re.I
)
_BODY = re.compile(r"<(main|article|body)\b[^<>]*>", re.I)


@dataclass(slots=True)
class Entry:
    """One text of an article as a file says it. `body` is clean HTML but for its pictures."""

    source: str
    language: str
    title: str
    body: str
    article: str = ""
    address: str = ""
    summary: str = ""
    wordings: str = ""
    kind: str = "faq"
    category: str = ""
    audience: str = "public"
    products: list[str] = field(default_factory=list)
    is_published: bool = False
    pictures: dict[str, bytes] = field(default_factory=dict)
    """By the address that the body names them with."""
    file: tuple[str, bytes] | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """The address that it is looked for by."""
        return slug_of(self.address or self.title)


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be read: where, and a code for why."""

    source: str
    why: str


def unpack(data: bytes) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the files of a zip by their paths, within bounds of number and size."""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError):
        return {}, [Problem("zip", "broken")]
    left = BYTES_MOST
    with archive:
        for number, info in enumerate(archive.infolist()):
            if number >= FILES_MOST or left <= 0:
                problems.append(Problem(info.filename[:200], "too_many"))
                break
            if info.is_dir() or info.flag_bits & 1 or "__MACOSX" in info.filename:
                continue
            try:
                with archive.open(info) as member:
                    # What it says of its own size is not believed.
                    content = member.read(min(FILE_MOST, left) + 1)
            except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError):
                problems.append(Problem(info.filename[:200], "broken"))
                continue
            if len(content) > min(FILE_MOST, left):
                problems.append(Problem(info.filename[:200], "too_large"))
                left -= len(content)
                continue
            left -= len(content)
            found[storable(info.filename[:300])] = content
    return found, problems


def read_files(files: Mapping[str, bytes], *, language: str) -> tuple[list[Entry], list[Problem]]:
    """Return the entries of some files by their paths; `language` where a file names none."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for path in sorted(files):
        ending = path.lower().rpartition(".")[2]
        if ending not in {"csv", "md", "markdown", "html", "htm", "txt"}:
            continue
        if len(files[path]) > (TEXT_MOST if ending != "csv" else FILE_MOST):
            problems.append(Problem(path, "too_large"))
            continue
        text = _decoded(files[path])
        if ending == "csv":
            read, wrong = _csv(path, text, language)
        else:
            spoken = _language_of(path, language)
            one = (
                _html(path, text, spoken) if ending.startswith("htm")
                else _markdown(path, text, spoken)
            )  # fmt: skip
            read, wrong = ([one], []) if one.title else ([], [Problem(path, "no_title")])
        for entry in read:
            _attach(entry, path, files)
        entries += read
        problems += wrong
    return entries, problems


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return storable(data.decode(encoding)).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    return storable(data.decode("latin-1"))


def _language_of(path: str, otherwise: str) -> str:
    """`en/returns.md` and `returns.en.md` say their language."""
    parts = fold(path).replace("\\", "/").split("/")
    for code in ("es", "en"):
        if code in parts[:-1] or f".{code}." in parts[-1]:
            return code
    return otherwise


def _entry(source: str, given: Mapping[str, str], body: str, language: str) -> Entry:
    spoken = given.get("language", "").strip().lower()[:2] or language
    audience = _AUDIENCES.get(fold(given.get("audience", "")).strip())
    entry = Entry(
        source=source,
        language=spoken if spoken in {"es", "en"} else language,
        title=one_line(given.get("title", ""), 200),
        body=_cleaned(body),
        article=one_line(given.get("article", ""), 160),
        address=one_line(given.get("address", ""), 160),
        summary=one_line(given.get("summary", ""), 400),
        wordings="\n".join(
            one_line(line, 200) for line in re.split(r"\||\n", given.get("wordings", ""))
            if line.strip()
        )[:4000],
        kind=_KINDS.get(fold(given.get("kind", "")).strip(), "faq"),
        category=one_line(given.get("category", ""), 120),
        # Whoever may read it is not guessed: an unknown word keeps it in the house.
        audience=audience or "team",
        products=[one_line(p, 80) for p in given.get("products", "").split(",") if p.strip()],
        is_published=fold(given.get("state", "")).strip() in _PUBLISHED,
    )  # fmt: skip
    if audience is None:
        entry.warnings.append("audience")
    if articles.is_hostile(body):
        entry.warnings.append("reduced")
    if len(body) > articles.LONGEST:
        entry.warnings.append("cut")
    return entry


def _cleaned(body: str) -> str:
    """Clean it as far as one can before its pictures have addresses of ours."""
    if articles.is_hostile(body):
        return articles.clean(body)
    return body[: articles.LONGEST]


def _csv(path: str, text: str, language: str) -> tuple[list[Entry], list[Problem]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    entries: list[Entry] = []
    problems: list[Problem] = []
    csv.field_size_limit(TEXT_MOST)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        heads = [_NAMES.get(fold(one).strip(), "") for one in next(reader, [])]
        if "title" not in heads:
            return [], [Problem(f"{path}:1", "no_heads")]
        for row in reader:
            source = f"{path}:{reader.line_num}"
            if not any(cell.strip() for cell in row):
                continue
            given = {head: cell for head, cell in zip(heads, row, strict=False) if head}
            if not given.get("title", "").strip():
                problems.append(Problem(source, "no_title"))
                continue
            body = given.get("body", "")
            as_html = body.lstrip().startswith("<")
            entry = _entry(source, given, body if as_html else to_html(body), language)
            entry.file = (given["file"].strip(), b"") if given.get("file", "").strip() else None
            entries.append(entry)
    except csv.Error:
        problems.append(Problem(f"{path}:{reader.line_num}", "broken"))
    return entries, problems


def _markdown(path: str, text: str, language: str) -> Entry:
    given: dict[str, str] = {}
    head = _HEAD.match(text[:20_000])
    if head:
        for line in head[1].split("\n"):
            name, colon, value = line.partition(":")
            known = _NAMES.get(fold(name).strip())
            if colon and known:
                given[known] = value.strip().strip("\"'")
        text = text[head.end() :]
    if not given.get("title"):
        first, _newline, rest = text.lstrip("\n").partition("\n")
        if first.startswith("# "):
            given["title"], text = first[2:].strip(), rest
    entry = _entry(path, given, to_html(text), language)
    entry.file = (given["file"], b"") if given.get("file") else None
    return entry


def _html(path: str, text: str, language: str) -> Entry:
    said = _LANG.search(text[:20_000])
    title, first = _TITLE.search(text), _FIRST.search(text)
    given = {"title": html.unescape(title[1]) if title else ""}
    if first:
        given["title"] = articles.plain(articles.clean(first[1]))
        text = text[: first.start()] + text[first.end() :]
    summary = _SUMMARY.search(text[:50_000])
    given["summary"] = html.unescape(summary[1]) if summary else ""
    given["language"] = said[1] if said else ""
    bodies = {match[1].lower(): match for match in _BODY.finditer(text)}
    chosen = bodies.get("main") or bodies.get("article") or bodies.get("body")
    if chosen:
        end = text.lower().rfind(f"</{chosen[1].lower()}")
        text = text[chosen.end() : end if end > chosen.end() else len(text)]
    return _entry(path, given, text, language)


def _attach(entry: Entry, path: str, files: Mapping[str, bytes]) -> None:
    """Find the pictures and the file that an entry names beside it."""
    for match in _PICTURE.finditer(entry.body):
        named = html.unescape(match[2])
        data = _beside(path, named, files)
        if data is not None:
            entry.pictures[named] = data
        elif not articles.FILE_ADDRESS.fullmatch(named):
            entry.warnings.append("picture")
    if entry.file is not None:
        data = _beside(path, entry.file[0], files)
        if data is None:
            entry.warnings.append("file")
        entry.file = (entry.file[0], data) if data is not None else None
    entry.warnings = list(dict.fromkeys(entry.warnings))


def _beside(path: str, named: str, files: Mapping[str, bytes]) -> bytes | None:
    if "://" in named or named.startswith(("/", "data:")):
        return None
    parts = path.replace("\\", "/").split("/")[:-1]
    for part in named.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in {"", "."}:
            parts.append(part)
    return files.get("/".join(parts)) or files.get(named)


def with_pictures(body: str, addresses: Mapping[str, str]) -> str:
    """Return a body whose pictures stand at their new addresses, cleaned."""

    def put(match: re.Match[str]) -> str:
        address = addresses.get(html.unescape(match[2]))
        return f"{match[1]}{address}{match[3]}" if address else match[0]

    return articles.clean(_PICTURE.sub(put, body))


# -- writing --


def markdown_of(values: Mapping[str, str], body: str) -> str:
    """Return an article's text as a Markdown file with its head."""
    lines = ["---"]
    for name in FIELDS:
        value = values.get(name, "").replace("\n", "|")
        if name != "body" and value:
            lines.append(f"{name}: {value}")
    return "\n".join([*lines, "---", "", to_markdown(body), ""])


def csv_of(rows: Iterable[tuple[Mapping[str, str], str]]) -> Iterator[str]:
    """Yield the lines of a CSV file. What a spreadsheet would run begins with an apostrophe."""
    yield ",".join(FIELDS) + "\r\n"
    for values, body in rows:
        out = io.StringIO()
        cells = {**values, "body": to_markdown(body)}
        csv.writer(out).writerow([_harmless(cells.get(name, "")) for name in FIELDS])
        yield out.getvalue()


def _harmless(cell: str) -> str:
    # Source: OWASP, CSV injection. A list's dash is text of ours and stays.
    return "'" + cell if cell[:1] in {"=", "+", "@"} else cell
