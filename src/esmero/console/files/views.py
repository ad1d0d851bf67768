"""Other people's files and HTML: never run, never from our own origin's trust, never unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from esmero.channels import queries as channels
from esmero.console.access import TeamRequest, team
from esmero.console.files import fetching
from esmero.console.thread.cards import INLINE_MOST
from esmero.conversations import queries as conversations
from esmero.kernel import audit, files, signing
from esmero.kernel.clock import now
from esmero.kernel.errors import NotAllowed, NotFound
from esmero.kernel.pictures import kind_of_image
from esmero.kernel.refs import id_of, ref
from esmero.people.enums import Role

if TYPE_CHECKING:
    from esmero.conversations.models import Attachment, Message

FOR_IMAGE = "remote-image"
# Nothing of a file may do anything, whatever a browser takes it for.
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
# A mail's own page: images of ours alone, no script, and no origin but for its own reading. The
# frame keeps our origin (so that the page around it can measure it) but may never run a script.
FRAME_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)


def _attachment_for(request: TeamRequest, token: str) -> Attachment:
    found = conversations.attachment(token)
    if found is None:
        raise NotFound(token=token)
    conversations.conversation_for(request.agent, found.message.conversation_id, sides=True)
    return found


def _message_for(request: TeamRequest, pk: int) -> Message:
    found = conversations.message(pk)
    if found is None:
        raise NotFound(message_id=pk)
    conversations.conversation_for(request.agent, found.conversation_id, sides=True)
    return found


def disposition(name: str) -> str:
    """Return a Content-Disposition that saves a file under a stranger's name.

    Source: RFC 6266, section 4.3 and appendix D; RFC 8187 for the encoded form.
    """
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-()") else "_" for c in name)
    plain = plain.strip(" .")[:150] or "file"
    return (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name[:150] or plain, safe='')}"
    )


def guarded(response: HttpResponseBase, *, policy: str = FILE_POLICY) -> HttpResponseBase:
    """Add what every file of a stranger is answered with."""
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@team()
def file(request: TeamRequest, token: str) -> HttpResponseBase:
    """Save an attachment. Whatever it says of itself, it is only bytes."""
    found = _attachment_for(request, token)
    content = (
        StreamingHttpResponse(files.chunks(found.blob))
        if found.blob is not None
        else HttpResponse(channels.bytes_of_attachment(found))
    )
    content.headers["Content-Type"] = "application/octet-stream"
    content.headers["Content-Disposition"] = disposition(found.name)
    return guarded(content)


@team()
def image(request: TeamRequest, token: str) -> HttpResponseBase:
    """Show an attached image: only what its bytes say is PNG, JPEG, GIF or WebP."""
    found = _attachment_for(request, token)
    if found.size > INLINE_MOST:
        raise NotFound(token=token)
    data = channels.bytes_of_attachment(found)
    return _image(data)


def _image(data: bytes) -> HttpResponseBase:
    kind = kind_of_image(data)
    if kind is None:
        raise Http404("not an image that is shown")
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = "inline"
    return guarded(response)


@team()
def frame(request: TeamRequest, pk: int) -> HttpResponseBase:
    """The HTML of a mail, for the sandboxed frame. `imagenes=1` asks for its remote images."""
    found = _message_for(request, pk)
    if not found.html:
        raise NotFound(message_id=pk)
    attached = conversations.attachments_of([pk]).get(pk, [])
    cid_urls = {
        f.content_id.strip("<>"): reverse("console:image", args=[f.token])
        for f in attached
        if f.content_id and f.size <= INLINE_MOST
    }

    def proxied(url: str) -> str:
        signature = signing.sign(FOR_IMAGE, f"{pk} {url}")
        return reverse("console:remote", args=[pk]) + "?" + urlencode({"u": url, "s": signature})

    wants_images = request.GET.get("imagenes") == "1"
    safe = channels.safe_html_of(
        found.html, cid_urls=cid_urls, proxied=proxied if wants_images else None
    )
    response = render(
        request,
        "console/files/frame.html",
        {"html": safe.html, "blocked": safe.blocked_images, "language": found.language},
    )
    return guarded(response, policy=FRAME_POLICY)


@team()
def remote(request: TeamRequest, pk: int) -> HttpResponseBase:
    """Fetch a remote image of a mail for somebody who asked for it; the sender learns nothing of
    who looked. Only addresses that stand in that mail, signed by its frame.
    """
    _message_for(request, pk)
    url = request.GET.get("u", "")
    if not signing.is_signed(FOR_IMAGE, f"{pk} {url}", request.GET.get("s", "")):
        raise NotFound(message_id=pk)
    data = fetching.image_at(url)
    if data is None:
        raise NotFound(message_id=pk)
    return _image(data)


@team()
def original(request: TeamRequest, pk: int) -> HttpResponseBase:
    """Save a mail exactly as it came: for its owner and for supervisors, and noted down."""
    found = _message_for(request, pk)
    is_owner = found.conversation.owner_agent_id == request.agent.pk
    if not (is_owner or request.agent.has_role(Role.SUPERVISOR)):
        raise NotAllowed(message_id=pk)
    raw_id = id_of(found.source_ref, "raw")
    raw = channels.raw_mail(raw_id) if raw_id else None
    if raw is None:
        raise NotFound(message_id=pk)
    data = channels.raw_bytes(raw)
    audit.record(
        at=now(), actor=ref("agent", request.agent.pk), action="raw.saved", ref=ref("message", pk)
    )
    response = HttpResponse(data, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = disposition(f"{found.conversation_id}-{pk}.eml")
    return guarded(response)


@team()
def whole(request: TeamRequest, pk: int) -> HttpResponse:
    """The whole text of a message, with what it quotes, as plain text."""
    found = _message_for(request, pk)
    text = f"{found.text}\n\n{found.quoted}" if found.quoted else found.text
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    guarded(response)
    return response
