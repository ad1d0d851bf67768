"""Django's way of sending mail, into our outbox: libraries need not know of it."""

from __future__ import annotations

from collections.abc import Sequence
from email.charset import QP, Charset
from email.generator import BytesGenerator
from email.policy import compat32
from email.utils import formataddr
from io import BytesIO

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import get_language

from esmero.channels import actions
from esmero.kernel import clock


class OutboxBackend(BaseEmailBackend):
    """`EMAIL_BACKEND`: what a library sends becomes a delivery, in the caller's transaction.

    The sender is the shop's, whatever the library wrote: mail servers refuse others. The mail is
    marked as automatic (RFC 3834), so that nobody's machine answers it.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue them and return how many there were."""
        count = 0
        for message in email_messages:
            recipients = message.recipients()
            if not recipients:
                continue
            sender = actions.new_sender()
            message.encoding = _utf8()
            # Django puts an address in a header only after it has looked for line ends.
            message.from_email = formataddr((sender.name, sender.address))
            message.extra_headers = {
                **message.extra_headers,
                "Message-ID": sender.message_header,
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            }
            actions.enqueue_ready(
                data=_bytes(message),
                sender=sender,
                recipients=recipients,
                at=clock.now(),
                language=(get_language() or "")[:2],
            )
            count += 1
        return count


def _utf8() -> Charset:
    """Return UTF-8 in quoted-printable: servers without 8BITMIME (RFC 6152) take it as well."""
    charset = Charset("utf-8")
    charset.body_encoding = QP
    return charset


def _bytes(message: EmailMessage) -> bytes:
    # Unfolded: a Message-ID on a line of its own is misread by some; ours are below 998 bytes.
    written = BytesIO()
    policy = compat32.clone(linesep="\r\n")
    BytesGenerator(written, mangle_from_=False, maxheaderlen=0, policy=policy).flatten(
        message.message()
    )
    return written.getvalue()
