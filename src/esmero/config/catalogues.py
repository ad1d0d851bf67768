"""Translations: what the code says, what the catalogues hold, and compiling them.

Each folder of the package has a catalogue of its own (`<folder>/locale/es`), so that work on two
of them does not meet in one file. msgids are English; Spanish is complete, or the check fails.
Compiled catalogues are not in the repository: they are made when they are older than their source.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGE = "es"
DOMAIN = "django"

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_METHODS = [
    ("**/tests/**", "ignore"),
    ("**/tests_js/**", "ignore"),
    ("**/migrations/**", "ignore"),
    ("**/static/**", "ignore"),
    ("**/config/cli/**", "ignore"),  # has a catalogue of its own, see cli/words.py
    ("**/jinja2/**", "jinja2"),
    ("**/templates/**", "esmero.config.catalogues:extract_django"),
    ("**.py", "python"),
]
_OPTIONS = {
    "**/jinja2/**": {"trimmed": "true", "newstyle_gettext": "true", "extensions": "jinja2.ext.do"}
}
# newstyle gettext always formats: a lone % corrupts the text or raises
_LONE_PERCENT = re.compile(r"%(?!\(\w+\)[a-z])")

Key = tuple[str, str]
"""Context (empty when there is none) and English text, the singular where there is a plural."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One text that is not as it must be."""

    place: str
    kind: str
    """`missing`, `fuzzy`, `unused` or `percent`."""
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}: {self.text!r}"


def compile_stale(package: Path = PACKAGE) -> int:
    """Compile the catalogues that changed and return how many; a read-only tree is left alone."""
    done = 0
    for source in package.glob("**/locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parents[1].name)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        fresh = target.with_suffix(".mo.new")
        with suppress(OSError):
            fresh.write_bytes(compiled.getvalue())
            fresh.replace(target)
            done += 1
    return done


def extract_django(
    source: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Any]:
    """Extract from one of Django's own templates (a Babel extraction method)."""
    from babel.messages.extract import extract_python
    from django.utils.translation.template import templatize

    text = templatize(source.read().decode())
    # It writes context and text in words that xgettext knows, among X for everything else.
    yield from extract_python(io.BytesIO(text.encode()), keywords, comment_tags, options)


def folders(package: Path = PACKAGE) -> list[Path]:
    """Return the folders that have, or may have, a catalogue."""
    return sorted(path for path in package.iterdir() if (path / "__init__.py").exists())


def extracted(folder: Path) -> Any:
    """Return the catalogue (Babel's) of what a folder's code and templates say."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_dir

    found = Catalog(charset="utf-8")
    for name, line, text, comments, context in extract_from_dir(
        str(folder.parent), _METHODS, _OPTIONS, KEYWORDS, directory_filter=_within(folder)
    ):
        found.add(text, None, [(name, line)], auto_comments=comments, context=context)
    return found


def _within(folder: Path) -> Any:
    def keep(path: str | Path) -> bool:
        candidate = Path(path)
        return candidate == folder.parent or candidate.is_relative_to(folder)

    return keep


def catalogue_path(folder: Path) -> Path:
    """Return where a folder's catalogue is."""
    return folder / "locale" / LANGUAGE / "LC_MESSAGES" / f"{DOMAIN}.po"


def _read(path: Path) -> Any:
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    if not path.exists():
        return Catalog(locale=LANGUAGE, charset="utf-8", fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=LANGUAGE)


def _keys(catalogue: Iterable[Any]) -> dict[Key, Any]:
    found = {}
    for message in catalogue:
        if message.id:
            text = message.id if isinstance(message.id, str) else message.id[0]
            found[(message.context or "", text)] = message
    return found


def faults(package: Path = PACKAGE) -> list[Fault]:
    """Return what is missing, fuzzy, unused or would break a template, over all folders."""
    said: dict[Key, str] = {}
    known: dict[Key, Any] = {}
    places: dict[Key, str] = {}
    for folder in folders(package):
        for key, message in _keys(extracted(folder)).items():
            name, line = message.locations[0]
            said.setdefault(key, f"{name}:{line}")
        for key, message in _keys(_read(catalogue_path(folder))).items():
            known[key] = message
            places[key] = str(catalogue_path(folder).relative_to(package))
    found = []
    for key, place in said.items():
        message = known.get(key)
        if "/jinja2/" in place and _LONE_PERCENT.search(key[1].replace("%%", "")):
            found.append(Fault(place, "percent", key[1]))
        if message is None or not _is_translated(message):
            found.append(Fault(place, "missing", key[1]))
        elif message.fuzzy:
            found.append(Fault(places[key], "fuzzy", key[1]))
    found += [Fault(places[key], "unused", key[1]) for key in known if key not in said]
    return found


def _is_translated(message: Any) -> bool:
    texts = [message.string] if isinstance(message.string, str) else message.string
    return all(texts)


def update(folder: Path) -> tuple[int, int]:
    """Bring a folder's catalogue up to the code; return how many texts are new and how many left.

    New ones are empty and wait for a person; those that the code no longer says are removed.
    """
    from babel.messages.pofile import write_po

    path = catalogue_path(folder)
    catalogue = _read(path)
    before = set(_keys(catalogue))
    template = extracted(folder)
    now = set(_keys(template))
    if not now and not before:
        return 0, 0
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    write_po(text, catalogue, width=99, sort_output=True, no_location=True, omit_header=False)
    path.write_bytes(text.getvalue())
    return len(now - before), len(before - now)
