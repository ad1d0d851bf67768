"""Where strangers meet: the ports of the contexts get their implementations, once, at start."""

from __future__ import annotations

from esmero.channels import ports as channels
from esmero.mails.rendering import MailRenderer


def wire() -> None:
    """Install every implementation and register every reaction; calling it again changes nothing.
    """
    channels.use_renderer(MailRenderer())
