"""The worker: a thread for each kind of work that waits in a table."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import connection

from esmero.channels import actions as channels
from esmero.config import rotation
from esmero.console.accounts import sessions
from esmero.conversations import actions as conversations
from esmero.desk import actions as desk
from esmero.kernel import clock, dispatch, jobs, workers
from esmero.knowledge import actions as knowledge
from esmero.notices import actions as notices
from esmero.people import actions as people
from esmero.promises import actions as promises

log = structlog.get_logger(__name__)

STOPS_WITHIN = 8.0
"""Seconds that a piece of work in hand gets when the process stops."""
HOURLY = 3600.0
# Marks of reactions that have run are kept a while for whoever looks into a failure.
MARKS_KEPT = timedelta(days=7)
# Chosen for a bulk act that nobody began.
PLANS_KEPT = timedelta(days=1)
# What a member was told of and has seen.
NOTICES_KEPT = timedelta(days=60)
# What people asked, for the candidates and the coverage of a year and the one before.
QUESTIONS_KEPT = timedelta(days=730)


def loops() -> list[jobs.Loop]:
    """Return the loops, each with its own net of polling."""
    return [
        # One thread: two of them share one interpreter and only wait for each other's rows; more
        # workers (`esmero worker` again) are more processors.
        jobs.Loop("filing", _filing, poll_seconds=2.0),
        jobs.Loop("forms", _forms, poll_seconds=20.0),
        jobs.Loop("events", _events, poll_seconds=2.0, next_at=dispatch.next_retry_at),
        jobs.Loop("promises", _promises, poll_seconds=5.0, next_at=promises.next_check_at),
        jobs.Loop("recover", _recover, poll_seconds=5.0),
        jobs.Loop("snoozes", _snoozes, poll_seconds=10.0),
        jobs.Loop(
            "takeovers", _takeovers, poll_seconds=20.0, next_at=conversations.next_takeover_at
        ),
        jobs.Loop("absences", _absences, poll_seconds=30.0),
        jobs.Loop("updates", _updates, poll_seconds=60.0),
        jobs.Loop("bulk", _bulk, poll_seconds=5.0),
        jobs.Loop("distribution", _distribution, poll_seconds=20.0),
        jobs.Loop("notices", _notices, poll_seconds=20.0, next_at=notices.next_mail_at),
        jobs.Loop("push", _push, poll_seconds=20.0, next_at=notices.next_push_at),
        jobs.Loop("articles", _articles, poll_seconds=20.0, next_at=knowledge.next_publication_at),
        jobs.Loop("manuals", _manuals, poll_seconds=30.0),
        jobs.Loop("suspects", _suspects, poll_seconds=HOURLY),
        jobs.Loop("words", _words, poll_seconds=60.0),
        jobs.Loop("questions", _questions, poll_seconds=5.0),
        jobs.Loop("coverage", knowledge.Coverage().step, poll_seconds=30.0),
        jobs.Loop("housekeeping", _housekeeping, poll_seconds=HOURLY),
        jobs.Loop("heartbeat", _heartbeat, poll_seconds=workers.SEEN_EVERY.total_seconds()),
    ]


def main(stop: threading.Event, ready: Callable[[], None]) -> None:
    """Work until `stop` is set; `ready` is called once the database has answered."""
    _wait_for_database(stop)
    if stop.is_set():
        return
    channels.count_unfinished(at=clock.now())
    threads = jobs.run_loops(loops(), stop)
    ready()
    log.info("worker_ready", loops=len(threads))
    stop.wait()
    jobs.stop_loops(stop, threads, STOPS_WITHIN)
    connection.close()


def _wait_for_database(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            workers.note_alive("worker", at=clock.now())
        except Exception as error:  # noqa: BLE001  an entry: whatever it is, try again
            log.warning("database_unreachable", error=type(error).__name__)
            connection.close()
            stop.wait(1.0)
        else:
            return


def _filing(at: datetime) -> bool:
    return channels.file_one(at=at)


def _forms(at: datetime) -> bool:
    return channels.file_form_one(at=at)


def _events(at: datetime) -> bool:
    return dispatch.dispatch_one(at=at)


def _promises(at: datetime) -> bool:
    return promises.watch_one(at=at)


def _recover(at: datetime) -> bool:
    channels.count_unfinished(at=at)  # of another worker on this machine
    return channels.recover_one(at=at)


def _snoozes(at: datetime) -> bool:
    return conversations.wake_one(at=at)


def _takeovers(at: datetime) -> bool:
    return conversations.end_takeover_one(at=at)


def _absences(at: datetime) -> bool:
    return people.announce_absence(at=at)


def _updates(at: datetime) -> bool:
    return conversations.keep_updating_one(at=at)


def _bulk(at: datetime) -> bool:
    return desk.step_bulk(at=at)


def _distribution(at: datetime) -> bool:
    return desk.distribute_one(at=at)


def _notices(at: datetime) -> bool:
    return notices.mail_one(at=at)


def _push(at: datetime) -> bool:
    return notices.plan_push_one(at=at) or notices.push_one(at=at)


def _articles(at: datetime) -> bool:
    return knowledge.publish_due_one(at=at) or knowledge.promise_review_one(at=at)


def _manuals(at: datetime) -> bool:
    return knowledge.read_manual_one(at=at)


def _suspects(at: datetime) -> bool:
    return channels.empty_one_suspect(at=at)


def _words(at: datetime) -> bool:
    return conversations.learn_words(at=at)


def _questions(at: datetime) -> bool:
    if not knowledge.is_time_to_group(at=at):
        return False
    prepared = knowledge.prepare_questions()
    if knowledge.learn_questions(at=at):
        return True
    return bool(knowledge.group_questions(at=at) or prepared)


def _housekeeping(at: datetime) -> bool:
    promises.seal_record(at=at)
    rotation.reseal()
    dispatch.forget_marks(before=at - MARKS_KEPT)
    sessions.drop_expired()
    desk.forget_plans(before=at - PLANS_KEPT)
    notices.forget_old(before=at - NOTICES_KEPT)
    knowledge.forget_old_questions(before=at - QUESTIONS_KEPT)
    knowledge.forget_vectors(at=at)
    return False


def _heartbeat(at: datetime) -> bool:
    workers.note_alive("worker", at=at, failing=jobs.failing())
    return False
