"""The work itself: processes that should run, mailboxes, mail that waits or failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from esmero.channels import queries
from esmero.config.cli.words import t
from esmero.config.doctor.findings import Finding, fail, needs, ok, warn
from esmero.config.env import Environment
from esmero.config.supervisor import running
from esmero.kernel import dispatch, workers
from esmero.kernel.clock import now

UNFILED = timedelta(minutes=5)


@needs("database")
def check_workers(environment: Environment) -> Iterator[Finding]:
    """Look whether somebody files, sends and watches promises."""
    alive = {worker.kind for worker in workers.alive(at=now())}
    expected = running(environment.data) is not None
    for kind in ("worker", "mail", "search"):
        if kind in alive:
            yield ok(kind, t("heard of within a minute"))
        elif expected:
            yield fail(kind, t("not heard of for a minute"), t("look at the log of esmero up"))
        else:
            yield warn(kind, t("none runs"), f"esmero up | esmero {kind}")
    for loop, count in sorted(workers.stuck(at=now()).items()):
        yield fail(
            "work",
            t("{loop}: failed {count} times in a row", loop=loop, count=count),
            t("look at the log of esmero up"),
        )
    if lost := dispatch.backlog().given_up:
        yield warn(
            "work",
            t("{count} reactions to events were given up", count=lost),
            t("look at the log of esmero up"),
        )


@needs("database")
def check_mailboxes(environment: Environment) -> Iterator[Finding]:
    """Look how each mailbox does."""
    found = queries.health(at=now())
    if not found:
        yield warn(
            "mailboxes",
            t("none is connected"),
            "esmero mailbox add ADDRESS --imap HOST --smtp HOST",
        )
    for health in found:
        address = health.mailbox.address
        if health.is_failing:
            yield fail(
                "mailbox",
                f"{address}: {health.mailbox.error}",
                t("try it: esmero mailbox test {address}", address=address),
            )
        elif health.silent_for is not None:
            hours = round(health.silent_for.total_seconds() / 3600)
            yield warn(
                "mailbox",
                t(
                    "{address}: no mail for {hours} h, unusual for it",
                    address=address,
                    hours=hours,
                ),
                t("send a mail to it and see whether it arrives"),
            )
        else:
            yield ok("mailbox", address)


@needs("database")
def check_mail_in(environment: Environment) -> Iterator[Finding]:
    """Look for mail that came and was not filed."""
    late = queries.unfiled_before(now() - UNFILED)
    if late:
        yield fail(
            "mail in",
            t("{count} mails wait for more than five minutes", count=late),
            t("start the worker: esmero up"),
        )
    else:
        yield ok("mail in", t("nothing waits"))
    held = queries.quarantine().count()
    if held:
        yield warn(
            "mail in",
            t("{count} mails in quarantine", count=held),
            t("look at them in the console, under mail"),
        )


@needs("database")
def check_mail_out(environment: Environment) -> Iterator[Finding]:
    """Look for mail that could not leave."""
    count = queries.troubled().count()
    if count:
        yield warn(
            "mail out",
            t("{count} mails could not be sent or are uncertain", count=count),
            t("look at them in the console, under outgoing mail"),
        )
    else:
        yield ok("mail out", t("nothing is stuck"))
