"""What runs: the jobs of an installation, and the parent that holds what they share.

`esmero up` runs all of them with the database; `esmero web`, `worker`, `mail` and `search` one
kind each, on as many machines as wanted. The modules of the jobs are named here and imported late:

- `esmero.config.asgi:application`, the ASGI callable that uvicorn serves;
- `esmero.config.worker:main`, `esmero.config.mail:main` and `esmero.config.search:main`, called as
  `main(stop, ready)`: work until the event `stop` is set, and call `ready()` once when the first
  work could be done.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from esmero.config import web
from esmero.config.env import Environment, read_int
from esmero.config.listening import Listening
from esmero.config.supervisor import Job

Main = Callable[[threading.Event, Callable[[], None]], None]

WORKER = "esmero.config.worker:main"
MAIL = "esmero.config.mail:main"
SEARCH = "esmero.config.search:main"
APPLICATION = "esmero.config.asgi:application"


def find(dotted: str) -> Any:
    """Import `module:name`."""
    module, _, name = dotted.partition(":")
    return getattr(import_module(module), name)


def web_processes() -> int:
    """Return how many web processes run: `ESMERO_WEB_PROCESSES`, else 2, on one core 1.

    Raises EnvironmentProblem.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return read_int("ESMERO_WEB_PROCESSES", min(2, cores or 1), low=1, high=32)


def web_job(listening: Listening, environment: Environment) -> Job:
    """Return the job that serves the pages."""
    application = find(APPLICATION)
    serve = partial(web.serve, listening, application, environment.trusted_proxies)
    return Job("web", serve, count=web_processes(), rank=0)


def worker_job() -> Job:
    """Return the job that does what waits: files, sends, watches promises."""
    return Job("worker", find(WORKER), rank=1)


def mail_job() -> Job:
    """Return the job that follows the mailboxes and accepts mail."""
    return Job("mail", find(MAIL), rank=1)


def search_job() -> Job:
    """Return the job that finds articles by their meaning."""
    return Job("search", find(SEARCH), rank=1)


def without(job: Job, listening: Listening) -> Job:
    """Return the job with the web's socket closed first: else it would hold the port."""

    def main(stop: threading.Event, ready: Callable[[], None]) -> None:
        listening.close()
        job.main(stop, ready)

    return Job(job.name, main, count=job.count, rank=job.rank, grace=job.grace)


def preload() -> None:
    """Import what the children will need and make it shared memory.

    Opens no connection and starts no thread. Raises whatever the settings or an import raise.
    """
    from django.conf import settings
    from django.template import engines
    from django.urls import get_resolver
    from django.utils.translation import trans_real

    get_resolver().url_patterns  # noqa: B018 - imports every view
    engines.all()
    for code, _ in settings.LANGUAGES:
        trans_real.translation(code)
    gc.collect()
    gc.freeze()
