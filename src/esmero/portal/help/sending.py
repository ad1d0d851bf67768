"""Files of articles, sent as harmless as they can be."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from esmero.kernel import files
from esmero.knowledge import queries as knowledge
from esmero.knowledge.enums import Audience
from esmero.portal import frame, readers

_INLINE = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"}


@require_safe
@frame.page
def article_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send a file of an article to whoever may read the article; the team sees those of drafts."""
    user = getattr(request, "user", None)
    is_team = user is not None and user.is_authenticated
    reader = readers.audience_of(request)
    public_file = knowledge.filed.file_for(token, reader=Audience.PUBLIC)
    found = public_file or knowledge.filed.file_for(token, reader=None if is_team else reader)
    if found is None:
        raise Http404
    kind = found.content_type.lower()
    safe = kind if kind in _INLINE else "application/octet-stream"
    try:
        response: HttpResponseBase = StreamingHttpResponse(
            files.chunks(found.blob), content_type=safe
        )
    except files.FileMissing:
        raise Http404 from None
    headers = response.headers
    headers["Content-Length"] = str(found.blob.size)
    headers["Content-Disposition"] = (
        content_disposition_header(safe not in _INLINE, found.name or "file") or ""
    )
    headers["X-Content-Type-Options"] = "nosniff"
    # A browser shows a PDF by a page of its own, which a sandbox would keep from working.
    headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
        if safe == "application/pdf"
        else "sandbox; default-src 'none'"
    )
    if public_file is not None:
        headers["Cache-Control"] = "public, max-age=300"
        headers["ETag"] = f'"{found.blob.sha256[:24]}"'
    return response
