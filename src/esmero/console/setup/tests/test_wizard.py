"""The set-up, screen by screen, with real answers and wrong ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from esmero.channels import ports
from esmero.channels.models import Mailbox
from esmero.config import setup
from esmero.people import queries as people
from esmero.people.models import Agent, Department
from esmero.promises.models import Hours, StandardRow
from esmero.shop import queries as shop
from esmero.shop.models import Shop
from tests import cast

PASSWORD = "tres tazas de barro"


@pytest.fixture
def path(db, settings) -> str:
    """The first page's address, without its last part."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cast.forget()
    cache.clear()
    link = setup.link()
    assert link is not None
    return re.sub(r"^https?://[^/]+", "", link)


class Browser(Client):
    """Follows the screens by their forms."""

    def __init__(self, path: str, **headers: str) -> None:
        super().__init__(HTTP_ACCEPT_LANGUAGE="en", **headers)
        self.path = path

    def send(self, step: str, **fields: object):
        return self.post(f"{self.path}{step}/", fields)

    def shows(self, step: str) -> str:
        answer = self.get(f"{self.path}{step}/")
        assert answer.status_code == 200
        return answer.content.decode()


def give_shop(browser: Browser):
    return browser.send(
        "tienda",
        name="Barro y Sal",
        country="ES",
        region="MD",
        zone="Europe/Madrid",
        language="es",
    )


def give_account(browser: Browser, **other: str):
    fields = {"name": "Dora Paz", "email": "Dora@barro.example", "password": PASSWORD} | other
    return browser.send("cuenta", **fields)


class Servers:
    """Mail servers that answer as they are told; the real ones are tried in the adapter's tests."""

    def __init__(self, outcome: ports.Outcome) -> None:
        self.outcome, self.tried = outcome, []

    def suggested(self, address: str) -> ports.Trial:
        return ports.Trial(
            address, "", imap_host="imap.barro.example", smtp_host="smtp.barro.example"
        )

    def try_out(self, trial: ports.Trial, *, at: datetime) -> ports.Outcome:
        self.tried.append(trial)
        return self.outcome


def steps(*failed: tuple[str, str, str]) -> Sequence[ports.Step]:
    good = [
        ports.Step("imap_connect", True),
        ports.Step("imap_login", True),
        ports.Step("send", True),
    ]
    bad = {name: ports.Step(name, False, code=code, said=said) for name, code, said in failed}
    return [bad.get(step.name, step) for step in good]


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Servers:
    found = Servers(ports.Outcome(steps(), True, True, ["mx.barro.example"]))
    monkeypatch.setattr(ports, "_mail_servers", lambda: found)
    return found


MAILBOX = {
    "address": "hola@barro.example", "password": "secreto del buzón", "username": "", "take": "from_now",
    "imap_host": "", "imap_port": "993", "imap_security": "tls",
    "smtp_host": "", "smtp_port": "465", "smtp_security": "tls",
}  # fmt: skip


def week(**days: tuple[str, str]) -> dict[str, str]:
    found = {
        f"d{day}_{i}_{end}": "" for day in range(7) for i in range(2) for end in ("from", "to")
    }
    for name, (opens, closes) in days.items():
        found |= {f"{name}_from": opens, f"{name}_to": closes}
    return found


def test_the_link_leads_to_the_first_screen(path: str) -> None:
    assert Client().get(path)["Location"] == f"{path}tienda/"


def test_whole_way_makes_everything_signs_in_and_closes_for_ever(
    path: str, servers: Servers
) -> None:
    browser = Browser(path)
    assert give_shop(browser)["Location"] == f"{path}cuenta/"
    assert give_account(browser)["Location"] == f"{path}buzon/"
    answer = browser.send("buzon", **MAILBOX)
    assert (answer.status_code, "It works." in answer.content.decode()) == (200, True)
    assert (
        browser.send(
            "horario",
            holidays="on",
            **week(d0_0=("09:00", "14:00"), d0_1=("16:30", "19:00"), d5_0=("10:00", "13:30")),
        )["Location"]
        == f"{path}departamentos/"
    )
    names = {"name_0": "Atención", "limit_0": "24", "name_1": "Soporte técnico", "limit_1": "1"}
    assert browser.send("departamentos", **names)["Location"] == f"{path}listo/"
    page = browser.shows("listo")
    assert "Barro y Sal" in page
    assert "hola@barro.example" in page
    assert (
        Agent.objects.count() == Mailbox.objects.count() == Department.objects.count() == 0
    )  # nothing yet

    assert browser.send("listo")["Location"] == "/c/"

    assert browser.get("/c/").status_code == 200
    card = shop.the_shop(fresh=True)
    assert (card.name, card.country, card.region, card.zone.key, card.is_set_up) == (
        "Barro y Sal", "ES", "MD", "Europe/Madrid", True,
    )  # fmt: skip
    dora = people.agent_by_email("dora@barro.example")
    assert (dora.name, dora.role, dora.check_password(PASSWORD)) == ("Dora Paz", "admin", True)
    hours = Hours.objects.get()
    assert hours.week == [[[540, 840], [990, 1140]], [], [], [], [], [[600, 810]], []]
    assert (hours.country, hours.region, hours.is_default) == ("ES", "MD", True)
    assert list(Department.objects.values_list("name", "is_default")) == [
        ("Atención", True),
        ("Soporte técnico", False),
    ]
    limits = StandardRow.objects.order_by("id").values_list(
        "department__name", "target_minutes", "limit_minutes"
    )
    assert list(limits) == [("Atención", 240, 1440), ("Soporte técnico", 60, 60)]
    box = Mailbox.objects.get()
    assert (box.address, box.imap_host, box.has_plus_addresses, box.authserv_ids, box.allows_private) == (
        "hola@barro.example", "imap.barro.example", True, ["mx.barro.example"], False,
    )  # fmt: skip
    for step in ("", "tienda/", "listo/", "nada/"):
        assert browser.get(path + step).status_code == 404
        assert browser.post(path + step).status_code == 404
    assert setup.link() is None
    assert Shop.objects.get().setup_token_digest == ""


def test_every_screen_skipped_but_the_account_opens_a_shop_that_works(path: str) -> None:
    browser = Browser(path)
    browser.send("tienda", do="skip")
    give_account(browser)
    for step in ("buzon", "horario", "departamentos"):
        assert browser.send(step, do="skip").status_code == 302
    assert browser.send("listo")["Location"] == "/c/"
    assert Department.objects.get().is_default
    assert Hours.objects.get().week[0] == [[540, 840], [990, 1140]]
    assert Mailbox.objects.count() == 0


def test_without_an_account_it_does_not_close(path: str) -> None:
    browser = Browser(path)
    for step in ("tienda", "cuenta", "buzon", "horario", "departamentos"):
        browser.send(step, do="skip")
    answer = browser.send("listo")
    assert answer.status_code == 422
    assert "Somebody must be able to enter." in answer.content.decode()
    assert (Agent.objects.count(), Department.objects.count()) == (0, 0)
    assert not shop.the_shop(fresh=True).is_set_up


def test_answers_survive_a_reload_and_a_new_link(path: str) -> None:
    browser = Browser(path)
    give_shop(browser)
    give_account(browser)
    assert 'value="Barro y Sal"' in browser.shows("tienda")
    assert 'value="Dora@barro.example"' in browser.shows("cuenta")
    browser.path = re.sub(r"^https?://[^/]+", "", str(setup.link()))
    assert browser.get(browser.path)["Location"] == f"{browser.path}buzon/"
    assert Client().get(path).status_code == 404  # the earlier link has ended


def test_the_password_lies_nowhere_in_the_clear(path: str, servers: Servers) -> None:
    browser = Browser(path)
    give_account(browser)
    browser.send("buzon", **MAILBOX)
    held = str([row.get_decoded() for row in Session.objects.all()])
    assert PASSWORD not in held
    assert MAILBOX["password"] not in held
    assert PASSWORD not in browser.shows("cuenta")


def test_account_is_changed_without_typing_the_password_again(path: str) -> None:
    browser = Browser(path)
    give_account(browser)
    give_account(browser, email="dora.paz@barro.example", password="")
    browser.send("listo")
    assert people.agent_by_email("dora.paz@barro.example").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"password": "corta"}, "too short"),
        ({"password": "qwertyuiop"}, "too common"),
        ({"email": "no es una dirección"}, "valid email"),
        ({"name": ""}, "required"),
        ({"password": ""}, "required"),
    ],
)
def test_account_errors_stand_at_their_fields(
    path: str, fields: dict[str, str], said: str
) -> None:
    answer = give_account(Browser(path), **fields)
    assert answer.status_code == 422
    assert re.search(rf'class="why"[^>]*>.*{said}', answer.content.decode())


def test_regions_and_zones_follow_the_country_without_a_script(path: str) -> None:
    browser = Browser(path)
    fields = {"name": "Tienda", "region": "MD", "zone": "Europe/Madrid", "language": "es"}
    page = browser.send("tienda", country="CL", do="country", **fields).content.decode()
    assert '<option value="AI">' in page
    assert '<option value="America/Santiago" selected>' in page
    assert 'value="Tienda"' in page
    refused = browser.send("tienda", country="CL", **fields)
    assert refused.status_code == 422  # a region of another country


def test_mailbox_failure_shows_the_servers_words_and_what_to_do(
    path: str, servers: Servers
) -> None:
    said = "535 5.7.8 Username and Password not accepted <b>"
    servers.outcome = ports.Outcome(steps(("imap_login", "app_password_needed", said)), False)
    browser = Browser(path)
    give_account(browser)
    answer = browser.send("buzon", **MAILBOX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "535 5.7.8 Username and Password not accepted &lt;b&gt;" in page
    assert "This provider wants an app password" in page
    assert "It does not work yet: Sign in to fetch mail." in page
    # Another try needs no password; it is the same that is tried.
    servers.outcome = ports.Outcome(steps(), True)
    again = browser.send("buzon", **{**MAILBOX, "password": "", "imap_host": "imap.otro.example"})
    assert again.status_code == 200
    assert [(t.imap_host, t.password) for t in servers.tried] == [
        ("imap.barro.example", MAILBOX["password"]),
        ("imap.otro.example", MAILBOX["password"]),
    ]


def test_mailbox_that_does_not_work_is_kept_when_one_wants(path: str, servers: Servers) -> None:
    servers.outcome = ports.Outcome(steps(("imap_login", "wrong_password", "no")), False)
    browser = Browser(path)
    give_account(browser)
    browser.send("buzon", **MAILBOX)
    assert (
        browser.send("buzon", **{**MAILBOX, "password": "", "do": "untested"})["Location"]
        == f"{path}horario/"
    )
    browser.send("listo")
    assert Mailbox.objects.get().address == "hola@barro.example"


def test_mailbox_that_failed_and_was_skipped_is_not_connected(path: str, servers: Servers) -> None:
    servers.outcome = ports.Outcome(steps(("imap_login", "wrong_password", "no")), False)
    browser = Browser(path)
    give_account(browser)
    browser.send("buzon", **MAILBOX)
    browser.send("buzon", do="skip")
    browser.send("listo")
    assert Mailbox.objects.count() == 0


def test_host_inside_the_network_is_refused_by_the_real_servers(path: str) -> None:
    browser = Browser(path)
    fields = {
        **MAILBOX,
        "imap_host": "127.0.0.1",
        "imap_port": "1",
        "smtp_host": "localhost",
        "smtp_port": "1",
    }
    answer = browser.send("buzon", **fields)
    assert answer.status_code == 422
    assert "The name leads into a private network." in answer.content.decode()


def test_a_preset_fills_the_week_and_keeps_nothing_yet(path: str) -> None:
    browser = Browser(path)
    answer = browser.send("horario", preset="partida-sabado", **week())
    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(r'name="d5_0_from" value="10:00"', page)
    assert re.search(r'name="d4_1_to" value="19:00"', page)
    assert 'name="d6_0_from" value=' not in page


def test_holidays_named_are_those_of_the_region(path: str) -> None:
    browser = Browser(path)
    give_shop(browser)
    assert "In España. The next: " in browser.shows("horario")
    browser.send("horario", **week(d0_0=("09:00", "14:00")))  # without the tick
    give_account(browser)
    browser.send("listo")
    assert Hours.objects.get().country == ""


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({}, "With these hours nobody ever answers."),
        ({"d0_0": ("09:00", "")}, "A frame has a beginning and an end."),
        ({"d0_0": ("09:00", "14:00"), "d0_1": ("13:00", "19:00")}, "Two frames overlap"),
        ({"d0_0": ("14:00", "09:00")}, ""),
    ],
)
def test_hours_that_cannot_be_are_refused(
    path: str, days: dict[str, tuple[str, str]], said: str
) -> None:
    browser = Browser(path)
    give_account(browser)
    answer = browser.send("horario", **week(**days))
    if not said:  # over midnight: refused here or by the action, never a broken page
        assert answer.status_code in {302, 422}
        assert browser.send("listo").status_code in {302, 422}
        return
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_department_named_twice_is_refused(path: str) -> None:
    answer = Browser(path).send(
        "departamentos", name_0="Ventas", limit_0="1", name_1="ventas ", limit_1="24"
    )
    assert answer.status_code == 422
    assert "That name is there already." in answer.content.decode()


def test_wrong_token_is_404_and_after_many_even_the_right_one(path: str) -> None:
    client = Client()
    for number in range(20):
        assert client.get(f"/instalar/wrong-{number}/").status_code == 404
    assert client.get(path).status_code == 404
    assert Client(REMOTE_ADDR="192.0.2.7").get(path).status_code == 302


def test_unknown_screen_is_404(path: str) -> None:
    assert Client().get(f"{path}otra/").status_code == 404


def test_two_tabs_finish_once(path: str) -> None:
    browser = Browser(path)
    give_account(browser)
    assert browser.send("listo").status_code == 302
    assert browser.send("listo").status_code == 404
    assert Agent.objects.count() == 1


def test_pages_tell_nobody_their_address_and_are_not_kept(path: str) -> None:
    answer = Client().get(f"{path}tienda/")
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"
    assert "script-src 'self'" in answer["Content-Security-Policy"]
