"""Mails from files: .eml, mbox and Maildir, found, read and accepted one by one."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from esmero.channels import actions as channels
from esmero.channels import queries
from esmero.channels.enums import Source
from esmero.kernel import dispatch
from esmero.kernel.clock import now

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_HEAD = 256 * 1024
_MAIL_NAMES = {".eml", ".mbox", ".mbx"}
# Source: RFC 4155, appendix A (asctime date), and the mboxrd rule for quoted From_ lines.
_FROM_LINE = re.compile(rb"From \S*.*\d{4}")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Found:
    """One mail in a file."""

    path: Path
    data: bytes
    dated: datetime | None
    """From the mbox's own line; None where only the mail itself knows."""


@dataclass(slots=True)
class Ingested:
    """What came of it."""

    found: int = 0
    stored: int = 0
    duplicates: int = 0
    quarantined: int = 0
    problems: list[str] = field(default_factory=list)
    """Files that could not be read, with the reason."""


def mails_in(path: Path) -> Iterator[Found | OSError]:
    """Yield the mails of a file or folder, and the errors of files that cannot be read."""
    if path.is_dir():
        yield from _in_folder(path)
        return
    try:
        with path.open("rb") as source:
            is_box = path.suffix in {".mbox", ".mbx"} or source.read(5) == b"From "
        if is_box:
            yield from _in_mbox(path)
        else:
            yield Found(path, path.read_bytes(), None)
    except OSError as problem:
        yield problem


def _in_folder(folder: Path) -> Iterator[Found | OSError]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        place = Path(parent)
        is_maildir = place.name in {"cur", "new"}
        if place.name == "tmp" and (place.parent / "cur").is_dir():
            continue  # a Maildir's unfinished mails
        for name in sorted(names):
            path = place / name
            if is_maildir or path.suffix.lower() in _MAIL_NAMES or _begins_like_mbox(path):
                yield from mails_in(path)


def _begins_like_mbox(path: Path) -> bool:
    if path.suffix or not path.is_file():
        return False
    try:
        with path.open("rb") as source:
            return bool(_FROM_LINE.match(source.readline(500)))
    except OSError:
        return False


def _in_mbox(path: Path) -> Iterator[Found]:
    """Split at From_ lines that follow an empty line (or the start), reading line by line."""
    lines: list[bytes] = []
    dated: datetime | None = None
    was_empty, is_begun = True, False
    with path.open("rb") as source:
        for line in source:
            if was_empty and _FROM_LINE.match(line):
                if is_begun:
                    yield _mail(path, lines, dated)
                lines, dated, is_begun = [], _from_line_date(line), True
            elif is_begun:
                lines.append(line)
            was_empty = line in {b"\n", b"\r\n"}
    if is_begun:
        yield _mail(path, lines, dated)


def _mail(path: Path, lines: list[bytes], dated: datetime | None) -> Found:
    if lines and lines[-1] in {b"\n", b"\r\n"}:
        lines.pop()  # belongs to the box, not to the mail
    return Found(path, _QUOTED_FROM.sub(rb"\1", b"".join(lines)), dated)


def _from_line_date(line: bytes) -> datetime | None:
    words = line.decode("ascii", "replace").split()
    for length in (5, 6):
        text = " ".join(words[-length:])
        for form in ("%a %b %d %H:%M:%S %Y", "%a %b %d %H:%M:%S %Y %z", "%a %b %d %H:%M:%S %z %Y"):
            try:
                found = datetime.strptime(text, form)  # noqa: DTZ007 - the next line adds it
            except ValueError:
                continue
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def received_at(found: Found, *, at: datetime) -> datetime:
    """Return when a mail came: as its box says, else its newest Received line, else its Date.

    Moments before 1990 and after `at` are nobody's; then the file's own time counts.
    """
    candidates = [found.dated] if found.dated else []
    try:
        headers = BytesHeaderParser().parsebytes(found.data[:_HEAD])
        texts = [str(value).rpartition(";")[2] for value in headers.get_all("Received", [])[:1]]
        texts += [str(value) for value in headers.get_all("Date", [])[:1]]
    except Exception:  # noqa: BLE001 - an entry: whatever a mail does to the parser, it is taken
        texts = []
    for text in texts:
        try:
            moment = parsedate_to_datetime(text.strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        candidates.append(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    for moment in candidates:
        if EARLIEST <= moment <= at:
            return moment
    try:
        own = datetime.fromtimestamp(found.path.stat().st_mtime, UTC)
    except OSError:
        return at
    return min(own, at)


def ingest(
    paths: list[Path],
    *,
    is_live: bool,
    mailbox_id: int | None,
    told: Callable[[str, int], None],
) -> Ingested:
    """Accept every mail in the files and file them all.

    As closed history, unless `is_live`: then each counts as arriving now. The same mail again is
    recognised when it is filed. `told(step, count)` hears of `stored` and `filed`.
    """
    result = Ingested()
    first, last = 0, 0
    for path in paths:
        for found in mails_in(path):
            if isinstance(found, OSError):
                result.problems.append(str(found))
                continue
            result.found += 1
            at = now()
            raw_id = channels.accept_mail(
                source=Source.FILE,
                data=found.data,
                received_at=at if is_live else received_at(found, at=at),
                at=at,
                mailbox_id=mailbox_id,
                is_history=not is_live,
            )
            if raw_id is not None:
                result.stored += 1
                first, last = first or raw_id, raw_id
            told("stored", result.found)
    _file(told)
    ours = {"pk__gte": first, "pk__lte": last, "source": Source.FILE.value}
    result.quarantined = queries.quarantine().filter(**ours).count()
    result.duplicates = queries.ignored().filter(**ours, reason="duplicate").count()
    return result


def _file(told: Callable[[str, int], None]) -> None:
    """File what waits, as the worker does (and beside it, when it runs)."""
    count = 0
    while channels.file_one(at=now()):
        count += 1
        told("filed", count)
    while dispatch.dispatch_one(at=now()):
        pass
