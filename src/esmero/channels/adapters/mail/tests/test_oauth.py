"""OAuth against a provider and mail servers that really check: consent, refresh, loss, recovery."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from esmero.channels import actions, queries
from esmero.channels.adapters.mail import oauth
from esmero.channels.adapters.mail.problems import ServerProblem
from esmero.channels.adapters.mail.sending import Sender
from esmero.channels.adapters.mail.servers import Servers
from esmero.channels.adapters.mail.tests.conftest import subjects, until
from esmero.channels.adapters.mail.tests.test_sending import a_delivery, send_all
from esmero.channels.enums import Auth, Security
from esmero.channels.models import Mailbox
from esmero.kernel import clock
from tests.oauth_provider import OAuthProvider
from tests.servers import DovecotServer, SmtpSink, a_mail, has_dovecot

pytestmark = pytest.mark.django_db(transaction=True)
BACK = "http://localhost:8000/c/ajustes/vuelta"
ADDRESS = "soporte@tienda.example"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[OAuthProvider]:
    with OAuthProvider(client_secret="secreto del cliente") as one:
        monkeypatch.setenv("ESMERO_OAUTH_MICROSOFT_URL", one.url)
        monkeypatch.setenv("ESMERO_OAUTH_GOOGLE_URL", one.url)
        yield one


def connect(auth: Auth = Auth.MICROSOFT, **choices: Any) -> int:
    return actions.connect_mailbox(
        address=ADDRESS,
        auth=auth,
        oauth_client_id="cliente-1",
        oauth_client_secret="secreto del cliente",
        allows_private=True,
        at=clock.now(),
        **choices,
    )


def consent(provider: OAuthProvider, pk: int) -> None:
    servers = Servers()
    begun = servers.begin_consent(pk, redirect_uri=BACK)
    back = provider.consent(begun.url)
    assert back["state"] == begun.state
    servers.complete_consent(
        pk, code=back["code"], verifier=begun.verifier, redirect_uri=BACK, at=clock.now()
    )


@pytest.mark.parametrize("auth", [Auth.MICROSOFT, Auth.GOOGLE])
def test_consent_brings_tokens_which_are_kept_sealed(provider, auth):
    pk = connect(auth)
    consent(provider, pk)
    box = Mailbox.objects.get(pk=pk)
    token = oauth.fresh_token(pk, at=clock.now())
    assert provider.address_of(token) == ADDRESS
    assert len(provider.requests) == 1  # the fresh one is not asked for again
    assert token not in box.oauth_access_sealed
    assert box.oauth_refresh_sealed != ""
    assert box.oauth_expires_at > clock.now() + timedelta(minutes=50)


def test_what_is_asked_for_is_mail_offline_and_proves_its_origin():
    begun = oauth.begin(
        auth=Auth.MICROSOFT,
        client_id="c",
        redirect_uri=BACK,
        address=ADDRESS,
        tenant="barro.example",
    )
    parts = urlsplit(begun.url)
    asked = {k: v[0] for k, v in parse_qs(parts.query).items()}
    assert parts.netloc == "login.microsoftonline.com"
    assert parts.path == "/barro.example/oauth2/v2.0/authorize"
    assert asked["scope"].split()[0] == "offline_access"
    assert asked["code_challenge"] != begun.verifier
    assert len(begun.verifier) >= 43  # RFC 7636, 4.1
    google = oauth.begin(auth=Auth.GOOGLE, client_id="c", redirect_uri=BACK, address=ADDRESS)
    asked = {k: v[0] for k, v in parse_qs(urlsplit(google.url).query).items()}
    assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")
    assert begun.verifier not in repr(begun)


def test_a_code_without_its_verifier_is_worth_nothing(provider):
    pk = connect()
    begun = Servers().begin_consent(pk, redirect_uri=BACK)
    back = provider.consent(begun.url)
    with pytest.raises(ServerProblem) as refused:
        oauth.complete(
            mailbox_id=pk,
            code=back["code"],
            verifier="otro" * 12,
            redirect_uri=BACK,
            at=clock.now(),
        )
    assert refused.value.code == "consent_lost"
    assert Mailbox.objects.get(pk=pk).oauth_refresh_sealed == ""


def test_a_token_is_renewed_before_it_is_over(provider):
    pk = connect()
    consent(provider, pk)
    first = oauth.fresh_token(pk, at=clock.now())
    later = clock.now() + timedelta(minutes=56)
    second = oauth.fresh_token(pk, at=later)
    assert second != first
    assert [r["grant_type"] for r in provider.requests] == ["authorization_code", "refresh_token"]
    # The provider gave a new refresh token, and that one is used next.
    assert oauth.fresh_token(pk, at=later + timedelta(hours=2)) != second
    assert provider.requests[2]["refresh_token"] != provider.requests[1]["refresh_token"]


def test_a_provider_that_gives_no_new_refresh_token_leaves_the_old_one(provider):
    pk = connect()
    consent(provider, pk)
    provider.rotates = False
    at = clock.now()
    for hours in (2, 4):
        oauth.fresh_token(pk, at=at + timedelta(hours=hours))
    assert provider.requests[1]["refresh_token"] == provider.requests[2]["refresh_token"]


def test_a_provider_that_is_away_does_no_harm_while_the_token_lasts(provider):
    pk = connect()
    consent(provider, pk)
    held = oauth.fresh_token(pk, at=clock.now())
    provider.is_down = True
    assert oauth.fresh_token(pk, at=clock.now() + timedelta(minutes=57)) == held
    with pytest.raises(ServerProblem) as problem:
        oauth.fresh_token(pk, at=clock.now() + timedelta(hours=2))
    assert problem.value.code == "oauth_unreachable"
    assert not problem.value.is_password


def test_withdrawn_consent_is_said_in_the_providers_words(provider):
    pk = connect()
    consent(provider, pk)
    provider.withdraw_consent()
    with pytest.raises(ServerProblem) as problem:
        oauth.fresh_token(pk, at=clock.now() + timedelta(hours=2))
    assert str(problem.value) == (
        "consent_lost: invalid_grant: AADSTS50173: The provided grant has expired"
    )
    assert problem.value.is_password


@pytest.mark.skipif(not has_dovecot(), reason="dovecot is not installed")
def test_mail_comes_and_goes_by_xoauth2_and_the_loss_of_consent_raises_an_alarm(
    provider, followers
):
    with (
        DovecotServer(tokeninfo_url=provider.tokeninfo_url) as server,
        SmtpSink() as sink,
    ):
        pk = connect(
            imap_host=server.host,
            imap_port=server.port,
            imap_security=Security.NONE,
            smtp_host=sink.host,
            smtp_port=sink.port,
            smtp_security=Security.NONE,
        )
        process = followers()
        process.step()
        until(lambda: queries.mailbox(pk).failing_since)
        assert queries.mailbox(pk).error == "consent_lost: nobody has consented yet"

        consent(provider, pk)
        process.step()
        server.deliver(ADDRESS, a_mail("por OAuth"))
        until(lambda: subjects(pk) == ["por OAuth"], within=15)
        until(lambda: queries.mailbox(pk).failing_since is None)

        sink.tokens = {ADDRESS: oauth.fresh_token(pk, at=clock.now())}
        sender = Sender(None)
        a_delivery(mailbox_id=pk)
        assert send_all(sender) == 1
        sender.close()
        assert [t.mail_from for t in sink.mails] == [ADDRESS]

        # Consent is withdrawn and the token runs out, while the session stands.
        provider.withdraw_consent()
        Mailbox.objects.filter(pk=pk).update(oauth_expires_at=clock.now())
        until(lambda: queries.mailbox(pk).failing_since)
        assert queries.mailbox(pk).error.startswith("consent_lost: invalid_grant")
        assert queries.mailbox(pk).retry_at > clock.now() + timedelta(seconds=90)


@pytest.mark.skipif(not has_dovecot(), reason="dovecot is not installed")
def test_a_token_that_the_mail_server_refuses_is_told(provider):
    with DovecotServer(tokeninfo_url=provider.tokeninfo_url) as server:
        pk = connect(imap_host=server.host, imap_port=server.port, imap_security=Security.NONE)
        consent(provider, pk)
        provider._access.clear()
        steps = {s.name: s for s in Servers().probe(pk, at=clock.now())}
    assert steps["token"].is_ok
    assert (steps["imap_login"].is_ok, steps["imap_login"].code) == (False, "token_refused")
