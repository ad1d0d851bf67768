"""What Django does for every case, done for ours alone: threads, and a database that speaks UTC.

Language, zone, address prefix and connections live in asgiref's `Local`, which also follows
asynchronous tasks. Here Django only ever runs in threads (config.asgi), and a page asks some eight
hundred times: a tenth of its time. A plain `threading.local` answers in a fiftieth.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from asgiref.local import Local
from django.db import connections
from django.db.backends.postgresql import psycopg_any
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


class UtcLoader(psycopg_any.BaseTzLoader):
    """Reads moments: Django's way goes through an expression and three objects for each, and a
    page of lists has two hundred.
    """

    def load(self, data: Any) -> datetime:
        """Return an aware moment; whatever is not plain ISO 8601 in UTC, Django's way reads."""
        if self.timezone is UTC:
            with suppress(ValueError):
                moment = datetime.fromisoformat(bytes(data).decode("ascii"))
                if moment.tzinfo is UTC:
                    return moment
        return super().load(data)


def read_moments_quickly() -> None:
    """Let connections that are opened from now on read moments by `UtcLoader`."""
    psycopg_any.BaseTzLoader = UtcLoader
    psycopg_any.get_adapters_template.cache_clear()  # type: ignore[attr-defined]


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
