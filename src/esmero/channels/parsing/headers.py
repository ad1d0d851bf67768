"""Header blocks: unfolding, encoded words (RFC 2047), parameters (RFC 2231), all tolerantly."""

import binascii
import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from esmero.channels.parsing.charsets import clean, to_text
from esmero.channels.parsing.types import Budget

_FOLD = re.compile(rb"\r?\n")
_HEADER = re.compile(rb"([!-9;-~]{1,100})[ \t]{0,20}:([^\n]*(?:\n[ \t][^\n]*)*)\n?")
_KNOWN = re.compile(
    rb"(?i)(?:x-[\w-]+|arc-[\w-]+|content-[\w-]+|resent-[\w-]+|list-[\w-]+|received|return-path|"
    rb"from|to|cc|subject|date|message-id|mime-version|in-reply-to|references|reply-to|"
    rb"dkim-signature|authentication-results|sender)[ \t]*:"
)
_END = re.compile(rb"\n\r?\n")
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_PARAM = re.compile(
    r"(?:^|[;\s])\s*([\w!#$%&'*+.^`|~-]{1,60})\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)", re.S
)
_SPACE = re.compile(r"[\s\x00-\x1f]+")


class Headers:
    """A header block in order of appearance; values stay bytes until somebody asks."""

    __slots__ = ("defects", "hint", "pairs")

    def __init__(self, pairs: list[tuple[str, bytes]], defects: tuple[str, ...] = ()) -> None:
        self.pairs = pairs
        self.defects = defects
        # The charset of the body: what raw 8-bit headers are written in, if not in UTF-8.
        self.hint = ""

    def raw(self, name: str) -> list[bytes]:
        return [value for key, value in self.pairs if key == name]

    def first(self, name: str) -> str:
        """The first value as one unfolded line, encoded words left alone."""
        for key, value in self.pairs:
            if key == name:
                return as_line(value, self.hint)
        return ""

    def all(self, name: str) -> list[str]:
        return [as_line(value, self.hint) for key, value in self.pairs if key == name]

    def decoded(self, name: str) -> str:
        return decode_words(self.first(name))

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.pairs)


EMPTY = Headers([])


def as_line(value: bytes, hint: str = "") -> str:
    """One unfolded line of text. `hint` is a charset for bytes that are not UTF-8."""
    if hint and not value.isascii():
        try:
            value.decode("utf-8")
        except ValueError:
            return _SPACE.sub(" ", to_text(value, hint).strip())
    text = to_text(value).strip()
    return _SPACE.sub(" ", text) if not text.isprintable() else text


def split_block(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block that begins at `start` ends, and where its body begins."""
    if raw[start : start + 1] == b"\n":
        return start, start + 1
    if raw[start : start + 2] == b"\r\n":
        return start, start + 2
    match = _END.search(raw, start, end)
    return (match.start() + 1, match.end()) if match else (end, end)


def read_headers(raw: bytes, start: int, end: int, budget: Budget) -> tuple[Headers, int]:
    """Headers of the part in raw[start:end] and the offset of its body.

    A line that is no header ends the block, unless a known header follows right behind it
    (rubbish in the middle of a header block is skipped).
    """
    stop, body = split_block(raw, start, end)
    defects: list[str] = []
    if stop - start > budget.header_bytes:
        stop = start + budget.header_bytes
        defects.append("headers_cut")
    pairs: list[tuple[str, bytes]] = []
    at = start
    while at < stop:
        match = _HEADER.match(raw, at, stop)
        if match:
            value = match[2]
            if len(value) > budget.value_bytes:
                value = value[: budget.value_bytes]
                defects.append("header_value_cut")
            if b"\n" in value:
                value = _FOLD.sub(b"", value)
            pairs.append((match[1].decode("ascii").lower(), value.strip()))
            at = match.end()
            if len(pairs) >= budget.headers:
                defects.append("headers_cut")
                break
            continue
        after = raw.find(b"\n", at, stop) + 1 or stop
        line = raw[at:after]
        if line.strip() and not (at == start and line[:6].lstrip(b">")[:5] == b"From "):
            if not _KNOWN.match(raw, after, stop):
                defects.append("body_without_blank_line")
                body = at
                break
            defects.append("header_rubbish")
        at = after
    return Headers(pairs, tuple(dict.fromkeys(defects))), body


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)
    return b64(data)


def b64(data: bytes) -> bytes:
    """Base64 with missing or stray padding, foreign characters and a cut end."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        pass
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    try:
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return b""


def decode_words(text: str) -> str:
    """Decode encoded words. Neighbours of one charset are joined as bytes first, because
    mailers split in the middle of a character."""
    if "=?" not in text:
        return text
    out: list[str] = []
    pending = b""
    charset = ""
    last = 0
    for match in ENCODED_WORD.finditer(text):
        between = text[last : match.start()]
        label = match[1].partition("*")[0].lower()
        adjacent = bool(pending or charset) and not between.strip()
        if not adjacent or label != charset:
            out.append(to_text(pending, charset) if pending else "")
            pending = b""
        if not adjacent:
            out.append(between)
        charset = label
        pending += _word_bytes(match[2], match[3])
        last = match.end()
    out.append(to_text(pending, charset) if pending else "")
    out.append(text[last:])
    joined = clean("".join(out))
    return _SPACE.sub(" ", joined).strip() if not joined.isprintable() else joined.strip()


@lru_cache(maxsize=1024)
def parse_params(value: str) -> tuple[str, dict[str, str]]:
    """'text/plain; charset=x' as ('text/plain', {'charset': 'x'}); callers never change it."""
    head = re.split(r"[;\s]", value.strip(), maxsplit=1)[0].lower()
    if "=" in head:
        head = ""
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAM.finditer(value[:20_000]):
        key = match[1].lower()
        text = match[2].strip()
        if text[:1] == '"':
            text = text[1:-1] if len(text) > 1 and text[-1] == '"' else text[1:]
            text = text.replace('\\"', '"')
        if "*" in key:
            base, _, rest = key.partition("*")
            number, _, star = rest.partition("*")
            is_coded = rest == "" or rest.endswith("*") or (star == "" and rest[-1:] == "*")
            index = int(number) if number.isdigit() and len(number) < 4 else 0
            pieces.setdefault(base, []).append((index, is_coded, text))
        else:
            plain.setdefault(key, decode_words(text))
    for base, found in pieces.items():
        found.sort(key=lambda piece: piece[0])
        decoded = _join_pieces(found)
        if decoded:
            plain[base] = decoded
    return head, plain


def _join_pieces(found: list[tuple[int, bool, str]]) -> str:
    charset = ""
    data = b""
    for position, (_, is_coded, text) in enumerate(found):
        if is_coded and position == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        if is_coded:
            data += unquote_to_bytes(text)
        else:
            data += text.encode("utf-8", "replace")
    return decode_words(to_text(data, charset))
