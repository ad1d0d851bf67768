"""What commands need before they can work: the data folder, the database, Django."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from esmero.config import env
from esmero.config.cli.problems import Problem
from esmero.config.cli.words import note, t
from esmero.config.postgres import Cluster, ClusterBusy, ClusterProblem, in_use

SETTINGS = "esmero.config.settings"


def data_folder() -> Path:
    """Return the data folder without making it or reading anything else."""
    return Path(env.read("ESMERO_DATA", "data")).expanduser().resolve()


def environment() -> env.Environment:
    """Return the checked environment. Raises Problem with the variable's name."""
    try:
        return env.load()
    except env.EnvironmentProblem as problem:
        raise Problem(str(problem), status=2) from problem
    except OSError as problem:
        raise Problem(f"ESMERO_DATA: {problem}", status=2) from problem


def is_embedded() -> bool:
    """Say whether the database is the one that Esmero brings along."""
    return not env.read("DATABASE_URL")


def tell_about_start(event: str) -> None:
    """Put what a starting cluster reports into words."""
    if event == "leftover":
        note("Stopping the database that an interrupted start has left…")
    elif event == "starting":
        note("The database is starting (after a crash this may take a while)…")


@contextmanager
def database() -> Iterator[Cluster | None]:
    """Make the database reachable and name it in `DATABASE_URL` for the settings.

    Gives the cluster, or None when `DATABASE_URL` names another. Raises Problem.
    """
    environment()
    if not is_embedded():
        os.environ["DATABASE_URL"] = env.read("DATABASE_URL")
        yield None
        return
    try:
        with in_use(data_folder(), say=tell_about_start) as cluster:
            os.environ["DATABASE_URL"] = cluster.url()
            try:
                yield cluster
            finally:
                os.environ.pop("DATABASE_URL", None)
    except ClusterBusy as problem:
        raise Problem(
            t("Another command works on {data} right now.", data=data_folder())
        ) from problem
    except ClusterProblem as problem:
        raise Problem(str(problem)) from problem


def set_up_django() -> None:
    """Read the settings and load the apps. Raises Problem when the environment is wrong."""
    import django

    from esmero.config.catalogues import compile_stale

    compile_stale()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        django.setup()
    except env.EnvironmentProblem as problem:
        raise Problem(str(problem), status=2) from problem


def refuse_half_restored(data: Path) -> None:
    """Raise Problem when a restore into this folder has not been finished."""
    if (data / "restoring").exists():
        raise Problem(
            t("The restore into {data} was interrupted: run `esmero restore` again.", data=data)
        )


@contextmanager
def shop() -> Iterator[None]:
    """Make database and Django ready, and close the connection before the database may stop."""
    refuse_half_restored(data_folder())
    with database():
        set_up_django()
        from django.db import connections

        try:
            yield
        finally:
            connections.close_all()
