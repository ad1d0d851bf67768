"""Give every test run a database of its own, so that plain `pytest PATH` works.

Loaded by `-p tests.plugin` before Django's settings are read. Without `DATABASE_URL` a throw-away
cluster is made in a temporary folder, with `ESMERO_PG_BIN` on another PostgreSQL; with
`ESMERO_TEST_DATA=FOLDER` it stays there for the next run, which makes `--reuse-db` useful.
"""

from __future__ import annotations

import importlib
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from esmero.config.catalogues import compile_stale
from esmero.config.postgres import Cluster
from esmero.config.postgres.processes import is_alive

KEPT = {"ESMERO_PG_BIN", "ESMERO_PG_USER", "ESMERO_TEST_DATA"}
_PREFIX = "esmero-test-"


class _Run:
    """What this test run has started."""

    folder: Path | None = None
    cluster: Cluster | None = None


def _remove_abandoned(temporary: Path) -> None:
    """Remove the folders of runs that were killed; their servers ended with them."""
    for folder in temporary.glob(f"{_PREFIX}*"):
        pid = folder.name.removeprefix(_PREFIX).split("-")[0]
        if pid.isdigit() and not is_alive(int(pid)) and folder.stat().st_uid == os.getuid():
            shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Start the database and empty the environment before pytest-django reads the settings."""
    for name in [n for n in os.environ if n.startswith("ESMERO_") and n not in KEPT]:
        del os.environ[name]
    for name in ("EMAIL_URL", "PORT"):
        os.environ.pop(name, None)
    temporary = Path(tempfile.gettempdir())
    compile_stale()
    _remove_abandoned(temporary)
    _Run.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=temporary))
    # The server may run as another user; what is private below has its own permissions.
    _Run.folder.chmod(0o711)
    os.environ["ESMERO_DATA"] = str(_Run.folder / "data")
    # WhiteNoise warns where nothing was collected, and a warning is an error here.
    (_Run.folder / "data" / "static").mkdir(parents=True)
    if not os.environ.get("DATABASE_URL"):
        kept = os.environ.get("ESMERO_TEST_DATA", "")
        _Run.cluster = Cluster(Path(kept or _Run.folder / "cluster"), is_durable=False)
        _Run.cluster.start()
        os.environ["DATABASE_URL"] = _Run.cluster.url()
    return (yield)


def pytest_sessionstart() -> None:
    from django.conf import settings

    from esmero.kernel import jobs

    jobs.tells_others = False
    # The real one takes a third of a second a password, on purpose; every test hires four people.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # What is first imported while a test holds the clock still would keep that clock for ever.
    importlib.import_module("esmero.config.urls")
    importlib.import_module("esmero.config.worker")


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    """Drop what the process keeps of the last test's shop; its rows are gone."""
    from tests.cast import forget

    forget()


def pytest_unconfigure() -> None:
    """Stop the database and remove the folder."""
    if _Run.cluster is not None:
        _Run.cluster.stop("immediate" if not os.environ.get("ESMERO_TEST_DATA") else "fast")
    if _Run.folder is not None:
        shutil.rmtree(_Run.folder, ignore_errors=True)
