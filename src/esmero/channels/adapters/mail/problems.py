"""What goes wrong at mail servers, in the server's own words and with a code to advise on."""

from __future__ import annotations

import imaplib
import smtplib
import ssl
from typing import Final

from esmero.kernel.dialler import HostRefused, HostUnknown
from esmero.kernel.errors import OutsideFailure

# code, and what the server's words contain (lower case). The first that fits counts.
# Source: the replies as Gmail, Microsoft 365, Yahoo, iCloud and Dovecot send them (help pages
# "Sign in with app passwords", "Application-specific password required", "5.7.139", "5.7.57").
_SAID: Final = (
    ("app_password_needed", "application-specific password"),
    ("app_password_needed", "app password"),
    ("app_password_needed", "app-specific password"),
    ("app_password_needed", "invalidsecondfactor"),
    ("basic_auth_disabled", "basic authentication is disabled"),
    ("basic_auth_disabled", "basicauthblocked"),
    ("basic_auth_disabled", "logondenied-basicauth"),
    ("basic_auth_disabled", "please log in via your web browser"),
    ("basic_auth_disabled", "web browser"),
    ("smtp_auth_disabled", "smtpclientauthentication is disabled"),
    ("smtp_auth_disabled", "client not authenticated to send"),
    ("imap_disabled", "not enabled for imap"),
    ("imap_disabled", "imap access is disabled"),
    ("imap_disabled", "imap is disabled"),
    ("imap_disabled", "imap disabled"),
    ("imap_disabled", "user is authenticated but not connected"),
    ("too_many_connections", "too many simultaneous connections"),
    ("too_many_connections", "maximum number of connections"),
    ("too_many_connections", "too many connections"),
    ("too_many_logins", "too many login"),
    ("too_many_logins", "too many failed"),
    ("too_many_logins", "temporarily locked"),
    ("too_many_logins", "rate limit"),
    ("tls_needed", "privacyrequired"),
    ("tls_needed", "must issue a starttls"),
    ("tls_needed", "plaintext authentication disallowed"),
    ("tls_needed", "plaintext authentication not allowed"),
    ("tls_needed", "logindisabled"),
    ("token_refused", "invalid_token"),
    ("token_refused", '"status":"400"'),
    ("token_refused", '"status":"401"'),
    ("server_busy", "[unavailable]"),
    ("server_busy", "temporary authentication failure"),
    ("server_busy", "try again later"),
    ("server_busy", "[inuse]"),
)
# With these a person has to do something: trying again soon is vain and may lock the account.
PASSWORD_CODES: Final = frozenset(
    {
        "wrong_password",
        "app_password_needed",
        "basic_auth_disabled",
        "smtp_auth_disabled",
        "imap_disabled",
        "too_many_logins",
        "token_refused",
        "consent_lost",
        "password_unreadable",
        "password_not_sendable",
    }
)


class ServerProblem(OutsideFailure):
    """A mail server could not be used.

    `code` is for advice, `reason` are the server's or the system's own words.
    """

    def __init__(self, code: str, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason, permanent=permanent)
        self.code = code

    @property
    def is_password(self) -> bool:
        """Say whether a person has to mend the way of signing in."""
        return self.code in PASSWORD_CODES

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}"


def problem_of(error: Exception, *, is_login: bool = False) -> ServerProblem:
    """Name what an exception of a mail library or of the system means."""
    if isinstance(error, ServerProblem):
        return error
    if isinstance(error, HostUnknown):
        return ServerProblem("host_unknown", f"{error.params['host']}: name not found")
    if isinstance(error, HostRefused):
        return ServerProblem("host_refused", f"{error.params['host']}: private address refused")
    said = words_of(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        code = "tls_name" if "mismatch" in said.lower() else "tls_untrusted"
        return ServerProblem(code, said)
    if isinstance(error, ssl.SSLError):
        return ServerProblem("tls_failed", said)
    if isinstance(error, TimeoutError):
        return ServerProblem("timeout", said or "timed out")
    if isinstance(error, ConnectionRefusedError):
        return ServerProblem("refused", said)
    if isinstance(error, UnicodeEncodeError):
        return ServerProblem("password_not_sendable", "the password has letters it may not have")
    lowered = said.lower()
    for code, part in _SAID:
        if part in lowered:
            return ServerProblem(code, said)
    if is_login and _is_refusal(error):
        return ServerProblem("wrong_password", said)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ServerProblem("login_not_offered", said)
    if isinstance(error, smtplib.SMTPResponseException):
        return ServerProblem("server_refused", said)
    if isinstance(error, (OSError, EOFError, imaplib.IMAP4.abort)):
        return ServerProblem("connection_lost", said or type(error).__name__)
    return ServerProblem("protocol", said or type(error).__name__)


def _is_refusal(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500
    return isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort)


def words_of(error: Exception) -> str:
    """Return what the server (or the system) said, on one line of at most 500 characters."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = _text(error.smtp_error)
        said = f"{error.smtp_code} {text}"
    elif error.args and isinstance(error.args[0], (bytes, bytearray)):
        said = _text(error.args[0])
    elif isinstance(error, ssl.SSLCertVerificationError):
        said = error.verify_message or str(error)
    elif isinstance(error, OSError) and error.strerror:
        said = error.strerror
    else:
        said = str(error)
        if said.startswith(("b'", 'b"')):  # IMAPClient wraps the bytes of imaplib in str()
            said = said[2:-1]
    return " ".join(said.split())[:500]


def _text(data: object) -> str:
    if isinstance(data, (bytes, bytearray)):
        return bytes(data).decode("utf-8", "replace")
    return str(data)
