"""Address lists as people and machines really write them; never raises.

The standard library reads `victim@x <attacker@y>` as *victim*. Here whatever stands in angle
brackets is the address, and what stands before them is only a name.
"""

import re
from collections.abc import Iterator

from esmero.channels.parsing.charsets import clean
from esmero.channels.parsing.headers import Headers, decode_words
from esmero.channels.parsing.types import Address, Budget

_SIMPLE = re.compile(
    r"^\s*(?:\"([^\"\\]*)\"|([^\"<>,;:()\\@]*?))\s*<\s*([^<>\s,;:\"()@]+@[^<>\s,;:\"()@]+)\s*>\s*$"
)
_BARE = re.compile(r"^\s*([^<>\s,;:\"()@]+@[^<>\s,;:\"()@]+)\s*$")
_ANGLE = re.compile(r"<([^<>]*)>?")
_MAILBOX = re.compile(r"[^\s<>()\[\],;:\"'|]{1,128}@[\w.\-\[\]:%]{1,255}")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"?", re.S)
_COMMENT = re.compile(r"\(((?:[^()\\]|\\.)*)\)")
_ANY_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']{1,128}@([\w-]+(?:\.[\w-]+)+)")
NOBODY = Address("", "")


def parse_addresses(value: str, limit: int = 500) -> list[Address]:
    """All mailboxes of an address header, in order; groups are opened, names decoded."""
    match = _SIMPLE.match(value)
    if match:
        return [Address(_name(match[1] if match[1] is not None else match[2]), match[3])]
    match = _BARE.match(value)
    if match:
        return [Address("", match[1].strip("'"))]
    found: list[Address] = []
    loose: list[str] = []
    for item in _split(value):
        address = _parse_one(item)
        if address is NOBODY:
            continue
        if "@" not in address.email and '"' not in item:
            # "Pérez, Ana <ana@…>": a comma that should have been quoted, or just a word.
            loose.append(item.strip())
            continue
        if loose and address.name and "<" in item:
            joined = ", ".join((*map(_name, loose), address.name))
            address = Address(joined[:300], address.email)
        else:
            found.extend(_parse_one(word) for word in loose)
        loose = []
        found.append(address)
        if len(found) >= limit:
            break
    found.extend(_parse_one(word) for word in loose)
    return found[:limit]


def _split(value: str) -> Iterator[str]:
    """Cut at commas and semicolons outside quotes, brackets and comments."""
    start, i, end = 0, 0, len(value)
    depth = 0
    while i < end:
        char = value[i]
        if char == '"':
            match = _QUOTED.match(value, i)
            closed = match is not None and match.end() - i > 1 and value[match.end() - 1] == '"'
            i = match.end() if match is not None and closed else i + 1
            continue
        if char == "\\":
            i += 2
            continue
        if char == "<":
            close = value.find(">", i)
            opened = value.find("<", i + 1)
            if close != -1 and (opened == -1 or close < opened):
                i = close
        elif char == "(":
            depth += value.find(")", i) != -1
        elif char == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            if char in ",;":
                yield value[start:i]
                start = i + 1
            elif char == ":" and _is_group_name(value[start:i]):
                start = i + 1
        i += 1
    yield value[start:]


def _is_group_name(text: str) -> bool:
    """'Team: a@b, c@d;' or a stray label in front of an address."""
    return "@" not in text and "<" not in text and text.strip().lower() != "mailto"


def _parse_one(item: str) -> Address:
    item = item.strip()
    if item[:7].lower() == "mailto:":
        item = item[7:]
    if not item:
        return NOBODY
    bare = _QUOTED.sub(lambda m: " " * len(m[0]), item) if '"' in item else item
    angles = list(_ANGLE.finditer(bare))
    if angles:
        usable = [m for m in angles if "@" in m[1]] or angles
        match = usable[-1]
        inner = item[match.start(1) : match.end(1)].strip()
        email = _strip_route(inner)
        before = item[: match.start()]
        after = item[match.end() :]
        name = _name(before)
        if not name and after.strip(' "'):
            comment = _COMMENT.search(after)
            name = _name(comment[1] if comment else after)
        return Address(name, email) if name or email else NOBODY
    comment = _COMMENT.search(bare)
    rest = item
    name = ""
    if comment:
        name = _name(item[comment.start(1) : comment.end(1)])
        rest = item[: comment.start()] + item[comment.end() :]
    rest = rest.strip()
    if '"' in rest and rest.startswith('"') and rest.find('"@') > 0:
        return Address(name, rest.replace(" ", ""))
    found = _MAILBOX.search(rest)
    if found:
        left = _name((rest[: found.start()] + " " + rest[found.end() :]).strip(" '\""))
        return Address(name or left, found[0].strip(".'"))
    if "@" in rest and " " in rest:
        squeezed = re.sub(r"\s*([@.])\s*", r"\1", rest)
        found = _MAILBOX.search(squeezed)
        if found:
            return Address(name, found[0])
    if not comment and re.fullmatch(r"[\w.+-]+", rest):
        return Address("", rest)  # a local mailbox without a domain
    rest_name = _name(rest)
    return Address(name or rest_name, "") if (name or rest_name) else NOBODY


def _strip_route(inner: str) -> str:
    if inner[:7].lower() == "mailto:":
        inner = inner[7:]
    if inner.startswith("@") and ":" in inner:
        inner = inner.rpartition(":")[2]
    if inner.startswith('"'):
        return inner.strip()
    return re.sub(r"\s+", "", inner)


def _name(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    if '"' in text:
        match = _QUOTED.fullmatch(text)
        text = match[1] if match else _QUOTED.sub(lambda m: m[1], text)
        text = re.sub(r"\\(.)", r"\1", text)
    elif "\\" in text:
        text = re.sub(r"\\(.)", r"\1", text)
    text = decode_words(text).strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    return clean(" ".join(text.split()))[:300]


def address_header(headers: Headers, names: tuple[str, ...], budget: Budget) -> list[Address]:
    """The mailboxes of one or several headers, in order."""
    found: list[Address] = []
    for name in names:
        for value in headers.all(name):
            found.extend(parse_addresses(value, budget.addresses))
    return found[: budget.addresses]


def domain_of(email: str) -> str:
    return email.rpartition("@")[2].lower().rstrip(".")


def sender_of(headers: Headers, budget: Budget) -> tuple[Address, tuple[str, ...]]:
    """Who the mail says it is from, and why one should not believe it.

    Codes: no_from, several_from_headers, several_senders, from_unparsable,
    name_is_other_address. Any of them means "sender not verified".
    """
    values = headers.all("from")
    if not values:
        for name in ("sender", "return-path"):
            found = [a for a in address_header(headers, (name,), budget) if "@" in a.email]
            if found:
                return found[0], ("no_from",)
        return NOBODY, ("no_from",)
    defects: list[str] = []
    if len(values) > 1:
        defects.append("several_from_headers")
    found = parse_addresses(values[0], budget.addresses)
    real = [address for address in found if "@" in address.email]
    if not real:
        defects.append("from_unparsable")
        return (found[0] if found else NOBODY), tuple(defects)
    sender = real[0]
    if len(real) > 1:
        defects.append("several_senders")
    if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+|\"[^\"]+\"@[^\s@<>]+", sender.email):
        defects.append("from_unparsable")
    own = domain_of(sender.email)
    if "@" in sender.name:
        for match in _ANY_ADDRESS.finditer(sender.name[:300]):
            if match[1].lower() != own:
                defects.append("name_is_other_address")
                break
    return sender, tuple(defects)
