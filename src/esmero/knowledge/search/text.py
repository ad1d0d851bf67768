"""Letters and words: what two spellings of the same word have in common."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache
from typing import Any

import snowballstemmer

LONGEST = 10_000
"""Characters of a text that are looked at; what follows is not searched."""

_WORD = re.compile(r"[^\W_]+")
DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_DEVICE = re.compile(r"([a-z]{3,}dor)(?:a|es|as)?")
"""`cargador` is no form of `cargo`, nor `ordenador` of `orden`, as Snowball has it."""
_APART = {
    form: alone
    for alone, forms in {
        "taller": "taller talleres",
        "correa": "correa correas",
        "casa": "casa casas",
        "mesa": "mesa mesas",
        "medias": "medias",
        "recibo": "recibo recibos",
        "comprobante": "comprobante comprobantes",
        "pesos": "pesos",
        "soles": "soles",
        "prenda": "prenda prendas",
        "plato": "plato platos",
        "tarde": "tarde tardes",
        "importe": "importe importes",
        "guardia": "guardia guardias",
        "aplicacion": "aplicacion aplicaciones",
        "numero": "numero numeros",
        "cuarto": "cuarto cuartos",
    }.items()
    for form in forms.split()
}
"""What Snowball takes for a form of another word: `taller` of `talla`, `correa` of `correo`."""
_STEMMERS = {"es": "spanish", "en": "english"}

_SMALL_ES = """
a ahora al algo algun alguna algunas alguno algunos ante aqui asi aun bajo bien buenas bueno
buenos cada como con cual cuales cuando de del desde dias donde dos e el ella ellas ellos en
entonces entre era eran es esa esas ese eso esos esta estaba estan estar estas este esto estos
estoy favor fue gracias ha haber habia hace hacer hago han has hasta hay he hola i la las le les
lo los mas me mi mira mis muchas mucho muy nada ni no noches nos nosotros o os otra oye para
pero podria podrian por porque puede pueden puedo pues que queria quien quiere quiero quisiera
saber saludos se sea ser si sido sin sobre solo son soy su sus tal tambien tan tanto tardes te
tengo ti tiene tienen toda todo todos tu tus u un una unas uno unos usted ustedes va van ver vos
vosotros voy y ya yo
"""
_SMALL_EN = """
a about am an and any are as at be been but by can could d did do does for from had has have
hello hey hi how i if in is it its just let like ll m may me my need of ok on or our please re s
shall she should so some t than thank thanks that the their them then there these they this to u
us ve want was we were what when where which who why will with would you your
"""
SMALL = {
    language: frozenset(text.split()) for language, text in (("es", _SMALL_ES), ("en", _SMALL_EN))
}
"""Words that carry no subject, folded."""


def fold(text: str) -> str:
    """Return the text in lower case, without accents, tildes and drawn-out letters."""
    text = unicodedata.normalize("NFKD", text[:LONGEST].lower())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return DRAWN_OUT.sub(r"\1", text)


def words(text: str) -> list[str]:
    """Return the folded words and numbers of a text, in order."""
    return _WORD.findall(fold(text))


_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ch", "1"),
        (r"ph", "f"),
        (r"h", ""),
        (r"[vw]", "b"),
        (r"qu?(?=[ei])", "k"),
        (r"gu(?=[ei])", "g"),
        (r"g(?=[ei])", "j"),
        (r"c(?=[ei])", "s"),
        (r"ll", "y"),
        (r"[cq]", "k"),
        (r"[zx]", "s"),
        (r"n(?=[bp])", "m"),
        (r"y$", "i"),
        (r"(.)\1+", r"\1"),
    )
]


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """Return how a folded Spanish word sounds: `kanbiar` and `cambiar` are one."""
    for pattern, letters in _SOUNDS:
        word = pattern.sub(letters, word)
    return word


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(_STEMMERS.get(language, "spanish"))


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word (Snowball), made of folded letters."""
    if word.isdigit() or len(word) < 4:
        return word
    if language == "es" and word in _APART:
        return _APART[word]
    device = _DEVICE.fullmatch(word) if language == "es" else None
    if device:
        return device[1]
    stemmed: str = _stemmer(language).stemWord(word)
    if language == "es":
        if stemmed.endswith(("cion", "sion")) and len(stemmed) > 6:
            stemmed = stemmed[:-3]
        stemmed = stemmed.rstrip("aeiou") if len(stemmed) > 5 else stemmed
    return stemmed


def is_small(word: str, language: str) -> bool:
    """Say whether a folded word carries no subject."""
    return word in SMALL.get(language, SMALL["es"])


@lru_cache(maxsize=8_000)
def trigrams(word: str) -> tuple[str, ...]:
    """Return the letter trigrams of a folded word between spaces."""
    padded = f" {word} "
    return tuple(sys.intern(padded[at : at + 3]) for at in range(max(1, len(padded) - 2)))
