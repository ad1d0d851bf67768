"""Which parts are the body, and which are files.

**Source:** RFC 8621, section 4.1.4 (the algorithm for textBody, htmlBody and attachments).
"""

import hashlib
import re
from html import escape

from esmero.channels.parsing.charsets import clean, codec_name, to_text
from esmero.channels.parsing.headers import decode_words
from esmero.channels.parsing.html_text import html_to_text
from esmero.channels.parsing.mime import Part, Tree, decode_part, inner_headers, uudecode
from esmero.channels.parsing.types import Attachment, Budget

_META_CHARSET = re.compile(rb"(?i)<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,40})")
_UU_INLINE = re.compile(
    r"(?ms)^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n((?:[ -`][^\r\n]{0,90}\r?\n)+)`?\r?\n?end[ "
    r"\t]*\r?$"
)
_FLOWED = re.compile(r" \n(?!>|-- \n|\n)")


class Body:
    """Text, HTML and files of one mail."""

    __slots__ = ("attachments", "defects", "html", "is_html_only", "text")

    def __init__(self) -> None:
        self.text = ""
        self.html = ""
        self.is_html_only = False
        self.attachments: tuple[Attachment, ...] = ()
        self.defects: list[str] = []


class _Lists:
    def __init__(self) -> None:
        self.text: list[Part] = []
        self.html: list[Part] = []
        self.files: list[Part] = []


def _sort(parts: list[Part], kind: str, in_alternative: bool, lists: _Lists,
          to_text_list: bool, to_html_list: bool) -> None:  # fmt: skip
    """One level of RFC 8621's parseStructure; depth is bounded by the tree's budget."""
    text_before, html_before = len(lists.text), len(lists.html)
    for i, part in enumerate(parts):
        if part.children:
            sub = part.content_type.partition("/")[2]
            _sort(part.children, sub, in_alternative or sub == "alternative", lists,
                  to_text_list, to_html_list)  # fmt: skip
            continue
        content_type = part.content_type
        is_media = content_type.startswith(("image/", "audio/", "video/"))
        is_inline = (
            part.disposition[0] != "attachment"
            and (content_type in ("text/plain", "text/html") or is_media)
            and (i == 0 or (kind != "related" and (is_media or not part.filename)))
        )
        if not is_inline or is_media:
            lists.files.append(part)
        elif kind == "alternative":
            if content_type == "text/plain" and to_text_list:
                lists.text.append(part)
            elif content_type == "text/html" and to_html_list:
                lists.html.append(part)
            else:
                lists.files.append(part)
        elif in_alternative:
            if content_type == "text/plain":
                to_html_list = False
            else:
                to_text_list = False
            if to_text_list:
                lists.text.append(part)
            if to_html_list:
                lists.html.append(part)
        else:
            if to_text_list:
                lists.text.append(part)
            if to_html_list:
                lists.html.append(part)
    if kind == "alternative" and to_text_list and to_html_list:
        if text_before == len(lists.text) and html_before != len(lists.html):
            lists.text.extend(lists.html[html_before:])
        elif html_before == len(lists.html) and text_before != len(lists.text):
            lists.html.extend(lists.text[text_before:])


def sorted_parts(tree: Tree) -> _Lists:
    """The leaves of a mail as text body, HTML body and files."""
    root = tree.root
    lists = _Lists()
    if root.children:
        kind = root.content_type.partition("/")[2]
        _sort(root.children, kind, kind == "alternative", lists, True, True)
    elif root.content_type in ("text/plain", "text/html"):
        if root.disposition[0] == "attachment":
            lists.files.append(root)
        else:
            lists.text.append(root)
            lists.html.append(root)
    elif root.content_type.startswith("text/"):
        lists.text.append(root)
    else:
        lists.files.append(root)
    if not lists.text and not lists.html:
        stand_in = next(
            (p for p in lists.files
             if p.content_type.startswith("text/") and p.disposition[0] != "attachment"
             and not p.filename and p.content_type != "text/calendar"),
            None,
        )  # fmt: skip
        if stand_in is not None:
            lists.files.remove(stand_in)
            lists.text.append(stand_in)
    return lists


def read_body(tree: Tree, budget: Budget) -> Body:
    """Text, HTML and attachments. Text of several text parts is joined with line ends."""
    body = Body()
    lists = sorted_parts(tree)
    decoded: dict[int, str] = {}
    body.text = _joined_text(tree, lists, budget, body, decoded)
    html_parts = [p for p in lists.html if p.content_type == "text/html"]
    body.is_html_only = bool(html_parts) and not any(
        p.content_type != "text/html" and decoded.get(p.number, "").strip() for p in lists.text
    )
    if html_parts:
        body.html = "\n".join(
            _decoded(tree.raw, p, budget, body, decoded)
            if p.content_type == "text/html"
            else "<pre>" + escape(_decoded(tree.raw, p, budget, body, decoded)) + "</pre>"
            for p in lists.html
        )
    if not body.text.strip() and html_parts:
        body.text = html_to_text(body.html)
        body.is_html_only = True
    attachments = [describe(tree.raw, p, budget) for p in sorted(lists.files, key=_number)]
    if "\nbegin " in "\n" + body.text[:200_000]:
        attachments += _inline_uu(body.text, len(tree.leaves))
    body.attachments = tuple(attachments)
    return body


def _joined_text(
    tree: Tree, lists: _Lists, budget: Budget, body: Body, cache: dict[int, str]
) -> str:
    """All text parts one after the other. An HTML part that follows a plain part of about the
    same length is the alternative that a careless program sent as multipart/mixed."""
    pieces: list[str] = []
    previous: Part | None = None
    for part in lists.text:
        text = _decoded(tree.raw, part, budget, body, cache)
        if part.content_type == "text/html":
            text = html_to_text(text)
            if previous is not None and len(text.split()) <= 1.5 * len(pieces[-1].split()) + 5:
                continue
        if text:
            pieces.append(text)
            previous = part if part.content_type == "text/plain" and text.strip() else None
    return "\n".join(pieces)


def without_files(text: str) -> str:
    """The text without `begin … end` blocks."""
    return _UU_INLINE.sub("", text) if "\nbegin " in text else text


def _number(part: Part) -> int:
    return part.number


def _decoded(raw: bytes, part: Part, budget: Budget, body: Body, cache: dict[int, str]) -> str:
    if part.number in cache:
        return cache[part.number]
    is_html = part.content_type == "text/html"
    limit = budget.html_bytes if is_html else budget.text_bytes
    if part.end - part.start > limit:
        body.defects.append("body_cut")
    data = decode_part(raw, part, limit)
    charset = part.params.get("charset", "")
    if is_html and (not charset or not codec_name(charset)) and not data.isascii():
        match = _META_CHARSET.search(data, 0, 5_000)
        if match:
            charset = match[1].decode("ascii")
    if charset and not codec_name(charset):
        body.defects.append("unknown_charset")
    text = to_text(data, charset)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not is_html and part.params.get("format", "").lower() == "flowed":
        text = _unflow(text, part.params.get("delsp", "").lower() == "yes")
    cache[part.number] = text
    return text


def _unflow(text: str, delsp: bool) -> str:
    """Join the soft line ends of format=flowed outside quotes. **Source:** RFC 3676."""
    lines = text.split("\n")
    out: list[str] = []
    is_open = False
    for line in lines:
        is_quote = line.startswith(">")
        if not is_quote and line.startswith(" "):
            line = line[1:]
        if out and not (is_open and not is_quote and line):
            out.append("\n")
        is_open = line.endswith(" ") and not is_quote and line not in ("-- ", " ")
        out.append(line[:-1] if is_open and delsp else line)
    return "".join(out)


def describe(raw: bytes, part: Part, budget: Budget) -> Attachment:
    """What is known about a leaf that is a file."""
    data = decode_part(raw, part)
    name = part.filename
    if not name and part.content_type == "message/rfc822":
        subject = inner_headers(raw, part, budget).first("subject")
        name = clean(decode_words(subject))[:200] + ".eml" if subject else ""
    return Attachment(
        part_number=part.number,
        name=clean(name),
        content_type=part.content_type[:120],
        size=len(data),
        content_id=clean(part.content_id),
        is_inline=bool(part.content_id) and part.disposition[0] != "attachment",
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _inline_uu(text: str, leaves: int) -> list[Attachment]:
    """Files that old mailers put between `begin` and `end` lines into the text.

    Their part numbers follow those of the MIME leaves.
    """
    found: list[Attachment] = []
    for match in _UU_INLINE.finditer(text):
        data = uudecode(match[0].encode("ascii", "replace"))
        found.append(
            Attachment(
                part_number=leaves + len(found) + 1,
                name=clean(match[1].strip())[:300],
                content_type="application/octet-stream",
                size=len(data),
                content_id="",
                is_inline=False,
                sha256=hashlib.sha256(data).hexdigest(),
            )
        )
    return found


def inline_files(tree: Tree, budget: Budget) -> list[bytes]:
    """Contents of the files that `read_body` found between `begin` and `end` lines."""
    body = Body()
    text = _joined_text(tree, sorted_parts(tree), budget, body, {})
    return [uudecode(m[0].encode("ascii", "replace")) for m in _UU_INLINE.finditer(text)]
