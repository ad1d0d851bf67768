"""What is looked at before a reply leaves: own rules, quick, each with its reason. Pure.

A finding says what and about what; the words for it are the surface's. Some stop the first Send
(`stops`): a variable left open, somebody who does not belong here, a file that is said to be there
and is not, addresses shown to strangers. The others are told while one writes. A shop may have
each of them stop, told or left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime

from esmero.conversations.enums import Check, Level
from esmero.conversations.rules import replycheck_words as words
from esmero.conversations.rules.spelling import slips, words_of
from esmero.conversations.rules.variables import left_open
from esmero.kernel.text import fold

# A larger file, or one that would make the whole too heavy, goes as a link: many servers refuse a
# mail above 25 MB, and base 64 adds a third.
ENCLOSED_MOST = 5_000_000
ENCLOSED_IN_ALL = 15_000_000
# What no mail can take back stops the first Send; all else is told while one writes.
STOPS = frozenset(
    {
        Check.VARIABLE,
        Check.STRANGER,
        Check.FILE_MISSING,
        Check.OPEN_COPIES,
        Check.LATE,
        Check.CLOSED,
    }
)
OPEN_COPIES_FROM = 5
QUESTIONS_SHOWN = 4
TEXT_MOST = 20_000
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"\S+://\S+|\S+@\S+")
_QUESTION = re.compile(r"[^.!?¿¡\n]*\?")
_CAPITALS = re.compile(r"(?:\b[A-ZÁÉÍÓÚÜÑ]{2,}\b[\s,.;:!¡¿?]*){3,}")
_GREETED = re.compile(
    r"^[\s¡!]*(?:hola|buenos?\s+d[ií]as?|buenas(?:\s+(?:tardes|noches))?|estimad[oa]|querid[oa]"
    r"|apreciad[oa]|hi|hello|hey|dear|good\s+(?:morning|afternoon|evening))[\s,!:]+"
    r"(?:de\s+nuevo[\s,]+)?(?:(?:don|doña|sr\.?|sra\.?|mr\.?|mrs\.?|ms\.?)\s+)?"
    r"([A-ZÁÉÍÓÚÑ][^\W\d_]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Time:
    """A time that a reply names: its words, where they stand, and when it would be due."""

    words: str
    start: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A reply and what is known about it.

    `asked` are the customer's texts that have no answer yet. `addresses` and `names` belong to the
    conversation; `others` are addresses that belong to customers who do not take part, with their
    names. `tracked` are the times that promises hold: open ones, and the reply's own. `known` are
    words that are right here, in lower case.
    """

    text: str
    to: Sequence[tuple[str, str]] = ()
    cc: Sequence[tuple[str, str]] = ()
    files: Sequence[tuple[str, int]] = ()
    asked: Sequence[str] = ()
    is_complaint: bool = False
    is_first: bool = False
    is_late: bool = False
    addresses: Set[str] = frozenset()
    own_addresses: Set[str] = frozenset()
    names: Set[str] = frozenset()
    others: Mapping[str, str] = field(default_factory=dict)
    times: Sequence[Time] = ()
    tracked: Sequence[datetime] = ()
    known: Set[str] = frozenset()
    is_word: Callable[[str], bool] | None = None
    levels: Mapping[Check, Level] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at again. `about` are the words that the sentence needs."""

    code: Check
    about: tuple[str, ...] = ()
    stops: bool = False

    @property
    def key(self) -> str:
        """Its name in a form: one that stops is named with what it is about."""
        if not self.stops:
            return self.code.value
        about = hashlib.sha256("\0".join(self.about).encode()).hexdigest()[:8]
        return f"{self.code.value}-{about}"


def check(letter: Letter) -> list[Finding]:
    """Return what is to be looked at, what stops first."""
    text = letter.text[:TEXT_MOST]
    if not text.strip():
        return []
    found: list[Finding] = []
    flat = fold(text)
    for code, look in _LOOKS.items():
        level = letter.levels.get(code) or usual_level(code)
        if level is not Level.OFF:
            found += [replace(one, stops=level is Level.STOP) for one in look(letter, text, flat)]
    return sorted(found, key=lambda one: not one.stops)


def usual_level(code: Check) -> Level:
    """Return what a finding does in a shop that has said nothing about it."""
    return Level.STOP if code in STOPS else Level.TELL


def mails_named(text: str) -> set[str]:
    """Return the mail addresses that stand in a text, in lower case."""
    return {m[0].lower().rstrip(".") for m in _ADDRESS.finditer(text[:TEXT_MOST])}


def questions_in(text: str) -> list[str]:
    """Return the questions of a text, in order."""
    found = []
    text = _LINK.sub(" ", text[:TEXT_MOST])
    for match in _QUESTION.finditer(text):
        said = " ".join(match[0].split())
        if len(said) > 4:
            found.append(("¿" if text[: match.start()].rstrip().endswith("¿") else "") + said)
    return found


def _variables(letter: Letter, text: str, flat: str) -> list[Finding]:
    names = left_open(text)
    return [Finding(Check.VARIABLE, tuple(names))] if names else []


def _strangers(letter: Letter, text: str, flat: str) -> list[Finding]:
    found = []
    everybody = [(name, a.lower()) for name, a in (*letter.to, *letter.cc)]
    said = [("", address) for address in sorted(mails_named(text))]
    seen: set[str] = set()
    for _name, address in (*everybody, *said):
        if address in seen or address in letter.addresses or address in letter.own_addresses:
            continue
        seen.add(address)
        if address in letter.others:
            who = letter.others[address]
            found.append(Finding(Check.STRANGER, (who or address, address)))
    greeted = _greeted(letter, text)
    if greeted:
        found.append(Finding(Check.STRANGER, (greeted,)))
    return found


def _greeted(letter: Letter, text: str) -> str:
    """Return the name that is greeted when nobody here has it."""
    match = _GREETED.match(text)
    if match is None or not letter.names:
        return ""
    name = match[1]
    plain = fold(name)
    if not name[0].isupper() or plain in words.GENERIC_NAMES or len(plain) < 3:
        return ""
    here = {fold(word) for word in words_of([*letter.names, *letter.asked])}
    recipients = {fold(word) for word in words_of(name for name, _ in (*letter.to, *letter.cc))}
    local = " ".join(fold(a) for a in letter.addresses)
    near = any(word[:3] == plain[:3] for word in here | recipients) or plain in local
    return "" if near else name


def _missing_file(letter: Letter, text: str, flat: str) -> list[Finding]:
    if letter.files:
        return []
    rest = words.NOT_OURS.sub(" ", flat)
    said = words.SAYS_FILE.search(rest)
    return [Finding(Check.FILE_MISSING, (said[0].strip(),))] if said else []


def _unsaid_file(letter: Letter, text: str, flat: str) -> list[Finding]:
    if not letter.files or words.TELLS_OF_FILE.search(flat):
        return []
    heads = {
        w for name, _ in letter.files for w in re.split(r"[\W_\d]+", fold(name)) if len(w) > 3
    }
    if any(head in flat for head in heads):
        return []
    return [Finding(Check.FILE_UNSAID, (letter.files[0][0],))]


def _open_copies(letter: Letter, text: str, flat: str) -> list[Finding]:
    shown = {a.lower() for _, a in (*letter.to, *letter.cc)} - set(letter.own_addresses)
    strangers = shown - set(letter.addresses)
    domains = {a.rpartition("@")[2] for a in shown}
    if len(shown) >= OPEN_COPIES_FROM and len(domains) > 2 and len(strangers) > 2:
        return [Finding(Check.OPEN_COPIES, (str(len(shown)),))]
    return []


def _capitals(letter: Letter, text: str, flat: str) -> list[Finding]:
    letters = [c for c in text if c.isalpha()]
    upper = sum(1 for c in letters if c.isupper())
    if len(letters) > 20 and upper > 0.6 * len(letters):
        return [Finding(Check.CAPITALS, (_short(text),))]
    for match in _CAPITALS.finditer(text):
        run = match[0].strip()
        if sum(c.isalpha() for c in run) >= 12:
            return [Finding(Check.CAPITALS, (_short(run),))]
    return []


def _spelling(letter: Letter, text: str, flat: str) -> list[Finding]:
    if letter.is_word is None:
        return []
    names = words_of([*letter.names, *letter.asked, *(n for n, _ in (*letter.to, *letter.cc))])
    return [
        Finding(Check.SPELLING, (slip.word, slip.meant))
        for slip in slips(text, is_word=letter.is_word, names=letter.known | names)
    ]


def _questions(letter: Letter, text: str, flat: str) -> list[Finding]:
    """Of several questions, those of which no word occurs in the reply."""
    asked = [one for said in letter.asked for one in questions_in(said)]
    if len(asked) < 2:
        return []
    stems = {w[:5] for w in re.findall(r"[^\W_]{4,}", flat)} | set(re.findall(r"\d+", flat))
    left = []
    for question in asked:
        heads = {
            w[:5] for w in re.findall(r"[^\W_]{4,}", fold(question)) if w not in words.STOP_WORDS
        }
        if heads and not heads & stems:
            left.append(question)
    if not left or (len(left) == len(asked) and len(flat.split()) > 12 * len(asked)):
        return []
    return [Finding(Check.QUESTIONS, tuple(_short(q, 90) for q in left[:QUESTIONS_SHOWN]))]


def _big_files(letter: Letter, text: str, flat: str) -> list[Finding]:
    total, big = 0, []
    for name, size in letter.files:
        if size > ENCLOSED_MOST or total + size > ENCLOSED_IN_ALL:
            big.append(name)
        else:
            total += size
    return [Finding(Check.BIG_FILE, (name,)) for name in big[:2]]


def _loose_dates(letter: Letter, text: str, flat: str) -> list[Finding]:
    """Words that give a time for something to come, and no promise is due by then."""
    days = {due.date() for due in letter.tracked}
    found: dict[str, Finding] = {}
    for time in letter.times:
        if time.due_at.date() in days:
            continue
        begins = max(text.rfind(mark, 0, time.start) for mark in ".!?\n") + 1
        ends = [e for mark in ".!?\n" if (e := text.find(mark, time.start + len(time.words))) >= 0]
        sentence = text[begins : min(ends, default=len(text)) + 1]
        plain = fold(sentence)
        if sentence.rstrip().endswith("?") or words.PAST.search(plain):
            continue
        if words.COMMITS.search(plain):
            found.setdefault(fold(time.words), Finding(Check.LOOSE_DATE, (time.words,)))
    return list(found.values())[:2]


def _greeting(letter: Letter, text: str, flat: str) -> list[Finding]:
    if not letter.is_first:
        return []
    greets = words.GREETING.match(flat) or words.NAME_FIRST.match(text)
    if greets or words.THANKS.search(flat):
        return []
    return [Finding(Check.NO_GREETING)]


def _abrupt(letter: Letter, text: str, flat: str) -> list[Finding]:
    complains = letter.is_complaint or any(
        words.COMPLAINS.search(fold(said[:TEXT_MOST])) for said in letter.asked
    )
    if not complains:
        return []
    harsh = words.HARSH.search(flat)
    if harsh:
        return [Finding(Check.ABRUPT, (_short(harsh[0]),))]
    count = len(flat.split())
    if count < 8 or (count < 25 and not words.APOLOGY.search(flat)):
        return [Finding(Check.ABRUPT)]
    return []


def _late(letter: Letter, text: str, flat: str) -> list[Finding]:
    return [Finding(Check.LATE)] if letter.is_late else []


def _short(text: str, most: int = 60) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


_LOOKS: dict[Check, Callable[[Letter, str, str], list[Finding]]] = {
    Check.VARIABLE: _variables,
    Check.STRANGER: _strangers,
    Check.FILE_MISSING: _missing_file,
    Check.OPEN_COPIES: _open_copies,
    Check.LATE: _late,
    Check.QUESTIONS: _questions,
    Check.LOOSE_DATE: _loose_dates,
    Check.CAPITALS: _capitals,
    Check.ABRUPT: _abrupt,
    Check.NO_GREETING: _greeting,
    Check.FILE_UNSAID: _unsaid_file,
    Check.BIG_FILE: _big_files,
    Check.SPELLING: _spelling,
}
