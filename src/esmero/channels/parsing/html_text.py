"""HTML to lines of text, in one pass and without building a tree.

`render` keeps for every line where it began in the HTML, and what the markup said about it
(inside a quote, a signature, after a separator), so that `visible_html` can cut the HTML itself.
"""

import re
from html import unescape

from esmero.channels.parsing.words import word_set

_TAG = re.compile(r"<(?:(/?)([a-zA-Z][\w:.-]*)([^<>]*)>|!--|[!?][^<>]*>)")
_WS = re.compile(r"[ \t\n\r\f]+")
_RAW_TEXT = {"script", "style", "title", "noscript", "template", "xml", "svg", "object"}
_BLOCKS = word_set(
    "p div br tr table ul ol li dl dt dd h1 h2 h3 h4 h5 h6 blockquote pre hr center form section "
    "article header footer address body html head main aside figure fieldset caption thead tbody "
    "tfoot nav"
)
_SPACED = word_set("p ul ol table h1 h2 h3 h4 h5 h6 blockquote pre")
_VOID = word_set("br hr img input meta link base area col wbr source embed")
# What mail programs name their elements. 'h': everything from here on is the quoted mail,
# 'a': introduces a quote, 's': a signature.
_MARKERS = {
    "appendonsend": "h", "divrplyfwdmsg": "h", "freebirdmailquote": "h", "front-blockquote": "h",
    "isforwardcontent": "h", "isreplycontent": "h", "mail-editor-reference-message": "h",
    "mailquote": "h", "moz-email-headers-table": "h", "moz-forward-container": "h",
    "ms-outlook-mobile-reference-message": "h", "olk_src_body_section": "h",
    "outlookmessageheader": "h", "protonmail_quote": "h", "replyforwardmessage": "h",
    "stopspelling": "h", "tutanota_quote": "h", "yahoo_quoted": "h", "zmail_extra": "h",
    "gmail_attr": "a", "gmail_quote_attribution": "a", "moz-cite-prefix": "a", "reply-intro": "a",
    "applemailsignature": "s", "edo-signature": "s", "gmail_signature": "s",
    "mailspring-signature": "s", "moz-signature": "s", "ms-outlook-mobile-signature": "s",
    "protonmail_signature_block": "s", "tutanota_signature": "s", "yahoo-signature": "s",
    "zm_signature": "s", 'id="signature"': "s", 'id="x_signature"': "s",
    'class="signature"': "s",
}  # fmt: skip
_CITE = re.compile(
    r"(?i)type\s*=\s*[\"']?cite|class\s*=\s*[\"']?[^\"'>]*(?:quote|cite)|\bcite\s*=|"
    r"border-left|padding-left|id\s*=\s*[\"']?[^\"'>]*(?:quote|cite|reply)"
)
_HIDDEN = re.compile(r"(?i)display\s*:\s*none")


class Line:
    """A rendered line. `start` is its offset in the HTML. Marks: '' plain, 'q' quote, 'b' a
    blockquote that may be one, 'a' introduction of a quote, 'h' all from here is quote,
    's' signature, 'r' a rule."""

    __slots__ = ("mark", "start", "text")

    def __init__(self, text: str, start: int, mark: str) -> None:
        self.text = text
        self.start = start
        self.mark = mark


def render(html: str, max_tags: int = 60_000) -> list[Line]:
    """The lines that a reader sees. Beyond `max_tags` the rest is stripped of tags only."""
    lines: list[Line] = []
    chunks: list[str] = []
    line_start = 0
    stack: list[tuple[str, str]] = []  # open elements that changed the mark
    mark = ""
    depth_of: dict[str, int] = {}
    pre = 0
    at = 0
    tags = 0
    missing: set[str] = set()
    lowered = html.lower()
    markers = [item for item in _MARKERS.items() if item[0] in lowered]

    def flush(blank: bool) -> None:
        nonlocal chunks
        text = "".join(chunks)
        chunks = []
        text = text.strip() if not pre else text.rstrip()
        if text:
            lines.append(Line(text, line_start, mark))
        elif blank and lines and lines[-1].text:
            lines.append(Line("", line_start, mark))

    length = len(html)
    while at < length:
        match = _TAG.search(html, at)
        stop = match.start() if match else length
        if stop > at:
            chunk = html[at:stop]
            if "&" in chunk:
                chunk = unescape(chunk)
            if not pre:
                chunk = _WS.sub(" ", chunk)
                if not chunks:
                    chunk = chunk.lstrip(" ")
            elif "\n" in chunk:
                head, *rest = chunk.split("\n")
                if not chunks:
                    line_start = at
                chunks.append(head)
                for piece in rest:
                    flush(True)
                    line_start = at
                    chunks.append(piece)
                chunk = ""
            if chunk:
                if not chunks:
                    line_start = at
                chunks.append(chunk)
        if match is None:
            break
        at = match.end()
        name = match[2]
        if name is None:
            if match[0] == "<!--":
                close = -1 if "-->" in missing else html.find("-->", at)
                if close == -1:
                    missing.add("-->")
                at = close + 3 if close != -1 else at
            continue
        tags += 1
        if tags > max_tags:
            break
        name = name.lower()
        attrs = match[3]
        if match[1]:
            if name in _BLOCKS:
                flush(name in _SPACED)
            if name == "pre" and pre:
                pre -= 1
            elif name in ("td", "th") and chunks:
                chunks.append(" ")
            if depth_of.get(name):
                while stack:
                    opened, previous = stack.pop()
                    depth_of[opened] -= 1
                    if opened == name:
                        if previous != "\x00":
                            mark = previous
                        break
                    if previous != "\x00":
                        mark = previous
            continue
        if attrs.count('"') % 2:
            extra = html.find('">', at, at + 400)
            at = extra + 2 if extra != -1 else at
        if name in _RAW_TEXT:
            if name not in missing and not attrs.endswith("/"):
                close = lowered.find("</" + name, at) if len(lowered) == length else -1
                if close != -1:
                    at = html.find(">", close) + 1 or length
                else:
                    missing.add(name)
            continue
        if name == "br":
            if "".join(chunks).strip():
                flush(False)
            else:
                lines.append(Line("", match.start(), mark))
            continue
        if name in _BLOCKS:
            flush(name in _SPACED)
            line_start = at
            if name == "li":
                chunks.append("- ")
            elif name == "pre":
                pre += 1
            elif name == "hr":
                is_stop = "stopspelling" in attrs.lower()
                lines.append(Line("", match.start(), "h" if is_stop else mark + "r"))
            elif "border-top" in attrs and "solid" in attrs:
                lines.append(Line("", match.start(), mark + "r"))
        if name in _VOID or attrs.endswith("/"):
            continue
        new = _mark_of(name, attrs, mark, markers)
        if new != mark:
            stack.append((name, mark))
            depth_of[name] = depth_of.get(name, 0) + 1
            if new and chunks:
                flush(False)
            mark = new
            if new in ("h",):
                lines.append(Line("", match.start(), mark))
        elif stack:
            stack.append((name, "\x00"))
            depth_of[name] = depth_of.get(name, 0) + 1
    flush(False)
    if at < length and tags > max_tags:
        stripped = re.sub(r"<[^<>]*>", " ", html[at:])
        lines.append(Line(_WS.sub(" ", unescape(stripped)).strip(), at, mark))
    return lines


def _mark_of(name: str, attrs: str, mark: str, markers: list[tuple[str, str]]) -> str:
    if name == "blockquote":
        return "q" if mark or _CITE.search(attrs) else "b"
    if markers and mark != "q" and len(attrs) > 5 and name not in ("a", "img"):
        lowered = attrs.lower()
        for token, found in markers:
            if token in lowered:
                return found
    return mark


def join_lines(texts: list[str]) -> str:
    """Lines as text, with never more than one blank line in a row."""
    out: list[str] = []
    for text in texts:
        if text or (out and out[-1]):
            out.append(text)
    while out and not out[-1]:
        out.pop()
    return "\n".join(out).replace("\xa0", " ")


def html_to_text(html: str) -> str:
    """Plain text of an HTML body: paragraphs, list dashes, no markup. Never raises."""
    return join_lines([line.text for line in render(html)])
