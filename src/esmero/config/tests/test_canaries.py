"""Secrets and letters are planted everywhere, everything is made to fail, and the log is read."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import structlog
from django.db import DataError, IntegrityError, connection, transaction
from django.test import Client

from esmero.channels import actions, ports, queries
from esmero.channels.actions import filing
from esmero.channels.adapters.mail.sending import Sender
from esmero.channels.adapters.mail.servers import Servers
from esmero.channels.enums import Security, Source
from esmero.channels.models import Delivery, RawMail
from esmero.config import logs
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.models import Conversation
from esmero.kernel import clock, dispatch, jobs, secrets
from esmero.kernel.models import EventRow
from tests.cast import NOON, House, open_house
from tests.servers import SmtpSink, a_mail

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD, TOKEN, BODY = "canario-clave-91", "canario-token-92", "canario-cuerpo-93"
SUBJECT, NAME = "canario-asunto-94", "canario-nombre-95"
PLANTED = (PASSWORD, TOKEN, BODY, SUBJECT, NAME)


@pytest.fixture
def said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[], str]]:
    """Log as in real life, and return what was said since the last time, canaries looked for."""
    monkeypatch.setenv("ESMERO_LOG_FORMAT", "json")
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.set_up()
    heard: list[str] = []

    def listen() -> str:
        text = capsys.readouterr().err
        heard.append(text)
        found = [word for word in PLANTED if word in text]
        assert found == [], text
        for line in text.splitlines():
            assert json.loads(line)["event"]
        return text

    yield listen
    listen()
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def house() -> House:
    return open_house()


def take() -> int:
    data = a_mail(SUBJECT, body=f"Mi clave es {BODY}", sender=f"{NAME} <marta@correo.example>")
    raw_id = actions.accept_mail(
        source=Source.SMTP, data=data, received_at=NOON, at=NOON,
        envelope_to=["soporte@barro.example"],
    )  # fmt: skip
    assert raw_id is not None
    return raw_id


def fails_with(error: BaseException) -> Callable[..., None]:
    def fail(*_args, **_more):
        body = BODY  # noqa: F841  a variable that a careless traceback would show
        raise error

    return fail


def test_a_wrong_password_and_a_wrong_token_are_told_without_them(house, said) -> None:
    with SmtpSink() as sink:
        sink.users = {"soporte": "otra"}
        pk = actions.connect_mailbox(
            address="soporte@barro.example", smtp_host=sink.host, smtp_port=sink.port,
            smtp_security=Security.NONE, username="soporte", password=PASSWORD,
            allows_private=True, at=NOON,
        )  # fmt: skip
        take()
        actions.file_one(at=NOON)
        sender = Sender(None)
        assert sender.step(clock.now())
        sender.close()
        assert "wrong_password" in said()
        Servers().probe(pk, at=NOON)
        actions.keep_tokens(
            mailbox_id=pk, access_token=TOKEN, refresh_token=TOKEN,
            expires_at=NOON + timedelta(days=9000),
        )  # fmt: skip
        queries.forget()
        Servers().probe(pk, at=NOON)
        said()


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"cannot read {BODY!r}"),
        KeyError(BODY),
        UnicodeError(f"{SUBJECT} and {TOKEN}"),
        DataError(f'invalid input syntax: "{BODY}"\nCONTEXT: {SUBJECT}'),
        IntegrityError(f"null value\nDETAIL: Failing row contains (1, {BODY}, {SUBJECT})."),
    ],
    ids=lambda e: type(e).__name__,
)
def test_filing_that_fails_tells_neither_letter_nor_row(
    house, said, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    raw_id = take()
    monkeypatch.setattr(filing, "parse_mail", fails_with(error))
    actions.file_one(at=NOON)
    text = said()
    assert type(error).__name__ in text
    assert str(raw_id) in text


def test_a_reaction_a_loop_and_a_mail_that_fail_tell_no_letter(
    house, said, monkeypatch: pytest.MonkeyPatch
) -> None:
    take()
    actions.file_one(at=NOON)
    error = ValueError(f"bad text {BODY}: {SUBJECT} of {NAME}")
    monkeypatch.setattr(
        dispatch.events, "reactions_to", lambda event: {"canary": fails_with(error)}
    )
    EventRow.objects.update(is_pending=True)
    while dispatch.dispatch_one(at=NOON):
        pass
    assert "reaction_failed" in said()

    class Bad:
        render = staticmethod(fails_with(error))

    before = ports._renderer
    ports.use_renderer(Bad())  # type: ignore[arg-type]
    try:
        assert actions.claim_delivery(at=NOON, has_default=True) is None
    finally:
        ports._renderer = before
    assert Delivery.objects.get().state == "failed"
    assert "render_failed" in said()
    stop = jobs.threading.Event()

    def step(at):
        stop.set()
        fails_with(error)()

    jobs.Loop("canary", step).run(stop)
    assert "loop_failed" in said()


def test_requests_that_fail_tell_neither_form_nor_link(
    house, said, monkeypatch: pytest.MonkeyPatch
) -> None:
    take()
    actions.file_one(at=NOON)
    conversation = Conversation.objects.get()
    link = conversation_queries.link_of(conversation.token, at=clock.now())
    client = Client(raise_request_exception=False)
    places = [
        f"/consulta/{link}/",
        f"/consulta/{TOKEN}/",
        f"/consulta/{TOKEN}/archivos/{TOKEN}/",
        f"/instalar/{TOKEN}/",
        f"/cuenta/password/reset/key/1-{TOKEN}/",
        f"/contacto/recibido/{TOKEN}/",
        f"/c/archivos/{TOKEN}/?token={TOKEN}",
        f"/nowhere/?q={TOKEN}",
    ]
    for place in places:
        client.get(place)
        client.post(place, {"text": BODY, "password": PASSWORD}, HTTP_USER_AGENT=NAME)
    text = said()
    assert conversation.token not in text
    monkeypatch.setattr(
        "esmero.conversations.queries.conversation_of_link",
        fails_with(ValueError(BODY)),
        raising=False,
    )
    monkeypatch.setattr("esmero.portal.frame.the_shop", fails_with(ValueError(f"no {BODY}")))
    for place in (f"/consulta/{link}/", "/contacto/"):
        answer = client.post(place, {"text": BODY, "email": "eva@correo.example"})
        assert answer.status_code == 500
        assert BODY not in answer.content.decode()
    text = said()
    assert "ValueError" in text
    assert conversation.token not in text
    assert link.rpartition(".")[2] not in text


def test_the_database_says_what_is_wrong_without_the_row(house, said) -> None:
    log = structlog.get_logger("esmero.test")
    raw_id = take()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE channels_raw_mail SET state = 'no', detail = %s WHERE id = %s",
                [BODY, raw_id],
            )
    except IntegrityError:
        log.exception("update_failed")
        logging.getLogger("library").exception("it failed too")
    text = said()
    assert text.count("IntegrityError") >= 2
    assert RawMail.objects.get().state == "stored"


def test_secrets_are_sealed_and_out_of_every_repr(house, said) -> None:
    sealed = secrets.seal(PASSWORD)
    assert PASSWORD not in sealed
    trial = ports.Trial(address="a@b.example", password=PASSWORD)
    consent = ports.Consent("https://x.example", "s", TOKEN)
    for thing in (trial, consent, conversations):
        assert not any(word in repr(thing) for word in PLANTED)
