"""Pure decisions: what is taken, which folder is which, what a server's words mean."""

from __future__ import annotations

import imaplib
import smtplib
import ssl
from datetime import UTC, datetime, timedelta

import pytest

from esmero.channels.adapters.mail.folders import Listed, find_special
from esmero.channels.adapters.mail.problems import problem_of
from esmero.channels.adapters.mail.taking import (
    LOOK_BACK,
    WAITED_AFTER,
    Taking,
    Terms,
    read_again_from,
    taking,
    waited_since,
)
from esmero.channels.enums import Take

CONNECTED = datetime(2026, 11, 19, 10, 40, 30, 500_000, tzinfo=UTC)
NOW = CONNECTED + timedelta(days=2)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("take", "received_at", "expected"),
    [
        (Take.FROM_NOW, CONNECTED.replace(microsecond=0), Taking.LIVE),
        (Take.FROM_NOW, CONNECTED.replace(microsecond=0) - SECOND, Taking.SKIP),
        (Take.FROM_NOW, NOW + DAY, Taking.LIVE),
        (Take.FROM_NOW, NOW + DAY + SECOND, Taking.SKIP),
        (Take.FROM_NOW, None, Taking.SKIP),
        (Take.LAST_DAYS, CONNECTED - 30 * DAY, Taking.HISTORY),
        (Take.LAST_DAYS, CONNECTED - 30 * DAY - SECOND, Taking.SKIP),
        (Take.LAST_DAYS, NOW + 400 * DAY, Taking.SKIP),
        (Take.ALL, CONNECTED - 4000 * DAY, Taking.HISTORY),
        (Take.ALL, NOW + 400 * DAY, Taking.HISTORY),
        (Take.ALL, None, Taking.HISTORY),
        (Take.ALL, CONNECTED, Taking.LIVE),
    ],
)
def test_old_stock_is_taken_as_the_shop_chose(take, received_at, expected):
    terms = Terms(take, 30, CONNECTED)
    assert taking(terms, uid=9, history_below=10, received_at=received_at, now=NOW) is expected
    # Whatever came under a later number is live.
    assert taking(terms, uid=10, history_below=10, received_at=received_at, now=NOW) is Taking.LIVE


@pytest.mark.parametrize(
    ("days", "expected"), [(2.9, Taking.LIVE), (3.1, Taking.HISTORY), (900, Taking.HISTORY)]
)
def test_a_copy_made_lately_is_known_by_its_own_date(days, expected):
    found = taking(
        Terms(Take.FROM_NOW, 30, CONNECTED),
        uid=9,
        history_below=10,
        received_at=NOW,
        dated_at=CONNECTED - days * DAY,
        now=NOW,
    )
    assert found is expected


def test_who_has_waited_is_told_from_who_has_not():
    assert waited_since(received_at=NOW - WAITED_AFTER, now=NOW) is None
    late = NOW - WAITED_AFTER - SECOND
    assert waited_since(received_at=late, now=NOW) == late


def test_a_renumbered_folder_is_read_again_for_a_while_but_never_before_its_connection():
    terms = Terms(Take.ALL, 30, CONNECTED)
    assert read_again_from(terms, last_look=None) == CONNECTED
    assert read_again_from(terms, last_look=CONNECTED + DAY) == CONNECTED
    later = CONNECTED + 90 * DAY
    assert read_again_from(terms, last_look=later) == later - LOOK_BACK


def listed(*rows: tuple[str, str]) -> list[Listed]:
    return [Listed(tuple(flags.split()), "/", name) for flags, name in rows]


@pytest.mark.parametrize(
    ("rows", "sent", "junk"),
    [
        ([("\\HasNoChildren", "INBOX")], "", ""),
        ([("\\Sent", "Salida"), ("", "Sent"), ("\\Junk", "Basura")], "Salida", "Basura"),
        (
            [("\\SENT", "[Gmail]/Enviados"), ("\\Spam", "[Gmail]/Spam")],
            "[Gmail]/Enviados",
            "[Gmail]/Spam",
        ),
        (
            [("", "Elementos enviados"), ("", "Correo no deseado")],
            "Elementos enviados",
            "Correo no deseado",
        ),
        ([("", "INBOX/Sent"), ("", "INBOX/Junk")], "INBOX/Sent", "INBOX/Junk"),
        (
            [("", "Éléments envoyés"), ("", "Lixo Eletrônico")],
            "Éléments envoyés",
            "Lixo Eletrônico",
        ),
        ([("", "Clientes/2019/Sent"), ("\\Noselect", "Sent")], "", ""),
        ([("", "Enviados"), ("", "Archivo/Enviados")], "Enviados", ""),
    ],
)
def test_folders_are_found_by_mark_then_by_name(rows, sent, junk):
    found = listed(*rows)
    assert (find_special(found, "sent"), find_special(found, "junk")) == (sent, junk)


IMAP = imaplib.IMAP4.error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (IMAP(b"[AUTHENTICATIONFAILED] Invalid credentials (Failure)"), "wrong_password"),
        (
            IMAP(b"[ALERT] Application-specific password required: https://support.google.com/"),
            "app_password_needed",
        ),
        (IMAP(b"LOGIN failed. BasicAuthBlocked"), "basic_auth_disabled"),
        (IMAP(b"[ALERT] Please log in via your web browser"), "basic_auth_disabled"),
        (IMAP(b"[ALERT] Your account is not enabled for IMAP use."), "imap_disabled"),
        (IMAP(b"[ALERT] Too many simultaneous connections. (Failure)"), "too_many_connections"),
        (IMAP(b"[UNAVAILABLE] Temporary authentication failure."), "server_busy"),
        (
            smtplib.SMTPAuthenticationError(
                535, b"5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled"
            ),
            "smtp_auth_disabled",
        ),
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 Bad credentials"), "wrong_password"),
        (smtplib.SMTPAuthenticationError(454, b"4.7.0 Temporary failure"), "server_refused"),
        (imaplib.IMAP4.abort("socket error: EOF"), "connection_lost"),
        (TimeoutError("timed out"), "timeout"),
        (ConnectionResetError(104, "Connection reset by peer"), "connection_lost"),
        (ssl.SSLError(1, "wrong version number"), "tls_failed"),
        (UnicodeEncodeError("ascii", "ñ", 0, 1, "ordinal not in range"), "password_not_sendable"),
    ],
)
def test_what_a_server_says_at_the_login_has_a_code_to_advise_on(error, code):
    assert problem_of(error, is_login=True).code == code


def test_the_words_of_the_server_are_kept_on_one_line():
    problem = problem_of(IMAP("b'[ALERT] No  way\\nhere'"), is_login=True)
    assert problem.reason == "[ALERT] No way\\nhere"
