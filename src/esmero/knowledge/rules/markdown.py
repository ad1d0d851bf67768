"""Simple Markdown to the HTML of articles: what is typed without a script, and what is imported.

Each line is looked at a bounded number of times, so that no text keeps it busy. What it makes is
cleaned afterwards like any other HTML.
"""

from __future__ import annotations

import html
import re

_FENCE = re.compile(r"(`{3,}|~{3,})")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_RULE = re.compile(r"(?:\*\s*){3,}$|(?:-\s*){3,}$|(?:_\s*){3,}$")
_BULLET = re.compile(r"(\s*)([-*+]|\d{1,4}[.)])\s+(.*)$")
_CALLOUT = re.compile(r"\[!(\w+)\]\s*")
_CALLOUTS = {
    "note": "note", "nota": "note", "info": "note", "important": "note", "importante": "note",
    "tip": "tip", "consejo": "tip", "truco": "tip",
    "warning": "warning", "caution": "warning", "aviso": "warning", "atencion": "warning",
    "atención": "warning", "cuidado": "warning",
}  # fmt: skip
_CELLS = re.compile(r"(?<!\\)\|")
_DIVIDER = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_HTML = re.compile(
    r"</?(?:p|br|h[1-6]|ul|ol|li|strong|em|b|i|u|s|code|pre|a|blockquote|img|figure|figcaption|"
    r"table|caption|thead|tbody|tr|th|td|hr|aside|details|summary|sub|sup|div|span)\b[^<>]{0,2000}>",
    re.I,
)
_HTML_BLOCK = re.compile(
    r"</?(?:p|h[1-6]|ul|ol|table|thead|tbody|tr|figure|aside|details|div|blockquote|hr)\b", re.I
)
_INLINE = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<code>`[^`\n]{1,500}`)"
    r"|(?P<image>!\[(?P<alt>[^\[\]\n]{0,300})\]\((?P<src>[^()\s]{1,1000})(?:\s+\"[^\"\n]{0,200}\")?\))"
    r"|(?P<link>\[(?P<words>[^\[\]\n]{1,500})\]\((?P<to>[^()\s]{1,1000})(?:\s+\"[^\"\n]{0,200}\")?\))"
    r"|(?P<auto><(?P<url>(?:https?://|mailto:)[^<>\s]{1,1000})>)"
    r"|(?P<bold>(?P<b>\*\*|__)(?=\S)(?P<strong>[^\n]{1,1000}?)(?<=\S)(?P=b))"
    r"|(?P<italic>(?P<i>\*|(?<!\w)_)(?=[^\s*_])(?P<em>[^*_\n]{1,1000})(?<=\S)(?P=i)(?!\w))"
    r"|(?P<strike>~~(?P<s>[^~\n]{1,1000})~~)"
)
_DEEPEST = 8
_INLINE_DEEPEST = 4
LONGEST_LINE = 20_000


def to_html(text: str) -> str:
    """Return the HTML of a text in Markdown; not cleaned yet."""
    lines = text.expandtabs(4).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _blocks([line[:LONGEST_LINE] for line in lines], 0)


def _blocks(lines: list[str], depth: int) -> str:
    if depth > _DEEPEST:
        return f"<p>{html.escape(' '.join(lines))}</p>"
    found: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        bare = line.strip()
        if not bare:
            at += 1
        elif fence := _FENCE.match(bare):
            at = _fenced(lines, at, fence[1], found)
        elif heading := _HEADING.match(bare):
            level = min(4, max(2, len(heading[1])))
            found.append(f"<h{level}>{inline(heading[2])}</h{level}>")
            at += 1
        elif _RULE.match(bare) and not _BULLET.match(line):
            found.append("<hr>")
            at += 1
        elif bare.startswith(">"):
            at = _quoted(lines, at, found, depth)
        elif bullet := _BULLET.match(line):
            at = _listed(lines, at, found, depth, bullet)
        elif "|" in bare and at + 1 < len(lines) and _is_divider(lines[at + 1]):
            at = _tabled(lines, at, found)
        elif _HTML_BLOCK.match(bare):
            at = _raw(lines, at, found)
        else:
            at = _paragraph(lines, at, found)
    return "".join(found)


def _is_divider(line: str) -> bool:
    return "-" in line and len(line) < 2000 and bool(_DIVIDER.match(line.strip()))


def _fenced(lines: list[str], at: int, fence: str, found: list[str]) -> int:
    inside: list[str] = []
    at += 1
    while at < len(lines) and not lines[at].strip().startswith(fence):
        inside.append(lines[at])
        at += 1
    found.append(f"<pre><code>{html.escape(chr(10).join(inside))}</code></pre>")
    return at + 1


def _quoted(lines: list[str], at: int, found: list[str], depth: int) -> int:
    inside: list[str] = []
    while at < len(lines) and lines[at].strip().startswith(">"):
        inside.append(lines[at].strip()[1:].removeprefix(" "))
        at += 1
    match = _CALLOUT.match(inside[0].strip())
    if match and match[1].lower() in _CALLOUTS:
        inside[0] = inside[0].strip()[match.end() :]
        kind = _CALLOUTS[match[1].lower()]
        found.append(f'<aside data-kind="{kind}">{_blocks(inside, depth + 1)}</aside>')
    else:
        found.append(f"<blockquote>{_blocks(inside, depth + 1)}</blockquote>")
    return at


def _listed(lines: list[str], at: int, found: list[str], depth: int, first: re.Match[str]) -> int:
    indent, is_ordered = len(first[1]), first[2][0].isdigit()
    items: list[list[str]] = []
    inner = indent
    blank = False
    while at < len(lines):
        line = lines[at]
        bullet = _BULLET.match(line)
        deep = len(line) - len(line.lstrip())
        if not line.strip():
            blank = True
        elif bullet and len(bullet[1]) <= indent + 1 and deep < inner + (not items):
            if bullet[2][0].isdigit() != is_ordered or len(bullet[1]) < indent:
                break
            items.append([bullet[3]])
            inner = len(line) - len(bullet[3])
        elif deep > indent or not blank:
            if blank:
                items[-1].append("")
            items[-1].append(line[min(deep, inner) :])
        else:
            break
        blank = not line.strip()
        at += 1
    tag = "ol" if is_ordered else "ul"
    number = first[2][:-1].lstrip("0")
    start = f' start="{number}"' if is_ordered and number not in {"", "1"} else ""
    body = "".join(f"<li>{_item(item, depth)}</li>" for item in items)
    found.append(f"<{tag}{start}>{body}</{tag}>")
    return at


def _item(lines: list[str], depth: int) -> str:
    inside = _blocks(lines, depth + 1)
    # One paragraph in an item is the item's text.
    if inside.startswith("<p>") and inside.count("<p>") == 1:
        return inside.replace("<p>", "", 1).replace("</p>", "", 1)
    return inside


def _row(line: str) -> list[str]:
    bare = line.strip().removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [cell.strip().replace("\\|", "|") for cell in _CELLS.split(bare)]


def _tabled(lines: list[str], at: int, found: list[str]) -> int:
    heads = _row(lines[at])
    made = ["<table><thead><tr>"]
    made += [f'<th scope="col">{inline(cell)}</th>' for cell in heads]
    made.append("</tr></thead><tbody>")
    at += 2
    while at < len(lines) and "|" in lines[at] and lines[at].strip():
        cells = (_row(lines[at]) + [""] * len(heads))[: len(heads)]
        made.append("<tr>" + "".join(f"<td>{inline(cell)}</td>" for cell in cells) + "</tr>")
        at += 1
    found.append("".join([*made, "</tbody></table>"]))
    return at


def _raw(lines: list[str], at: int, found: list[str]) -> int:
    inside: list[str] = []
    while at < len(lines) and lines[at].strip():
        inside.append(lines[at])
        at += 1
    found.append("\n".join(inside))
    return at


def _paragraph(lines: list[str], at: int, found: list[str]) -> int:
    inside: list[str] = []
    while at < len(lines):
        line = lines[at]
        bare = line.strip()
        if not bare or (bare.startswith((">", "#", "```")) and inside):
            break
        if inside and set(bare) in ({"="}, {"-"}) and len(bare) > 1:
            level = 2 if bare[0] == "=" else 3
            found.append(f"<h{level}>{inline(' '.join(inside))}</h{level}>")
            return at + 1
        if inside and _BULLET.match(line):
            break
        inside.append(bare + ("\n" if line.endswith(("  ", "\\")) else ""))
        at += 1
    said = " ".join(one.removesuffix("\\\n") + "\n" if one.endswith("\\\n") else one
                    for one in inside)  # fmt: skip
    found.append(f"<p>{inline(said.strip())}</p>")
    return at


def inline(text: str, depth: int = 0) -> str:
    """Return the HTML of a line's marks."""
    if depth > _INLINE_DEEPEST:
        return html.escape(text)
    made: list[str] = []
    last = 0
    for match in _INLINE.finditer(text):
        made.append(_plain(text[last : match.start()]))
        made.append(_mark(match, depth))
        last = match.end()
    made.append(_plain(text[last:]))
    return "".join(made)


def _plain(text: str) -> str:
    """Escape what is no element of ours; a line's end that was asked for is a break."""
    made: list[str] = []
    last = 0
    for match in _HTML.finditer(text):
        made += [html.escape(text[last : match.start()], quote=False), match[0]]
        last = match.end()
    made.append(html.escape(text[last:], quote=False))
    return re.sub(r"\n ?", "<br>", "".join(made))


def _mark(match: re.Match[str], depth: int) -> str:
    if match["escape"]:
        return html.escape(match["escape"][1:])
    if match["code"]:
        return f"<code>{html.escape(match['code'][1:-1])}</code>"
    if match["image"]:
        return f'<img src="{html.escape(match["src"])}" alt="{html.escape(match["alt"])}">'
    if match["link"]:
        return f'<a href="{html.escape(match["to"])}">{inline(match["words"], depth + 1)}</a>'
    if match["auto"]:
        url = html.escape(match["url"])
        return f'<a href="{url}">{url.removeprefix("mailto:")}</a>'
    if match["bold"]:
        return f"<strong>{inline(match['strong'], depth + 1)}</strong>"
    if match["italic"]:
        return f"<em>{inline(match['em'], depth + 1)}</em>"
    return f"<s>{inline(match['s'], depth + 1)}</s>"
