"""The machine and the environment: what can be seen without the database."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

from esmero.config import web
from esmero.config.cli.words import t
from esmero.config.doctor.findings import Finding, fail, needs, ok, warn
from esmero.config.env import Environment
from esmero.config.supervisor import running

LOW_DISK = 2 * 1024**3
NO_DISK = 256 * 1024**2


@needs("nothing")
def check_python(environment: Environment) -> Iterator[Finding]:
    """Look at the interpreter."""
    yield ok("python", ".".join(str(part) for part in sys.version_info[:3]))


@needs("nothing")
def check_data(environment: Environment) -> Iterator[Finding]:
    """Look at the data folder, its room and its key."""
    data = environment.data
    if not os.access(data, os.W_OK | os.X_OK):
        yield fail(
            "data",
            t("{data} cannot be written", data=data),
            t("give this user the folder, or set ESMERO_DATA to another"),
        )
        return
    yield ok("data", str(data))
    free = shutil.disk_usage(data).free
    told = t("{size} MB free", size=free // 1024**2)
    remedy = t("make room: without it mail is refused for the time being and nothing is stored")
    if free < NO_DISK:
        yield fail("disk", told, remedy)
    elif free < LOW_DISK:
        yield warn("disk", told, remedy)
    else:
        yield ok("disk", told)
    yield from _check_key(environment)


def _check_key(environment: Environment) -> Iterator[Finding]:
    path = environment.data / "secret.key"
    if not path.exists():
        yield ok("key", t("given by ESMERO_SECRET_KEY"))
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield fail("key", t("{path} can be read by others", path=path), f"chmod 600 {path}")
    else:
        yield ok("key", t("{path}, for its owner only", path=path))


@needs("nothing")
def check_address(environment: Environment) -> Iterator[Finding]:
    """Look at how the pages are reached."""
    parts = urlsplit(environment.url)
    is_public = not web.is_loopback(parts.hostname or "")
    if is_public and parts.scheme != "https":
        yield warn(
            "address",
            t("{url} is not encrypted", url=environment.url),
            t("put Caddy or nginx in front and set ESMERO_URL=https://…"),
        )
    elif not web.is_loopback(environment.bind) and not is_public:
        yield warn(
            "address",
            t(
                "listens on {bind}, but links lead to {url}",
                bind=environment.bind,
                url=environment.url,
            ),
            t("set ESMERO_URL to the public address: links in mails are made from it"),
        )
    else:
        yield ok("address", environment.url)
    if parts.scheme == "https" and not environment.trusted_proxies:
        yield warn(
            "proxy",
            t("ESMERO_TRUSTED_PROXIES is empty, so every visitor seems to come from the proxy"),
            t("set it to the proxy's address, for example 127.0.0.1"),
        )


@needs("nothing")
def check_running(environment: Environment) -> Iterator[Finding]:
    """Look whether `esmero up` runs."""
    note = running(environment.data)
    if note is None:
        yield warn("up", t("not running on this folder"), t("start it: esmero up"))
    else:
        yield ok("up", t("process {pid}, {url}", pid=note.pid, url=note.url))
