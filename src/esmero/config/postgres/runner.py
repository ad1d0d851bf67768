"""The user that PostgreSQL runs as, and what that user can reach.

PostgreSQL refuses to run as root. Started by root it runs as an unprivileged user, and no folder
above the data is opened for that user: where the path is closed (a data folder below `/root`), the
server gets the open folder instead of its path (see `Cluster`).
"""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from esmero.config.postgres.problems import ClusterProblem


@dataclass(frozen=True, slots=True)
class Runner:
    """A user of this machine; `is_other` when we are root and must change to it."""

    uid: int
    gid: int
    name: str
    is_other: bool

    def popen_arguments(self) -> dict[str, object]:
        """Return what `subprocess` needs to start a program as this user."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, flag: str, path: Path) -> bool:
        """Say whether this user passes `test -FLAG PATH` (r, w, x)."""
        if not self.is_other:
            return os.access(path, {"r": os.R_OK, "w": os.W_OK, "x": os.X_OK}[flag])
        command = ["/usr/bin/test", f"-{flag}", str(path)]
        return subprocess.run(command, cwd="/", **self.popen_arguments()).returncode == 0  # type: ignore[call-overload]

    def give(self, path: Path) -> None:
        """Make this user the owner of one file or folder."""
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def give_tree(self, folder: Path) -> None:
        """Make this user the owner of a folder and of everything in it."""
        if not self.is_other:
            return
        self.give(folder)
        for parent, folders, files in os.walk(folder):
            for name in folders + files:
                self.give(Path(parent) / name)


def _account(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise ClusterProblem(
            "user {uid} has no entry in /etc/passwd, and PostgreSQL needs one: add the user, or "
            "set DATABASE_URL to a PostgreSQL that runs elsewhere",
            uid=uid,
        ) from None


def find_runner(pgdata: Path) -> Runner:
    """Return who runs the cluster in `pgdata`: its owner, else the current user.

    For root: `ESMERO_PG_USER`, else `postgres` where it exists, else `nobody`.
    Raises ClusterProblem when the folder belongs to a user that we cannot become.
    """
    own = os.geteuid()
    owner = pgdata.stat().st_uid if pgdata.exists() else None
    if own != 0:
        if owner is not None and owner != own:
            name = _account(owner).pw_name
            raise ClusterProblem(
                "{folder} belongs to {user}: run this command as that user",
                folder=pgdata,
                user=name,
            )
        account = _account(own)
        return Runner(own, os.getegid(), account.pw_name, is_other=False)
    if owner:
        account = _account(owner)
        return Runner(owner, account.pw_gid, account.pw_name, is_other=True)
    wanted = os.environ.get("ESMERO_PG_USER", "")
    for name in [wanted] if wanted else ["postgres", "nobody"]:
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        if account.pw_uid == 0:
            break
        return Runner(account.pw_uid, account.pw_gid, name, is_other=True)
    raise ClusterProblem(
        "PostgreSQL does not run as root, and there is no other user for it: "
        "set ESMERO_PG_USER to an existing unprivileged user"
    )
