"""Names of ours that come back in other people's mail: Message-IDs and reply addresses.

Both carry the conversation's id, something random and a signature of 128 bits; the signature is
made and checked by the caller, so that this stays pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MESSAGE_ID = re.compile(r"<?esm\.(\d+)\.([a-z0-9]{10,40})\.([a-z2-7]{26})@[^>\s]+>?", re.I)
REPLY_TAG = re.compile(r"r(\d+)\.([a-z2-7]{26})", re.I)
# Purposes keep a signature made for one thing from counting for another.
FOR_MESSAGE_ID = "message-id"
FOR_REPLY = "reply-address"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a name says of itself, to be believed only when its signature is good."""

    conversation_id: int
    purpose: str
    value: str
    signature: str


def message_id(conversation_id: int, nonce: str, signature: str, domain: str) -> str:
    """Return a Message-ID with its angle brackets (RFC 5322, 3.6.4)."""
    return f"<esm.{conversation_id}.{nonce}.{signature}@{domain}>"


def message_id_value(conversation_id: int, nonce: str) -> str:
    """Return what a Message-ID's signature covers."""
    return f"{conversation_id}.{nonce}"


def claim_of_message_id(text: str) -> Claim | None:
    """Read a Message-ID of our form."""
    match = MESSAGE_ID.fullmatch(text.strip())
    if match is None:
        return None
    value = message_id_value(int(match[1]), match[2].lower())
    return Claim(int(match[1]), FOR_MESSAGE_ID, value, match[3].lower())


def reply_address(mailbox: str, conversation_id: int, signature: str) -> str:
    """Return `soporte+r12.signature@shop.example`, at most 64 characters before the @ where it
    fits.
    """
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+r{conversation_id}.{signature}@{domain}"


def claim_of_address(address: str) -> Claim | None:
    """Read a reply address of our form."""
    local = address.rpartition("@")[0]
    _, plus, tag = local.partition("+")
    match = REPLY_TAG.fullmatch(tag) if plus else None
    if match is None:
        return None
    return Claim(int(match[1]), FOR_REPLY, match[1], match[2].lower())


def without_tag(address: str) -> str:
    """Return an address without its plus part, lower case."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
