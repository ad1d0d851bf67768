"""PDF files, read by pypdf in a process of their own that may die of them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from esmero.kernel.text import storable
from esmero.knowledge.ports import PagesRead

_CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True, slots=True)
class Budget:
    """What one file may cost."""

    wall_seconds: float = 240.0
    cpu_seconds: int = 150
    page_seconds: float = 4.0
    memory_bytes: int = 1 << 30
    pages: int = 2000
    page_chars: int = 20_000
    chars: int = 12_000_000


class PdfPages:
    """The reader that `config.wiring` installs."""

    def __init__(self, budget: Budget | None = None) -> None:
        self.budget = budget or Budget()

    def read(self, chunks: Iterable[bytes]) -> PagesRead:
        """See `ports.PageReader`."""
        with tempfile.TemporaryDirectory(prefix="esmero-pdf-") as folder:
            source, target = Path(folder) / "in.pdf", Path(folder) / "out"
            with source.open("wb") as out:
                for chunk in chunks:
                    out.write(chunk)
            self._run(source, target)
            return self._result(target)

    def _run(self, source: Path, target: Path) -> None:
        budget = self.budget
        limits = {
            "cpu": budget.cpu_seconds, "page": budget.page_seconds, "memory": budget.memory_bytes,
            "pages": budget.pages, "page_chars": budget.page_chars, "chars": budget.chars,
        }  # fmt: skip
        # Nothing of our environment: the child sees the file and where pypdf lies.
        environment = {
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
            "LC_ALL": "C.UTF-8",
        }
        with target.open("wb") as out:
            child = subprocess.Popen(  # noqa: S603  our own program, a path of our own
                [sys.executable, "-B", str(_CHILD), str(source), json.dumps(limits)],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL,
                env=environment, cwd=source.parent, start_new_session=True,
            )  # fmt: skip
            try:
                child.wait(budget.wall_seconds)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _result(self, target: Path) -> PagesRead:
        found = PagesRead()
        is_whole = False
        with target.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                said: dict[str, object] = {}
                with contextlib.suppress(ValueError):  # cut off in the middle
                    said = json.loads(line)
                if "count" in said:
                    found.count = int(str(said["count"]))
                    found.notes += [str(note) for note in said["notes"]]  # type: ignore[attr-defined]
                elif "text" in said:
                    found.pages.append(storable(str(said["text"])))
                elif "refused" in said:
                    found.refused = str(said["refused"])
                elif "end" in said:
                    is_whole = True
        if not found.refused and not is_whole and not found.pages:
            found.refused = "too_much"
        elif not found.refused and len(found.pages) < found.count:
            found.notes.append(f"partial:{len(found.pages)}")
        if found.pages and not any(page.strip() for page in found.pages):
            found.notes.append("no_text")
        return found
