"""Spam complaints of feedback loops (ARF). **Source:** RFC 5965."""

import re

from esmero.channels.parsing.addresses import parse_addresses
from esmero.channels.parsing.charsets import to_text
from esmero.channels.parsing.headers import Headers, as_line, read_headers
from esmero.channels.parsing.mime import Part, Tree, decode_part, inner_headers
from esmero.channels.parsing.types import Budget, Report

_ORIGINAL = frozenset(
    {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global",
     "message/global-headers"}
)  # fmt: skip
_ID = re.compile(r"<[^<>\s]+>")


def is_original(part: Part) -> bool:
    return part.content_type in _ORIGINAL


def original_headers(tree: Tree, budget: Budget) -> Headers | None:
    """Headers of the returned mail in a report or bounce, None when there is none."""
    for part in tree.leaves:
        if is_original(part):
            return inner_headers(tree.raw, part, budget)
    return None


def message_id_of(headers: Headers | None) -> str:
    if headers is None:
        return ""
    match = _ID.search(headers.first("message-id"))
    return match[0] if match else ""


def _has_original(tree: Tree) -> bool:
    return any(is_original(part) for part in tree.leaves)


def read_report(tree: Tree, budget: Budget) -> Report | None:
    """The complaint in a mail, None when it is none."""
    feedback = next((p for p in tree.leaves if p.content_type == "message/feedback-report"), None)
    root = tree.root
    is_declared = (
        root.content_type == "multipart/report"
        and root.params.get("report-type", "").lower() == "feedback-report"
    )
    # Hotmail's programme sends no ARF, only the mail that was complained about.
    is_jmrp = tree.root.headers.decoded("subject").lower().startswith("complaint about message")
    if feedback is None and not is_declared and not (is_jmrp and _has_original(tree)):
        return None
    fields = Headers([])
    if feedback is not None:
        data = decode_part(tree.raw, feedback, budget.header_bytes).lstrip(b"\r\n")
        fields = read_headers(data, 0, len(data), budget)[0]
    original = original_headers(tree, budget)
    recipient = ""
    for value in fields.all("original-rcpt-to") + (original.all("to") if original else []):
        found = parse_addresses(value, 5)
        if found and "@" in found[0].email:
            recipient = found[0].email
            break
    message_id = message_id_of(original)
    if not message_id:
        for pair in fields.pairs:
            if pair[0] in ("original-message-id", "message-id"):
                message_id = as_line(pair[1])
    return Report(
        feedback_type=to_text(fields.first("feedback-type").encode()).lower()[:40],
        original_message_id=message_id[:998],
        recipient=recipient,
    )
