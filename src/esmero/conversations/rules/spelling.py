"""Which words of a text look misspelled, and what they probably should be. Pure.

The dictionary is asked through a function. What dictionaries of Spanish lack is worked out here:
commands with pronouns at their end ("enróscala", "quédatelas"), diminutives, superlatives; and in
English the British forms of American entries. Names are left alone: a word with a capital inside a
sentence is none of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


IsWord = Callable[[str], bool]
TEXT_MOST = 20_000
SHOWN_MOST = 5
ASKED_MOST = 120
"""How often a dictionary is asked for what was meant: it takes up to 0.2 ms to say no."""

_LEFT_OUT = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+|\{\{.*?\}\}|«[^»]{0,80}»|\S*[\d_/\\]\S*|#\S+|@\w+"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE_ENDS = '.!?¡¿:;\n"“«—–-(*'
_ENCLITICS = re.compile(r"(?:me|te|se|nos|os|le|les)?(?:lo|la|los|las|le|les|me|te|se|nos|os)$")
_ACCENTS = {"a": "á", "e": "é", "i": "í", "o": "ó", "u": "úü", "n": "ñ"}
_BARE = str.maketrans("áéíóúü", "aeiouu")
# What is heard alike or lies side by side: tried before any other letter.
_ALIKE = {
    "b": "v", "v": "b", "s": "cz", "c": "sz", "z": "sc", "g": "j", "j": "g", "y": "i", "i": "y",
    "m": "n", "n": "mñ", "k": "c", "x": "s",
}  # fmt: skip
_LETTERS = "abcdefghijklmnñopqrstuvwxyzáéíóú"
# Short forms that people write to each other, and marks of measure.
_USUAL = word_set(
    "ok vale hola uf eh ja jaja jeje app web email emails mail mails mm cm kg km gr ml wifi "
    "pdf iva pvp nif cif sms gps usb led tel etc dpto aprox ud uds vs clic online ll ve re "
    "isn don doesn didn couldn wouldn shouldn aren won"
)
_BRITISH = (
    ("our", "or"), ("ise", "ize"), ("isa", "iza"), ("isi", "izi"), ("yse", "yze"), ("tre", "ter"),
    ("lled", "led"), ("lling", "ling"), ("ogue", "og"), ("ence", "ense"), ("aeo", "eo"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slip:
    """A word that no dictionary knows, and what is probably meant ('' when nothing is near)."""

    word: str
    meant: str = ""


def slips(text: str, *, is_word: IsWord, names: Set[str] = frozenset()) -> list[Slip]:
    """Return the words of a text that look misspelled, in order, each once, at most SHOWN_MOST.

    `names` are words that are right here: of customers, agents and products, and the shop's own
    list, in lower case.
    """
    flat = _LEFT_OUT.sub(lambda m: "\n" * len(m[0]), text[:TEXT_MOST])
    found: dict[str, Slip] = {}
    left = ASKED_MOST
    for match in _WORD.finditer(flat):
        word = match[0].replace("’", "'")
        lower = word.lower()
        if lower in found or len(lower) < 3 or _is_right(lower, is_word, names):
            continue
        is_name = word != lower
        if is_name and (word[1:] != word[1:].lower() or not _begins_sentence(flat, match.start())):
            continue
        meant, left = _meant(lower, is_word, 0 if is_name else left)
        if is_name and not meant:
            continue
        found[lower] = Slip(word, meant.capitalize() if is_name else meant)
        if len(found) >= SHOWN_MOST:
            break
    return list(found.values())


def words_of(names: Iterable[str]) -> set[str]:
    """Return the words of names, in lower case."""
    return {m[0].lower() for name in names for m in _WORD.finditer(name)}


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t")
    return not before or before[-1] in _SENTENCE_ENDS


def _is_right(word: str, is_word: IsWord, names: Set[str]) -> bool:
    if word in names or word in _USUAL or is_word(word):
        return True
    if word.endswith("'s") and (word[:-2] in names or is_word(word[:-2])):
        return True
    return (
        _is_laughter(word)
        or _with_pronouns(word, is_word)
        or _made_of(word, is_word)
        or _is_british(word, is_word)
    )


def _is_laughter(word: str) -> bool:
    return len(set(word)) <= 2 and len(word) > 3


def _with_pronouns(word: str, is_word: IsWord) -> bool:
    """ "enróscala" is "enrosca" and "la": a verb without the accent that the pronouns bring."""
    match = _ENCLITICS.search(word)
    while match is not None and match.start() > 2:
        stem = word[: match.start()]
        if is_word(stem) or (
            (bare := stem.translate(_BARE)) != stem and (is_word(bare) or is_word(bare + "s"))
        ):
            return True
        if stem.endswith(("mo", "no")) and is_word(stem.translate(_BARE) + "s"):
            return True  # "vámonos"
        match = re.compile(r"(?:lo|la|los|las|le|les|me|te|se|nos|os)$").search(
            word, match.start() + 1
        )
    return False


def _made_of(word: str, is_word: IsWord) -> bool:
    """Diminutives, superlatives, adverbs: of a word that is known."""
    for end, puts in (
        ("citos", ("", "e")), ("citas", ("", "e")), ("cito", ("", "e")), ("cita", ("", "e")),
        ("itos", ("o", "e", "")), ("itas", ("a", "e", "")), ("ito", ("o", "e", "")),
        ("ita", ("a", "e", "")), ("illos", ("o",)), ("illas", ("a",)), ("illo", ("o", "")),
        ("illa", ("a", "")), ("ísimos", ("o", "e", "")), ("ísimas", ("a", "e", "")),
        ("ísimo", ("o", "e", "")), ("ísima", ("a", "e", "")), ("mente", ("",)),
    ):  # fmt: skip
        if not word.endswith(end) or len(word) - len(end) < 3:
            continue
        stem = word[: -len(end)]
        stems = [stem]
        if stem.endswith("qu"):
            stems.append(stem[:-2] + "c")
        if stem.endswith("gu"):
            stems.append(stem[:-1])
        if stem.endswith("c"):
            stems.append(stem[:-1] + "z")
        if any(is_word(one + put) for one in stems for put in puts):
            return True
    return False


def _is_british(word: str, is_word: IsWord) -> bool:
    return any(part in word and is_word(word.replace(part, us, 1)) for part, us in _BRITISH)


def _meant(word: str, is_word: IsWord, most: int) -> tuple[str, int]:
    """Return the likeliest right word, '' when there is none near, and how often may be asked yet.

    First what people get wrong ("tambien", "enbiamos", "enviaremso"), always; then, `most` times,
    any letter too many, too few or another.
    """
    for candidate in _usual_slips(word):
        if candidate != word and is_word(candidate):
            return candidate, most
    for candidate in _any_slips(word):
        if most <= 0:
            break
        most -= 1
        if candidate != word and is_word(candidate):
            return candidate, most
    return "", most


def _usual_slips(word: str) -> Iterable[str]:
    places = range(len(word))
    for i in places:
        for accented in _ACCENTS.get(word[i], ""):
            yield word[:i] + accented + word[i + 1 :]
    alike = [word[:i] + other + word[i + 1 :] for i in places for other in _ALIKE.get(word[i], "")]
    yield from alike
    yield "h" + word
    if word.startswith("h"):
        yield word[1:]
    yield word.replace("ll", "y", 1)
    yield word.replace("y", "ll", 1)
    for i in places[:-1]:
        yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        if word[i] == word[i + 1]:
            yield word[:i] + word[i + 1 :]
    single = [word[:i] + word[i + 1 :] for i in places[:-1] if word[i] == word[i + 1]]
    for one in (word, *single):
        yield from (one[:i] + c + one[i:] for i, c in enumerate(one) if c in "celmnprst")
    for one in alike:
        for i in range(len(one)):
            for other in _ALIKE.get(one[i], "") + _ACCENTS.get(one[i], ""):
                if one[:i] + other + one[i + 1 :] != word:
                    yield one[:i] + other + one[i + 1 :]


def _any_slips(word: str) -> Iterable[str]:
    places = range(len(word))
    for i in places:
        yield word[:i] + word[i + 1 :]
    for i in range(len(word) + 1):
        for letter in _LETTERS:
            yield word[:i] + letter + word[i:]
    for i in places:
        for letter in _LETTERS:
            yield word[:i] + letter + word[i + 1 :]
