"""The mail around the shop: a real IMAP server with everybody's mailbox, and a real SMTP server
that delivers into them.
"""

from __future__ import annotations

import imaplib
import re
import smtplib
from collections.abc import Iterable
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from tests.journeys.product import eventually
from tests.servers import DovecotServer, SmtpSink, Taken

SECRET = "secreto"


class Post:
    """`with Post({"marta@cliente.example": "marta"}) as post`: address → mailbox.

    What the shop sends to an address nobody has stays in `post.sink.mails` alone. `rewrite` may
    change a mail on its way.
    """

    def __init__(self, addresses: dict[str, str]) -> None:
        self.addresses = addresses
        self.imap, self.sink = DovecotServer(), SmtpSink()
        self.sink.forward = self._forward
        self.rewrite = lambda data: data

    def __enter__(self) -> Post:
        self.imap.__enter__()
        for user in set(self.addresses.values()):
            self.imap.create_user(user, SECRET)
        self.sink.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.sink.stop()
        self.imap.__exit__(*problem)

    def _forward(self, taken: Taken) -> None:
        for address in taken.recipients:
            user = self.addresses.get(re.sub(r"\+[^@]*@", "@", address.lower()))
            if user:
                self.imap.deliver(user, self.rewrite(taken.data))

    def send(self, mail: EmailMessage, to: str) -> None:
        """Let a customer's mail travel by SMTP to whoever has the address."""
        with smtplib.SMTP(self.sink.host, self.sink.port, timeout=30) as server:
            server.send_message(mail, to_addrs=[to])

    def mails_of(self, user: str, folder: str = "INBOX") -> list[EmailMessage]:
        """Return what lies in a folder, as its owner reads it by IMAP."""
        session = imaplib.IMAP4(self.imap.host, self.imap.port, timeout=30)
        try:
            session.login(user, SECRET)
            session.select(f'"{folder}"', readonly=True)
            numbers = session.search(None, "ALL")[1][0].split()
            found = [session.fetch(n, "(BODY.PEEK[])")[1][0] for n in numbers]
            return [message_from_bytes(item[1], policy=policy.default) for item in found]  # type: ignore[misc]
        finally:
            session.logout()

    def wait_for(self, user: str, count: int, folder: str = "INBOX") -> list[EmailMessage]:
        """Wait until so many mails have come to somebody, and return them all."""
        return eventually(
            lambda: (found := self.mails_of(user, folder)) and len(found) >= count and found,
            every=0.2,
            why=f"mail {count} did not come to {user}",
        )


def letter(
    subject: str,
    text: str,
    *,
    sender: str,
    to: str,
    at: datetime,
    answers: EmailMessage | None = None,
    headers: Iterable[tuple[str, str]] = (),
) -> EmailMessage:
    """Return a mail as a customer's program writes it; `answers` is the one it replies to."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">"))
    if answers is not None:
        line = [*str(answers["References"] or "").split(), str(answers["Message-ID"])]
        mail["In-Reply-To"], mail["References"] = line[-1], " ".join(line)
        quoted = "\n".join(f"> {one}" for one in text_of(answers).splitlines())
        text = f"{text}\n\nEl jueves, la tienda escribió:\n{quoted}\n"
    for name, value in headers:
        mail[name] = value
    mail.set_content(text)
    return mail


def text_of(mail: EmailMessage) -> str:
    """Return what a mail says in plain text."""
    body = mail.get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


def link_in(mail: EmailMessage) -> str:
    """Return the path of the customer's page that a mail links to."""
    found = re.search(r"/consulta/[^\s)>]+/", text_of(mail))
    assert found is not None, text_of(mail)
    return found[0]
