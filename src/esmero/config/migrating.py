"""Migrations: which are missing, and running them one after the other with progress."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

LOCK = 7_237_011_998
"""Any number that no other advisory lock of this database uses."""

Told = Callable[[str, int, int], None]


def wait_for_database(told: Callable[[], None], *, within: float = 60.0) -> None:
    """Return when the database answers; `told()` hears once that it does not yet.

    Raises OperationalError when it does not for `within` seconds.
    """
    limit, is_told = time.monotonic() + within, False
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() >= limit:
                raise
            if not is_told:
                told()
                is_told = True
            connection.close()
            time.sleep(0.5)
        else:
            return


def pending() -> list[str]:
    """Return the missing migrations as `app.name`, in the order they would run."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown() -> list[str]:
    """Return migrations that the database has and this version does not know: it is too old."""
    executor = MigrationExecutor(connection)
    known = executor.loader.disk_migrations
    ours = {app for app, _ in known}
    return [
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if app in ours and (app, name) not in known and not _is_replaced(executor, app, name)
    ]


def _is_replaced(executor: MigrationExecutor, app: str, name: str) -> bool:
    return any((app, name) in found.replaces for found in executor.loader.disk_migrations.values())


def migrate(told: Told) -> int:
    """Run the missing migrations and return how many there were.

    `told(name, number, of)` hears of each before it runs. Two that start at once do it once: the
    second waits and finds nothing left.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        names = pending()
        done = 0

        def progress(action: str, migration: Any = None, fake: bool | None = None) -> None:
            nonlocal done
            if action == "apply_start":
                done += 1
                told(f"{migration.app_label}.{migration.name}", done, len(names))

        executor = MigrationExecutor(connection, progress)
        if names:
            executor.migrate(executor.loader.graph.leaf_nodes())
            # Content types and permissions are made by this command's signal only.
            call_command("migrate", verbosity=0, interactive=False, stdout=io.StringIO())
        return len(names)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
