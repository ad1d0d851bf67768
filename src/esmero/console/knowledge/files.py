"""Pictures and manuals of articles, at the team's own door."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, team
from esmero.console.files.views import FILE_POLICY, disposition, guarded
from esmero.console.knowledge.article import back
from esmero.console.settings.saving import POST
from esmero.kernel import files
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound, Refusal
from esmero.knowledge import actions, queries
from esmero.ui.refusals import sentence

PICTURE_MOST = 12_000_000
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@team(methods=POST)
def picture(request: TeamRequest, pk: int) -> HttpResponse:
    """Keep a picture that was dropped or pasted; answers with where it stands."""
    given = request.FILES.get("picture")
    if given is None:
        return JsonResponse({"error": gettext("No picture came with it.")}, status=422)
    try:
        if given.size is None or given.size > PICTURE_MOST:
            raise files.FileTooLarge(limit=PICTURE_MOST)
        token = actions.add_picture(
            article_id=pk,
            name=given.name or "",
            data=given.read(),
            alternative=request.POST.get("alt", ""),
            at=now(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return JsonResponse({"error": sentence(refusal)}, status=422)
    row = queries.pages.file_of(token)
    return JsonResponse(
        {
            "src": reverse("console:know_file", args=[token]),
            "width": row.width if row else None,
            "height": row.height if row else None,
        }
    )


@team(methods=POST)
def manual(request: TeamRequest, pk: int) -> HttpResponse:
    """Make a PDF or a picture the article's file."""
    language = request.POST.get("language", "")
    given = request.FILES.get("file")
    if given is None:
        messages.error(request, gettext("Choose a file."))
        return back(pk, anchor="archivos")
    try:
        actions.add_manual(
            article_id=pk,
            name=given.name or "",
            source=given.file,  # type: ignore[arg-type]
            language=language if language in {"es", "en"} else "",
            at=now(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, gettext("Kept. Its text is taken out now, page by page."))
    return back(pk, anchor="archivos")


@team(methods=POST)
def change(request: TeamRequest, pk: int, token: str) -> HttpResponse:
    """Put a file away, read it again, or say what it shows."""
    act = request.POST.get("act", "")
    if act == "remove":
        actions.remove_file(article_id=pk, token=token, at=now())
        messages.success(request, gettext("Put away."))
    elif act == "again":
        actions.read_again(article_id=pk, token=token)
        messages.success(request, gettext("It is read once more."))
    else:
        actions.describe_file(
            article_id=pk, token=token, alternative=request.POST.get("alternative", "")
        )
        messages.success(request, gettext("Saved."))
    return back(pk, anchor="archivos")


@team()
def file(request: TeamRequest, token: str) -> HttpResponseBase:
    """Show a picture, save anything else; drafts' files are seen by the team alone."""
    row = queries.pages.file_of(token)
    if row is None:
        raise NotFound(token=token)
    response = StreamingHttpResponse(files.chunks(row.blob))
    if row.content_type in _SHOWN:
        response.headers["Content-Type"] = row.content_type
        response.headers["Content-Disposition"] = "inline"
    else:
        response.headers["Content-Type"] = "application/octet-stream"
        response.headers["Content-Disposition"] = disposition(row.name)
    guarded(response, policy=FILE_POLICY)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
