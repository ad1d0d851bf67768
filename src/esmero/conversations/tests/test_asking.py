"""Questions taken apart, days looked back at, and slips of the finger: pure."""

from datetime import date

import pytest

from esmero.conversations.rules.asking import Condition, Problem, Term, asked, day_of
from esmero.conversations.rules.likeness import is_like, slips

FILTERS = {"de": "from", "estado": "state", "dueno": "owner"}
FLAGS = {"vencida": ("is", "overdue")}
TODAY = date(2026, 11, 18)


def of(text: str) -> tuple[list[Term], list[Condition], list[Problem]]:
    found = asked(text, FILTERS, FLAGS)
    return list(found.terms), list(found.conditions), list(found.problems)


def test_words_phrases_and_filters_are_told_apart():
    assert of('rota de:marta "no llega" -factura Dueño:"Ana Luz" VENCIDA') == (
        [Term("rota"), Term("no llega", True), Term("factura", is_excluded=True)],
        [
            Condition("from", "de", "marta"),
            Condition("owner", "Dueño", "Ana Luz"),
            Condition("is", "VENCIDA", "overdue"),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("text", "terms", "problems"),
    [
        (
            "color:azul",
            [Term("color"), Term("azul")],
            [Problem("filter_unknown", "color", "azul")],
        ),
        ("Re: hola", [Term("Re"), Term("hola")], []),
        ("https://a.example", [Term("https://a.example")], []),
        ("10:30", [Term("10:30")], []),
        ('"sin cerrar', [Term("sin cerrar", True)], []),
        ("de:", [], [Problem("filter_empty", "de")]),
        ("de: estado:abierta", [], [Problem("filter_empty", "de")]),
        ('""', [], []),
        ("   ", [], []),
    ],
)
def test_what_only_looks_like_a_filter(text, terms, problems):
    found = of(text)
    assert (found[0], found[2]) == (terms, problems)


@pytest.mark.parametrize("quoted", ["“Ana Luz”", "«Ana Luz»", '"Ana Luz"'])
def test_any_quotation_marks_keep_a_value_together(quoted):
    assert of(f"de:{quoted}")[1] == [Condition("from", "de", "Ana Luz")]
    assert of(f"de: {quoted}")[1] == [Condition("from", "de", "Ana Luz")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-01", date(2026, 11, 1)), ("2025", date(2025, 1, 1)),
        ("2026-02", date(2026, 2, 1)), ("1/11/2026", date(2026, 11, 1)),
        ("1.11.26", date(2026, 11, 1)), ("1/12", date(2025, 12, 1)),
        ("18/11", date(2026, 11, 18)), ("hoy", TODAY), ("Ayer", date(2026, 11, 17)),
        ("30d", date(2026, 10, 19)), ("2 semanas", date(2026, 11, 4)),
        ("noviembre", date(2026, 11, 1)), ("dic", date(2025, 12, 1)),
        ("3 de mayo de 2024", date(2024, 5, 3)), ("3 may", date(2026, 5, 3)),
        ("31/2", None), ("patata", None), ("2026-13-01", None), ("99/99/9999", None),
    ],
)  # fmt: skip
def test_days_looked_back_at(text, day):
    assert day_of(text, today=TODAY) == day


@pytest.mark.parametrize(
    ("a", "b", "n"),
    [
        ("cafetera", "cafetera", 0), ("cafetera", "cafetrea", 1), ("cafetera", "cafetra", 1),
        ("cafetera", "cafetetra", 1), ("cafetera", "cofetera", 1), ("cafetera", "zapatero", 3),
        ("ab", "abcdef", 3),
    ],
)  # fmt: skip
def test_slips(a, b, n):
    assert slips(a, b) == slips(b, a) == n


def test_short_words_are_never_like_others():
    assert not is_like("caja", "caj", "cas")
    assert is_like("cafeterai", "cafeterai", "cafeter")
    assert not is_like("pedido", "ped", "ped")
