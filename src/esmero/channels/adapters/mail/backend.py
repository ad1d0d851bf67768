"""Django's way of sending mail, into our outbox: libraries need not know of it."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formataddr

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
            # Django puts an address in a header only after it has looked for line ends.
            message.from_email = formataddr((sender.name, sender.address))
            message.extra_headers = {
                **message.extra_headers,
                "Message-ID": sender.message_header,
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            }
            actions.enqueue_ready(
                data=message.message().as_bytes(linesep="\r\n"),
                sender=sender,
                recipients=recipients,
                at=clock.now(),
                language=(get_language() or "")[:2],
            )
            count += 1
        return count
