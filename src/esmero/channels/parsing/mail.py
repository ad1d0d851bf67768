"""`parse_mail`: raw bytes in, one frozen ParsedMail out; whatever the bytes are, no exception."""

import hashlib
import re
from time import perf_counter

from esmero.channels.parsing.addresses import NOBODY, address_header, sender_of
from esmero.channels.parsing.authresults import read_verdict
from esmero.channels.parsing.automatic import automatic_reason, is_bulk, is_list
from esmero.channels.parsing.body import Body, inline_files, read_body, without_files
from esmero.channels.parsing.bounces import read_bounce
from esmero.channels.parsing.charsets import clean
from esmero.channels.parsing.dates import sent_at
from esmero.channels.parsing.forwards import read_forwarded
from esmero.channels.parsing.headers import Headers
from esmero.channels.parsing.identity import identity_hash
from esmero.channels.parsing.language import detect_language
from esmero.channels.parsing.mime import decode_part, read_tree
from esmero.channels.parsing.reports import read_report
from esmero.channels.parsing.types import DEFAULT_BUDGET, AuthVerdict, Budget, ParsedMail
from esmero.channels.parsing.visible import split_html, split_text

# What spam scoring and loop guards look at later; everything else stays in the raw mail.
KEPT_HEADERS = frozenset(
    {"authentication-results", "auto-submitted", "content-language", "date", "errors-to",
     "feedback-id", "importance", "list-id", "list-post", "list-unsubscribe", "mime-version",
     "organization", "precedence", "priority", "received", "received-spf", "return-path",
     "sender", "thread-topic", "user-agent"}
)  # fmt: skip
_KEPT_PREFIXES = ("x-",)
_MAX_KEPT = 100
_ID = re.compile(r"<[^<>\s]{1,990}>")
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")


def _ids(headers: Headers, name: str) -> tuple[str, ...]:
    found: list[str] = []
    for value in headers.all(name):
        ids = _ID.findall(value)
        if not ids and "@" in value:
            ids = [f"<{word.strip('<>')}>" for word in value.split() if "@" in word]
        found.extend(clean(one) for one in ids)
    return tuple(dict.fromkeys(found))[:200]


def _kept(headers: Headers) -> dict[str, tuple[str, ...]]:
    kept: dict[str, tuple[str, ...]] = {}
    for name, _ in headers.pairs:
        if name in kept or not (name in KEPT_HEADERS or name.startswith(_KEPT_PREFIXES)):
            continue
        kept[name] = tuple(value[:2_000] for value in headers.all(name)[:20])
        if len(kept) >= _MAX_KEPT:
            break
    return kept


def parse_mail(
    raw: bytes, *, trusted_authserv_ids: tuple[str, ...] = (), budget: Budget = DEFAULT_BUDGET
) -> ParsedMail:
    """Read one mail. Never raises; what is wrong with it is in `defects` and `sender_defects`.

    `trusted_authserv_ids` are the names under which our own receiving servers write
    Authentication-Results; without them `auth` is 'none' throughout.
    """
    try:
        return _parse(raw, trusted_authserv_ids, budget)
    except Exception:  # noqa: BLE001 - the one entry: a poison mail must not stop the next one
        return _unreadable(raw)


def _unreadable(raw: bytes) -> ParsedMail:
    """The last net: an empty reading that still has an identity, for the quarantine."""
    return ParsedMail(
        message_id="", in_reply_to=(), references=(), subject="", sender=NOBODY,
        sender_defects=("no_from",), reply_to=(), to=(), cc=(), bcc=(), delivered_to=(),
        sent_at=None, text="", html="", visible_text="", quoted_text="", visible_html="",
        attachments=(), is_auto=False, auto_reason="", is_list=False, is_bulk=False,
        is_bounce=False, bounce=None, is_report=False, report=None, forwarded=None,
        language="", auth=AuthVerdict(), identity_hash=hashlib.sha256(raw).hexdigest(),
        size=len(raw), defects=("unreadable",),
    )  # fmt: skip


def _parse(raw: bytes, trusted: tuple[str, ...], budget: Budget) -> ParsedMail:
    deadline = perf_counter() + budget.seconds
    tree = read_tree(raw, budget)
    headers = tree.root.headers
    body = read_body(tree, budget)
    defects = tree.defects + body.defects
    subject = clean(headers.decoded("subject"))[:2_000]
    sender, sender_defects = sender_of(headers, budget)
    has_time = perf_counter() < deadline
    bounce = read_bounce(headers, tree, sender, subject, body.text, budget, has_time)
    report = read_report(tree, budget)
    auto_reason = ""
    if bounce is None and report is None:
        auto_reason = automatic_reason(headers, tree, subject, body.text, sender)
    if perf_counter() < deadline:
        visible, quoted, visible_html = visible_parts(body, budget)
    else:
        defects.append("out_of_time")
        visible, quoted, visible_html = body.text, "", body.html
    forwarded = None
    if bounce is None and report is None and perf_counter() < deadline:
        text = body.text[: budget.visible_chars]
        forwarded = read_forwarded(tree, subject, text, body.html, budget)
    message_ids = _ids(headers, "message-id")
    digests = {file.part_number: file.sha256 for file in body.attachments}
    return ParsedMail(
        message_id=message_ids[0] if message_ids else "",
        in_reply_to=_ids(headers, "in-reply-to"),
        references=_ids(headers, "references"),
        subject=subject,
        sender=sender,
        sender_defects=sender_defects,
        reply_to=tuple(address_header(headers, ("reply-to",), budget)),
        to=tuple(address_header(headers, ("to",), budget)),
        cc=tuple(address_header(headers, ("cc",), budget)),
        bcc=tuple(address_header(headers, ("bcc",), budget)),
        delivered_to=tuple(address_header(headers, _DELIVERED, budget)),
        sent_at=sent_at(headers),
        text=body.text,
        html=body.html,
        visible_text=visible,
        quoted_text=quoted,
        visible_html=visible_html,
        attachments=body.attachments,
        is_auto=bool(auto_reason),
        auto_reason=auto_reason,
        is_list=is_list(headers),
        is_bulk=is_bulk(headers),
        is_bounce=bounce is not None,
        bounce=bounce,
        is_report=report is not None,
        report=report,
        forwarded=forwarded,
        language=detect_language(visible or subject, headers.first("content-language")),
        auth=read_verdict(headers, trusted),
        identity_hash=identity_hash(headers, tree, digests),
        size=len(raw),
        defects=tuple(dict.fromkeys(defects)),
        headers=_kept(headers),
    )


def visible_parts(body: Body, budget: Budget) -> tuple[str, str, str]:
    """(visible text, quoted text, visible HTML).

    The plain part decides; where it hides its quote too well, the markup of the HTML part does.
    """
    limit = budget.visible_chars
    visible = quoted = visible_html = ""
    from_html = ("", "")
    if body.html:
        html = body.html[: 4 * limit]
        shown, hidden, visible_html = split_html(html)
        visible_html += body.html[4 * limit :]
        from_html = (shown, hidden)
    if body.is_html_only:
        return (*from_html, visible_html)
    visible, quoted = split_text(without_files(body.text)[:limit])
    visible += body.text[limit:]
    if from_html[1] and not quoted and from_html[0]:
        return (*from_html, visible_html)
    return visible, quoted, visible_html


def attachment_bytes(raw: bytes, part_number: int, *, budget: Budget = DEFAULT_BUDGET) -> bytes:
    """The decoded bytes of the attachment `part_number` of the same raw mail.

    Raises LookupError when the mail has no such part.
    """
    tree = read_tree(raw, budget)
    if 1 <= part_number <= len(tree.leaves):
        return decode_part(tree.raw, tree.leaves[part_number - 1])
    inline = inline_files(tree, budget)
    index = part_number - len(tree.leaves) - 1
    if 0 <= index < len(inline):
        return inline[index]
    raise LookupError(f"no part {part_number}")
