"""Files: immutable bytes under a random token, small ones in a row, large ones on disk.

A row is enough for a mail and keeps "stored" one commit; a large file is written, flushed to disk
and only then named by a row, so that a committed row never points at nothing. The name that a
person gave a file is metadata of whoever refers to it and never touches the file system.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from esmero.kernel.errors import Refusal
from esmero.kernel.ids import new_token
from esmero.kernel.models import Blob

INLINE_LIMIT = 512 * 1024
_CHUNK = 1024 * 1024


class FileTooLarge(Refusal):
    """A file is over its limit (bytes)."""

    code = "file_too_large"


class FileMissing(Refusal):
    """The row is there but its bytes are not (an incomplete restore)."""

    code = "file_missing"


def _root() -> Path:
    return Path(settings.ENV.data) / "files"


def _path(token: str) -> Path:
    # Two letters of the digest spread the files; the token itself may begin with `-` or `_`.
    spread = hashlib.sha256(token.encode()).hexdigest()[:2]
    return _root() / spread / token


def put(data: bytes, *, at: datetime) -> Blob:
    """Store bytes and return their row."""
    digest = hashlib.sha256(data).hexdigest()
    if len(data) <= INLINE_LIMIT:
        return Blob.objects.create(size=len(data), sha256=digest, data=data, created_at=at)
    token = new_token()
    path = _path(token)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    _sync_folder(path.parent)
    return Blob.objects.create(
        token=token, size=len(data), sha256=digest, is_on_disk=True, created_at=at
    )


def put_stream(source: BinaryIO, *, limit: int, at: datetime) -> Blob:
    """Store a stream of unknown length with bounded memory. Raises FileTooLarge past `limit`
    bytes.
    """
    head = source.read(INLINE_LIMIT + 1)
    if len(head) <= INLINE_LIMIT:
        if len(head) > limit:
            raise FileTooLarge(limit=limit)
        return put(head, at=at)
    token = new_token()
    path = _path(token)
    path.parent.mkdir(parents=True, exist_ok=True)
    size, digest, chunk = 0, hashlib.sha256(), head
    try:
        with path.open("xb") as out:
            while chunk:
                size += len(chunk)
                if size > limit:
                    raise FileTooLarge(limit=limit)
                digest.update(chunk)
                out.write(chunk)
                chunk = source.read(_CHUNK)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return Blob.objects.create(
        token=token, size=size, sha256=digest.hexdigest(), is_on_disk=True, created_at=at
    )


def read(blob: Blob) -> bytes:
    """Return all bytes. Raises FileMissing when the file is gone."""
    if not blob.is_on_disk:
        return bytes(blob.data or b"")
    try:
        return _path(blob.token).read_bytes()
    except FileNotFoundError:
        raise FileMissing(token=blob.token) from None


def chunks(blob: Blob) -> Iterator[bytes]:
    """Yield the bytes in pieces of at most 1 MiB. Raises FileMissing when the file is gone."""
    if not blob.is_on_disk:
        yield bytes(blob.data or b"")
        return
    try:
        with _path(blob.token).open("rb") as source:
            while piece := source.read(_CHUNK):
                yield piece
    except FileNotFoundError:
        raise FileMissing(token=blob.token) from None


def delete(blob: Blob) -> None:
    """Forget the row, and the file once that is committed (after a crash between the two the file
    is an orphan, no harm).
    """
    token, on_disk = blob.token, blob.is_on_disk
    blob.delete()
    if on_disk:
        transaction.on_commit(partial(_path(token).unlink, missing_ok=True))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
