"""The tree of parts, as offsets into the raw mail: nothing is copied until it is decoded.

Why not `email.parser`: it walks line by line (a 20 kB attachment costs more than the rest of the
mail), recurses with the depth of the mail, and keeps every part twice in memory.
"""

import binascii
import re

from esmero.channels.parsing.headers import EMPTY, Headers, b64, parse_params, read_headers
from esmero.channels.parsing.types import Budget

_GUESS = re.compile(rb"(?m)^--([^\r\n]{1,200}?)[ \t]*\r?\n(?i:content-|\r?\n)")
_UU = re.compile(
    rb"(?ms)^begin(?:-base64)? [0-7]{3,4} ([^\r\n]*)\r?\n(.*?)^(?:end|====)[ \t]*\r?$"
)


class Part:
    """One node; `start` and `end` bound its still encoded body."""

    __slots__ = (
        "children",
        "content_type",
        "depth",
        "end",
        "headers",
        "number",
        "params",
        "parent",
        "start",
    )

    def __init__(self, headers: Headers, start: int, end: int, depth: int) -> None:
        self.headers = headers
        self.start = start
        self.end = end
        self.depth = depth
        self.children: list[Part] = []
        self.parent: Part | None = None
        self.number = 0
        self.content_type, self.params = parse_params(headers.first("content-type"))
        if self.content_type in ("text", ""):
            self.content_type = "text/plain"
        elif "/" not in self.content_type:
            self.content_type = "application/octet-stream"

    @property
    def disposition(self) -> tuple[str, dict[str, str]]:
        return parse_params(self.headers.first("content-disposition"))

    @property
    def filename(self) -> str:
        name = self.disposition[1].get("filename") or self.params.get("name", "")
        return name.strip()[:300]

    @property
    def content_id(self) -> str:
        return self.headers.first("content-id").strip("<> ")[:300]

    @property
    def encoding(self) -> str:
        value = self.headers.first("content-transfer-encoding").lower()
        return re.split(r"[;\s(]", value.strip("\"' "), maxsplit=1)[0]

    @property
    def is_multipart(self) -> bool:
        return bool(self.children)


class Tree:
    """The parsed structure; `parts` holds the leaves in order of appearance."""

    __slots__ = ("defects", "leaves", "raw", "root")

    def __init__(self, raw: bytes, root: Part, leaves: list[Part], defects: list[str]) -> None:
        self.raw = raw
        self.root = root
        self.leaves = leaves
        self.defects = defects


def normal_newlines(raw: bytes) -> bytes:
    """Mails with bare CR line ends get LF; everything else is left alone."""
    if b"\n" not in raw and b"\r" in raw:
        return raw.replace(b"\r", b"\n")
    return raw


def read_tree(raw: bytes, budget: Budget) -> Tree:
    """The structure of a mail within the budget. Part numbers count leaves from 1."""
    raw = normal_newlines(raw)
    start = 0
    while raw[start : start + 1] in (b"\n", b"\r", b"\xef", b"\xbb", b"\xbf") and start < 64:
        start += 1
    headers, body = read_headers(raw, start, len(raw), budget)
    root = Part(headers, body, len(raw), 0)
    defects = list(headers.defects)
    leaves: list[Part] = []
    stack = [root]
    count = 1
    while stack:
        part = stack.pop()
        if part.content_type.startswith("multipart/"):
            if part.depth >= budget.depth:
                defects.append("too_deep")
            elif count < budget.parts:
                _split_parts(raw, part, budget, budget.parts - count, defects)
                count += len(part.children)
                if count >= budget.parts:
                    defects.append("too_many_parts")
            if not part.children and part.content_type.startswith("multipart/"):
                part.content_type = "text/plain"
                defects.append("multipart_without_parts")
        if part.children:
            stack.extend(reversed(part.children))
        else:
            leaves.append(part)
            part.number = len(leaves)
    root.headers.hint = _body_charset(leaves)
    return Tree(raw, root, leaves, list(dict.fromkeys(defects)))


def _body_charset(leaves: list[Part]) -> str:
    for part in leaves:
        if part.content_type.startswith("text/") and part.params.get("charset"):
            return part.params["charset"]
    return ""


def _split_parts(raw: bytes, part: Part, budget: Budget, room: int, defects: list[str]) -> None:
    boundary = part.params.get("boundary", "").encode("utf-8", "replace").rstrip()
    spans = _spans(raw, part.start, part.end, boundary, room) if boundary else []
    if not spans:
        match = _GUESS.search(raw, part.start, min(part.end, part.start + 100_000))
        if match:
            defects.append("boundary_guessed")
            spans = _spans(raw, part.start, part.end, match[1], room)
    for start, end in spans:
        headers, body = read_headers(raw, start, end, budget)
        defects.extend(headers.defects)
        child = Part(headers, body, end, part.depth + 1)
        child.parent = part
        if part.content_type == "multipart/digest" and "content-type" not in headers:
            child.content_type = "message/rfc822"
        part.children.append(child)


def _spans(raw: bytes, start: int, end: int, boundary: bytes, room: int) -> list[tuple[int, int]]:
    """(start, end) of each part between the delimiter lines of `boundary`."""
    delimiter = b"--" + boundary
    size = len(delimiter)
    spans: list[tuple[int, int]] = []
    opened = -1
    at = raw.find(delimiter, start, end)
    while at != -1 and len(spans) < room:
        after = at + size
        if at == start or raw[at - 1] in b"\r\n":
            closing = raw[after : after + 2] == b"--"
            line_end = raw.find(b"\n", after, end)
            stop = line_end if line_end != -1 else end
            tail = raw[after + 2 * closing : stop] if stop - after < 200 else b"x"
            if closing and opened >= 0 and _is_inner(raw, boundary, opened, at):
                closing, tail = False, b"x"
            if not tail.strip():
                if opened >= 0:
                    spans.append((opened, _before_newline(raw, opened, at)))
                opened = -1 if closing else min(stop + 1, end)
                after = stop
        at = raw.find(delimiter, after, end)
    if opened >= 0 and len(spans) < room and opened <= end:
        spans.append((opened, end))
    return spans


def _is_inner(raw: bytes, boundary: bytes, start: int, end: int) -> bool:
    """A part inside declares our boundary plus "--" as its own: then that line is no end."""
    return boundary + b'--"' in raw[start:end]


def _before_newline(raw: bytes, start: int, at: int) -> int:
    """The line end before a delimiter belongs to the delimiter (RFC 2046, 5.1.1)."""
    if at - 1 >= start and raw[at - 1 : at] == b"\n":
        at -= 1
        if at - 1 >= start and raw[at - 1 : at] == b"\r":
            at -= 1
    return max(at, start)


def decode_part(raw: bytes, part: Part, limit: int | None = None) -> bytes:
    """The decoded body of a leaf; at most about `limit` encoded bytes are looked at."""
    end = part.end if limit is None else min(part.end, part.start + limit)
    data = raw[part.start : end]
    encoding = part.encoding
    if encoding == "base64":
        if limit is not None and end < part.end:
            data = data[: len(data) - len(data) % 4]
        return b64(data) or (data if _is_prose(data) else b"")
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return uudecode(data)
    return data


def _is_prose(data: bytes) -> bool:
    """Text that was only labelled base64."""
    return b" " in data.strip() and len(data) < 100_000


def uudecode(data: bytes) -> bytes:
    match = _UU.search(data)
    body = match[2] if match else data
    out = []
    for line in body.splitlines():
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            size = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                out.append(binascii.a2b_uu(line[:size]))
            except binascii.Error:
                continue
    return b"".join(out)


def inner_headers(raw: bytes, part: Part, budget: Budget) -> Headers:
    """Headers of a mail that lies inside a message/rfc822 part (or its bare header block)."""
    data = decode_part(raw, part, budget.header_bytes)
    if not data.strip():
        return EMPTY
    stripped = data.lstrip(b"\r\n")
    return read_headers(stripped, 0, len(stripped), budget)[0]
