"""How the house speaks to its operator: one line an event, JSON unless somebody watches.

A line never holds what a customer wrote, a password or a token: tracebacks come without values
(config.discretion), addresses without the keys in them, and fields with telling names are blacked
out, whoever logs them.
"""

from __future__ import annotations

import logging
import logging.config
import sys
from typing import Any, TextIO

import structlog
from structlog.types import EventDict, Processor

from esmero.config.env import read

_SECRET = ("password", "passphrase", "secret", "token", "authorization", "cookie", "sealed")
_BODIES = ("text", "html", "body", "data", "raw", "subject", "rendered")
HIDDEN = "[…]"
# These tell of requests, with their addresses.
_OF_REQUESTS = ("django.", "uvicorn", "allauth")


def black_out(logger: Any, method: str, event: EventDict) -> EventDict:
    """Replace the values of fields that may hold a secret or somebody's words."""
    for name in event:
        low = name.lower()
        if any(word in low for word in _SECRET) or (
            low in _BODIES and not isinstance(event[name], int)
        ):
            event[name] = HIDDEN
    if str(event.get("logger", "")).startswith(_OF_REQUESTS):
        # Imported late: the log speaks before Django is there.
        from esmero.config.discretion import without_keys

        event["event"] = without_keys(str(event.get("event", "")))
    return event


def _tracebacks(logger: Any, method: str, event: EventDict) -> EventDict:
    """Turn `exc_info` into a discreet text."""
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    elif isinstance(exc_info, BaseException):
        exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
    if exc_info and exc_info[1] is not None:
        from esmero.config.discretion import traceback_of

        event["exception"] = traceback_of(exc_info)
    return event


class Stderr(logging.StreamHandler[TextIO]):
    """Writes to what is standard error now: a supervisor or a test may have put another there."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    @property
    def stream(self) -> TextIO:
        """Return today's standard error."""
        return sys.stderr

    @stream.setter
    def stream(self, stream: TextIO) -> None:
        pass


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        black_out,
    ]


def configure(_: dict[str, Any]) -> None:
    """What Django calls with its LOGGING setting, which says nothing here."""
    set_up()


def set_up() -> None:
    """Configure structlog and the standard library's logging, once a process.

    `ESMERO_LOG` (debug, info, warning; default info) is the level; `ESMERO_LOG_FORMAT` (json,
    text) the form: without it JSON, and text on a terminal.
    """
    level = read("ESMERO_LOG", "info").upper()
    form = read("ESMERO_LOG_FORMAT") or ("text" if sys.stderr.isatty() else "json")
    renderer: Processor
    if form == "text":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    else:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _tracebacks,
        renderer,
    ]
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "one_line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "processors": last,
                    "foreign_pre_chain": _shared(),
                }
            },
            "handlers": {"stderr": {"()": Stderr, "formatter": "one_line"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                # Their information is ours already, or says addresses.
                "httpx": {"level": "WARNING"},
                "mail.log": {"level": "ERROR"},
                "imapclient": {"level": "WARNING"},
                "uvicorn.access": {"level": "WARNING"},
                "django.server": {"level": "WARNING"},
            },
        }
    )
    structlog.configure(
        processors=[
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level, 20)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
