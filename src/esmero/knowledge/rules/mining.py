"""Alike questions: how alike short texts are by their words, letters and meanings, and which of
several is the most typical.
"""

from __future__ import annotations

import heapq
import math
import re
import sys
from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from esmero.kernel.text import fold


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LEAST = 0.02
"""Some letters in common, as nearly all texts have: not worth a place among the most alike."""
STEM = 0.55
"""How much whole words weigh beside their letters (trigrams)."""
_WORD = re.compile(r"[^\W_]+")
_STOP = _set(
    """
    a al algo alguien algun alguna ante aqui asi aun aunque bien buenas buenos cada como con
    cual de del desde dia dias dos e el ella ellos en entonces era eres es esa ese eso esta
    estas este esto estoy favor fue gracias ha habia hace haceis hacen hacer hacia han hasta
    hay haya he hola hoy ir k la las le les lo los luego mas me mi mis mucho muy ni nos
    nosotros o os otra otro para pero poder podeis podria podrian por porfa porque pq pues
    puede pueden puedo q que quien quiero quisiera saber se sea seria ser si sin sobre solo
    son soy su sus tal tambien tanto te tenia tenga teneis tengo ti tiene tienen toda todas
    todo todos tu tus un una unas unos usted ustedes va vais van vaya ver vez vosotros voy x
    xq y ya yo about am an and any are as at be been but by can could did do does for from
    get had has have hello her hi his how i if in into is it its just like me my need of on
    or our please she so some thank thanks that the their them there these they this to us
    want was we what which who will with would you your
    """
)
# What ends a word without changing what it is about; longer ones first. A light stemmer: cutting
# too much joins `pago` with `pagina`, so at least four letters stay.
# What is asked of everything: says little of what a question is about, and not nothing.
_WEAK = _set(
    """
    cuanto cuanta cuantos cuesta cuestan costar coste cuando donde vale valen pedido pedidos orden
    producto productos articulo articulos tienda comprar compre compra order product item shop much
    cost where when
    """
)
_WEAK_SHARE = 0.45
_ENDINGS = (
    "aciones", "iciones", "amiento", "imiento", "ándose", "aciones", "adoras", "adores", "acion",
    "icion", "uciones", "ucion", "siones", "adora", "mente", "idades", "ables", "ibles", "aron",
    "ieron", "iendo", "ando", "arlos", "arlas", "erlos", "erlas", "irlos", "irlas", "arlo", "arla",
    "erlo", "erla", "irlo", "irla", "arme", "erme", "irme", "aste", "iste", "abais", "aban", "aba",
    "ados", "adas", "idos", "idas", "able", "ible", "idad", "ado", "ada", "ido", "ida", "aria",
    "eria", "iria", "amos", "emos", "imos", "ais", "eis", "ing", "ion", "iones", "ar", "er", "ir",
    "as", "es", "os", "an", "en", "ed", "a", "e", "o", "s",
)  # fmt: skip
_KEPT = 4


def stem(word: str) -> str:
    """Return a folded word without its ending, at least four letters of it."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _KEPT:
            return word[: -len(ending)]
    return word


_SPOKEN = (
    # How people write what sounds the same: for comparing only.
    ("ph", "f"), ("qu", "k"), ("ck", "k"), ("ce", "se"), ("ci", "si"), ("c", "k"), ("z", "s"),
    ("ll", "y"), ("v", "b"), ("h", ""), ("ge", "je"), ("gi", "ji"),
)  # fmt: skip


def sound(word: str) -> str:
    """Return a folded word as it sounds: `kiero`, `quiero` → `kiero`."""
    for written, spoken in _SPOKEN:
        word = word.replace(written, spoken)
    return re.sub(r"(.)\1+", r"\1", word)


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """Return the stems, as they sound, of the words that say what a text is about."""
    found = [w for w in _WORD.findall(fold(text)) if w not in _STOP]
    return tuple(sound(stem(w)) for w in found if not w.isdigit())


_FAINT = frozenset(sound(stem(word)) for word in _WEAK)


@lru_cache(maxsize=20_000)
def _letters_of(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(sys.intern(padded[i : i + 3]) for i in range(len(padded) - 2))


Feature = Hashable
Features = Callable[[str], Iterable[Feature]]


def _trigrams(text: str) -> Iterator[str]:
    words = words_of(text)
    # Beside words that say more, the letters of those that say little do not count.
    for word in [w for w in words if w not in _FAINT] or words:
        yield from _letters_of(word)


def _counted(found: Iterable[Feature]) -> dict[Feature, int]:
    # Not a Counter: of few things each it takes twice as long.
    counts: dict[Feature, int] = {}
    for feature in found:
        counts[feature] = counts.get(feature, 0) + 1
    return counts


class _Side:
    """One kind of features (stems, trigrams, groups of meanings) of texts, with its index."""

    def __init__(self, texts: Sequence[str], features: Features) -> None:
        self._features = features
        # Counted twice rather than kept: fifteen thousand dictionaries are 30 MB.
        seen: dict[Feature, int] = {}
        for text in texts:
            for feature in set(features(text)):
                seen[feature] = seen.get(feature, 0) + 1
        # As if some more texts were there: what two of three texts say is not yet a common word.
        total = len(texts) + 20
        self._rarity = {f: math.log(1 + total / (n + 1)) for f, n in seen.items()}
        self._most = math.log(1 + total)
        self._places = {f: (array("I"), array("f")) for f in seen}
        self.has = bytearray(len(texts))
        """Which of the texts have any."""
        for place, text in enumerate(texts):
            weighed = self.weighed(text)
            self.has[place] = bool(weighed)
            for feature, weight in weighed.items():
                places, weights = self._places[feature]
                places.append(place)
                weights.append(weight)

    def weighed(self, text: str) -> dict[Feature, float]:
        """Return the features of a text with their weights, of length one together."""
        found: dict[Feature, float] = {}
        square = 0.0
        for feature, count in _counted(self._features(text)).items():
            weight = self._rarity.get(feature, self._most)
            if count > 1:
                weight *= 1 + math.log(count)
            if feature in _FAINT:
                weight *= _WEAK_SHARE
            found[feature] = weight
            square += weight * weight
        if not square:
            return {}
        length = math.sqrt(square)
        return {feature: weight / length for feature, weight in found.items()}

    def add_to(self, found: list[float], weights: Mapping[Feature, float], share: float) -> None:
        """Add to each place how alike its text is, times `share`."""
        for feature, weight in weights.items():
            held = self._places.get(feature)
            if held is None:
                continue
            weight *= share
            for place, other in zip(*held, strict=True):
                found[place] += weight * other


def _nothing(text: str) -> tuple[Feature, ...]:
    return ()


def _length(there: Sequence[object], shares: Sequence[float]) -> float:
    """Return how long a text's features are together: less than one where a kind is missing."""
    return math.sqrt(sum(share for has, share in zip(there, shares, strict=True) if has))


class Space:
    """Texts in which the most alike of a text are found: the cosine of the tf-idf weights of
    stems, of trigrams and, where somebody tells them, of the groups of meanings that a text
    touches. A text that touches none is compared by its words alone.

    Source: Salton and Buckley, "Term-weighting approaches in automatic text retrieval" (1988).
    """

    def __init__(
        self, texts: Sequence[str], *, meanings: Features = _nothing, meant: float = 0.0
    ) -> None:
        """`meant`: how much the groups weigh beside the words, from 0 to 1."""
        self._size = len(texts)
        self._meant = meant
        self._sides = (
            _Side(texts, words_of),
            _Side(texts, _trigrams),
            _Side(texts, meanings),
        )
        self._vectors: dict[str, tuple[dict[Feature, float], ...]] = {}
        self._lengths: dict[tuple[float, float, float], array[float]] = {}

    def _shares(self, meant: float | None) -> tuple[float, float, float]:
        share = self._meant if meant is None else meant
        return STEM * (1 - share), (1 - STEM) * (1 - share), share

    def nearest(
        self, text: str, *, limit: int, meant: float | None = None
    ) -> list[tuple[int, float]]:
        """Return (place, likeness from 0 to 1) of the most alike, best first.

        `meant` in place of the one that the space was made with.
        """
        shares = self._shares(meant)
        found = [0.0] * self._size
        for side, weights, share in zip(self._sides, self._weighed(text), shares, strict=True):
            if share:
                side.add_to(found, weights, share)
        lengths = self._lengths_of(shares)
        own = _length(self._weighed(text), shares) or 1.0
        near = [
            (value / lengths[place], place) for place, value in enumerate(found) if value > _LEAST
        ]
        best = heapq.nsmallest(limit, near, key=lambda one: (-one[0], one[1]))
        return [(place, min(1.0, value / own)) for value, place in best]

    def likeness(self, one: str, other: str, *, meant: float | None = None) -> float:
        """Return how alike two texts are, from 0 to 1, as `nearest` has it."""
        shares = self._shares(meant)
        mine, others = self._weighed(one), self._weighed(other)
        found = 0.0
        for few, many, share in zip(mine, others, shares, strict=True):
            if share:
                if len(many) < len(few):
                    few, many = many, few
                found += share * sum(w * many[f] for f, w in few.items() if f in many)
        length = _length(mine, shares) * _length(others, shares)
        return min(1.0, found / length) if found else 0.0

    def _lengths_of(self, shares: tuple[float, float, float]) -> array[float]:
        held = self._lengths.get(shares)
        if held is None:
            held = array("f", [1.0]) * self._size
            for place, has in enumerate(zip(*(side.has for side in self._sides), strict=True)):
                if not all(has):
                    held[place] = _length(has, shares) or 1.0
            self._lengths[shares] = held
        return held

    def _weighed(self, text: str) -> tuple[dict[Feature, float], ...]:
        held = self._vectors.get(text)
        if held is None:
            held = self._vectors[text] = tuple(side.weighed(text) for side in self._sides)
        return held


def typical(
    texts: Sequence[str], near: Sequence[Sequence[tuple[int, float]]], *, longest: int = 160
) -> int:
    """Return the place of the text that is the most like all others.

    `near` says how like each is to the others. A question that can be read at a glance is rather
    taken than a long one, and one that is written with care rather than one in a hurry.
    """
    best, score = 0, -1.0
    for place, text in enumerate(texts):
        likeness = sum(value for other, value in near[place] if other != place)
        said = likeness / max(1, len(texts) - 1) + _written_with_care(text)
        if len(text) > longest:
            said -= 0.3
        if said > score:
            best, score = place, said
    return best


def _written_with_care(text: str) -> float:
    """Up to 0.2 for a whole question: more than two words, its signs, its accents."""
    return (
        0.1 * (2 < len(text.split()) <= 16)
        + 0.06 * text.rstrip().endswith("?")
        + 0.04 * (text[:1] == "¿" or text[:1].isupper())
    )
