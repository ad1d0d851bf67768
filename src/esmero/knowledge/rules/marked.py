"""The HTML of articles as simple Markdown: for typing without a script, and for export."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_SPECIAL = re.compile(r"([\\`*\[\]<>|~]|(?<!\w)_|_(?!\w))")
_STARTS = re.compile(r"^(\d{1,4})(?=[.)] )|^(?=#{1,6} |[-+] )", re.MULTILINE)
_SPACE = re.compile(r"\s+")
_MARKS = {"strong": "**", "em": "*", "s": "~~"}
_NAMED = {"note": "NOTE", "tip": "TIP", "warning": "WARNING"}
_KEPT = {"u", "sub", "sup"}


@dataclass(slots=True)
class _Frame:
    """An element that is open: what has been written in it so far, block by block."""

    tag: str
    blocks: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    number: int = 1
    kind: str = ""


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.frames = [_Frame("root")]
        self.links: list[str] = []
        self.is_code = False
        self.is_pre = False

    @property
    def here(self) -> _Frame:
        return self.frames[-1]

    def flush(self) -> None:
        """End the line that is being written."""
        said = "".join(self.here.line)
        said = said if self.is_pre else "\n".join(x.strip() for x in said.strip().split("\n"))
        if said.strip():
            self.here.blocks.append(_STARTS.sub(r"\1\\", said))
        self.here.line = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _MARKS:
            self.here.line.append(_MARKS[tag])
        elif tag in _KEPT:
            self.here.line.append(f"<{tag}>")
        elif tag == "code" and not self.is_pre:
            self.is_code = True
            self.here.line.append("`")
        elif tag == "a":
            self.links.append(given.get("href", ""))
            self.here.line.append("[")
        elif tag == "br":
            self.here.line.append("\\\n")
        elif tag == "img":
            alt = _SPACE.sub(" ", given.get("alt", "")).replace("[", "(").replace("]", ")")
            self.here.line.append(f"![{alt}]({given.get('src', '')})")
        elif tag == "hr":
            self.flush()
            self.here.blocks.append("---")
        elif tag in {"p", "h2", "h3", "h4", "figure", "figcaption", "caption", "summary"}:
            self.flush()
        elif tag == "pre":
            self.flush()
            self.is_pre = True
        elif tag in {"ul", "ol", "blockquote", "aside", "table", "details"}:
            self.flush()
            frame = _Frame(tag, kind=given.get("data-kind", ""))
            start = given.get("start", "")
            frame.number = int(start) if start.isdigit() else 1
            self.frames.append(frame)
        elif tag in {"li", "td", "th"}:
            self.frames.append(_Frame(tag))
        elif tag == "tr":
            self.here.rows.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in _MARKS:
            self._close_mark(_MARKS[tag])
        elif tag in _KEPT:
            self.here.line.append(f"</{tag}>")
        elif tag == "code" and not self.is_pre:
            self.is_code = False
            self.here.line.append("`")
        elif tag == "a" and self.links:
            self.here.line.append(f"]({self.links.pop()})")
        elif tag in {"h2", "h3", "h4"}:
            said = _SPACE.sub(" ", "".join(self.here.line)).strip()
            self.here.line = []
            if said:
                self.here.blocks.append(f"{'#' * int(tag[1])} {said}")
        elif tag == "pre":
            said = "".join(self.here.line).strip("\n")
            self.here.line, self.is_pre = [], False
            self.here.blocks.append(f"```\n{said}\n```")
        elif tag in {"p", "figure", "figcaption", "caption", "summary"}:
            self.flush()
        elif len(self.frames) > 1 and self.here.tag == tag:
            self.flush()
            self._leave(self.frames.pop())

    def _close_mark(self, mark: str) -> None:
        """Put a mark's end behind its last letter, not behind a space."""
        line, after = self.here.line, ""
        while line and line[-1] != mark and not line[-1].strip():
            after += line.pop()
        if line and line[-1] == mark:  # nothing stands in it
            line.pop()
        else:
            if line and line[-1] != line[-1].rstrip():
                after = line[-1][len(line[-1].rstrip()) :] + after
                line[-1] = line[-1].rstrip()
            line.append(mark)
        if after:
            line.append(after)

    def _leave(self, frame: _Frame) -> None:
        if frame.tag == "li":
            text = "\n".join(frame.blocks)
            if self.here.tag == "ol":
                mark = f"{self.here.number}. "
                self.here.number += 1
            else:
                mark = "- "
            self.here.blocks.append(mark + text.replace("\n", "\n" + " " * len(mark)))
        elif frame.tag in {"td", "th"}:
            if self.here.rows:
                self.here.rows[-1].append(" ".join(" ".join(frame.blocks).split()))
        elif frame.tag in {"ul", "ol"}:
            self.here.blocks.append("\n".join(frame.blocks))
        elif frame.tag == "blockquote":
            self.here.blocks.append(_quoted(frame.blocks))
        elif frame.tag == "aside":
            name = _NAMED.get(frame.kind, "NOTE")
            self.here.blocks.append(f"> [!{name}]\n{_quoted(frame.blocks)}")
        elif frame.tag == "table":
            self.here.blocks += frame.blocks
            if frame.rows:
                self.here.blocks.append(_table(frame.rows))
        else:
            self.here.blocks += frame.blocks

    def handle_data(self, data: str) -> None:
        if self.is_pre or self.is_code:
            self.here.line.append(data)
        elif self.here.tag in {"ul", "ol", "table"}:
            return
        else:
            said = _SPECIAL.sub(r"\\\1", _SPACE.sub(" ", data))
            self.here.line.append(said)


def _quoted(blocks: list[str]) -> str:
    return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(blocks).split("\n"))


def _table(rows: list[list[str]]) -> str:
    width = max(len(row) for row in rows)
    lines = ["| " + " | ".join((row + [""] * width)[:width]) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def to_markdown(body: str) -> str:
    """Return clean HTML as Markdown that `markdown.to_html` reads back."""
    writer = _Writer()
    writer.feed(body)
    writer.close()
    while len(writer.frames) > 1:
        writer.flush()
        writer._leave(writer.frames.pop())
    writer.flush()
    return "\n\n".join(writer.here.blocks)
