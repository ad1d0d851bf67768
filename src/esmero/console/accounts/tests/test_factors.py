"""The second factor and passkeys, by what an app and a device really compute."""

from __future__ import annotations

import base64
import email
import hashlib
import hmac
import json
import re
import struct
import time
from email import policy
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from esmero.channels.models import Delivery
from esmero.console.accounts.tests.soft_token import SoftToken
from esmero.kernel.models import AuditEntry
from esmero.people.models import Agent
from tests.cast import PASSWORD, House

CODES, APP = "/cuenta/2fa/codigos/", "/cuenta/2fa/app/"


def totp(secret: str, at: float | None = None) -> str:
    """Source: RFC 6238 (SHA-1, 30 s, 6 digits) over RFC 4226."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int((at or time.time()) // 30)), hashlib.sha1).digest()
    place = mac[-1] & 15
    number = struct.unpack(">I", mac[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def test_totp_is_that_of_the_rfc() -> None:
    # RFC 6238, appendix B, cut to six digits.
    assert totp(base64.b32encode(b"12345678901234567890").decode(), 1111111109) == "081804"


@pytest.fixture
def ana(house: House) -> Client:
    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="en")
    client.post("/cuenta/login/", {"login": "ana@barro.example", "password": PASSWORD})
    return client


def again(client: Client, path: str) -> Any:
    """Open a page that asks once more who one is, and answer."""
    answer = client.get(path)
    if answer.status_code == 302 and "/confirmar/" in answer["Location"]:
        answer = client.post(answer["Location"], {"password": PASSWORD, "next": path})
        assert answer["Location"] == path
        answer = client.get(path)
    assert answer.status_code == 200
    return answer


def with_app(client: Client) -> str:
    page = again(client, APP).content.decode()
    secret = re.search(r'<code class="any-break">([A-Z2-7]+)</code>', page)[1]
    assert client.post(APP, {"code": totp(secret)})["Location"] == CODES
    return secret


def options_of(page: str) -> dict[str, Any]:
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', page, re.S)[1])


def ask_in(**more: str) -> Client:
    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="en")
    answer = client.post(
        "/cuenta/login/", {"login": "ana@barro.example", "password": PASSWORD, **more}
    )
    client.where = answer["Location"]
    return client


def test_app_asks_for_its_code_after_the_password(ana: Client) -> None:
    secret = with_app(ana)
    client = ask_in(next="/c/yo/")
    assert client.where == "/cuenta/2fa/entrar/"
    assert client.get("/c/").status_code == 302  # not in yet
    assert client.post(client.where, {"code": "000000"}).status_code == 422
    # The code that was used to set it up is not taken twice.
    later = totp(secret, time.time() + 30)
    assert client.post(client.where, {"code": later})["Location"] == "/c/yo/"
    assert client.get("/c/").status_code == 200
    ways = AuditEntry.objects.filter(action="account.signed_in").order_by("-id")[0].data["ways"]
    assert ways == ["password", "mfa:totp"]


def test_secret_of_the_app_is_sealed_at_rest(ana: Client) -> None:
    secret = with_app(ana)
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert Authenticator.objects.get(type="totp").data["secret"].startswith("gAAAA")  # Fernet


def test_recovery_code_opens_once(ana: Client) -> None:
    with_app(ana)
    codes = re.findall(r"<code>(\d{8})</code>", ana.get(CODES).content.decode())
    assert len(codes) == 10
    client = ask_in()
    assert client.post(client.where, {"code": codes[3]})["Location"] == "/c/"
    other = ask_in()
    assert other.post(other.where, {"code": codes[3]}).status_code == 422
    assert "Quedan 9 códigos" in client.get("/cuenta/2fa/").content.decode()


def subjects() -> list[str]:
    found = []
    for delivery in Delivery.objects.order_by("id"):
        mail = email.message_from_bytes(bytes(delivery.rendered), policy=policy.default)
        found.append(str(mail["Subject"]).partition(": ")[2])
    return found


def test_changes_ask_who_one_is_and_are_told_by_mail(
    ana: Client, django_capture_on_commit_callbacks: Any
) -> None:
    first = ana.get(APP)
    assert first["Location"].startswith("/cuenta/confirmar/")
    assert ana.post(first["Location"], {"password": "otra", "next": APP}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        with_app(ana)
    ana.post("/cuenta/2fa/app/quitar/")
    assert subjects() == [
        "Una aplicación de códigos protege ahora tu cuenta.",
        "La aplicación de códigos ya no protege tu cuenta.",
    ]
    assert Authenticator.objects.count() == 0
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"account.factor_added", "account.factor_removed"} <= actions


def with_passkey(client: Client, token: SoftToken, name: str = "Mi móvil") -> Any:
    path = "/cuenta/passkeys/nueva/"
    options = options_of(again(client, path).content.decode())
    fields = {"name": name, "passwordless": "on", "credential": json.dumps(token.create(options))}
    return client.post(path, fields)


def by_passkey(token: SoftToken, **more: str) -> tuple[Client, Any]:
    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="en")
    path = "/cuenta/passkeys/entrar/"
    options = client.get(path, HTTP_ACCEPT="application/json").json()["request_options"]
    return client, client.post(path, {"credential": json.dumps(token.get(options)), **more})


def test_passkey_alone_lets_in(ana: Client) -> None:
    token = SoftToken()
    assert with_passkey(ana, token)["Location"] == CODES
    client, answer = by_passkey(token, next="/c/yo/")
    assert answer["Location"] == "/c/yo/"
    assert client.get("/c/").status_code == 200
    assert "Mi móvil" in client.get("/cuenta/2fa/").content.decode()
    ways = AuditEntry.objects.filter(action="account.signed_in").order_by("-id")[0].data["ways"]
    assert ways == ["mfa:webauthn"]


def test_passkey_serves_as_second_step(ana: Client) -> None:
    token = SoftToken()
    with_passkey(ana, token)
    client = ask_in()
    options = options_of(client.get(client.where).content.decode())
    answer = client.post(client.where, {"credential": json.dumps(token.get(options))})
    assert answer["Location"] == "/c/"


@pytest.mark.parametrize("what", ["other key", "other page", "old challenge", "no passkey"])
def test_passkey_that_does_not_fit_stays_outside(ana: Client, what: str) -> None:
    token = SoftToken()
    with_passkey(ana, token)
    client = Client(HTTP_HOST="localhost")
    path = "/cuenta/passkeys/entrar/"
    options = client.get(path, HTTP_ACCEPT="application/json").json()["request_options"]
    if what == "other key":
        token.key = SoftToken().key
    if what == "other page":
        token.origin = "https://localhost.evil.example"
    said = token.get(options)
    if what == "old challenge":
        client.get(path, HTTP_ACCEPT="application/json")
    if what == "no passkey":
        said = {"id": "x"}
    answer = client.post(path, {"credential": json.dumps(said)})
    assert answer["Location"] == "/cuenta/login/"
    assert client.get("/c/").status_code == 302


def test_passkey_of_a_deactivated_member_stays_outside(ana: Client, house: House) -> None:
    token = SoftToken()
    with_passkey(ana, token)
    Agent.objects.filter(pk=house.ana).update(is_active=False)
    client, answer = by_passkey(token)
    assert answer["Location"] == "/cuenta/inactiva/"
    assert client.get("/c/").status_code == 302


def test_passkey_is_renamed_and_removed_by_its_owner_alone(ana: Client, house: House) -> None:
    with_passkey(ana, SoftToken())
    pk = Authenticator.objects.get(type="webauthn").pk
    bruno = Client(HTTP_HOST="localhost")
    bruno.post("/cuenta/login/", {"login": "bruno@barro.example", "password": PASSWORD})
    for path in (f"/cuenta/passkeys/{pk}/nombre/", f"/cuenta/passkeys/{pk}/quitar/"):
        answer = bruno.get(path)
        if answer.status_code == 302:
            bruno.post(answer["Location"], {"password": PASSWORD, "next": path})
        assert bruno.post(path, {"name": "mía"}).status_code == 404
    assert again(ana, f"/cuenta/passkeys/{pk}/nombre/")
    assert (
        ana.post(f"/cuenta/passkeys/{pk}/nombre/", {"name": "Portátil"})["Location"]
        == "/cuenta/2fa/"
    )
    assert "Portátil" in ana.get("/cuenta/2fa/").content.decode()
    assert ana.post(f"/cuenta/passkeys/{pk}/quitar/")["Location"] == "/cuenta/2fa/"
    assert Authenticator.objects.filter(type="webauthn").count() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/cuenta/2fa/",
        "/cuenta/clave/",
        APP,
        CODES,
        "/cuenta/passkeys/nueva/",
        "/cuenta/sesiones/",
        "/cuenta/confirmar/",
    ],
)
def test_pages_of_an_account_are_closed_to_strangers(house: House, path: str) -> None:
    assert Client().get(path)["Location"].startswith("/cuenta/login/?next=")


def test_administrator_helps_whoever_lost_the_telephone(ana: Client, house: House) -> None:
    with_app(ana)
    path = f"/cuenta/equipo/{house.ana}/sin-segundo-paso/"
    carla, dora = Client(HTTP_HOST="localhost"), Client(HTTP_HOST="localhost")
    for client, name in ((carla, "carla"), (dora, "dora")):
        client.post("/cuenta/login/", {"login": f"{name}@barro.example", "password": PASSWORD})
    assert carla.post(path).status_code == 403
    assert dora.get(path).status_code == 405
    assert dora.post(path, {"next": f"/c/ajustes/equipo/{house.ana}/"})["Location"].startswith(
        "/c/ajustes/"
    )
    assert Authenticator.objects.count() == 0
    assert ana.get("/c/").status_code == 302  # all her sessions ended
    assert ask_in().where == "/c/"
    assert (
        subjects()[-1]
        == "Alguien que administra la tienda ha quitado tu segundo paso y tus llaves de acceso."
    )
    line = AuditEntry.objects.get(action="account.factors_dropped")
    assert (line.actor, line.ref) == (f"agent:{house.dora}", f"agent:{house.ana}")
