"""Repair of misspelt words against the words that are written in the shop's own texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

import numpy as np

from esmero.knowledge.search.text import fold, sound

_ACUTE = {"a": "á", "e": "é", "i": "í", "o": "ó", "u": "ú"}
_NEAREST = 24
"""Candidates whose distance is computed, by shared letter pairs."""


@lru_cache(maxsize=2_000)
def _pairs(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple({padded[at : at + 2] for at in range(len(padded) - 1)})


def _accented(word: str) -> Iterator[str]:
    """Yield a word as it is and with an accent on one of its last two vowels (people leave them
    out).
    """
    yield word
    left = 2
    for at in range(len(word) - 1, -1, -1):
        if word[at] in _ACUTE:
            yield f"{word[:at]}{_ACUTE[word[at]]}{word[at + 1 :]}"
            left -= 1
            if not left:
                return


def distance(one: str, other: str, most: int) -> int:
    """Return the optimal string alignment distance (insert, drop, change, swap), or `most` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


class Speller:
    """The words of the index (folded, with how often they occur) and the nearest to a misspelt
    one.
    """

    def __init__(
        self,
        forms: Counter[str],
        known: Collection[str] = (),
        is_word: Callable[[str], bool] | None = None,
        *,
        by_sound: bool = True,
    ) -> None:
        """`forms`: the index's words in lower case with their accents; `known`: folded words that
        are right though the index lacks them; `is_word`: whether a word is one of the language.
        """
        counts: Counter[str] = Counter()
        self._form: dict[str, str] = {}
        for form, count in forms.most_common():
            folded = fold(form)
            counts[folded] += count
            self._form.setdefault(folded, form)
        self._counts = counts
        self._known = known
        self._is_word = is_word
        self._by_sound = by_sound
        self._words = [w for w in {*counts, *self._known} if len(w) > 3 and w.isalpha()]
        self._sounds: dict[str, str] = {}
        lists: dict[str, list[int]] = {}
        for number, word in enumerate(self._words):
            for pair in _pairs(word):
                lists.setdefault(pair, []).append(number)
            if by_sound:
                heard = sound(word)
                best = self._sounds.get(heard)
                if best is None or counts[word] > counts[best]:
                    self._sounds[heard] = word
        self._lists = {pair: np.array(numbers, np.int32) for pair, numbers in lists.items()}
        self._lengths = np.array([len(word) + 1 for word in self._words], np.float32)
        self._cache: dict[str, str] = {}

    def is_known(self, word: str) -> bool:
        """Say whether a word in lower case is left alone."""
        folded = fold(word)
        if len(folded) < 4 or not folded.isalpha() or folded in self._counts:
            return True
        if folded in self._known:
            return True
        return self._is_word is not None and any(map(self._is_word, _accented(word)))

    def repaired(self, word: str) -> str:
        """Return the known word (with accents) that a word in lower case was meant to be, or
        itself.
        """
        found = self._cache.get(word)
        if found is None:
            if len(self._cache) > 20_000:
                self._cache.clear()
            found = self._with_accents(word)
            if len(word) <= 24 and self._words and not self.is_known(word):
                found = self._nearest(fold(word), word)
            self._cache[word] = found
        return found

    def _with_accents(self, word: str) -> str:
        """Return how the index writes a word that came without its accents and is none so."""
        form = self._form.get(word, word)
        if form != word and (self._is_word is None or not self._is_word(word)):
            return form
        return word

    def _nearest(self, word: str, otherwise: str) -> str:
        if self._by_sound:
            heard = self._sounds.get(sound(word))
            if heard:
                return self._form.get(heard, heard)
        most = 1 if len(word) < 6 else 2
        overlap = np.zeros(len(self._words), np.float32)
        pairs = _pairs(word)
        for pair in pairs:
            numbers = self._lists.get(pair)
            if numbers is not None:
                overlap[numbers] += 1
        overlap /= self._lengths + len(pairs)
        count = min(_NEAREST, len(overlap))
        nearest = np.argpartition(-overlap, count - 1)[:count]
        best, best_key = "", (most + 1.0, 0.0)
        for number in nearest:
            other = self._words[int(number)]
            far = distance(word, other, most)
            if far > most:
                continue
            key = (far + 0.5 * (other[0] != word[0]), -float(np.log1p(self._counts[other])))
            if key < best_key:
                best, best_key = other, key
        return self._form.get(best, best) if best else otherwise
