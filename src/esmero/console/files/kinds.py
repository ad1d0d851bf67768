"""What bytes are, by their own beginning and never by their name, and how large they draw."""

from __future__ import annotations

import struct
from typing import Final

# Four bytes a pixel in the reader's browser: 200 MB. A telephone's photograph has 12 to 50
# million.
PIXELS_MOST: Final = 50_000_000
_SIDE_MOST: Final = 30_000
# Frame markers of JPEG that hold the size. Source: ITU-T T.81, table B.1 (SOF0 to SOF15 without
# DHT, JPG and DAC).
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def kind_of_image(data: bytes) -> str | None:
    """Return the media type of an image that browsers show safely, else None.

    Not shown: what is no image, and what is small as a file and huge as a picture. Source: WHATWG
    MIME Sniffing, section 6.1. SVG is not among them: it can run scripts.
    """
    kind = _kind(data)
    if kind is None:
        return None
    width, height = _SIZES[kind](data)
    if not (0 < width <= _SIDE_MOST and 0 < height <= _SIDE_MOST):
        return None
    return kind if width * height <= PIXELS_MOST else None


def size_of_image(data: bytes, kind: str) -> tuple[int, int]:
    """Return the width and height in pixels of what `kind_of_image` has named."""
    return _SIZES[kind](data)


def _kind(data: bytes) -> str | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:14] == b"WEBPVP":
        return "image/webp"
    return None


_UNKNOWN = (0, 0)


def _png(data: bytes) -> tuple[int, int]:
    """Width and height of IHDR, the first chunk. Source: W3C PNG, 11.2.2."""
    if len(data) < 24 or data[12:16] != b"IHDR":
        return _UNKNOWN
    return struct.unpack(">II", data[16:24])


def _gif(data: bytes) -> tuple[int, int]:
    """The logical screen. Source: GIF89a, section 18."""
    return struct.unpack("<HH", data[6:10]) if len(data) >= 10 else _UNKNOWN


def _jpeg(data: bytes) -> tuple[int, int]:
    """The first frame's size, by walking the segments. Source: ITU-T T.81, B.1.1 and B.2.2."""
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            return _UNKNOWN
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes
            at += 1
            continue
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        if marker == 0xDA:  # the picture itself begins, without any size
            return _UNKNOWN
        at += 2 + max(2, struct.unpack(">H", data[at + 2 : at + 4])[0])
    return _UNKNOWN


def _webp(data: bytes) -> tuple[int, int]:
    """Source: RFC 9649, 2.5 to 2.7."""
    chunk = data[12:16]
    if chunk == b"VP8X" and len(data) >= 30:
        return (
            1 + int.from_bytes(data[24:27], "little"),
            1 + int.from_bytes(data[27:30], "little"),
        )
    if chunk == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 " and len(data) >= 30:
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return _UNKNOWN


_SIZES = {"image/png": _png, "image/jpeg": _jpeg, "image/gif": _gif, "image/webp": _webp}
