"""Other people's plain text as paragraphs: escaped first, then lines and links."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_LINK = re.compile(r"https?://[^\s<>\"'()\[\]{}]+[^\s<>\"'()\[\]{}.,;:!?]")
_GAP = re.compile(r"\n[ \t]*\n+")


def paragraphs(text: str) -> Markup:
    """Return `<p>`s with `<br>`s, and links that tell nobody where they were followed."""
    blocks = (b for b in _GAP.split(text.replace("\r\n", "\n").strip("\n")) if b.strip())
    return Markup("").join(
        Markup("<p>")
        + Markup("<br>").join(_linked(line) for line in block.split("\n"))
        + Markup("</p>")
        for block in blocks
    )


def _linked(line: str) -> Markup:
    done, at = Markup(""), 0
    for match in _LINK.finditer(line):
        done += escape(line[at : match.start()])
        done += Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>').format(match[0])
        at = match.end()
    return done + escape(line[at:])
