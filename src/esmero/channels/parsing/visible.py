"""The part of a mail that its sender has just written: without quotes and signature.

Works on lines with marks, so that plain text and rendered HTML share one set of rules.
Interleaved answers stay; when only a quote is left, the whole text is shown.
"""

from esmero.channels.parsing.html_text import join_lines, render
from esmero.channels.parsing.quotes import (
    ABOVE_LINE,
    DATE_MAILBOX,
    DATED,
    MAILBOX,
    QUOTING,
    SEPARATOR,
    STARTER,
    VERB,
    label_of,
    plain_line,
)
from esmero.channels.parsing.signatures import RULE, signature_lines

VISIBLE, QUOTED, SIGNATURE = "v", "q", "s"
_MAX_LINES = 6_000
_QUOTE_MARKS = "qb"


def _is_quote(line: str, mark: str) -> bool:
    return mark in ("q", "b") or line.startswith(">") or line.startswith("|>")


def _next_filled(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at]:
        at += 1
    return at


def classify(texts: list[str], marks: list[str]) -> list[str]:
    """'v', 'q' or 's' for each line.

    `marks` are those of `html_text.Line`; for plain text all are ''.
    """
    lines = [plain_line(text) for text in texts[:_MAX_LINES]]
    count = len(lines)
    kinds = [VISIBLE] * count
    has_verb = (
        [bool(VERB.search(line)) for line in lines] if VERB.search("\n".join(lines)) else None
    )
    i = 0
    while i < count:
        line, mark = lines[i], marks[i]
        if mark == "h":
            return _finish(lines, kinds, i, texts)
        if mark == "s":
            kinds[i] = SIGNATURE
        elif mark in ("q", "a") or (line[:1] == ">" or line[:2] == "|>"):
            kinds[i] = QUOTED
        elif mark == "b":
            kinds[i] = VISIBLE
        elif line and len(line) < 400:
            if line[0] in "-_=—–~#" or line[0].isalpha():
                if SEPARATOR.match(line) or ABOVE_LINE.match(line):
                    return _finish(lines, kinds, i, texts)
            end = intro_at(lines, marks, i, has_verb) if has_verb or ends_like_intro(line) else 0
            if end:
                after = _next_filled(lines, end)
                for k in range(i, end):
                    kinds[k] = QUOTED
                if after >= count or not _is_quote(lines[after], marks[after]):
                    return _finish(lines, kinds, i, texts)
                while after < count and (
                    _is_quote(lines[after], marks[after]) or not lines[after]
                ):
                    kinds[after] = QUOTED
                    after += 1
                i = after
                continue
            if label_of(line) and header_block_at(lines, i):
                return _finish(lines, kinds, i, texts)
        i += 1
    return _finish(lines, kinds, count, texts)


def _finish(lines: list[str], kinds: list[str], hard: int, texts: list[str]) -> list[str]:
    """Everything from `hard` on is quote; then signatures are taken out of what is left."""
    start = hard
    while start and (not lines[start - 1] or RULE.match(lines[start - 1])):
        start -= 1
        if lines[start] and hard - start > 4:
            break
    if hard < len(lines):
        for i in range(start, len(lines)):
            kinds[i] = QUOTED
    kinds.extend([QUOTED if hard < len(lines) else VISIBLE] * (len(texts) - len(kinds)))
    if not any(kind == VISIBLE and line for kind, line in zip(kinds, lines, strict=False)):
        kinds = [VISIBLE] * len(texts)
    _mark_signatures(lines, kinds)
    return kinds


def _mark_signatures(lines: list[str], kinds: list[str]) -> None:
    """The signature ends the last run of visible lines, or the first one of a top-posted reply."""
    runs: list[list[int]] = []
    for i in range(len(lines)):
        if kinds[i] != VISIBLE:
            continue
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    runs = [run for run in runs if any(lines[i] for i in run)]
    for run in {id(r): r for r in (runs[:1] + runs[-1:])}.values():
        found = signature_lines([lines[i] for i in run])
        keeps_something = any(lines[i] for k, i in enumerate(run) if k not in found)
        others = any(r is not run for r in runs)
        if keeps_something or others:
            for k in found:
                kinds[run[k]] = SIGNATURE


def intro_at(
    lines: list[str], marks: list[str], i: int, has_verb: list[bool] | None = None
) -> int:
    """The line after an introduction ("El …, X escribió:") that begins at i, else 0."""
    line = lines[i]
    if DATE_MAILBOX.match(line) or QUOTING.match(line):
        after = _next_filled(lines, i + 1)
        if after < len(lines) and _is_quote(lines[after], marks[after]):
            return i + 1
    if has_verb is None:
        has_verb = [bool(VERB.search(text)) for text in lines[: i + 5]]
    verb_at = next((k for k in range(i, min(i + 5, len(lines))) if has_verb[k]), None)
    if verb_at is None:
        return 0
    starts = STARTER.match(line) is not None
    if verb_at > i and not starts and not (MAILBOX.search(line) and verb_at == i + 1):
        return 0
    end = None
    for k in range(verb_at, min(verb_at + 3, len(lines))):
        if k > i and (not lines[k] or _is_quote(lines[k], marks[k])):
            break
        if any(not text for text in lines[i:k]):
            break
        if lines[k].endswith((":", "：", ": >")) or _closing_dashes(lines[k]):
            end = k + 1
            break
    if end is None:
        return 0
    joined = " ".join(lines[i:end])
    if len(joined) > 450:
        return 0
    after = _next_filled(lines, end)
    is_followed = after < len(lines) and _is_quote(lines[after], marks[after])
    evidence = bool(DATED.search(joined)) + bool(MAILBOX.search(joined))
    if starts and evidence:
        return end
    if is_followed and (starts or evidence or end == i + 1):
        return end
    return end if evidence == 2 and end == i + 1 else 0


def ends_like_intro(line: str) -> bool:
    return "@" in line or line.endswith(":")


def _closing_dashes(line: str) -> bool:
    return line.startswith("--") and line.endswith("--")


def header_block_at(lines: list[str], i: int) -> bool:
    """A quoted header block (From, Sent, To, Subject in any order and language) begins at i."""
    kinds = {label_of(lines[i])}
    has_address = "@" in lines[i]
    gaps = 0
    for k in range(i + 1, min(i + 14, len(lines))):
        line = lines[k]
        if not line:
            if gaps or len(kinds) >= 4:
                break
            gaps += 1
            continue
        kind = label_of(line)
        if kind:
            kinds.add(kind)
            has_address = has_address or "@" in line
            continue
        if "@" not in line and not line.endswith((",", ";")) and gaps >= 0:
            previous = lines[k - 1]
            if not previous.endswith((",", ";", ":")):
                break
    if "from" not in kinds or len(kinds) < 3:
        return False
    return "subject" in kinds or (has_address and "sent" in kinds)


def split_text(text: str) -> tuple[str, str]:
    """(visible, quoted) of a plain text body."""
    texts = text.split("\n")
    kinds = classify(texts, [""] * len(texts))
    return _joined(texts, kinds)


def _joined(texts: list[str], kinds: list[str]) -> tuple[str, str]:
    visible = [t.rstrip() for t, kind in zip(texts, kinds, strict=True) if kind == VISIBLE]
    quoted = [t.rstrip() for t, kind in zip(texts, kinds, strict=True) if kind == QUOTED]
    return join_lines(visible).strip(), "\n".join(quoted).strip("\n")


def split_html(html: str) -> tuple[str, str, str]:
    """(visible text, quoted text, visible HTML) of an HTML body.

    The HTML is a cut of the original: unbalanced tags are left to the sanitiser.
    """
    rendered = render(html)
    texts = [line.text for line in rendered]
    kinds = classify(texts, [line.mark.rstrip("r") for line in rendered])
    visible, quoted = _joined(texts, kinds)
    pieces: list[str] = []
    at = 0
    is_hidden = False
    for line, kind in zip(rendered, kinds, strict=True):
        if kind == VISIBLE and is_hidden:
            at = line.start
            is_hidden = False
        elif kind != VISIBLE and not is_hidden and (line.text or line.mark):
            pieces.append(html[at : line.start])
            is_hidden = True
    if not is_hidden:
        pieces.append(html[at:])
    return visible, quoted, "".join(pieces)
