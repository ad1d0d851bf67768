"""How people write: shortenings, shouting, slips and long stories, made fit to look up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from esmero.knowledge.search.lexicon import Lexicon
from esmero.knowledge.search.spelling import Speller
from esmero.knowledge.search.text import DRAWN_OUT, LONGEST, fold, is_small, words

_WHOLE_WORDS = 60
_PART_WORDS = 25
_MOST_PARTS = 4
_MOST_NAMES = 3
_LONGEST_WRITTEN = 3
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]+|\s+|_+")
_WORD = re.compile(r"[^\W_]+")
_SPACED = re.compile(r"\s+(?=[,.;:!?)%])")
_SENTENCE = re.compile(r"(?<=[.!?;:\n])\s+|\n+|[¿¡]+|\s-\s")
_COURTESY = re.compile(
    r"^(?:\W*(?:hola+|ola|buenas?|buenos|d[ií]as?|tardes|noches|qu[eé] tal|"
    r"c[oó]mo (?:va|est[aá]n?|andan)|estimad[oa]s?|disculpen?|perd[oó]n|"
    r"una (?:consulta|pregunta|duda)|consulta|pregunta|oigan?|oye|che|amig[oa]s?|"
    r"hello|hi|hey|good (?:morning|afternoon|evening)|dear|sir|madam|team)\b[\s,.:;!?]*)+"
)
_THANKS = re.compile(
    r"[\s,.;!]*(?:muchas |mil |desde ya |de antemano )*"
    r"(?:gracias|saludos|un saludo|thanks|thank you|regards)\b.{0,40}$"
)


@dataclass(frozen=True, slots=True)
class Written:
    """A query as it came and as it was understood."""

    raw: str
    clean: str
    """Shortenings written out, slips repaired, courtesies left out; in lower case."""
    plain: str
    """`clean` with regional words replaced by the plain ones."""
    parts: tuple[str, ...]
    """The sentences of a long `clean`, without courtesies; empty for a short one."""
    meanings: Mapping[int, float] = field(default_factory=dict)
    """The groups of the lexicon that `clean` and `plain` touch, with what each counts."""
    named: str = ""
    """What the phrases of the lexicon in it are called; empty where it holds none."""

    def readings(self) -> list[str]:
        """Return what to compare by meaning: the whole, then its sentences if there are several,
        then `named` unless it is empty.

        Of a long text it is the beginning of the whole, and the first and last sentences: there is
        what is asked.
        """
        parts = list(self.parts)
        if len(parts) > _MOST_PARTS:
            parts = [*parts[: _MOST_PARTS // 2], *parts[-(_MOST_PARTS // 2) :]]
        parts = [" ".join(part.split()[:_PART_WORDS]) or " " for part in parts]
        named = [self.named] if self.named else []
        return [" ".join(self.plain.split()[:_WHOLE_WORDS]) or " ", *parts, *named]


def read(
    text: str,
    lexicon: Lexicon,
    speller: Speller | None,
    is_written: Callable[[str], bool] | None = None,
) -> Written:
    """Understand how a query is written.

    `is_written`: whether the index holds a word in lower case, also one that the speller has not
    heard of yet.
    """
    text = text[:LONGEST].strip()
    sentences = [
        part
        for part in (_clean(s, lexicon, speller, is_written) for s in _SENTENCE.split(text))
        if part
    ]
    sentences = sentences or [" ".join(text.lower().split())]
    clean = ". ".join(sentences)
    plain = ". ".join(_plain(sentence, lexicon) for sentence in sentences)
    parts = tuple(sentences) if len(sentences) > 1 else ()
    meanings = lexicon.asked(words(clean))
    for number, counts in lexicon.asked(words(plain)).items():
        meanings[number] = max(meanings.get(number, 0.0), counts)
    return Written(text, clean, plain, parts, meanings, _named(meanings, lexicon))


def _clean(
    text: str,
    lexicon: Lexicon,
    speller: Speller | None,
    is_written: Callable[[str], bool] | None,
) -> str:
    text = DRAWN_OUT.sub(r"\1", unicodedata.normalize("NFC", text.lower()))
    text = _THANKS.sub("", _COURTESY.sub("", text))
    tokens = [token for token in _TOKEN.findall(text) if not token.isspace()]
    folded = [fold(token) for token in tokens]
    found: list[str] = []
    at = 0
    while at < len(tokens):
        for length in range(min(_LONGEST_WRITTEN, len(tokens) - at), 0, -1):
            full = lexicon.written.get(tuple(folded[at : at + length]))
            if full is not None:
                found.append(full)
                at += length
                break
        else:
            token = tokens[at]
            is_left = (
                speller is None
                or not token[0].isalpha()
                or is_small(folded[at], lexicon.language)
                or (is_written is not None and is_written(token))
            )
            if speller is not None and not is_left:
                token = speller.repaired(token)
            found.append(token)
            at += 1
    return _SPACED.sub("", " ".join(found)).strip(" ,.;:!")


def _named(meanings: Mapping[int, float], lexicon: Lexicon) -> str:
    """Return the names of the groups that phrases touch, those of the longest ones."""
    phrases = [number for number, counts in meanings.items() if counts > 1]
    phrases.sort(key=lambda number: -meanings[number])
    return ", ".join(lexicon.names[number] for number in phrases[:_MOST_NAMES])


def _plain(text: str, lexicon: Lexicon) -> str:
    found = list(_WORD.finditer(text))
    folded = [fold(match[0]) for match in found]
    parts: list[str] = []
    at = end = 0
    while at < len(found):
        head, length = lexicon.made_plain(folded, at)
        if length:
            parts += [text[end : found[at].start()], head]
            end = found[at + length - 1].end()
        at += length or 1
    return "".join([*parts, text[end:]])
