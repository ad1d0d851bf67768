"""Likeness by words and by meaning: a third each for words, groups of meanings and sentences.

The vectors of sentences are the search process's (`comparing.py`): this one neither makes nor
holds any. While that process does not answer, words alone say what is alike, on their own scale.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final, Protocol

from esmero.knowledge.actions.starting import starting
from esmero.knowledge.adapters.lexical import Words, space_of
from esmero.knowledge.adapters.sentences import packed
from esmero.knowledge.ports import Near, Scale
from esmero.knowledge.rules.mining import Space

SCALE: Final = Scale(joins_from=0.55, merges_from=0.45)
"""Chosen on half of each of three sets: docs/explanation/questions.md."""
_SENTENCE: Final = 1 / 3
_MEANT: Final = 0.5
"""Of what is left, for the groups of meanings."""
_ALONE: Final = 0.15
"""Sentences as near as this over what joins mean the same whatever words they are in."""
_WIDE: Final = 60
"""Places by words, and as many by sentences, among which the most alike by both are sought."""
_LEARNT_AT_ONCE: Final = 200
_LEARNS_S: Final = 1.0
_PAIRS_AT_ONCE: Final = 20_000
"""A hundred questions have six times as many: in one message they would take 30 MB there."""
_KNOWN_MOST: Final = 60_000


class Process(Protocol):
    """The search process, asked for what it does beside searching."""

    def more(self, do: str, **asked: Any) -> Mapping[str, Any] | None:
        """Return its answer; None when it does not answer."""
        ...


class Mixed:
    """A `ports.Likeness`."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._known: set[int] = set()

    def learn(self, texts: Sequence[str], *, language: str) -> bool:
        """Have vectors made of what was not seen here yet, for about a second."""
        fresh = [
            one
            for one in dict.fromkeys([*usual(language), *texts])
            if hash(one) not in self._known
        ]
        if len(self._known) + len(fresh) > _KNOWN_MOST:
            self._known.clear()
        until = time.monotonic() + _LEARNS_S
        for start in range(0, len(fresh), _LEARNT_AT_ONCE):
            if time.monotonic() >= until:
                return True
            if not self._learnt(fresh[start : start + _LEARNT_AT_ONCE]):
                return False
        return False

    def _learnt(self, texts: Sequence[str]) -> bool:
        answer = self._process.more("learn", texts=texts)
        if answer is None or not answer["encoder"]:
            return False
        self._known.update(map(hash, texts))
        return True

    def compare(self, texts: Sequence[str], *, language: str) -> MixedTexts:
        """Read the texts; the process is asked when it is known for which of them."""
        return MixedTexts(self, texts, language)

    def alike(
        self,
        texts: Sequence[str],
        of: Sequence[int],
        also: Sequence[Collection[int]],
        around: Sequence[str],
    ) -> Mapping[str, Any] | None:
        """Return the cosines of the nearest of some texts, and of those at the places `also`;
        None when nobody knows.
        """
        return self._answer(
            "alike",
            [*texts, *around],
            texts=packed(texts),
            around=packed(around),
            of=list(of),
            also=[list(places) for places in also],
            limit=_WIDE,
        )

    def pairs(
        self, texts: Sequence[str], pairs: Sequence[tuple[int, int]], centre: str
    ) -> list[float] | None:
        """Return the cosine of each pair of places; None when nobody knows."""
        answer = self._answer(
            "pairs",
            texts,
            texts=packed(texts),
            pairs=list(chain.from_iterable(pairs)),
            centre=centre,
        )
        return None if answer is None else list(answer["cosines"])

    def _answer(self, do: str, named: Sequence[str], /, **asked: Any) -> Mapping[str, Any] | None:
        answer = self._process.more(do, **asked)
        if answer is not None and answer["encoder"] and (missing := answer.get("missing")):
            # A question came between learning and now; or old ones were forgotten.
            self._known.clear()
            if not self._learnt([named[place] for place in missing]):
                return None
            answer = self._process.more(do, **asked)
        is_told = answer is not None and answer["encoder"] and "missing" not in answer
        return answer if is_told else None


class MixedTexts:
    """A `ports.Compared`."""

    def __init__(self, likeness: Mixed, texts: Sequence[str], language: str) -> None:
        self._likeness, self._texts, self._language = likeness, texts, language
        self._space: Space = space_of(texts, language=language)
        self._words = Words(texts, self._space)
        self._centre = ""

    def nearest(self, places: Sequence[int], *, limit: int) -> tuple[list[list[Near]], Scale]:
        """Return the most alike of each by both, or by words alone."""
        texts = self._texts
        by_words = [
            dict(self._space.nearest(texts[p], limit=max(_WIDE, limit), meant=_MEANT))
            for p in places
        ]
        answer = self._likeness.alike(texts, places, by_words, usual(self._language))
        if answer is None:
            return self._words.nearest(places, limit=limit)
        self._centre = answer["centre"]
        found = []
        for place, known, cosines in zip(places, by_words, answer["near"], strict=True):
            near = []
            for other, cosine in cosines:
                said = known.get(other)
                if said is None:
                    said = self._space.likeness(texts[place], texts[other], meant=_MEANT)
                near.append((other, _mixed(said, cosine)))
            near.sort(key=lambda one: (-one[1], one[0]))
            found.append(near[:limit])
        return found, SCALE

    def between(self, pairs: Sequence[tuple[int, int]]) -> tuple[list[float], Scale]:
        """Return how alike each pair is by both, or by words alone."""
        cosines = self._cosines(pairs)
        if cosines is None:
            return self._words.between(pairs)
        return [
            _mixed(
                self._space.likeness(self._texts[one], self._texts[other], meant=_MEANT), cosine
            )
            for (one, other), cosine in zip(pairs, cosines, strict=True)
        ], SCALE

    def _cosines(self, pairs: Sequence[tuple[int, int]]) -> list[float] | None:
        """Return the cosine of each pair's sentences; None when nobody knows."""
        if not self._centre:
            return None
        found: list[float] = []
        for start in range(0, len(pairs), _PAIRS_AT_ONCE):
            some = pairs[start : start + _PAIRS_AT_ONCE]
            named = list(dict.fromkeys(chain.from_iterable(some)))
            places = {place: number for number, place in enumerate(named)}
            cosines = self._likeness.pairs(
                [self._texts[place] for place in named],
                [(places[one], places[other]) for one, other in some],
                self._centre,
            )
            if cosines is None:
                return None
            found += cosines
        return found


def _mixed(words: float, cosine: float) -> float:
    return min(1.0, max((1 - _SENTENCE) * words + _SENTENCE * cosine, cosine - _ALONE))


@lru_cache(maxsize=4)
def usual(language: str) -> list[str]:
    """Return what every shop is asked: what a question has in common with these says little of
    it. They are the questions of `starting.toml`.
    """
    said = [one[language] for one in starting()["faq"] if language in one]
    return [
        line
        for text in said
        for line in (text["title"], *text["asked"].splitlines())
        if line.strip()
    ]
