"""Programs of the system that the journeys need: a browser, servers, letters to draw."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

_PROGRAMS = os.pathsep.join(("/usr/sbin", "/usr/bin", os.environ.get("PATH", "")))
NEEDED = {
    "chromium": lambda: shutil.which("chromium") is not None,
    "dovecot-imapd": lambda: any(
        Path(folder, "imap").exists() for folder in ("/usr/lib/dovecot", "/usr/libexec/dovecot")
    ),
    "nginx-light": lambda: shutil.which("nginx", path=_PROGRAMS) is not None,
    "fonts-dejavu-core": lambda: any(
        Path(folder).is_dir() and any(Path(folder).rglob("*.[to]tf"))
        for folder in ("/usr/share/fonts", "/usr/local/share/fonts")
    ),
}


def missing() -> list[str]:
    """Return the Debian packages whose programs are not here."""
    return [name for name, is_here in NEEDED.items() if not is_here()]


def can_install() -> bool:
    """Say whether we may: root on a system with apt, and nobody has forbidden it."""
    allowed = os.environ.get("ESMERO_TEST_INSTALL", "1") != "0"
    return allowed and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(names: list[str]) -> str:
    """Install packages; return an empty text, or what apt said when it failed."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    words = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *names]
    last = ""
    for command in (["apt-get", "update", "--quiet"], words):
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        last = done.stdout.strip()[-600:] if done.returncode else ""
    return last
