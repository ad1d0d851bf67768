"""The shop's own wording, and the frame that shows it."""

from __future__ import annotations

import pytest

from esmero.console.framed import POLICY
from esmero.console.settings.tests.desk import errors, text
from esmero.shop import ports
from esmero.shop.models import ShopText

WHERE = "/c/ajustes/textos/acknowledgement/es/"
OWN = {
    "subject": "Tu consulta {{ number }}",
    "body": "# Te contesto {{ promise_time }}.\n\nHola, {{ customer_name }}:",
}


def test_every_text_has_a_page_in_every_language(desk):
    page = text(desk.dora.get("/c/ajustes/textos/"))
    for key in ports.texts().all_keys():
        for language in ("es", "en"):
            address = f"/c/ajustes/textos/{key}/{language}/"
            assert f'href="{address}"' in page
            assert desk.dora.get(address).status_code == 200
            assert desk.dora.get(f"{address}vista/").status_code == 200


def test_own_wording_is_stored_shown_and_taken_back(desk):
    assert desk.dora.post(WHERE, OWN)["Location"] == WHERE
    row = ShopText.objects.get()
    assert (row.key, row.language, row.subject) == ("acknowledgement", "es", OWN["subject"])
    assert "Te contesto {{ promise_time }}" in text(desk.dora.get(WHERE))
    desk.dora.post(f"{WHERE}original/")
    assert ShopText.objects.count() == 0
    assert "Te contesto" not in text(desk.dora.get(WHERE))


def test_house_wording_saved_unchanged_is_nothing_of_ones_own(desk):
    subject, body = ports.texts().built_in("acknowledgement", "es")
    desk.dora.post(WHERE, {"subject": subject, "body": body.replace("\n", "\r\n")})
    assert ShopText.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"body": "Hola {{ password }}"},
        {"subject": "{{ customer_nam }}"},
        {"body": "  "},
        {"subject": ""},
    ],
)
def test_wording_with_an_unknown_variable_or_empty_answers_422(desk, changes):
    answer = desk.dora.post(WHERE, OWN | changes)
    assert (answer.status_code, len(errors(answer))) == (422, 1)
    assert ShopText.objects.count() == 0


def test_sample_is_filled_and_can_do_nothing(desk):
    answer = desk.dora.get(f"{WHERE}vista/")
    page = text(answer)
    assert answer["Content-Security-Policy"] == POLICY
    assert "sandbox" in POLICY
    assert "script-src" not in POLICY
    assert "Marta" in page
    assert "1284" in page
    assert "{{" not in page


def test_sample_of_what_is_typed_is_escaped_and_not_stored(desk):
    wish = {"subject": "x", "body": "<script>alert(1)</script> {{ customer_name }} {{7*7}}"}
    page = text(desk.dora.post(f"{WHERE}vista/", wish))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Marta {{7*7}}" in page
    assert ShopText.objects.count() == 0


@pytest.mark.parametrize("place", ["nada/es", "acknowledgement/fr"])
def test_unknown_text_or_language_answers_404(desk, place):
    for address in (f"/c/ajustes/textos/{place}/", f"/c/ajustes/textos/{place}/vista/"):
        assert desk.dora.get(address).status_code == 404
