"""Real mail servers for tests: Dovecot with a configuration of its own, and an SMTP sink.

Both listen on free loopback ports and end with the test. Dovecot runs as an unprivileged user in a
temporary folder and knows nothing of the system's own configuration.
"""

from __future__ import annotations

import asyncio
import base64
import imaplib
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
WHY_NOT = "dovecot is not installed: apt-get install dovecot-imapd"

_SPECIAL = """
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
  mailbox Junk {
    auto = create
    special_use = \\Junk
  }
"""
_NAMED = """
  mailbox Enviados {
    auto = create
  }
  mailbox "Correo no deseado" {
    auto = create
  }
"""
_CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
disable_plaintext_auth = no
auth_mechanisms = plain login{mechanisms}
auth_failure_delay = 0
mail_location = maildir:{home}/mail/%u
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
mailbox_list_index = no
maildir_stat_dirs = no
imap_idle_notify_interval = 30 s
{capability}
{tls}
namespace inbox {{
  inbox = yes
{folders}
}}
{oauth}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/passwd/%u
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = {has_tls}
  }}
}}
"""


def free_port() -> int:
    """Return a loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def has_dovecot() -> bool:
    """Say whether Dovecot can be started here."""
    return os.access(DOVECOT, os.X_OK)


def a_mail(
    subject: str = "¿Dónde está mi pedido?",
    *,
    sender: str = "Ana <ana@example.net>",
    to: str = "soporte@tienda.example",
    body: str = "Hola:\n\nTodavía no ha llegado.\n",
    message_id: str = "",
    date: datetime | None = None,
    extra: Iterable[str] = (),
) -> bytes:
    """Return a small mail with CRLF line ends."""
    moment = date or datetime.now(UTC)
    lines = [
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {subject}",
        f"Date: {moment:%a, %d %b %Y %H:%M:%S} +0000",
        f"Message-ID: {message_id or f'<{time.time_ns()}@example.net>'}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        *extra,
        "",
        *body.splitlines(),
    ]
    return ("\r\n".join(lines) + "\r\n").encode()


class DovecotServer:
    """A Dovecot of its own: `with DovecotServer() as server: server.create_user("ana", "secret")`.

    `has_special_use=False` names the folders in Spanish and marks none; `has_idle=False` does not
    offer IDLE; `tls=(certificate, key)` adds STARTTLS and a TLS port; `tokeninfo_url` lets
    XOAUTH2 in, with tokens that this address knows.
    """

    def __init__(
        self,
        *,
        has_idle: bool = True,
        has_special_use: bool = True,
        tls: tuple[Path, Path] | None = None,
        tokeninfo_url: str = "",
    ) -> None:
        self.host, self.port, self.tls_port = "127.0.0.1", free_port(), free_port()
        self.home = Path(tempfile.mkdtemp(prefix="esmero-imap-"))
        self._has_idle, self._has_special_use = has_idle, has_special_use
        self._tls, self._tokeninfo_url = tls, tokeninfo_url
        self._users: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.getuid())

    def __enter__(self) -> DovecotServer:
        self._write()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    # Its life

    def start(self) -> None:
        """Start and wait until it greets."""
        self._process = subprocess.Popen(
            [DOVECOT, "-F", "-c", str(self.home / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=self.home,
            start_new_session=True,
            **self._as_user(),
        )
        limit = time.monotonic() + 15
        while True:
            try:
                with socket.create_connection((self.host, self.port), timeout=1) as probe:
                    probe.settimeout(2)
                    if probe.recv(64).startswith(b"* OK"):
                        return
            except OSError:
                pass
            if self._process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"dovecot did not start: {self.log()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it and everything it started."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        # Its children finish what they do for a client that stays; a machine that dies does not.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.stderr:
            self._process.stderr.close()
        self._process = None

    def restart(self) -> None:
        """End all connections and start again on the same mail and port."""
        self.stop()
        self.start()

    def log(self) -> str:
        """Return what it has logged."""
        path = self.home / "dovecot.log"
        said = path.read_text(errors="replace") if path.exists() else ""
        if self._process is not None and self._process.poll() is not None:
            said += (self._process.stderr.read() if self._process.stderr else b"").decode()
        return said

    # Its mail

    def create_user(self, name: str, password: str) -> None:
        """Add a user, or give them another password."""
        self._users[name] = password
        # A file for each: Dovecot looks at most once a second whether a file has changed.
        self._put(self.home / "passwd" / name, f"{name}:{{PLAIN}}{password}\n")

    def folder(self, user: str, folder: str = "INBOX") -> Path:
        """Return the Maildir of a folder."""
        root = self.home / "mail" / user
        return root if folder == "INBOX" else root / f".{folder}"

    def deliver(
        self,
        user: str,
        data: bytes,
        folder: str = "INBOX",
        *,
        flags: str = "",
        at: datetime | None = None,
    ) -> None:
        """Put a mail into the Maildir, as a delivery agent does; `at` becomes its INTERNALDATE."""
        home = self.folder(user, folder)
        for part in ("tmp", "new", "cur"):
            self._make(home / part)
        name = f"{time.time():.6f}.{time.monotonic_ns()}.esmero"
        self._put(home / "tmp" / name, data)
        if at is not None:
            os.utime(home / "tmp" / name, (at.timestamp(), at.timestamp()))
        target = f"cur/{name}:2,{flags}" if flags else f"new/{name}"
        (home / "tmp" / name).rename(home / target)

    def append(
        self,
        user: str,
        data: bytes,
        folder: str = "INBOX",
        *,
        flags: str = "",
        at: datetime | None = None,
    ) -> None:
        """Put a mail in by IMAP, with flags and INTERNALDATE."""
        with self.session(user) as session:
            moment = imaplib.Time2Internaldate(at) if at else None  # type: ignore[arg-type]
            answer = session.append(f'"{folder}"', flags, moment, data)  # type: ignore[arg-type]
            assert answer[0] == "OK", answer

    def session(self, user: str) -> imaplib.IMAP4:
        """Return a session of the standard library, signed in."""
        session = imaplib.IMAP4(self.host, self.port, timeout=10)
        session.login(user, self._users[user])
        return session

    def change_uidvalidity(self, user: str, folder: str = "INBOX") -> None:
        """Give the same mails other numbers, as after a move to another server; restarts."""
        self.stop()
        for path in self.folder(user, folder).glob("dovecot*"):
            if path.name.startswith(("dovecot-uidlist", "dovecot.index")):
                path.unlink()
        # Two validities made in one second would be the same.
        time.sleep(1.1)
        self.start()

    # Inside

    def _write(self) -> None:
        self.home.chmod(0o755)
        for name in ("run", "state", "mail", "passwd"):
            self._make(self.home / name)
        self._chown(self.home)
        tls = "ssl = no"
        if self._tls:
            certificate, key = self._tls
            self._put(self.home / "tls.crt", certificate.read_bytes())
            self._put(self.home / "tls.key", key.read_bytes())
            tls = f"ssl = yes\nssl_cert = <{self.home}/tls.crt\nssl_key = <{self.home}/tls.key"
        oauth = ""
        if self._tokeninfo_url:
            self._put(
                self.home / "oauth2.conf",
                f"tokeninfo_url = {self._tokeninfo_url}\nusername_attribute = email\n"
                "active_attribute = active\nactive_value = true\nopenid_configuration_url =\n",
            )
            oauth = (
                "passdb {\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n"
                f"  args = {self.home}/oauth2.conf\n}}"
            )
        self._put(
            self.home / "dovecot.conf",
            _CONFIG.format(
                home=self.home,
                user=self._account.pw_name,
                group=_group(self._account.pw_gid),
                uid=self._account.pw_uid,
                gid=self._account.pw_gid,
                port=self.port,
                tls_port=self.tls_port if self._tls else 0,
                has_tls="yes" if self._tls else "no",
                capability=""
                if self._has_idle
                else "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS NAMESPACE",
                tls=tls,
                folders=_SPECIAL if self._has_special_use else _NAMED,
                oauth=oauth,
                mechanisms=" xoauth2 oauthbearer" if oauth else "",
            ),
        )

    def _as_user(self) -> dict[str, object]:
        if os.geteuid() != 0:
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}

    def _make(self, folder: Path) -> None:
        for path in (*reversed(folder.parents), folder):
            if path.is_relative_to(self.home) and not path.exists():
                # Two deliveries, or Dovecot itself, may make it at once.
                path.mkdir(mode=0o700, exist_ok=True)
                self._chown(path)

    def _put(self, path: Path, content: str | bytes) -> None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o600)
        self._chown(path)

    def _chown(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self._account.pw_uid, self._account.pw_gid)


@dataclass
class Taken:
    """A mail that the sink has accepted."""

    mail_from: str
    recipients: list[str]
    data: bytes
    at: float


class SmtpSink:
    """An SMTP server that keeps what it takes, and misbehaves as told at any moment.

    `refuse` maps recipients to answers; `answers` are the next answers to whole mails; `drop` hangs
    up at a stage (`mail`, `data` before its end, `end` after the mail was taken and before the
    answer); `delay` holds the answer back; `users` (name → password) wants a login; `tokens`
    (name → token) by XOAUTH2; `forward` is called with each mail, in its thread.
    """

    def __init__(
        self,
        *,
        tls: tuple[Path, Path] | None = None,
        is_tls_at_once: bool = False,
        port: int = 0,
    ) -> None:
        self.host, self.port = "127.0.0.1", port or free_port()
        self.mails: list[Taken] = []
        self.refuse: dict[str, str] = {}
        self.answers: list[str] = []
        self.drop = ""
        self.delay = 0.0
        self.users: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.logins = 0
        self.connections = 0
        self.forward: Callable[[Taken], None] | None = None
        self._tls, self._is_tls_at_once = tls, is_tls_at_once
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._started = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> SmtpSink:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to listen."""
        self._started.clear()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._started.wait(10)

    def stop(self) -> None:
        """Hang up on everybody and end."""
        if self._thread is not None and self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(10)
            self._thread = None

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        context = None
        if self._tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*self._tls)
        open_ones: set[Any] = set()
        server = await self._loop.create_server(
            lambda: _SinkProtocol(self, open_ones, None if self._is_tls_at_once else context),
            self.host,
            self.port,
            ssl=context if self._is_tls_at_once else None,
        )
        self._started.set()
        await self._stopping.wait()
        server.close()
        for one in list(open_ones):
            if one.transport is not None:
                with suppress(AttributeError):  # asyncio has let go of it already
                    one.transport.abort()
        await asyncio.sleep(0.05)


class _SinkHandler:
    def __init__(self, sink: SmtpSink) -> None:
        self.sink = sink

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        self.sink.logins += 1
        name, password = data.login.decode(), data.password.decode()
        is_right = not self.sink.users or self.sink.users.get(name) == password
        return AuthResult(success=is_right, handled=False)

    async def auth_XOAUTH2(self, server: Any, words: list[str]) -> AuthResult:
        said = base64.b64decode(words[1]).decode()
        user = said.partition("user=")[2].partition("\1")[0]
        token = said.partition("Bearer ")[2].partition("\1")[0]
        self.sink.logins += 1
        return AuthResult(success=self.sink.tokens.get(user) == token, handled=False)

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if (self.sink.users or self.sink.tokens) and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self.sink.drop == "mail":
            server.transport.abort()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if answer := self.sink.refuse.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        sink = self.sink
        if sink.delay:
            await asyncio.sleep(sink.delay)
        answer = sink.answers.pop(0) if sink.answers else "250 2.0.0 OK queued"
        if answer.startswith("250"):
            taken = Taken(
                envelope.mail_from, list(envelope.rcpt_tos), envelope.content, time.time()
            )
            sink.mails.append(taken)
            if sink.forward is not None:
                await asyncio.get_running_loop().run_in_executor(None, sink.forward, taken)
        if sink.drop == "end":
            server.transport.abort()
        return answer


class _SinkProtocol(SMTP):
    line_length_limit = 1_000_000

    def __init__(self, sink: SmtpSink, open_ones: set[Any], context: Any) -> None:
        self.sink, self._open_ones = sink, open_ones
        handler = _SinkHandler(sink)
        super().__init__(
            handler,
            data_size_limit=200_000_000,
            enable_SMTPUTF8=True,
            hostname="sink.example",
            tls_context=context,
            auth_require_tls=False,
            authenticator=handler.authenticate,
            loop=asyncio.get_running_loop(),
        )

    def connection_made(self, transport: Any) -> None:
        if self._original_transport is None:
            self.sink.connections += 1
            self._open_ones.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open_ones.discard(self)
        super().connection_lost(error)

    async def smtp_DATA(self, arg: str) -> None:
        if self.sink.drop == "data":
            await self.push("354 go on")
            assert self.transport is not None
            self.transport.abort()  # type: ignore[attr-defined]
            return
        await super().smtp_DATA(arg)


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


def certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """Make a self-signed certificate for these host names; return its file and that of its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    crt, pem = folder / "tls.crt", folder / "tls.key"
    crt.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return crt, pem
