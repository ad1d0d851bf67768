"""Telephones, likeness of people, values of the shop's own fields: pure."""

import pytest

from esmero.people.enums import FieldKind
from esmero.people.rules.fields import read_value
from esmero.people.rules.likeness import are_addresses_alike, are_names_compatible, domain_of
from esmero.people.rules.telephones import kept_form, looks_like_number, shown, written_forms


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("600 11 12 22", "ES", "+34600111222"), ("+34 600-111-222", "MX", "+34600111222"),
        ("0034600111222", "ES", "+34600111222"), ("55 1234 5678", "MX", "+525512345678"),
        ("(600) 111.222", "ES", "+34600111222"), ("123456", "ES", "123456"),
        ("12345", "ES", None), ("no es nada", "ES", None), ("", "ES", None),
        ("600111222 ext 3", "ES", None), ("+1234567890123456", "ES", None),
        ("٦٠٠١١١٢٢٢", "ES", None), ("600111222", "", "600111222"),
    ],
)  # fmt: skip
def test_telephones_are_kept_in_one_form(typed, country, kept):
    assert kept_form(typed, country) == kept


def test_telephones_are_shown_as_their_country_writes_them():
    assert shown("+34600111222") == "+34 600 11 12 22"
    assert shown("123456") == "123456"


def test_what_is_searched_as_a_telephone():
    assert looks_like_number("600 111-222")
    assert not looks_like_number("ES-300001")
    assert not looks_like_number("12345")
    assert "600111222" in written_forms("+34 600 111 222")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("marta.ruiz@a.example", "martaruiz@b.example", True),
        ("marta@a.example", "marta.ruiz@b.example", True),
        ("marta.ruiz+tienda@a.example", "marta_ruiz82@b.example", True),
        ("julian@a.example", "martaruiz@b.example", False),
        ("info@a.example", "ventas@a.example", False),
        ("ana@a.example", "susana@b.example", False),
        ("1234@a.example", "5678@b.example", False),
    ],
)
def test_addresses_alike(one, other, alike):
    assert are_addresses_alike(one, other) is alike


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        ("Marta Ruiz", "marta ruíz gil", True), ("M. Ruiz", "Marta Ruiz", True),
        ("Marta Ruiz", "Marta Gómez", False), ("", "Marta", True), ("Julián", "Marta", False),
    ],
)  # fmt: skip
def test_names_that_fit(one, other, fit):
    assert are_names_compatible(one, other) is fit


def test_free_providers_are_no_companies():
    assert domain_of("a@gmail.com") == domain_of("a@yahoo.com.mx") == domain_of("600111222") == ""
    assert domain_of("a@Taller.example") == "taller.example"


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (FieldKind.NUMBER, "1.234,50", "1234.5"), (FieldKind.NUMBER, "1,234.50", "1234.5"),
        (FieldKind.NUMBER, "-3", "-3"), (FieldKind.NUMBER, "100", "100"),
        (FieldKind.NUMBER, "1e9", None), (FieldKind.NUMBER, "nan", None),
        (FieldKind.NUMBER, "doce", None), (FieldKind.DATE, "19/11/2026", "2026-11-19"),
        (FieldKind.DATE, "2026-11-19", "2026-11-19"), (FieldKind.DATE, "31/2/2026", None),
        (FieldKind.CHOICE, "pequena", "Pequeña"), (FieldKind.CHOICE, "enorme", None),
        (FieldKind.YES_NO, "Sí", "yes"), (FieldKind.YES_NO, "no", "no"),
        (FieldKind.YES_NO, "quizá", None), (FieldKind.TEXT, "  a   b ", "a b"),
        (FieldKind.TEXT, "x" * 501, None), (FieldKind.DATE, "  ", ""),
    ],
)  # fmt: skip
def test_values_of_own_fields(kind, typed, kept):
    assert read_value(kind, typed, ["Pequeña", "Grande"]) == kept
