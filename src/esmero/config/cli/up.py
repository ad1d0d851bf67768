"""`esmero up`: everything on this machine, under one supervisor."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

from esmero.config import web
from esmero.config.cli import demo_data
from esmero.config.cli.context import (
    data_folder,
    environment,
    is_embedded,
    refuse_half_restored,
    set_up_django,
    tell_about_start,
)
from esmero.config.cli.problems import Problem
from esmero.config.cli.progress import Progress
from esmero.config.cli.telling import Teller
from esmero.config.cli.words import note, say, t
from esmero.config.env import Environment
from esmero.config.listening import Listening
from esmero.config.postgres import Cluster, ClusterBusy, ClusterProblem
from esmero.config.supervisor import AlreadyRunning, Holding, Supervisor, call_in_child
from esmero.config.supervisor.children import ChildProblem

PORT_PATIENCE = 15.0
"""Seconds to wait for a port that a killed start has not given back yet."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--demo",
        action="store_true",
        help=t("with a lifelike shop to look at; nothing is sent outside"),
    )


def run(args: argparse.Namespace) -> int:
    """Start all and stay until a signal comes. Returns 0 after an orderly stop."""
    begun = time.monotonic()
    refuse_half_restored(data_folder())
    chosen = environment()
    is_demo = args.demo or demo_data.is_there(chosen.data)
    if is_demo:
        _refuse_demo_for_others(chosen)
        os.environ["ESMERO_DEMO"] = "1"
    was_killed = (chosen.data / "up.json").exists()
    holding = _hold(chosen)
    cluster = Cluster(chosen.data) if is_embedded() else None
    try:
        listening = _listen(chosen, PORT_PATIENCE if was_killed else 0.0)
        os.environ["PORT"] = str(listening.getsockname()[1])
        if cluster:
            _start(cluster)
            os.environ["DATABASE_URL"] = cluster.url()
        return _run(
            holding, cluster, listening, is_demo=is_demo, wants_demo=args.demo, begun=begun
        )
    finally:
        if cluster:
            cluster.stop()
        holding.release()


def _refuse_demo_for_others(chosen: Environment) -> None:
    if not web.is_loopback(chosen.bind):
        raise Problem(
            t(
                "The demo is for this machine only (its passwords are known): ESMERO_BIND is "
                "{bind}; use 127.0.0.1.",
                bind=chosen.bind,
            ),
            status=2,
        )


def _hold(chosen: Environment) -> Holding:
    try:
        return Holding(chosen.data)
    except AlreadyRunning as problem:
        if problem.note is None:
            raise Problem(t("Esmero is already starting on {data}.", data=chosen.data)) from None
        raise Problem(
            t(
                "Esmero already runs on {data}: {url} (process {pid}).",
                data=chosen.data,
                url=problem.note.url,
                pid=problem.note.pid,
            )
        ) from None


def _listen(chosen: Environment, patience: float) -> Listening:
    limit, told = time.monotonic() + patience, False
    while True:
        try:
            return web.listen(chosen.bind, chosen.port)
        except web.AddressInUse:
            if time.monotonic() >= limit:
                raise Problem(
                    t(
                        "Port {port} is taken by another program. Stop that one, or choose: "
                        "PORT=8080 ./esmero up",
                        port=chosen.port,
                    )
                ) from None
            if not told:
                told = True
                note("Waiting for an interrupted start to give the port back…")
            time.sleep(0.1)
        except OSError as problem:
            raise Problem(f"ESMERO_BIND {chosen.bind}: {problem}", status=2) from problem


def _start(cluster: Cluster) -> None:
    try:
        if not cluster.exists():
            say("Preparing the database in {folder}…", folder=cluster.home)
        try:
            cluster.hold(within=1.0)
        except ClusterBusy:
            note("Waiting for another command on the same data…")
            cluster.hold(within=120.0)
        cluster.start(say=tell_about_start)
    except ClusterBusy as problem:
        raise Problem(
            t("Another command works on {data} right now.", data=data_folder())
        ) from problem
    except ClusterProblem as problem:
        raise Problem(str(problem)) from problem


def _run(
    holding: Holding,
    cluster: Cluster | None,
    listening: Listening,
    *,
    is_demo: bool,
    wants_demo: bool,
    begun: float,
) -> int:
    from esmero.config import running

    set_up_django()
    chosen = environment()
    give_up: list[Callable[[], None]] = [holding.forget]
    if cluster:
        give_up.append(cluster.forget)

    def in_child() -> None:
        for step in give_up:
            step()

    def ask(function: Callable[[], Any]) -> Any:
        try:
            return call_in_child(function, in_child=in_child)
        except ChildProblem as problem:
            raise Problem(t("Esmero could not start (see above).")) from problem

    ask(_prepare)
    if wants_demo:
        ask(lambda: demo_data.fill(chosen.data))
    running.preload()
    jobs = [
        running.web_job(listening, chosen),
        running.without(running.worker_job(), listening),
        running.without(running.mail_job(), listening),
        running.without(running.search_job(), listening),
    ]
    from esmero.config.cli.greeting import greeting

    lines = ask(lambda: greeting(chosen.data, is_demo=is_demo))
    teller = Teller(begun, holding=holding, url=chosen.url, is_demo=is_demo, lines=lines)
    supervisor = Supervisor(jobs, told=teller, database=cluster, in_child=give_up)
    teller.pids = supervisor.pids
    return supervisor.run()


def _prepare() -> int:
    from esmero.config import migrating
    from esmero.config.static import collect_stale

    migrating.wait_for_database(lambda: note("Waiting for the database…"))
    unknown = migrating.unknown()
    if unknown:
        raise Problem(
            t(
                "The data come from a newer version of Esmero ({names}). Start that version, or "
                "restore a backup of this one.",
                names=", ".join(unknown[:3]),
            )
        )
    collect_stale()
    with Progress(t("Preparing the tables")) as progress:
        return migrating.migrate(lambda name, number, of: progress(number, of))
