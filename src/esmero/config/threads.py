"""What Django keeps for each thread or task, kept for each thread alone.

Language, zone, address prefix and connections live in asgiref's `Local`, which also follows
asynchronous tasks. Here Django only ever runs in threads (config.asgi), and a page asks some eight
hundred times: a tenth of its time. A plain `threading.local` answers in a fiftieth.
"""

from __future__ import annotations

import threading

from asgiref.local import Local
from django.db import connections
from django.urls import base
from django.utils import timezone
from django.utils.translation import trans_real

PLACES = (
    (trans_real, "_active"),
    (timezone, "_active"),
    (base, "_prefixes"),
    (base, "_urlconfs"),
    (connections, "_connections"),
)


def keep_by_thread() -> None:
    """Replace the stores. Once, before anything is kept in them.

    Raises RuntimeError when a new version of Django keeps them otherwise.
    """
    for owner, name in PLACES:
        kept = getattr(owner, name)
        if isinstance(kept, threading.local):
            continue
        if not isinstance(kept, Local):
            raise RuntimeError(f"{owner}: {name} is no asgiref.local.Local any more")
        setattr(owner, name, threading.local())
