"""Whether two customers may be the same person."""

from __future__ import annotations

from difflib import SequenceMatcher

from esmero.kernel.text import fold

_FREE = """
gmail googlemail hotmail outlook live msn yahoo icloud aol proton protonmail gmx telefonica
movistar terra ono orange vodafone jazztel euskaltel uol bol latinmail correo ymail yandex zoho
fastmail
"""
FREE = frozenset(_FREE.split())
"""Providers at which anybody has an address: being there together says nothing."""
ALIKE = 0.75
"""Local parts so alike (Ratcliff and Obershelp's measure, 0 to 1) are taken for one hand's."""

PART = 4
"""Letters of a local part that say something at the beginning or end of another."""


def domain_of(address: str) -> str:
    """Return the domain of a mail address, empty for one of a free provider or none at all."""
    _, _, domain = address.rpartition("@")
    labels = domain.lower().split(".")
    if len(labels) < 2 or labels[0] in FREE or labels[-2] in FREE:
        return ""
    return domain.lower()


def are_addresses_alike(one: str, other: str) -> bool:
    """Say whether two mail addresses look like one person's: `marta.ruiz@…`, `martaruiz82@…`."""
    first, second = (_letters(a.rpartition("@")[0]) for a in (one, other))
    if not first or not second:
        return False
    short, long = sorted((first, second), key=len)
    if len(short) >= PART and (long.startswith(short) or long.endswith(short)):
        return True
    return SequenceMatcher(None, first, second).ratio() >= ALIKE


def _letters(local: str) -> str:
    return "".join(c for c in fold(local.partition("+")[0]) if c.isalpha())


def are_names_compatible(one: str, other: str) -> bool:
    """Say whether two names may be one person's: `Marta Ruiz`, `marta ruíz gil`, nobody's."""
    first, second = (fold(name).split() for name in (one, other))
    if not first or not second:
        return True
    short, long = sorted((first, second), key=len)
    return all(any(_fits(word, full) for full in long) for word in short)


def _fits(word: str, full: str) -> bool:
    return word == full or (len(word.rstrip(".")) == 1 and full.startswith(word[0]))
