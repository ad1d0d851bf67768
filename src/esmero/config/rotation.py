"""After a new key was put in front: close everything with it, so that the old one can go."""

from __future__ import annotations

import structlog
from django.conf import settings

from esmero.channels.actions import reseal_mailboxes
from esmero.console.accounts.resealing import reseal_factors
from esmero.notices.actions import reseal_keys

log = structlog.get_logger(__name__)


def reseal() -> int:
    """Close with the newest key whatever older ones closed and return how many secrets that were.

    What no key opens (a restore without its key) is left alone and told. What is only signed
    (links, reply addresses, Message-IDs) cannot be signed anew: it ends with the old key.
    """
    if not settings.SECRET_KEY_FALLBACKS:
        return 0
    done = lost = 0
    for what in (reseal_mailboxes, reseal_factors, reseal_keys):
        found, unreadable = what()
        done, lost = done + found, lost + unreadable
    if done or lost:
        log.info("keys_rotated", resealed=done, unreadable=lost)
    return done
