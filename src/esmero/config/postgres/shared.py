"""Several commands on one cluster."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from esmero.config.postgres.cluster import Cluster, Say
from esmero.config.postgres.problems import ClusterBusy


@contextmanager
def in_use(data: Path, *, say: Say | None = None, within: float = 60.0) -> Iterator[Cluster]:
    """Use the cluster of `data` for a while: the running one, else one started for that time.

    Several commands may do so at once: the one that started it stops it when all are done. Raises
    ClusterProblem.
    """
    cluster = Cluster(data)
    cluster.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    users = os.open(cluster.home / "users", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_SH)
    is_ours = False
    try:
        limit = time.monotonic() + within
        while True:
            try:
                cluster.start(say=say)
                is_ours = True
                break
            except ClusterBusy:
                if cluster.is_running():
                    break
                if time.monotonic() > limit:
                    raise
                time.sleep(0.05)
        yield cluster
    finally:
        if is_ours:
            fcntl.flock(users, fcntl.LOCK_UN)
            fcntl.flock(users, fcntl.LOCK_EX)  # waits for the others
        os.close(users)
        if is_ours:
            cluster.stop()
