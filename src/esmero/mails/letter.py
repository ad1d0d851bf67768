"""From a text's words to what the layout shows: blocks, as text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from esmero.kernel import templating
from esmero.mails.texts import Wording

_VARIABLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_ACT = re.compile(r"\[([^\]\n]{1,120})\]\(\s*(\{\{\s*link\s*\}\}|https?://[^\s)]+)\s*\)")
_BREAKS = re.compile(r"\n[ \t]*\n+")
_LINK = re.compile(r"https?://[^\s<>\"'\u201c\u201d]+")
_TAIL = ".,;:!?)]}»'\""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: what it says, where it leads, and a smaller line below."""

    text: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a letter. `kind`: word (the promise), text, act (a link to press), items."""

    kind: str
    text: str = ""
    url: str = ""
    items: Sequence[Item] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A text with its variables filled in."""

    subject: str
    blocks: Sequence[Block]


def write(wording: Wording, values: Mapping[str, str], *, items: Sequence[Item] = ()) -> Letter:
    """Fill a wording. A paragraph with a variable that has nothing in it is left out."""
    blocks = []
    for paragraph in _BREAKS.split(wording.body.replace("\r\n", "\n").strip()):
        block = _block(paragraph.strip(), values, items)
        if block is not None:
            blocks.append(block)
    return Letter(templating.fill(wording.subject, values).strip(), blocks)


def _block(paragraph: str, values: Mapping[str, str], items: Sequence[Item]) -> Block | None:
    if paragraph.replace(" ", "") == "{{items}}":
        return Block("items", items=items) if items else None
    names = _VARIABLE.findall(paragraph)
    if any(values.get(name, name) == "" for name in names):
        return None
    act = _ACT.fullmatch(paragraph)
    if act is not None:
        return Block("act", act[1].strip(), templating.fill(act[2], values))
    text = templating.fill(paragraph, values)
    if paragraph.startswith("# "):
        return Block("word", " ".join(text[2:].split()))
    return Block("text", text)


def as_text(blocks: Sequence[Block]) -> str:
    """Return the blocks as plain text."""
    return "\n\n".join(_plain(block) for block in blocks)


def _plain(block: Block) -> str:
    if block.kind == "act":
        return f"{block.text}:\n{block.url}"
    if block.kind == "items":
        return "\n\n".join(
            "\n".join(
                line for line in (f"- {i.text}", f"  {i.note}", f"  {i.url}") if line.strip()
            )
            for i in block.items
        )
    return block.text


def rich(text: str) -> Markup:
    """Return plain text as HTML: escaped, line ends kept, addresses of pages made links."""
    done, at = [], 0
    for match in _LINK.finditer(text):
        url = match[0].rstrip(_TAIL)
        done.append(escape(text[at : match.start()]))
        done.append(Markup('<a href="{0}" style="color:inherit">{0}</a>').format(url))
        at = match.start() + len(url)
    done.append(escape(text[at:]))
    return Markup("").join(done).replace("\n", Markup("<br>\n"))
