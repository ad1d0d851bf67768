"""Push: what a browser that really decrypts is told, and what becomes of what cannot be told."""

from __future__ import annotations

import json
import secrets as randomness
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.models import Session
from django.test import override_settings

from esmero.conversations import actions as conversations
from esmero.conversations.models import Conversation
from esmero.kernel import audit, dispatch, secrets
from esmero.kernel.errors import InvalidInput
from esmero.notices import actions, ports, queries
from esmero.notices.adapters import webpush as adapter
from esmero.notices.enums import Channel, Kind, Mutes, Quiet
from esmero.notices.errors import EndpointRefused
from esmero.notices.models import Notice, Push, PushKeys, Subscription
from esmero.notices.rules import webpush
from esmero.people import actions as people
from tests.cast import NOON

SOON = NOON + timedelta(seconds=5)
SESSION = "s" * 32


class Browser:
    """What a browser keeps: a pair of keys and a secret. It reads what was meant for it."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.point = self.key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        self.secret = randomness.token_bytes(16)

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": webpush.packed(self.point), "auth": webpush.packed(self.secret)}

    def read(self, body: bytes) -> dict[str, object]:
        """Decrypt as RFC 8291 (3.4) and RFC 8188 (2) have it, from the receiver's side."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        assert (size, length) == (4096, 65)
        assert len(body) <= 4096
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.key.exchange(ec.ECDH(), point)

        def derived(material: bytes, with_salt: bytes, info: bytes, octets: int) -> bytes:
            return HKDF(hashes.SHA256(), octets, with_salt, info).derive(material)

        material = derived(shared, self.secret, b"WebPush: info\0" + self.point + theirs, 32)
        key = derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derived(material, salt, b"Content-Encoding: nonce\0", 12)
        text = AESGCM(key).decrypt(nonce, record, None)
        plain, mark, padding = text.rpartition(b"\x02")
        assert (mark, padding.strip(b"\0")) == (b"\x02", b"")
        return dict(json.loads(plain))


class Service:
    """A push service on this machine: keeps what it was given, answers what it is told to."""

    def __init__(self) -> None:
        self.given: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.given.append((self.path, dict(self.headers), body))
                status, headers = outer.answers.pop(0) if outer.answers else (201, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Keep still."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def service(monkeypatch) -> Iterator[Service]:
    monkeypatch.setenv("ESMERO_ALLOW_PRIVATE_HOSTS", "1")
    found = Service()
    ports.use_service(adapter.HttpPushService())
    yield found
    found.close()


@pytest.fixture
def browser(house, service):
    Session.objects.create(
        session_key=SESSION, session_data="", expire_date=datetime(2100, 1, 1, tzinfo=UTC)
    )
    actions.keep_keys(at=NOON)
    found = Browser()
    subscribed(house.ana, found, service.url + "/ana?x=1")
    chose(house.ana)
    return found


def subscribed(who, browser, endpoint, session=SESSION):
    return actions.subscribe(
        agent_id=who, endpoint=endpoint, session_key=session, browser="Firefox, Android",
        at=NOON, **browser.keys,
    )  # fmt: skip


def chose(who, *, hides=False, quiet=Quiet.NEVER, **matrix):
    chosen = dict(queries.matrix.DEFAULTS)
    for kind, letters in matrix.items():
        chosen[Kind(kind)] = frozenset(Channel(one) for one in letters)
    actions.set_preferences(
        agent_id=who, channels=chosen, mail_minutes=15, hides_names=hides, quiet=quiet, at=NOON
    )


def mentioned(house, n=0, *, at=NOON, department=None):
    contact = conversations.Contact(
        channel="mail", sender_email=f"marta{n}@cliente.example", sender_name="Marta Ruiz",
        subject=f"Fuente {n}", text="Un texto secreto", received_at=at,
        department_id=department or house.care,
    )  # fmt: skip
    pk = conversations.receive(contact=contact, at=at).conversation_id
    conversations.add_note(
        conversation_id=pk, agent_id=house.carla, text="@Ana, otro secreto", at=at,
        mentions=[house.ana],
    )  # fmt: skip
    while dispatch.dispatch_one(at=at):
        pass
    return pk


def run(at=SOON):
    while actions.plan_push_one(at=at) or actions.push_one(at=at):
        pass


def test_a_browser_reads_who_and_what_and_no_more(house, browser, service):
    pk = mentioned(house)
    assert actions.next_push_at() == SOON
    run(NOON)
    assert service.given == []
    run()
    ((path, headers, body),) = service.given
    assert path == "/ana?x=1"
    assert headers["Host"] == service.url.removeprefix("http://")
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Authorization"].startswith("vapid t=")
    assert headers["TTL"] == "14400"
    said = browser.read(body)
    assert said["title"] == f"Carla te menciona en la n.º {pk}"
    assert said["body"] == "Fuente 0 · Marta Ruiz"
    assert (said["tag"], said["url"]) == (f"mention-{pk}", f"/c/conversaciones/{pk}/")
    assert "secreto" not in json.dumps(said)
    assert [act["title"] for act in said["acts"]] == [
        "Silenciar esta conversación", "No más de este tipo",
    ]  # fmt: skip
    link = queries.read_link(said["acts"][1]["action"].split("/")[2], at=NOON)
    assert (link.agent_id, link.what, link.values) == (house.ana, Mutes.PUSH, ("mention",))
    assert not Push.objects.exists()
    assert Subscription.objects.get().used_at == SOON


def test_names_can_be_hidden_and_the_language_is_hers(house, browser, service):
    chose(house.ana, hides=True)
    people.change_own_preferences(
        agent_id=house.ana, name="Ana", language="en", theme="", signature="", undo_seconds=15,
        has_shortcuts=True,
    )  # fmt: skip
    pk = mentioned(house)
    run()
    said = browser.read(service.given[0][2])
    assert said["title"] == f"Carla mentions you in no. {pk}"
    assert (said["body"], said["lang"]) == ("", "en")


def test_several_at_once_come_as_one(house, browser, service):
    for n in range(5):
        mentioned(house, n)
    run()
    ((_, _, body),) = service.given
    said = browser.read(body)
    assert (said["title"], said["tag"], said["url"]) == ("5 avisos", "several", "/c/campana/")
    assert len(str(said["body"]).splitlines()) == 4


def test_the_quiet_holds_back_and_gives_one(house, browser, service):
    actions.pause(agent_id=house.ana, until=NOON + timedelta(hours=1), at=NOON)
    pks = [mentioned(house, n) for n in range(4)]
    run()
    assert service.given == []
    actions.look(agent_id=house.ana, conversation_ids=pks[:1], at=NOON)
    run(NOON + timedelta(hours=1))
    assert [browser.read(body)["title"] for _, _, body in service.given] == ["3 avisos"]


def test_what_was_seen_or_is_hidden_or_silent_by_then_is_not_sent(house, browser, service):
    pks = [mentioned(house, n) for n in range(2)]
    while actions.plan_push_one(at=SOON):
        pass
    assert Push.objects.count() == 2
    actions.look(agent_id=house.ana, conversation_ids=[pks[0]], at=SOON)
    Conversation.objects.filter(pk=pks[1]).update(department_id=house.sales)
    run()
    assert service.given == []
    assert not Push.objects.exists()


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(house, browser, service, status):
    service.answers = [(status, {})]
    mentioned(house)
    run()
    assert len(service.given) == 1
    assert not Subscription.objects.exists()
    assert not Push.objects.exists()


def test_a_service_in_trouble_is_asked_again_later_and_less_often(house, browser, service):
    service.answers = [(500, {}), (429, {"Retry-After": "600"}), (503, {})]
    mentioned(house)
    run()
    assert actions.next_push_at() == SOON + timedelta(seconds=30)
    second = SOON + timedelta(seconds=30)
    run(second)
    assert actions.next_push_at() == second + timedelta(seconds=600)
    third = second + timedelta(seconds=600)
    run(third)
    assert actions.next_push_at() == third + timedelta(seconds=120)
    run(third + timedelta(seconds=120))
    assert len(service.given) == 4
    assert (Push.objects.count(), Subscription.objects.count()) == (0, 1)


def test_it_is_given_up_after_some_time(house, browser, service):
    service.answers = [(500, {})] * 20
    mentioned(house)
    at = SOON
    for _ in range(20):
        run(at)
        at = actions.next_push_at() or at
    assert len(service.given) == 6
    assert (Push.objects.count(), Subscription.objects.count()) == (0, 1)


def test_a_fault_of_the_message_itself_is_not_repeated(house, browser, service):
    service.answers = [(413, {})]
    mentioned(house)
    run()
    assert (len(service.given), Push.objects.count()) == (1, 0)
    assert Subscription.objects.count() == 1


def test_a_redirect_is_not_followed(house, browser, service):
    service.answers = [(307, {"Location": "http://127.0.0.1:1/"})]
    mentioned(house)
    run()
    assert len(service.given) == 1


def test_a_service_out_of_reach_is_tried_again(house, browser, service):
    service.close()
    mentioned(house)
    run()
    assert actions.next_push_at() == SOON + timedelta(seconds=30)


def test_who_died_with_it_in_hand_leaves_it_to_others(house, browser, service, monkeypatch):
    def killed(*_args):
        raise KeyboardInterrupt

    mentioned(house)
    with monkeypatch.context() as patch:
        patch.setattr(adapter.HttpPushService, "post", killed)
        with pytest.raises(KeyboardInterrupt):
            run()
    run(SOON + timedelta(seconds=59))
    assert service.given == []
    run(SOON + timedelta(seconds=60))
    assert len(service.given) == 1


def test_who_signed_out_there_or_has_left_is_told_nothing(house, browser, service):
    mentioned(house)
    Session.objects.all().delete()
    run()
    assert service.given == []
    assert not Subscription.objects.exists()


def test_a_browser_belongs_to_who_signed_in_last(house, browser, service):
    mentioned(house)
    while actions.plan_push_one(at=SOON):
        pass
    subscribed(house.carla, browser, service.url + "/ana?x=1")
    run()
    assert service.given == []
    assert Subscription.objects.get().agent_id == house.carla


def test_a_member_has_ten_browsers_at_most_and_takes_them_away(house, service):
    for n in range(12):
        subscribed(house.ana, Browser(), f"{service.url}/{n}")
    mine = list(queries.subscriptions_of(house.ana))
    assert len(mine) == 10
    assert not actions.unsubscribe(agent_id=house.bruno, subscription_id=mine[0].pk, at=NOON)
    assert actions.unsubscribe(agent_id=house.ana, subscription_id=mine[0].pk, at=NOON)
    assert actions.unsubscribe(agent_id=house.ana, endpoint=mine[1].endpoint, at=NOON)
    assert queries.subscriptions_of(house.ana).count() == 8
    lines = [line.action for line in audit.lines(audit.Wanted(topic="notices"))]
    assert lines == ["notices.push_off"] * 2 + ["notices.push_on"] * 12


BAD = [
    "", "x", "ftp://push.example/a", "http://push.example/a", "https://", "https:///a",
    "https://u:p@push.example/a", "https://push.example/a#b", "https://push.example/ñ",
    "https://push.example/a b", "https://push.example/\n", "https://push.example:0/",
    "https://push.example:99999/", "https://[::1", "https://push.example/" + "a" * 2000,
    "javascript:alert(1)", "file:///etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("endpoint", BAD)
def test_an_endpoint_that_is_none_is_refused(house, endpoint):
    with pytest.raises(EndpointRefused):
        subscribed(house.ana, Browser(), endpoint)
    assert not Subscription.objects.exists()


def test_keys_that_are_none_are_refused(house):
    with pytest.raises(InvalidInput):
        actions.subscribe(
            agent_id=house.ana, endpoint="https://push.example/a", p256dh="x", auth="y",
            session_key=SESSION, browser="", at=NOON,
        )  # fmt: skip


INSIDE = [
    "127.0.0.1", "[::1]", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
    "[fd00::1]", "[::ffff:10.0.0.1]", "[fe80::1]", "100.64.0.1", "[64:ff9b::a00:1]",
]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_nothing_inside_is_ever_called(house, host, monkeypatch):
    monkeypatch.delenv("ESMERO_ALLOW_PRIVATE_HOSTS", raising=False)
    with pytest.raises(EndpointRefused):
        adapter.HttpPushService().post(f"https://{host}/a", b"", {})


@pytest.mark.parametrize("host", [h for h in INSIDE if h not in {"127.0.0.1", "[::1]"}])
def test_not_even_where_mail_servers_may_be_inside(house, host, monkeypatch):
    monkeypatch.setenv("ESMERO_ALLOW_PRIVATE_HOSTS", "1")
    for scheme in ("https", "http"):
        with pytest.raises(EndpointRefused):
            adapter.HttpPushService().post(f"{scheme}://{host}/a", b"", {})


def test_a_name_that_leads_inside_is_refused_and_forgotten(house, browser, service, monkeypatch):
    def inside(host, port, *_args, **_more):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.1.2.3", port))]

    Subscription.objects.update(endpoint="https://push.example/ana")
    mentioned(house)
    monkeypatch.setattr(socket, "getaddrinfo", inside)
    run()
    assert service.given == []
    assert not Subscription.objects.exists()


# -- the shop's keys ------------------------------------------------------------


def test_the_keys_are_made_once_sealed_and_closed_anew(house):
    old, new = "vieja-" * 8, "nueva-" * 8
    with override_settings(SECRET_KEY=old, SECRET_KEY_FALLBACKS=[]):
        public = actions.keep_keys(at=NOON)
        assert actions.keep_keys(at=NOON + timedelta(days=1)) == public
        row = PushKeys.objects.get()
        assert webpush.packed(queries.push_keys().public) == public
        assert len(secrets.unseal(row.private)) == 43
        assert secrets.unseal(row.private) not in row.private
    with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[old]):
        assert actions.reseal_keys() == (1, 0)
        assert actions.reseal_keys() == (0, 0)
    with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[]):
        assert webpush.packed(queries.push_keys().public) == public
    with override_settings(SECRET_KEY="otra-" * 8, SECRET_KEY_FALLBACKS=["más-" * 8]):
        assert actions.reseal_keys() == (0, 1)
    assert not Notice.objects.exists()
