"""The HTML of articles: what may stand in it, what it says without its marks, and its parts."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import nh3

LONGEST = 400_000
"""Characters of one text; more is refused where it is typed."""
PART_WORDS = 60
_TAGS = {
    "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "u", "s", "code", "pre", "a",
    "blockquote", "img", "figure", "figcaption", "table", "caption", "thead", "tbody", "tr", "th",
    "td", "hr", "aside", "details", "summary", "sub", "sup",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "aside": {"data-kind"},
    "h2": {"id"},
    "h3": {"id"},
}
CALLOUTS = ("note", "tip", "warning")
_DEEPEST = 150
_MOST_AMPERSANDS = 20_000
_MOST_TAGS = 60_000
_HOSTILE_KEPT = 50_000
_OPEN_OR_CLOSE = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
_SELF_CLOSING = {
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "head", "hr", "html", "img",
    "input", "li", "link", "meta", "o:p", "option", "p", "param", "source", "tbody", "td", "tfoot",
    "th", "thead", "tr", "track", "wbr",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)([^<>]*)>")
# Word's conditional comments and its XML islands.
_OFFICE = re.compile(r"<!\[[^\]<>]{0,200}\]>|<\?[^<>]{0,500}>|</?(?:o|w|m|v|st1):[^<>]{0,2000}>")
_RENAMED = {
    "b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "strike": "s", "del": "s",
    "ins": "u", "tt": "code", "samp": "code", "kbd": "code", "dl": "ul", "dt": "li", "dd": "li",
    "font": "", "span": "", "big": "", "small": "", "body": "", "html": "",
}  # fmt: skip
_EMPTY = re.compile(r"<(p|h2|h3|h4|blockquote|strong|em|u|s|li|ul|ol)>(?:\s|&nbsp;|<br>)*</\1>")
FILE_ADDRESS = re.compile(r"/ayuda/archivo/[A-Za-z0-9_-]{10,60}/")
_BLOCKS = {
    "p", "h2", "h3", "h4", "li", "blockquote", "figcaption", "caption", "tr", "aside", "summary",
    "pre", "table", "ul", "ol", "hr", "figure", "details",
}  # fmt: skip
_SPACE = re.compile(r"[ \t\r\f\v]+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÁÉÍÓÚÑÜ¿¡0-9])")


def clean(body: str) -> str:
    """Return only what an article may hold; pictures only of its own files (`FILE_ADDRESS`).

    What would take the parser minutes (thousands of nested elements, of ampersands) becomes plain
    paragraphs; `is_hostile` says so beforehand.
    """
    body = body[:LONGEST]
    if is_hostile(body):
        return from_plain(html.unescape(_TAG.sub(" ", body[:_HOSTILE_KEPT])))
    found = nh3.clean(
        tidy(body),
        tags=_TAGS,
        clean_content_tags={"script", "style", "template", "title", "head"},
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )
    return _hollow(found.strip())


def is_hostile(body: str) -> bool:
    """Say whether HTML is made to keep a parser busy.

    html5ever needs minutes for a hundred thousand nested elements and copies what is left of a
    text at each ampersand; texts of people nest some dozens deep.
    """
    if body.count("&") > _MOST_AMPERSANDS or body.count("<") > _MOST_TAGS:
        return True
    depth = 0
    for match in _OPEN_OR_CLOSE.finditer(body):
        if match[2].lower() in _SELF_CLOSING:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > _DEEPEST:
            return True
    return False


def tidy(body: str) -> str:
    """Bring what editors, Word and mail programs write into the few elements that we have."""
    body = _OFFICE.sub("", body.replace("\r\n", "\n"))
    # Tables, figures and callouts stand between paragraphs, never inside one.
    return _TAG.sub(_renamed, body)


def _renamed(match: re.Match[str]) -> str:
    slash, name, rest = match[1], match[2].lower(), match[3]
    if name in {"div", "section", "article", "center"}:
        name, rest = "p", ""
    other = _RENAMED.get(name)
    if other is None:
        return f"<{slash}{name}{rest}>"
    return f"<{slash}{other}>" if other else ""


def _hollow(body: str) -> str:
    """Leave out paragraphs and headings in which nothing stands (three times: they nest)."""
    for _ in range(3):
        body = _EMPTY.sub("", body)
    return body


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if FILE_ADDRESS.fullmatch(value) else None
    if tag == "aside" and name == "data-kind":
        return value if value in CALLOUTS else "note"
    if name in {"colspan", "rowspan", "start", "width", "height"}:
        return value if value.isdigit() and len(value) < 5 else None
    return value


class _Words(HTMLParser):
    """Collects the text, each block on a line of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS or tag == "br":
            self.pieces.append("\n")
        elif tag in {"td", "th"}:
            self.pieces.append(" ")
        elif tag == "img":
            self.pieces.append(f" {dict(attrs).get('alt') or ''} ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def plain(body: str) -> str:
    """Return what clean HTML says, one line a paragraph, list item or row of a table."""
    reader = _Words()
    reader.feed(body)
    reader.close()
    lines = (_SPACE.sub(" ", line).strip() for line in "".join(reader.pieces).splitlines())
    return "\n".join(line for line in lines if line)


def from_plain(text: str) -> str:
    """Return typed text as paragraphs."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return "".join(
        f"<p>{html.escape(block.strip()).replace(chr(10), '<br>')}</p>"
        for block in blocks
        if block.strip()
    )


def parts(text: str, *, words: int = PART_WORDS) -> list[str]:
    """Cut plain text into passages of about `words` words, between paragraphs and sentences."""
    found: list[str] = []
    waiting: list[str] = []
    length = 0
    for line in text.splitlines():
        for sentence in _SENTENCE.split(line):
            count = len(sentence.split())
            if length and length + count > words:
                found.append(" ".join(waiting))
                waiting, length = [], 0
            # A sentence without an end (a table, a list of parts) is cut by its words.
            pieces = sentence.split()
            while len(pieces) > 2 * words:
                found.append(" ".join(pieces[:words]))
                pieces = pieces[words:]
            waiting.append(" ".join(pieces))
            length += len(pieces)
    if waiting:
        found.append(" ".join(waiting))
    return [part for part in found if part.strip()]
