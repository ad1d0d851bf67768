"""Where a quoted mail begins: separators, "El …, X escribió:" lines, header blocks."""

from esmero.channels.parsing.quotes import (
    ABOVE_LINE,
    DATE_MAILBOX,
    DATED,
    INLINE_INTRO,
    MAILBOX,
    QUOTING,
    SEPARATOR,
    STARTER,
    TIMED,
    VERB,
    label_of,
    plain_line,
)
from esmero.channels.parsing.signatures import RULE

_MAX_INTRO_LINES = 5
_MAX_INTRO_CHARS = 450
_MAX_BLOCK_LINES = 14
_MAX_LINE_CHARS = 1_000  # what is longer is prose, not a mark of a mail program


class Lines:
    """Lines as the patterns see them, with the marks of the HTML ('' for plain text)."""

    __slots__ = ("lines", "marks", "ruled", "verbs")

    def __init__(self, texts: list[str], marks: list[str]) -> None:
        self.lines = [plain_line(text[:_MAX_LINE_CHARS]) for text in texts]
        self.ruled = {i for i, mark in enumerate(marks) if mark.endswith("r")}
        self.marks = [mark.rstrip("r") for mark in marks] if self.ruled else marks
        self.verbs = self._verb_lines()

    def _verb_lines(self) -> set[int]:
        """Indexes of the lines with a word like "escribió", found in one pass."""
        joined = "\n".join(self.lines)
        found: set[int] = set()
        at = index = 0
        for match in VERB.finditer(joined):
            index += joined.count("\n", at, match.start())
            at = match.start()
            found.add(index)
        return found


def is_quote_line(given: Lines, i: int) -> bool:
    return given.marks[i] in ("q", "b") or given.lines[i].startswith((">", "|>"))


def next_filled(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at]:
        at += 1
    return at


def separator_at(given: Lines, i: int) -> bool:
    line = given.lines[i]
    if i in given.verbs and INLINE_INTRO.match(line) and not line.endswith(":"):
        return True
    return bool(SEPARATOR.match(line) or ABOVE_LINE.match(line))


def intro_at(given: Lines, i: int) -> int:
    """The line after an introduction ("El …, X escribió:") that begins at i, else 0.

    A sentence with such a verb is no introduction: there must be a date or an address, or a
    quoted line right behind it.
    """
    lines, verbs = given.lines, given.verbs
    line = lines[i]
    if (line.endswith(":") or "@" in line) and (DATE_MAILBOX.match(line) or QUOTING.match(line)):
        after = next_filled(lines, i + 1)
        if after < len(lines) and is_quote_line(given, after):
            return i + 1
    if not verbs:
        return 0
    verb_at = next((k for k in range(i, i + _MAX_INTRO_LINES) if k in verbs), None)
    if verb_at is None:
        return 0
    starts = STARTER.match(line) is not None
    if verb_at > i and not starts and not (MAILBOX.search(line) and verb_at == i + 1):
        return 0
    end = _intro_end(given, i, verb_at)
    if not end:
        return 0
    joined = " ".join(lines[i:end])
    if len(joined) > _MAX_INTRO_CHARS:
        return 0
    after = next_filled(lines, end)
    is_followed = after < len(lines) and is_quote_line(given, after)
    evidence = bool(DATED.search(joined)) + bool(MAILBOX.search(joined))
    if starts and (evidence == 2 or (evidence and (is_followed or TIMED.search(joined)))):
        return end
    if is_followed and (starts or evidence or end == i + 1):
        return end
    return end if evidence == 2 and end == i + 1 else 0


def _intro_end(given: Lines, i: int, verb_at: int) -> int:
    lines = given.lines
    if any(not text for text in lines[i : verb_at + 1]):
        return 0
    for k in range(verb_at, min(verb_at + 3, len(lines))):
        line = lines[k]
        if k > i and (not line or is_quote_line(given, k)):
            return 0
        if line.endswith((":", "：", ": >")) or (line.startswith("--") and line.endswith("--")):
            return k + 1
    return 0


def header_block_at(given: Lines, i: int) -> bool:
    """A quoted header block (From, Sent, To, Subject in any order and language) begins at i.

    Below a ruler two labels are enough; elsewhere it takes three, a subject or a date and an
    address, so that "De: Madrid / Para: Lugo" in an order stays text.
    """
    lines = given.lines
    first = label_of(lines[i])
    if not first:
        return False
    kinds = {first}
    has_address = "@" in lines[i]
    gaps = 0
    for k in range(i + 1, min(i + _MAX_BLOCK_LINES, len(lines))):
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
        elif "@" not in line and not lines[k - 1].endswith((",", ";", ":")):
            break
    if "from" not in kinds:
        return False
    if _is_ruled(given, i) and len(kinds) >= 2 and ("sent" in kinds or "subject" in kinds):
        return True
    return len(kinds) >= 3 and ("subject" in kinds or (has_address and "sent" in kinds))


def _is_ruled(given: Lines, i: int) -> bool:
    k = i
    while k >= 0 and k > i - 4:
        if k in given.ruled:
            return True
        if k < i and given.lines[k]:
            return bool(RULE.match(given.lines[k]))
        k -= 1
    return False
