"""Handing a mail over by SMTP: exact bytes, each recipient's answer, connections used again."""

from __future__ import annotations

import re
import select
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from esmero.channels.adapters.mail.accounts import Server, tls_context, xoauth2
from esmero.channels.adapters.mail.problems import ServerProblem, problem_of, words_of
from esmero.channels.enums import Security
from esmero.kernel import dialler, failpoints
from esmero.kernel.errors import DeliveryError

KEPT_SECONDS: Final = 20.0
"""How long an unused connection stays open."""
MAILS_A_CONNECTION: Final = 100
_DATA_TIMEOUT = 600.0  # RFC 5321, 4.5.3.2.6: the answer to a whole mail may take ten minutes
# What may follow an unspoken command at the server's end: RFC 5321, 4.2.1.
_ANGLE_ID = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")
_SES_HOST = re.compile(r"email-smtp\.([a-z0-9-]+)\.amazonaws\.com\Z")
_SES_SAID = re.compile(r"\A(?:ok|2\.\d\.\d ok)\s+([0-9a-f][0-9a-z-]{20,})\s*\Z", re.I)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail that was taken.

    `later` are recipients whom the server put off (4xx) while it took the mail for others.
    """

    accepted: list[str]
    refused: dict[str, str] = field(default_factory=dict)
    later: dict[str, str] = field(default_factory=dict)
    provider_header: str = ""


Mark = Callable[[], None]


def no_mark() -> None:
    """Mark nothing (a test mail)."""


class NotHandedOver(DeliveryError):
    """The server did not take the mail.

    `is_unknown`: the connection broke after the whole mail was sent and before the answer.
    `is_account`: not this mail but the account or the server is the trouble.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        is_unknown: bool = False,
        is_account: bool = False,
        refused: dict[str, str] | None = None,
    ) -> None:
        super().__init__(reason, permanent=permanent)
        self.is_unknown, self.is_account = is_unknown, is_account
        self.refused = refused or {}


def server_of_url(url: str) -> Server:
    """Read EMAIL_URL: `smtp://user:password@host:port`, `smtps://`, `smtp+tls://` (STARTTLS).

    `smtp://` takes STARTTLS when it is offered, whatever the certificate (RFC 7435): plain text
    was allowed. Raises ValueError naming the variable.
    """
    parts = urlsplit(url)
    schemes = {
        "smtp": (Security.STARTTLS, 25, True),
        "smtps": (Security.TLS, 465, False),
        "smtp+ssl": (Security.TLS, 465, False),
        "smtp+tls": (Security.STARTTLS, 587, False),
    }
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError("EMAIL_URL: not smtp://, smtps:// or smtp+tls:// with a host")
    security, port, is_lenient = schemes[parts.scheme]
    try:
        given_port = parts.port
        timeout = float(dict(parse_qsl(parts.query)).get("timeout", "60"))
    except ValueError as error:
        raise ValueError(f"EMAIL_URL: {error}") from None
    return Server(
        host=parts.hostname,
        port=given_port or port,
        security=security,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        allows_private=True,  # whoever sets the environment may dial what they like
        is_lenient=is_lenient,
        timeout=timeout,
    )


class _Smtp(smtplib.SMTP):
    """The client of the standard library over a judged address."""

    def __init__(self, server: Server) -> None:
        self._server = server
        super().__init__(timeout=server.timeout, local_hostname=_own_name())

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock = dialler.connect(
            host,
            port,
            timeout=min(20.0, timeout),
            allow_private=self._server.allows_private,
        )
        sock.settimeout(timeout)
        # The end of a mail is a small packet of its own: held back until the server has confirmed
        # the one before, it costs 40 ms a mail.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._server.security is Security.TLS:
            try:
                return tls_context().wrap_socket(sock, server_hostname=host)
            except (OSError, ssl.SSLError):
                sock.close()
                raise
        return sock


def _own_name() -> str:
    name = socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9.-]+", name) else "localhost"


class Connection:
    """A connection to one server, signed in. Raises ServerProblem when it cannot be had."""

    def __init__(self, server: Server, *, said: Callable[[str], None] | None = None) -> None:
        """Connect, protect, sign in; `said` hears of each step (connect, tls, login) when done."""
        tell = said or (lambda step: None)
        self.server = server
        self.mails = 0
        self.used_at = time.monotonic()
        failpoints.reached("smtp.before_connect")
        smtp = _Smtp(server)
        is_login = False
        try:
            smtp._host = server.host  # type: ignore[attr-defined]
            code, greeting = smtp.connect(server.host, server.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, greeting)
            smtp.ehlo_or_helo_if_needed()
            tell("connect")
            self._protect(smtp)
            tell("tls")
            is_login = True
            self._sign_in(smtp)
            tell("login")
        except Exception as error:
            with suppress(Exception):
                smtp.close()
            raise problem_of(error, is_login=is_login) from error
        self._smtp = smtp
        failpoints.reached("smtp.after_connect")

    def _protect(self, smtp: _Smtp) -> None:
        if self.server.security is not Security.STARTTLS:
            return
        if not smtp.has_extn("starttls"):
            if self.server.is_lenient:
                return
            raise ServerProblem("tls_needed", "the server does not offer STARTTLS")
        smtp.starttls(context=tls_context(is_verifying=not self.server.is_lenient))
        smtp.ehlo()

    def _sign_in(self, smtp: _Smtp) -> None:
        server = self.server
        if server.token:
            first = xoauth2(server.username, server.token)
            # A second challenge holds the error and wants an empty line.
            smtp.auth(
                "XOAUTH2",
                lambda challenge=None: first if challenge is None else "",
                initial_response_ok=True,
            )
        elif server.username and server.password and smtp.has_extn("auth"):
            # A server that asks for nobody's name (a relay in the house) is not told one; if it
            # should have asked, it refuses the mail in its own words.
            smtp.login(server.username, server.password)

    @property
    def is_reusable(self) -> bool:
        """Say whether it may carry another mail."""
        is_young = time.monotonic() - self.used_at < KEPT_SECONDS
        return is_young and self.mails < MAILS_A_CONNECTION and self._smtp.sock is not None

    def renew(self) -> bool:
        """Begin another mail on it and say whether the server is still there."""
        try:
            return self._smtp.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def send(
        self, mail_from: str, recipients: list[str], data: bytes, *, before_end: Mark = no_mark
    ) -> Outcome:
        """Hand one mail over; `before_end` is called before the end that lets the server take it.

        Raises NotHandedOver, and what `before_end` raises (nothing was handed over then).
        """
        self.used_at = time.monotonic()
        self.mails += 1
        try:
            return self._send(mail_from, recipients, data, before_end)
        except NotHandedOver:
            raise
        except (OSError, EOFError, smtplib.SMTPException) as error:
            problem = problem_of(error)
            self.close()
            raise NotHandedOver(str(problem), is_account=True) from error

    def _send(
        self, mail_from: str, recipients: list[str], data: bytes, before_end: Mark
    ) -> Outcome:
        smtp = self._smtp
        addresses, refused = self._writable([mail_from, *recipients])
        if mail_from in refused:
            raise NotHandedOver(refused[mail_from], permanent=True)
        code, said = smtp.mail(addresses[mail_from], self._options(addresses, data))
        if code != 250:
            self._give_up(code, said)
        failpoints.reached("smtp.after_mail")
        accepted: list[str] = []
        later: dict[str, str] = {}
        for recipient in recipients:
            if recipient in refused:
                continue
            code, said = smtp.rcpt(addresses[recipient])
            if code in {250, 251}:
                accepted.append(recipient)
            elif code == 421:
                self._give_up(code, said)
            else:
                (later if code < 500 else refused)[recipient] = _answer(code, said)
        failpoints.reached("smtp.after_rcpt")
        if not accepted:
            self._reset()
            words = "; ".join(f"{a}: {w}" for a, w in {**refused, **later}.items())
            raise NotHandedOver(words, permanent=not later, refused=refused)
        return self._data(data, accepted, refused, later, before_end)

    def _data(
        self,
        data: bytes,
        accepted: list[str],
        refused: dict[str, str],
        later: dict[str, str],
        before_end: Mark,
    ) -> Outcome:
        smtp = self._smtp
        failpoints.reached("smtp.before_data")
        smtp.putcmd("data")
        code, said = smtp.getreply()
        if code != 354:
            self._give_up(code, said)
        body = smtplib._quote_periods(data)  # type: ignore[attr-defined]
        if not body.endswith(b"\r\n"):
            body += b"\r\n"
        smtp.send(body)  # without its end: until that is sent, nothing is taken
        if smtp.sock is not None and select.select([smtp.sock], [], [], 0)[0]:
            self._give_up(*smtp.getreply())  # it speaks, or hangs up, before its turn
        try:
            before_end()
        except Exception:
            self.close()  # without the end it takes nothing
            raise
        failpoints.reached("smtp.before_end")
        try:
            smtp.sock.settimeout(max(_DATA_TIMEOUT, self.server.timeout))  # type: ignore[union-attr]
            smtp.send(b".\r\n")
            failpoints.reached("smtp.after_data")
            code, said = smtp.getreply()
        except (OSError, EOFError, smtplib.SMTPException) as error:
            self.close()
            raise NotHandedOver(str(problem_of(error)), is_unknown=True) from error
        if smtp.sock is not None:
            smtp.sock.settimeout(self.server.timeout)
        failpoints.reached("smtp.after_250")
        if code != 250:
            self._give_up(code, said)
        return Outcome(accepted, refused, later, self._provider_header(said))

    def _give_up(self, code: int, said: bytes) -> None:
        """The server said no to the whole mail. Raises NotHandedOver."""
        problem = problem_of(smtplib.SMTPResponseException(code, said))
        # 421: it closes. 530, 535: it wants us to sign in differently; no fault of the mail.
        is_account = code in {-1, 421, 530, 534, 535} or problem.is_password
        if code == 421:
            self.close()
        else:
            self._reset()
        raise NotHandedOver(
            _answer(code, said), permanent=code >= 500 and not is_account, is_account=is_account
        )

    def _reset(self) -> None:
        if not self.renew():
            self.close()

    def _options(self, addresses: dict[str, str], data: bytes) -> list[str]:
        smtp, options = self._smtp, []
        if smtp.has_extn("size"):
            options.append(f"size={len(data)}")
            limit = smtp.esmtp_features.get("size", "")
            if limit.isdigit() and 0 < int(limit) < len(data):
                words = f"552 too large for this server: {len(data)} of {limit} bytes"
                raise NotHandedOver(words, permanent=True)
        if not data.isascii() and smtp.has_extn("8bitmime"):
            options.append("BODY=8BITMIME")
        head = data[: data.find(b"\r\n\r\n") + 1] or data
        wants_utf8 = not head.isascii() or not all(a.isascii() for a in addresses.values())
        if wants_utf8 and smtp.has_extn("smtputf8"):
            options.append("SMTPUTF8")
            smtp.command_encoding = "utf-8"
        else:
            smtp.command_encoding = "ascii"
        return options

    def _writable(self, addresses: list[str]) -> tuple[dict[str, str], dict[str, str]]:
        """Return how each address is written for this server, and those that it cannot have."""
        takes_utf8 = self._smtp.has_extn("smtputf8")
        written: dict[str, str] = {}
        refused: dict[str, str] = {}
        for address in addresses:
            local, at, domain = address.rpartition("@")
            if not address.isprintable() or any(c in address for c in "<> \r\n"):
                refused[address] = "501 not an address"
                continue
            with suppress(UnicodeError):
                domain = domain if domain.isascii() else domain.encode("idna").decode()
            if takes_utf8 or (local + domain).isascii():
                written[address] = f"{local}{at}{domain}"
            else:
                refused[address] = "553 5.6.7 this server cannot write to such an address"
        return written, refused

    def _provider_header(self, said: bytes) -> str:
        """Return the Message-ID that a provider says it has put in the place of ours, '' if none.

        Source: Amazon SES "Message-ID" (`<id@REGION.amazonses.com>`, of us-east-1 without region);
        Microsoft 365 names the Message-ID in its answer.
        """
        text = said.decode("ascii", "replace").strip()
        ses = _SES_HOST.fullmatch(self.server.host.lower())
        if ses is not None:
            found = _SES_SAID.match(text)
            region = "email" if ses[1] == "us-east-1" else ses[1]
            return f"<{found[1]}@{region}.amazonses.com>" if found else ""
        if self.server.host.lower().endswith((".office365.com", ".outlook.com")):
            named = _ANGLE_ID.search(text)
            return named[0] if named else ""
        return ""

    def close(self) -> None:
        """Say goodbye if possible, and close."""
        with suppress(Exception):
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(3)
                self._smtp.quit()
        with suppress(Exception):
            self._smtp.close()


def _answer(code: int, said: bytes) -> str:
    return words_of(smtplib.SMTPResponseException(code, said))
