"""Bytes to text without ever failing, and text that a database can hold."""

import codecs
import re
from functools import lru_cache

# Labels seen in the wild that Python does not know, or knows as a poorer relative.
ALIASES = {
    "ansi": "cp1252",
    "ansi_x3.110-1983": "cp1252",
    "ascii": "cp1252",
    "cp-850": "cp850",
    "cp936": "gb18030",
    "default": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "iso-gb2312": "gb18030",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "macintosh": "mac-roman",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "tis-620": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "us-ascii": "cp1252",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac-roman",
    "x-sjis": "cp932",
    "x-user-defined": "cp1252",
}
# Codecs for text only: Python also lists zip, rot13, idna (quadratic) and unicode_escape.
_SAFE = re.compile(
    r"^(?:utf[-_]|iso|cp\d|koi8|mac[-_]|big5|gb|euc|shift|johab|tis|ptcp|kz|hz|hp|ascii|latin|"
    r"windows)"
)
_LATIN = frozenset({"cp1252", "cp1254"})
_SHIFTING = frozenset({"utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32"})
_BOM = "\ufeff"
_SURROGATES = re.compile("[\ud800-\udfff]")


@lru_cache(maxsize=256)
def codec_name(label: str) -> str:
    """The name of a usable text codec for a charset label, '' when there is none."""
    name = label.strip("'\" \t\r\n;,").lower()
    if name.startswith("=?") or len(name) > 40:
        return ""
    name = ALIASES.get(name, name)
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        match = re.match(r"(?:windows|cp)[-_ ]?(125\d)|(utf-?8)|(iso-?8859-?\d+)", name)
        if not match:
            return ""
        if match[1]:
            return "cp" + match[1]
        return "utf-8" if match[2] else codec_name("iso-8859-" + match[3].rpartition("9")[2][-2:])
    found = ALIASES.get(found, found)
    return found if _SAFE.match(found) else ""


def clean(text: str) -> str:
    """Text without NUL, lone surrogates or a leading byte order mark."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if not text.isascii():
        if text[:1] == _BOM:
            text = text[1:]
        if _SURROGATES.search(text):
            text = _SURROGATES.sub("\ufffd", text)
    return text


def to_text(data: bytes, charset: str = "") -> str:
    """Decode `data`; a wrong, unknown or missing `charset` costs characters, never the mail.

    A label of the Latin family loses against bytes that are valid UTF-8: in real Latin text
    two such letters in a row ("Ã±") do not happen, wrong labels do.
    """
    # Plain ASCII is ASCII under every label but those that shift or are wider than a byte.
    is_plain = data.isascii() and b"\x1b" not in data and b"~{" not in data
    if is_plain and (not charset or codec_name(charset) not in _SHIFTING):
        return clean(data.decode("ascii"))
    if not charset and b"\x1b$" in data:
        charset = "iso-2022-jp"
    name = codec_name(charset) if charset else ""
    if name and name not in _LATIN:
        try:
            return clean(data.decode(name))
        except (ValueError, LookupError):
            pass
    try:
        return clean(data.decode("utf-8"))
    except ValueError:
        pass
    if name == "utf-8" or (name and name not in _LATIN):
        # A few broken bytes in a long text: keep the rest; mostly broken: it is Latin.
        text = data.decode(name, "replace")
        if name != "utf-8" or text.count("\ufffd") * 2 < sum(b > 127 for b in data[:20_000]):
            return clean(text)
    fallback = name if name in _LATIN else "cp1252"
    try:
        return clean(data.decode(fallback))
    except ValueError:
        return clean(data.decode(fallback, "replace"))
