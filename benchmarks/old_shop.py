"""A filled data folder, kept in build/ from run to run until the filling or a migration changes.

`python -m benchmarks.old_shop FOLDER CONVERSATIONS SEED` fills one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import old_data, parts
from esmero.config.postgres import Cluster, conf

BUILD = parts.ROOT / "build"
_MAKERS = ("old_data.py", "old_rows.py", "old_words.py")


def fingerprint(seed: int) -> str:
    """Return a name that changes with whatever the rows depend on."""
    digest = hashlib.sha256(str(seed).encode())
    files = [parts.ROOT / "benchmarks" / name for name in _MAKERS]
    files += sorted((parts.ROOT / "src/esmero").glob("*/migrations/0*.py"))
    for file in files:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def filled_folder(size: old_data.Size, seed: int) -> tuple[Path, dict[str, float]]:
    """Return a data folder with the rows in it, and the seconds that filling took, if it did.

    Folders of the same size with other content are removed: they are of no use any more.
    """
    beginning = f"old-{size.conversations}-"
    folder = BUILD / f"{beginning}{fingerprint(seed)}"
    if (folder / "filled.json").exists():
        return folder, {}
    for old in BUILD.glob(f"{beginning}*"):
        shutil.rmtree(old)
    folder.mkdir(parents=True, mode=0o711)
    environment = {n: v for n, v in os.environ.items() if n not in {"DATABASE_URL", "ESMERO_DATA"}}
    environment["PYTHONPATH"] = f"{parts.ROOT / 'src'}{os.pathsep}{parts.ROOT}"
    command = [sys.executable, "-m", "benchmarks.old_shop"]
    command += [str(folder), str(size.conversations), str(seed)]
    subprocess.run(command, check=True, cwd=parts.ROOT, env=environment)
    return folder, json.loads((folder / "filled.json").read_text())


def set_clock(folder: Path) -> Path:
    """Write the file that moves the product's clock to the present of the data (ESMERO_CLOCK)."""
    ahead = old_data.REFERENCE - datetime.now(UTC)
    path = folder / "clock"
    path.write_text(f"{ahead.total_seconds():.3f}")
    path.chmod(0o644)
    return path


def main(folder: Path, conversations: int, seed: int) -> None:
    """Make the tables, the shop and its past; without fsync, for nobody misses a half of it."""
    cluster = Cluster(folder, is_durable=False)
    cluster.start()
    try:
        os.environ |= {"ESMERO_DATA": str(folder), "DATABASE_URL": cluster.url()}
        parts.set_up_django()
        parts.migrate()
        team = old_data.open_large_shop()
        from django.db import connections

        connections.close_all()
        size = old_data.Size(conversations)
        seconds = old_data.fill(cluster.url(role=conf.SUPERUSER), team, size, seed)
        seconds["words_s"] = old_data.learn_words()
    finally:
        cluster.stop()
    (folder / "filled.json").write_text(json.dumps(seconds))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
