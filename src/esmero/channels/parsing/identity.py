"""One hash for one mail, however often and over whichever mailbox it arrives."""

import hashlib

from esmero.channels.parsing.headers import Headers
from esmero.channels.parsing.mime import Tree, decode_part

# What the author's side fixed. Received, Delivered-To, Return-Path, X-*, Authentication-Results,
# DKIM-Signature, ARC-* and the like are added on the way.
_FIXED = ("message-id", "from", "to", "cc", "subject", "date", "in-reply-to", "references")
_MAX_DECODED = 8_000_000


def identity_hash(headers: Headers, tree: Tree, digests: dict[int, str]) -> str:
    """sha256 in hex over the author's headers and every part's decoded content.

    `digests` are the known hashes of attachments by part number. Line ends, transfer encodings and
    boundaries do not matter, so a server that rewrites them changes nothing.
    """
    total = hashlib.sha256()
    for name in _FIXED:
        for value in headers.all(name):
            total.update(f"{name}:{' '.join(value.split())}\n".encode("utf-8", "replace"))
    for part in tree.leaves:
        total.update(f"part:{part.content_type}\n".encode("utf-8", "replace"))
        known = digests.get(part.number)
        if known is None:
            data = decode_part(tree.raw, part, _MAX_DECODED)
            if part.end - part.start > _MAX_DECODED:
                total.update(tree.raw[part.start : part.end])
            known = hashlib.sha256(data.replace(b"\r\n", b"\n").strip()).hexdigest()
        total.update(known.encode())
    if "too_many_parts" in tree.defects or "too_deep" in tree.defects:
        total.update(tree.raw[tree.root.start :].replace(b"\r\n", b"\n"))
    return total.hexdigest()
