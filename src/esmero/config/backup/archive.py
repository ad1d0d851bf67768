"""The archive: its members, their checksums, and the key under a passphrase."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from esmero.config.cli.words import t

FORMAT = 1
MANIFEST, DATABASE, KEY, CHECKSUMS = (
    "manifest.json",
    "database.dump",
    "key.json",
    "checksums.json",
)
FILES = "files/"
_CHUNK = 1024 * 1024
_SMALL = 64 * _CHUNK

# Source: RFC 7914 and OWASP Password Storage Cheat Sheet (N=2^17, r=8, p=1), about 0.4 s.
_SCRYPT = {"n": 2**17, "r": 8, "p": 1}


class BackupProblem(Exception):
    """A backup cannot be written or put back; the message says why and what to do.

    `text` is one of the command line's texts, with the values that it names.
    """

    def __init__(self, text: str, /, **values: object) -> None:
        super().__init__(text, values)
        self._text, self._values = text, values

    def __str__(self) -> str:
        return t(self._text, **self._values)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    version: str
    """Of Esmero, for example `0.1.0`."""
    made_at: str
    """ISO 8601, UTC."""
    server: int
    """PostgreSQL's major version."""
    is_demo: bool
    tables: dict[str, int]
    """Rows of each table in the snapshot."""
    files: int
    files_bytes: int
    key_fingerprint: str
    """Of the newest key, so that a restore sees whether it has the right one."""
    has_key: bool
    lost_files: list[str] = field(default_factory=list)
    """Tokens that the snapshot names and whose files are gone."""
    format: int = FORMAT


def fingerprint(key: str) -> str:
    """Return what identifies a key without telling it."""
    return hashlib.sha256(b"esmero-key:" + key.encode()).hexdigest()[:16]


class ArchiveWriter:
    """Writes members one after the other and remembers their checksums."""

    def __init__(self, path: Path) -> None:
        self._tar = tarfile.open(path, "w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._sums: dict[str, str] = {}

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add a small member."""
        self._add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> None:
        """Add a file. Raises FileNotFoundError."""
        with path.open("rb") as source:
            self._add(name, source, os.fstat(source.fileno()).st_size)

    def _add(self, name: str, source: IO[bytes], size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        reader = _Summing(source)
        self._tar.addfile(info, reader)
        self._sums[name] = reader.sum.hexdigest()

    def close(self) -> None:
        """Write the checksums and end the archive."""
        sums = json.dumps(self._sums, indent=0).encode()
        info = tarfile.TarInfo(CHECKSUMS)
        info.size, info.mode = len(sums), 0o600
        self._tar.addfile(info, io.BytesIO(sums))
        self._tar.close()

    def abandon(self) -> None:
        """Close without making it look whole."""
        fileobj = self._tar.fileobj
        if fileobj is not None:
            fileobj.close()


class _Summing:
    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.sum.update(data)
        return data


def read_manifest(path: Path) -> Manifest:
    """Read what a backup holds without reading the rest. Raises BackupProblem."""
    try:
        with tarfile.open(path, "r:") as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST:
                raise BackupProblem("{file} is not a backup of Esmero", file=path)
            source = tar.extractfile(first)
            assert source is not None  # noqa: S101 - for the type checker
            values: dict[str, Any] = json.load(source)
    except FileNotFoundError:
        raise BackupProblem("{path} is not there.", path=path) from None
    except (tarfile.TarError, ValueError, OSError) as problem:
        raise BackupProblem("{file} is not a backup of Esmero", file=path) from problem
    if values.get("format") != FORMAT:
        raise BackupProblem("{file} was written by a newer version of Esmero", file=path)
    return Manifest(**values)


def unpack(path: Path, folder: Path, *, told: Callable[[int, int], None]) -> dict[str, str]:
    """Unpack all members into `folder` and return their checksums.

    `told(done, of)` hears bytes. Raises BackupProblem for a torn or foreign archive: every member
    is a plain file with a known name, and its checksum is right.
    """
    size, done = path.stat().st_size, 0
    sums: dict[str, str] = {}
    expected: dict[str, str] | None = None
    try:
        with tarfile.open(path, "r:") as tar:
            for member in tar:
                source = tar.extractfile(member) if member.isreg() else None
                if source is None or not _is_known(member.name):
                    raise BackupProblem(
                        "{file} holds {name}, which is no part of a backup",
                        file=path,
                        name=repr(member.name),
                    )
                if member.name == CHECKSUMS:
                    expected = json.loads(source.read(_SMALL))
                    continue
                target = folder / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                sum_ = hashlib.sha256()
                with target.open("xb") as output:
                    for piece in _pieces(source):
                        sum_.update(piece)
                        output.write(piece)
                        done += len(piece)
                        told(done, size)
                sums[member.name] = sum_.hexdigest()
    except (tarfile.TarError, EOFError, ValueError) as problem:
        raise BackupProblem("{file} is damaged: {what}", file=path, what=problem) from problem
    if expected is None:
        raise BackupProblem("{file} is cut off: its end is missing", file=path)
    if expected != sums:
        wrong = sorted(name for name in expected if expected[name] != sums.get(name))
        raise BackupProblem("{file} is damaged: {what}", file=path, what=", ".join(wrong[:3]))
    return sums


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(_CHUNK):
        yield piece


def _is_known(name: str) -> bool:
    if name in {MANIFEST, DATABASE, KEY, CHECKSUMS}:
        return True
    parts = name.split("/")
    return len(parts) == 3 and parts[0] == "files" and all(_is_plain(p) for p in parts[1:])


def _is_plain(part: str) -> bool:
    return bool(part) and part not in {".", ".."} and "\\" not in part and "\0" not in part


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the manifest as it is stored."""
    return json.dumps(asdict(manifest), indent=1).encode()


def seal(keys: tuple[str, ...], passphrase: str) -> bytes:
    """Return the keys, closed with a passphrase."""
    from cryptography.fernet import Fernet

    salt = os.urandom(16)
    closed = Fernet(_stretch(passphrase, salt, _SCRYPT)).encrypt("\n".join(keys).encode())
    return json.dumps(
        {"kdf": "scrypt", **_SCRYPT, "salt": salt.hex(), "keys": closed.decode()}
    ).encode()


def unseal(content: bytes, passphrase: str) -> tuple[str, ...]:
    """Return the keys. Raises BackupProblem when the passphrase is wrong."""
    from cryptography.fernet import Fernet, InvalidToken

    values = json.loads(content)
    cost = {name: min(int(values[name]), 2**20) for name in _SCRYPT}
    try:
        opened = Fernet(_stretch(passphrase, bytes.fromhex(values["salt"]), cost)).decrypt(
            values["keys"].encode()
        )
    except InvalidToken:
        raise BackupProblem("the passphrase does not open the key of this backup") from None
    return tuple(opened.decode().split("\n"))


def _stretch(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    raw = hashlib.scrypt(
        passphrase.encode(), salt=salt, dklen=32, maxmem=256 * 1024 * 1024, **cost
    )
    return base64.urlsafe_b64encode(raw)
