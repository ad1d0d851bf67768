"""The demo shop's place on disk: a mark that it is one, so that nothing of it ever leaves."""

from __future__ import annotations

from pathlib import Path

from esmero.config.cli.problems import Problem
from esmero.config.cli.progress import Progress
from esmero.config.cli.words import t

MARK = "demo"
_FILLING, _FILLED = "filling\n", "filled\n"


def is_there(data: Path) -> bool:
    """Say whether the data folder holds the demo shop, also a half-filled one."""
    return (data / MARK).exists()


def fill(data: Path) -> bool:
    """Fill an empty database with the demo shop, and say whether there was something to do.

    A fill that was interrupted begins again from an empty database. Raises Problem when the
    database holds a real shop.
    """
    from django.db import connection

    from esmero.config import demo, migrating, setup

    mark = data / MARK
    if mark.exists() and mark.read_text() == _FILLED:
        return False
    if mark.exists():
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        migrating.migrate(lambda name, number, of: None)
    elif setup.is_done():
        raise Problem(
            t(
                "{data} holds a real shop. For the demo take another folder: "
                "ESMERO_DATA=./demo ./esmero up --demo",
                data=data,
            )
        )
    mark.write_text(_FILLING)
    with Progress(t("Filling the demo shop")) as progress:
        demo.fill(progress)
    mark.write_text(_FILLED)
    return True
