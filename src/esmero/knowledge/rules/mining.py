"""Alike questions: how alike two short texts are by their words and letters, and which of several
is the most typical.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from esmero.kernel.text import fold


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


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


def words_of(text: str) -> list[str]:
    """Return the stems, as they sound, of the words that say what a text is about."""
    found = [w for w in _WORD.findall(fold(text)) if w not in _STOP]
    return [sound(stem(w)) for w in found if not w.isdigit()]


_FAINT = frozenset(sound(stem(word)) for word in _WEAK)


def _trigrams(words: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    known = list(words)
    # Beside words that say more, the letters of those that say little do not count.
    for word in [w for w in known if w not in _FAINT] or known:
        padded = f" {word} "
        found.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return found


def _weighed(counts: Counter[str], rarity: Mapping[str, float], most: float) -> dict[str, float]:
    weights = {
        f: (1 + math.log(n)) * rarity.get(f, most) * (_WEAK_SHARE if f in _FAINT else 1)
        for f, n in counts.items()
    }
    length = math.sqrt(sum(w * w for w in weights.values()))
    return {f: w / length for f, w in weights.items()} if length else {}


class _Side:
    """One kind of features (stems, or trigrams) of a list of texts, with its index."""

    def __init__(self, counts: Sequence[Counter[str]]) -> None:
        seen = Counter(f for c in counts for f in c)
        # As if some more texts were there: what two of three texts say is not yet a common word.
        total = len(counts) + 20
        self._rarity = {f: math.log(1 + total / (n + 1)) for f, n in seen.items()}
        self._most = math.log(1 + total)
        self._places: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, count in enumerate(counts):
            for feature, weight in _weighed(count, self._rarity, self._most).items():
                self._places[feature].append((place, weight))

    def add_to(self, found: dict[int, float], count: Counter[str], share: float) -> None:
        for feature, weight in _weighed(count, self._rarity, self._most).items():
            for place, other in self._places.get(feature, ()):
                found[place] += share * weight * other


class Space:
    """Texts in which the most alike of a text are found (tf-idf cosine of stems and trigrams).

    Source: Salton and Buckley, "Term-weighting approaches in automatic text retrieval" (1988).
    """

    def __init__(self, texts: Sequence[str]) -> None:
        words = [words_of(text) for text in texts]
        self._stems = _Side([Counter(w) for w in words])
        self._letters = _Side([_trigrams(w) for w in words])

    def nearest(self, text: str, *, limit: int) -> list[tuple[int, float]]:
        """Return (place, likeness from 0 to 1) of the most alike, best first."""
        words = words_of(text)
        found: dict[int, float] = defaultdict(float)
        self._stems.add_to(found, Counter(words), STEM)
        self._letters.add_to(found, _trigrams(words), 1 - STEM)
        ordered = sorted(found.items(), key=lambda one: (-one[1], one[0]))
        return [(place, min(1.0, likeness)) for place, likeness in ordered[:limit]]


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
