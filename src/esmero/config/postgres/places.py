"""Where the socket lies, and how a server walks to folders that are closed to its user."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from esmero.config.postgres import conf
from esmero.config.postgres.problems import ClusterProblem
from esmero.config.postgres.runner import Runner, find_runner

SOCKET_BYTES = 107
"""Source: unix(7), `sun_path` of 108 bytes with its closing NUL."""


def socket_folder(home: Path, name: str) -> Path:
    """Return where the socket goes: beside the data, or where a long or closed path is not."""
    beside = home / "run"
    runner = find_runner(home / "data")
    if _fits(beside) and (not runner.is_other or runner.can("x", home)):
        return beside
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and not runner.is_other and os.access(runtime, os.W_OK):
        short = Path(runtime) / name
        if _fits(short):
            return short
    return Path("/tmp") / f"{name}-{runner.uid}"  # noqa: S108 - its owner is checked


def ready_socket_folder(home: Path, name: str, runner: Runner) -> Path:
    """Make the folder of the socket, for the runner alone.

    Raises ClusterProblem when somebody else has put something in its place.
    """
    folder = socket_folder(home, name)
    try:
        folder.mkdir(mode=0o700)
        runner.give(folder)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not folder.is_dir() or folder.is_symlink() or found.st_uid != runner.uid:
        raise ClusterProblem(
            "{folder} is not a folder of {user}: remove it", folder=folder, user=runner.name
        )
    folder.chmod(0o700)
    return folder


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{conf.PORT}.lock")) <= SOCKET_BYTES


def own_name() -> str:
    """Return the name of the current user."""
    return pwd.getpwuid(os.geteuid()).pw_name


@contextmanager
def path_for(folder: Path, runner: Runner) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Give a path of the folder that the runner can walk, and the handles it needs for that.

    Where a folder above is closed to the runner, the server gets an open handle and the path
    `/proc/self/fd/N`: nobody's permissions are changed.
    """
    if runner.can("x", folder):
        yield str(folder), ()
        return
    handle = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}", (handle,)
    finally:
        os.close(handle)
