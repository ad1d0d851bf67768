"""Where strangers meet: the ports of the contexts get their implementations, once, at start."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from esmero.channels import actions as channel_actions
from esmero.channels import ports as channels
from esmero.config.search import socket_path
from esmero.config.wording import MailTexts
from esmero.conversations import ports as conversations
from esmero.knowledge import ports as knowledge
from esmero.knowledge.adapters.asking import Process
from esmero.knowledge.adapters.mixed import Mixed
from esmero.knowledge.adapters.pdf import PdfPages
from esmero.mails import reactions as _reactions  # noqa: F401  importing registers them
from esmero.mails.rendering import MailRenderer
from esmero.notices import ports as notices
from esmero.notices.adapters.webpush import HttpPushService
from esmero.promises import ports as promises
from esmero.shop import ports as shop
from esmero.ui.notices import Words


def wire() -> None:
    """Install every implementation; calling it again changes nothing."""
    channels.use_renderer(MailRenderer())
    conversations.use_speller(_dictionaries)
    process = Process(lambda: socket_path(Path(settings.ENV.data)))
    knowledge.use_likeness(Mixed(process))
    knowledge.use_reader(PdfPages())
    knowledge.use_searcher(process)
    notices.use_service(HttpPushService())
    notices.use_words(Words())
    promises.use_fresh_look(channel_actions.SentFolders())
    shop.use_texts(MailTexts())


def _dictionaries() -> conversations.Speller:
    from esmero.conversations.adapters.spelling import Dictionaries

    return Dictionaries()
