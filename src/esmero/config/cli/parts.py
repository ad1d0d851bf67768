"""`esmero web`, `worker` and `mail`: one kind of process, on as many machines as wanted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from esmero.config.cli.context import environment, is_embedded, set_up_django
from esmero.config.cli.problems import Problem
from esmero.config.cli.telling import PartTeller
from esmero.config.cli.words import note, t
from esmero.config.env import Environment
from esmero.config.postgres import Cluster
from esmero.config.supervisor import Job, Supervisor, call_in_child
from esmero.config.supervisor.children import ChildProblem


def run_part(make_jobs: Callable[[Environment], list[Job]]) -> int:
    """Supervise some jobs on a database that runs already, until a signal comes."""
    begun = time.monotonic()
    chosen = environment()
    if is_embedded():
        cluster = Cluster(chosen.data)
        if not cluster.is_running():
            raise Problem(
                t(
                    "No database: set DATABASE_URL, or start everything on this machine with "
                    "`esmero up`."
                )
            )
        os.environ["DATABASE_URL"] = cluster.url()
    from esmero.config import running

    set_up_django()
    try:
        missing = call_in_child(_missing, in_child=lambda: None)
    except ChildProblem as problem:
        raise Problem(t("Esmero could not start (see above).")) from problem
    if missing:
        raise Problem(
            t(
                "The database lacks {count} migrations: run `esmero migrate` first.",
                count=len(missing),
            )
        )
    running.preload()
    jobs = make_jobs(chosen)
    return Supervisor(jobs, told=PartTeller(begun)).run()


def _missing() -> list[str]:
    from esmero.config import migrating
    from esmero.config.static import collect_stale

    collect_stale()

    migrating.wait_for_database(lambda: note("Waiting for the database…"))
    return migrating.pending()
