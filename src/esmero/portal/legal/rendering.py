"""A legal text's few marks as HTML."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_GAP = re.compile(r"\n[ \t]*\n+")


def html_of(text: str) -> Markup:
    """Return paragraphs, headings (`## `) and lists (`- `); everything else stays words."""
    pieces: list[str] = []
    for block in _GAP.split(text.replace("\r\n", "\n").strip()):
        rest = block.strip()
        if rest.startswith("## "):
            heading, _, rest = rest.partition("\n")
            pieces.append(f"<h2>{escape(heading[3:].strip())}</h2>")
            rest = rest.strip()
        if not rest:
            continue
        lines = rest.split("\n")
        if all(line.lstrip().startswith("- ") for line in lines):
            items = "".join(f"<li>{escape(line.lstrip()[2:])}</li>" for line in lines)
            pieces.append(f"<ul>{items}</ul>")
        else:
            pieces.append(f"<p>{Markup('<br>').join(lines)}</p>")
    return Markup("".join(pieces))  # noqa: S704  every word is escaped
