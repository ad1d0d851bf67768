"""The bytes of every mail that leaves: channels asks, this surface answers (`ports.Renderer`)."""

from __future__ import annotations

from esmero.channels.ports import ToRender
from esmero.mails import automatic, replies
from esmero.mails.assembling import Parts, assemble
from esmero.shop.queries import the_shop

# Written into every mail of ours: a provider may replace the Message-ID, not this.
OWN_HEADER = "X-Esmero-Id"


class MailRenderer:
    """Makes automatic mails from the house's texts, and an agent's reply from its message."""

    def render(self, mail: ToRender) -> bytes:
        """Return an RFC 5322 message with CRLF line ends, without Bcc.

        Raises NotFound when what it is about is gone, and UnknownText for a template of no text.
        """
        content = automatic.content_of(mail) if mail.template else replies.content_of(mail)
        extra = [(OWN_HEADER, mail.message_header)]
        if mail.is_automatic:
            # Source: RFC 3834, 5; Microsoft's [MS-OXCMAIL] 2.1.3.2.20 for the second: both keep
            # other people's machines from answering ours.
            extra += [
                ("Auto-Submitted", content.auto_submitted),
                ("X-Auto-Response-Suppress", "All"),
            ]
        extra += content.headers
        return assemble(
            Parts(
                mail_from=mail.mail_from,
                to=content.to,
                cc=mail.cc,
                subject=content.subject,
                message_id=mail.message_header,
                at=mail.at.astimezone(the_shop().zone),
                text=content.text,
                html=content.html,
                reply_to=mail.reply_to,
                in_reply_to=mail.in_reply_to,
                references=mail.references,
                extra=extra,
                files=content.files,
            )
        )
