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
    width, height = size_of_image(data)
    if not (0 < width <= _SIDE_MOST and 0 < height <= _SIDE_MOST):
        return None
    return kind if width * height <= PIXELS_MOST else None


def size_of_image(data: bytes) -> tuple[int, int]:
    """Return width and height as the bytes say them; (0, 0) when they do not."""
    kind = _kind(data)
    return _SIZES[kind](data) if kind else _UNKNOWN


def without_traces(data: bytes) -> bytes:
    """Return a picture without what its camera wrote about place, time and owner.

    Nothing is decoded: whole segments are left out, so memory is that of the file. A JPEG keeps
    which way is up (Exif tag 0x0112), and colour profiles stay. A file whose parts cannot be
    walked comes back as it was.
    """
    kind = _kind(data)
    if kind == "image/jpeg":
        return _jpeg_without(data)
    if kind == "image/png":
        return _png_without(data)
    if kind == "image/webp":
        return _webp_without(data)
    return data


def _jpeg_without(data: bytes) -> bytes:
    """Drop APP1 (Exif, XMP), APP13 (IPTC) and comments. Source: ITU-T T.81, B.1.1; Exif 2.3."""
    kept, at, turned = [data[:2]], 2, 1
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return data
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            break
        length = 2 + max(2, struct.unpack(">H", data[at + 2 : at + 4])[0])
        segment = data[at : at + length]
        if marker == 0xE1:
            turned = _turned(segment) or turned
        elif marker not in {0xED, 0xFE}:
            kept.append(segment)
        at += length
    if turned != 1:
        kept.insert(1, _turn(turned))
    return b"".join([*kept, data[at:]])


def _turned(segment: bytes) -> int:
    """The orientation of an Exif segment, 0 when it says none."""
    if segment[4:10] != b"Exif\0\0" or len(segment) < 20:
        return 0
    tiff = segment[10:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    try:
        start = struct.unpack_from(f"{order}I", tiff, 4)[0]
        for number in range(min(64, struct.unpack_from(f"{order}H", tiff, start)[0])):
            tag, _kind_of, _count, value = struct.unpack_from(
                f"{order}HHIH", tiff, start + 2 + 12 * number
            )
            if tag == 0x0112:
                return int(value) if 1 <= value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _turn(orientation: int) -> bytes:
    """An Exif segment that says which way is up, and nothing else."""
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", 8 + len(tiff)) + b"Exif\0\0" + tiff


def _png_without(data: bytes) -> bytes:
    """Drop text, time and Exif chunks. Source: W3C PNG, 11.3."""
    kept, at = [data[:8]], 8
    while at + 12 <= len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        name, chunk = data[at + 4 : at + 8], data[at : at + 12 + length]
        if name not in {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}:
            kept.append(chunk)
        at += 12 + length
        if name == b"IEND":
            return b"".join(kept)
    return data


def _webp_without(data: bytes) -> bytes:
    """Drop Exif and XMP chunks and say so in VP8X. Source: RFC 9649, 2.7."""
    kept, at = [], 12
    while at + 8 <= len(data):
        name = data[at : at + 4]
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        chunk = data[at : at + 8 + length + (length & 1)]
        if name == b"VP8X" and len(chunk) > 8:
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if name not in {b"EXIF", b"XMP "}:
            kept.append(chunk)
        at += 8 + length + (length & 1)
    body = b"".join(kept)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


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
