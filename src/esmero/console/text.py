"""Other people's plain text as paragraphs: escaped first, then lines and links."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_LINK = re.compile(r"https?://[^\s<>\"'()\[\]{}]+[^\s<>\"'()\[\]{}.,;:!?]")
_GAP = re.compile(r"\n[ \t]*\n+")
LONGEST = 20_000
"""Characters shown of one message; the whole of it is one click away."""


def paragraphs(text: str) -> Markup:
    """Return `<p>`s with `<br>`s and links that say nothing of us to where they lead."""
    text = text.replace("\r\n", "\n").strip("\n")
    lines = map(_linked, text.split("\n")) if "http" in text else [str(escape(text))]
    blocks = [block for block in _GAP.split("\n".join(lines)) if block.strip()]
    if not blocks:
        return Markup("")
    shown = "</p><p>".join(blocks).replace("\n", "<br>")
    return Markup(f"<p>{shown}</p>")  # noqa: S704 - every line is escaped


def _linked(line: str) -> Markup:
    if "http" not in line:
        return escape(line)
    done, at = Markup(""), 0
    for match in _LINK.finditer(line):
        done += escape(line[at : match.start()])
        done += Markup(
            '<a href="{0}" target="_blank" rel="noopener noreferrer nofollow">{0}</a>'
        ).format(match[0])
        at = match.end()
    return done + escape(line[at:])


def open_marked(text: str) -> Markup:
    """Return a text with the variables that nothing has filled marked."""
    pieces = re.split(r"(\{\{\s*[a-z_]{1,40}\s*\}\})", text)
    mark = Markup("<mark>{}</mark>").format
    return Markup("").join(mark(one) if i % 2 else escape(one) for i, one in enumerate(pieces))
