"""What a log may say of a failure and of an address: where and of what kind, never with what.

A message of an exception is made of values as often as not (`invalid literal: 'what somebody
wrote'`, PostgreSQL's `Failing row contains (…)`). So it is told only where its kind holds none;
of all others the type, and for the database its code and first line, have to do: the place in the
source is in the traceback.
"""

from __future__ import annotations

import re
import traceback
from types import TracebackType
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError
from jinja2 import TemplateError

from esmero.kernel.errors import OutsideFailure, Refusal

HIDDEN = "[…]"
# Their messages are made of names in the source, paths of files, or a server's own words.
_TELLING: tuple[type[BaseException], ...] = (
    AttributeError,
    ImportError,
    ImproperlyConfigured,
    MemoryError,
    NameError,
    OSError,
    OutsideFailure,
    RuntimeError,
    TemplateError,
    TypeError,
)
_DATABASE = (DatabaseError, InterfaceError, psycopg.Error)
# A name in an address that opens something is never shorter (kernel.ids: 27 letters and more).
_KEY_IN_ADDRESS = re.compile(r"(?<=/)[^/\s]{16,}")

ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def message_of(error: BaseException) -> str:
    """Return what may be told of an exception's message."""
    if isinstance(error, Refusal):
        return error.code
    if isinstance(error, _DATABASE):
        return _of_database(error)
    return str(error) if isinstance(error, _TELLING) else HIDDEN


def _of_database(error: BaseException) -> str:
    source = error if isinstance(error, psycopg.Error) else error.__cause__
    state = (getattr(source, "sqlstate", None) or "") if source is not None else ""
    # Class 22 (data exceptions) quotes the value in its first line. Source: PostgreSQL, App. A.
    is_value = state.startswith("22") or type(error).__name__ == "DataError"
    said = HIDDEN if is_value else str(error).partition("\n")[0]
    return f"{state} {said}".strip()


def traceback_of(exc_info: ExcInfo) -> str:
    """Return a traceback with all its causes, without values and with discreet messages."""
    kind, error, trace = exc_info
    if kind is None or error is None:
        return ""
    told = traceback.TracebackException(kind, error, trace, compact=True)
    _hush(told, error)
    return "".join(told.format()).rstrip("\n")


def _hush(told: Any, error: BaseException | None) -> None:
    """Put the discreet message in the place of each: `_str` is where the library keeps it."""
    if told is None or error is None:
        return
    told._str = message_of(error)
    if getattr(told, "__notes__", None):
        told.__notes__ = None
    _hush(told.__cause__, error.__cause__)
    _hush(told.__context__, error.__context__)
    if isinstance(error, BaseExceptionGroup) and told.exceptions:
        for one, inner in zip(told.exceptions, error.exceptions, strict=False):
            _hush(one, inner)


def without_keys(text: str) -> str:
    """Return a line about a request without the names in its address that open something."""
    return _KEY_IN_ADDRESS.sub(HIDDEN, text)
