"""The part of a mail that its sender has just written: without quotes and signature.

Works on lines with marks, so that plain text and rendered HTML share one set of rules.
Interleaved answers stay; when only a quote is left, the whole text is shown.
"""

from esmero.channels.parsing.html_text import join_lines, render
from esmero.channels.parsing.intros import (
    Lines,
    header_block_at,
    intro_at,
    is_quote_line,
    next_filled,
    separator_at,
)
from esmero.channels.parsing.signatures import RULE, signature_lines

VISIBLE, QUOTED, SIGNATURE = "v", "q", "s"
_MAX_LINES = 6_000


def classify(texts: list[str], marks: list[str]) -> list[str]:
    """'v', 'q' or 's' for each line.

    `marks` are those of `html_text.Line`; for plain text all are ''.
    """
    given = Lines(texts[:_MAX_LINES], marks[:_MAX_LINES])
    kinds = [VISIBLE] * len(given.lines)
    hard = _scan(given, kinds)
    if hard < len(given.lines):
        start = _with_rule_above(given, hard)
        kinds[start:] = [QUOTED] * (len(given.lines) - start)
        rest = QUOTED
    else:
        rest = VISIBLE
    kinds.extend([rest] * (len(texts) - len(kinds)))
    if not any(kind == VISIBLE and line for kind, line in zip(kinds, given.lines, strict=False)):
        kinds = [VISIBLE] * len(texts)
    _mark_signatures(given.lines, kinds)
    return kinds


def _scan(given: Lines, kinds: list[str]) -> int:
    """Mark soft quotes in `kinds`; return where everything that follows is quote."""
    lines, marks = given.lines, given.marks
    count = len(lines)
    i = 0
    while i < count:
        line, mark = lines[i], marks[i]
        if mark == "h" or (line.startswith(">>>") and line.endswith(">>>") and "@" in line):
            return i  # the second is GroupWise, which quotes without signs
        if mark == "s":
            kinds[i] = SIGNATURE
        elif mark in ("q", "a") or line.startswith((">", "|>")):
            kinds[i] = QUOTED
        elif line and mark != "b" and len(line) < 400:
            if separator_at(given, i) or header_block_at(given, i):
                return i
            end = intro_at(given, i)
            if end:
                kinds[i:end] = [QUOTED] * (end - i)
                after = next_filled(lines, end)
                if after >= count or not is_quote_line(given, after):
                    return i
                while after < count and (not lines[after] or is_quote_line(given, after)):
                    kinds[after] = QUOTED
                    after += 1
                i = after
                continue
        i += 1
    return count


def _with_rule_above(given: Lines, hard: int) -> int:
    """The quote's own ruler and blank lines above its first line belong to it."""
    start = hard
    while start and (not given.lines[start - 1] or RULE.match(given.lines[start - 1])):
        start -= 1
    return start


def _mark_signatures(lines: list[str], kinds: list[str]) -> None:
    """Signatures end the first run of visible lines (above a quote) or the last one (below)."""
    runs: list[list[int]] = []
    for i in range(len(lines)):
        if kinds[i] != VISIBLE:
            continue
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    runs = [run for run in runs if any(lines[i] for i in run)]
    if not runs:
        return
    for run in runs if len(runs) == 1 else (runs[0], runs[-1]):
        found = signature_lines([lines[i] for i in run], len(runs) > 1)
        keeps_something = any(lines[i] for k, i in enumerate(run) if k not in found)
        if keeps_something or len(runs) > 1:
            for k in found:
                kinds[run[k]] = SIGNATURE


def split_text(text: str) -> tuple[str, str]:
    """(visible, quoted) of a plain text body."""
    texts = text.split("\n")
    kinds = classify(texts, [""] * len(texts))
    return _joined(texts, kinds)


def _joined(texts: list[str], kinds: list[str]) -> tuple[str, str]:
    visible: list[str] = []
    previous = VISIBLE
    for text, kind in zip(texts, kinds, strict=True):
        if kind == VISIBLE:
            if previous != VISIBLE:
                visible.append("")
            visible.append(text.rstrip())
        previous = kind
    quoted = [t.rstrip() for t, kind in zip(texts, kinds, strict=True) if kind == QUOTED]
    return join_lines(visible).strip(), "\n".join(quoted).strip("\n")


def split_html(html: str) -> tuple[str, str, str]:
    """(visible text, quoted text, visible HTML) of an HTML body.

    The HTML is a cut of the original: unbalanced tags are left to the sanitiser.
    """
    rendered = render(html)
    texts = [line.text for line in rendered]
    kinds = classify(texts, [line.mark for line in rendered])
    visible, quoted = _joined(texts, kinds)
    pieces: list[str] = []
    at = 0
    is_hidden = False
    for line, kind in zip(rendered, kinds, strict=True):
        if kind == VISIBLE and is_hidden and line.text:
            at = line.start
            is_hidden = False
        elif kind != VISIBLE and not is_hidden and (line.text or line.mark):
            pieces.append(html[at : line.start])
            is_hidden = True
    if not is_hidden:
        pieces.append(html[at:])
    return visible, quoted, "".join(pieces)
