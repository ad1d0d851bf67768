"""The database and what its rows tell about the work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection

from esmero.config import migrating
from esmero.config.cli.words import t
from esmero.config.doctor.findings import Finding, fail, needs, ok, warn
from esmero.config.env import Environment

SKEW = timedelta(seconds=5)
OLD_BACKUP = timedelta(days=8)


@needs("database")
def check_server(environment: Environment) -> Iterator[Finding]:
    """Look at version, clock and extensions of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), clock_timestamp()")
        version, now = cursor.fetchone()
        cursor.execute("SELECT extname FROM pg_extension")
        extensions = {name for (name,) in cursor.fetchall()}
    if int(version.split(".")[0]) < 15:
        yield fail("database", f"PostgreSQL {version}", t("Esmero needs PostgreSQL 15 or newer"))
    else:
        yield ok("database", f"PostgreSQL {version}")
    skew = abs(datetime.now(UTC) - now)
    if skew > SKEW:
        yield fail(
            "clock",
            t("differs from the database's by {seconds} s", seconds=round(skew.total_seconds())),
            t("let both machines set their clocks by NTP: promises are measured with them"),
        )
    for name in sorted({"pg_trgm", "unaccent"} - extensions):
        yield fail(
            "database",
            t("the extension {name} is missing", name=name),
            f"CREATE EXTENSION {name};",
        )


@needs("database")
def check_migrations(environment: Environment) -> Iterator[Finding]:
    """Look whether tables and program are of one version."""
    unknown, missing = migrating.unknown(), migrating.pending()
    if unknown:
        yield fail(
            "tables",
            t("from a newer version ({name})", name=unknown[0]),
            t("install that version again"),
        )
    elif missing:
        yield fail(
            "tables", t("{count} migrations are missing", count=len(missing)), "esmero upgrade"
        )
    else:
        yield ok("tables", t("up to date"))


@needs("database")
def check_backup(environment: Environment) -> Iterator[Finding]:
    """Look for the newest backup in the data folder."""
    found = sorted(
        (environment.data / "backups").glob("*.tar"), key=lambda path: path.stat().st_mtime
    )
    remedy = t("esmero backup, daily, and copied to another place (docs/howto/backup.md)")
    if not found:
        yield warn("backup", t("none in {data}/backups", data=environment.data), remedy)
        return
    age = datetime.now(UTC) - datetime.fromtimestamp(found[-1].stat().st_mtime, UTC)
    told = t("{file}, {days} days old", file=found[-1].name, days=age.days)
    yield warn("backup", told, remedy) if age > OLD_BACKUP else ok("backup", told)
