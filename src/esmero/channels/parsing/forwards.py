"""Who wrote a mail that a person passed on, inline or as an attachment."""

import re

from esmero.channels.parsing.addresses import parse_addresses
from esmero.channels.parsing.dates import parse_date
from esmero.channels.parsing.headers import decode_words
from esmero.channels.parsing.intros import Lines, header_block_at, intro_at, separator_at
from esmero.channels.parsing.mime import Tree, inner_headers
from esmero.channels.parsing.quotes import (
    FORWARD_SEPARATOR,
    MAILBOX,
    label_of,
)
from esmero.channels.parsing.types import Address, Budget, Forwarded

_SUBJECT = re.compile(
    r"(?i)^\s*(?:\[[^\]]{1,40}\]\s*)?(?:fwd?|rv|reenv[íi]?o?|renv|enc|encam|tr|wg|i|doorst|vb|"
    r"vs|pd|vl|fs|"
    r"reenviado|\[fwd)\s*(?:\[\d+\])?\s*:"
)
_PARENS = re.compile(r"[\[(<]\s*(?:mailto:)?([\w.+%-]+@[\w-]+\.[\w.-]+)")
_ANY_SEPARATOR = re.compile(FORWARD_SEPARATOR.pattern.replace("(?i)^", r"(?im)^[ \t\xa0>*]{0,40}"))
_MAX_LINES = 1_500


def is_forward_subject(subject: str) -> bool:
    return _SUBJECT.match(subject) is not None


def read_forwarded(
    tree: Tree, subject: str, text: str, html: str, budget: Budget
) -> Forwarded | None:
    """The original sender of a forwarded mail; None when nothing was forwarded.

    A forward separator counts when it is the first quote of the text; a header block or "Original
    Message" line (which replies have too) only under a subject like "Fwd:".
    """
    by_subject = is_forward_subject(subject)
    found = _inline(text, by_subject)
    if found is not None:
        if not found.sender.email and html:
            found = _with_html_address(found, html)
        return found
    mails = [p for p in tree.leaves if p.content_type in ("message/rfc822", "message/global")]
    if len(mails) == 1 and (by_subject or len(text.strip()) < 600):
        headers = inner_headers(tree.raw, mails[0], budget)
        senders = parse_addresses(headers.first("from"), 3)
        if senders and senders[0].email:
            return Forwarded(
                senders[0], headers.decoded("subject"), parse_date(headers.first("date")), True
            )
    return None


def _inline(text: str, by_subject: bool) -> Forwarded | None:
    if not by_subject and not _ANY_SEPARATOR.search(text):
        return None
    texts = text.split("\n", _MAX_LINES)[:_MAX_LINES]
    given = Lines(texts, [""] * len(texts))
    first = next((line for line in given.lines if line), "")
    if by_subject and first.startswith(">"):
        # Some clients quote what they forward.
        given = Lines([line.lstrip("> ") for line in given.lines], given.marks)
    for i, line in enumerate(given.lines):
        if not line:
            continue
        if line.startswith(">"):
            return None
        if separator_at(given, i):
            if FORWARD_SEPARATOR.match(line) or by_subject:
                return _read_block(given.lines, i + 1)
            return None
        if header_block_at(given, i):
            return _read_block(given.lines, i) if by_subject else None
        if intro_at(given, i):
            return _from_intro(given.lines, i) if by_subject else None
    return None


def _read_block(lines: list[str], start: int) -> Forwarded | None:
    sender = Address("", "")
    subject = date = ""
    seen = False
    for k in range(start, min(start + 16, len(lines))):
        line = lines[k].lstrip("> ")
        if not line:
            if seen and sender.email:
                break
            continue
        kind = label_of(line)
        value = re.split(r"[:：]", line, maxsplit=1)[1].strip() if kind else ""
        if kind and not value and k + 1 < len(lines):
            value = lines[k + 1].lstrip("> ")
        if kind == "from" and not sender.email:
            following = lines[k + 1] if k + 1 < len(lines) else ""
            if "@" not in value and MAILBOX.search(following) and not label_of(following):
                value += " " + following
            sender = _sender(value)
            seen = True
        elif kind == "subject" and not subject:
            subject = value
        elif kind == "sent" and not date:
            date = value
        elif not kind and seen and not sender.email:
            match = MAILBOX.search(line)
            if match and k <= start + 3:
                sender = Address(sender.name, match[0])
    if not seen:
        return None
    return Forwarded(sender, decode_words(subject)[:500], parse_date(date), False)


def _sender(value: str) -> Address:
    """'Ana <a@b>', 'Ana [mailto:a@b]', 'Ana (a@b)', 'a@b<mailto:a@b>', 'Ana' …"""
    match = _PARENS.search(value) or MAILBOX.search(value)
    if not match:
        return Address(value.strip(" \"'<>")[:300], "")
    email = match[1] if match.lastindex else match[0]
    name = value[: match.start()].strip(" \"'<>[](;")
    if "@" in name:
        name = ""
    return Address(decode_words(name)[:300], email.rstrip(".-"))


def _from_intro(lines: list[str], i: int) -> Forwarded | None:
    joined = " ".join(lines[i : i + 4])
    match = MAILBOX.search(joined)
    return Forwarded(Address("", match[0]), "", None, False) if match else None


def _with_html_address(found: Forwarded, html: str) -> Forwarded:
    """Outlook writes only the name into the text, but the address into the link."""
    at = html.find(found.sender.name) if found.sender.name else -1
    if at == -1:
        return found
    match = re.search(r"mailto:([\w.+%-]+@[\w-]+\.[\w.-]+)", html[max(0, at - 300) : at + 300])
    if not match:
        return found
    return Forwarded(Address(found.sender.name, match[1]), found.subject, found.sent_at, False)
