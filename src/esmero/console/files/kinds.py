"""What bytes are, by their own beginning and never by their name."""

from __future__ import annotations


def kind_of_image(data: bytes) -> str | None:
    """Return the media type of an image that browsers show safely, else None.

    Source: WHATWG MIME Sniffing, section 6.1. SVG is not among them: it can run scripts.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:14] == b"WEBPVP":
        return "image/webp"
    return None
