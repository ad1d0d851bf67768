"""The mail process: follows the mailboxes, listens for mail, and sends what may leave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from django.conf import settings
from django.db import connection

from esmero.channels import queries
from esmero.channels.adapters.mail.follow import Followers
from esmero.channels.adapters.mail.listener import Listener, Listening
from esmero.channels.adapters.mail.sending import Sender
from esmero.channels.adapters.mail.smtp import server_of_url
from esmero.config import wiring
from esmero.config.env import EnvironmentProblem, read
from esmero.kernel import clock, jobs, workers

log = structlog.get_logger(__name__)
STOPS_WITHIN = 8.0
"""Seconds that a hand-over or a fetch gets when the process stops."""


def main(stop: threading.Event, ready: Callable[[], None] = lambda: None) -> None:
    """Work until `stop` is set; `ready` is called once mail can come and go.

    Raises EnvironmentProblem or ValueError (naming the variable) for a wrong environment, OSError
    when the address of `ESMERO_SMTP_IN` cannot be had.
    """
    wiring.wire()
    env = settings.ENV
    sender = Sender(server_of_url(env.email_url) if env.email_url else None, stop=stop)
    listener = Listener(_listening(env.smtp_in)) if env.smtp_in else None
    _wait_for_database(stop)
    if stop.is_set():
        return
    followers = Followers()

    def follow(at: datetime) -> bool:
        return followers.step()

    def look(at: datetime) -> bool:
        return followers.look()

    def beat(at: datetime) -> bool:
        workers.note_alive("mail", at=at, failing=jobs.failing())
        return False

    loops = [
        jobs.Loop("mailboxes", follow, poll_seconds=3.0),
        # Only when asked: the watch over the promises wants to know whether a reply lies there.
        jobs.Loop("looks", look, poll_seconds=3600.0),
        jobs.Loop(
            "deliveries",
            sender.step,
            poll_seconds=2.0,
            next_at=queries.next_delivery_at,
            threads=2,
        ),
        jobs.Loop("heartbeat", beat, poll_seconds=workers.SEEN_EVERY.total_seconds()),
    ]
    if listener is not None:
        listener.start()
    threads = jobs.run_loops(loops, stop)
    ready()
    log.info("mail_ready", listens=listener is not None)
    stop.wait()
    if listener is not None:
        listener.stop(within=STOPS_WITHIN)
    jobs.stop_loops(stop, threads, STOPS_WITHIN)
    followers.close(within=STOPS_WITHIN)
    sender.close()
    connection.close()


def _listening(address: tuple[str, int]) -> Listening:
    """Complete `ESMERO_SMTP_IN` by its companions. Raises EnvironmentProblem."""
    protocol = read("ESMERO_SMTP_IN_PROTOCOL").lower()
    if protocol not in {"", "smtp", "lmtp"}:
        raise EnvironmentProblem(f"ESMERO_SMTP_IN_PROTOCOL: {protocol!r} is neither smtp nor lmtp")
    certificate = read("ESMERO_SMTP_IN_CERT")
    return Listening(
        host=address[0],
        port=address[1],
        # 24 is LMTP's port by custom (RFC 2033 forbids 25).
        is_lmtp=protocol == "lmtp" or (not protocol and address[1] == 24),
        certificate=certificate,
        key=read("ESMERO_SMTP_IN_KEY") or certificate,
    )


def _wait_for_database(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            workers.note_alive("mail", at=clock.now())
        except Exception as error:  # noqa: BLE001  an entry: whatever it is, try again
            log.warning("database_unreachable", error=type(error).__name__)
            connection.close()
            stop.wait(1.0)
        else:
            return
