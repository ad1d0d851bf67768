"""Static files: collected, hashed and compressed into the data folder whenever they changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from esmero import __version__

STAMP = "collected"


def fingerprint() -> str:
    """Return what changes when any static file does: names, sizes and times of all of them."""
    seen = hashlib.sha256(f"{__version__} {django.__version__}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            found = path.stat()
            # A bundle is joined anew by each process: its bytes count, not its time.
            mark: int | str = found.st_mtime_ns
            if not path.is_relative_to(Path(__file__).parents[1]):
                mark = hashlib.sha256(path.read_bytes()).hexdigest()
            seen.update(f"{name}\0{found.st_size}\0{mark}\n".encode())
    return seen.hexdigest()


def collect_stale() -> bool:
    """Collect when something changed since the last time, and say whether it did.

    The stamp is written last: what was interrupted is done again.
    """
    root = Path(settings.STATIC_ROOT)
    stamp = root / STAMP
    now = fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return False
    root.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)
    return True
