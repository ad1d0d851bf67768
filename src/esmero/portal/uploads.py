"""Files of a form: counted and measured before they are stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any, BinaryIO, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from esmero.channels.actions import FormFile
from esmero.kernel import files
from esmero.ui import formats

FILE_MOST = 10_000_000
FILES_MOST = 10
TOTAL_MOST = 25_000_000
# What a whole request may be: the files, the text, and what surrounds them.
BODY_MOST = TOTAL_MOST + 1_000_000


def is_too_heavy(request: HttpRequest) -> bool:
    """Say whether a request is larger than any form of ours; asked before anything is read."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > BODY_MOST
    except ValueError:
        return True


def why_not(request: HttpRequest) -> str:
    """Return what is wrong with the files, for people; '' when nothing is."""
    given = request.FILES.getlist("files")
    if len(given) > FILES_MOST:
        return _("At most %(limit)s files.") % {"limit": FILES_MOST}
    for one in given:
        if (one.size or 0) > FILE_MOST:
            return _("%(name)s is larger than %(limit)s.") % {
                "name": (one.name or "")[:80],
                "limit": formats.size(FILE_MOST),
            }
    if sum(one.size or 0 for one in given) > TOTAL_MOST:
        return _("All files together are larger than %(limit)s.") % {
            "limit": formats.size(TOTAL_MOST)
        }
    return ""


def store(request: HttpRequest, *, at: datetime) -> list[FormFile]:
    """Store the files and return what a form says of them. Raises FileTooLarge."""
    stored = []
    for one in request.FILES.getlist("files"):
        upload = cast(Any, one)
        blob = files.put_stream(cast(BinaryIO, upload.file), limit=FILE_MOST, at=at)
        stored.append(
            FormFile(
                name=upload.name or "",
                content_type=(upload.content_type or "application/octet-stream")[:120],
                size=blob.size,
                blob_id=blob.pk,
            )
        )
    return stored
