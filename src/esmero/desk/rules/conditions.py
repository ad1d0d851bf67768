"""Conditions over an allow-list: what a rule asks of a conversation that arrives, and a view of
one that is there. All that are filled in must hold; of several values in one, any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from esmero.kernel.text import fold

# The shapes: `choice` (list of codes), `ids` (list of numbers), `words` (text), `flag` (yes, no).
FOR_RULES: dict[str, str] = {
    "mailbox": "ids",
    "channel": "choice",
    "department": "ids",
    "kind": "choice",
    "language": "choice",
    "sender": "words",
    "subject": "words",
    "text": "words",
    "not_text": "words",
    "has_files": "flag",
    "new": "flag",
    "open_hours": "flag",
    "tag": "ids",
    "priority": "choice",
}
FOR_VIEWS: dict[str, str] = {
    "state": "choice",
    "owner": "choice",  # me, nobody, agent:3
    "department": "ids",
    "tag": "ids",
    "priority": "choice",
    "channel": "choice",
    "kind": "choice",
    "language": "choice",
    "unanswered": "flag",
    "snoozed": "flag",
    "failed": "flag",
    "due": "choice",  # late, today
}
_CODE = re.compile(r"[a-z0-9:_-]{1,40}")
WORDS_MOST = 500
VALUES_MOST = 50
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a conversation when it arrives. Tags and places change as rules fire."""

    mailbox_id: int | None = None
    channel: str = ""
    department_id: int | None = None
    kind: str = ""
    language: str = ""
    sender: str = ""
    subject: str = ""
    text: str = ""
    has_files: bool = False
    is_new: bool = False
    is_open_hours: bool = True
    tag_ids: frozenset[int] = frozenset()
    priority: int = 0
    owner_id: int | None = None


def clean(raw: Mapping[str, Any], allowed: Mapping[str, str]) -> dict[str, Any]:
    """Return conditions fit to be stored; what says nothing is left out.

    Raises ValueError with the name of one that is not allowed or cannot be read.
    """
    found: dict[str, Any] = {}
    for name, value in raw.items():
        shape = allowed.get(name)
        if shape is None:
            raise ValueError(name[:40])
        read = _read(shape, value)
        if read is None:
            raise ValueError(name)
        if read not in ("", []):
            found[name] = read
    return found


def _read(shape: str, value: Any) -> Any:
    if shape == "words":
        return " ".join(str(value).split()) if len(str(value)) <= WORDS_MOST else None
    if shape == "flag":
        return value if value in ("", "yes", "no") else None
    values = list(value) if isinstance(value, list | tuple) else ([value] if value else [])
    if len(values) > VALUES_MOST:
        return None
    if shape == "ids":
        texts = [str(one) for one in values]
        return [int(t) for t in texts] if all(t.isdigit() and len(t) < 18 for t in texts) else None
    codes = [str(one) for one in values]
    return codes if all(_CODE.fullmatch(code) for code in codes) else None


def missed(conditions: Mapping[str, Any], facts: Facts) -> str:
    """Return the name of the first condition that does not hold, empty when all do."""
    return next(
        (name for name, wanted in conditions.items() if not _holds(name, wanted, facts)), ""
    )


def _holds(name: str, wanted: Any, facts: Facts) -> bool:
    match name:
        case "mailbox":
            return facts.mailbox_id in wanted
        case "channel":
            return facts.channel in wanted
        case "department":
            return facts.department_id in wanted
        case "kind":
            return facts.kind in wanted
        case "language":
            return facts.language[:2] in wanted
        case "sender":
            return is_from(facts.sender, wanted)
        case "subject":
            return has_words(facts.subject, wanted)
        case "text":
            return has_words(f"{facts.subject}\n{facts.text}", wanted)
        case "not_text":
            return not has_words(f"{facts.subject}\n{facts.text}", wanted)
        case "has_files":
            return facts.has_files is (wanted == "yes")
        case "new":
            return facts.is_new is (wanted == "yes")
        case "open_hours":
            return facts.is_open_hours is (wanted == "yes")
        case "tag":
            return bool(facts.tag_ids & set(wanted))
        case "priority":
            return str(facts.priority) in wanted
    return False  # stored by a later version, or by hand: what is not known does not hold


def is_from(sender: str, wanted: str) -> bool:
    """Say whether an address is one of those wanted: `ana@x.example`, `@x.example`, `x.example`.

    A domain covers its subdomains.
    """
    address = sender.strip().casefold()
    domain = address.rpartition("@")[2]
    for one in re.split(r"[\s,;]+", wanted.casefold()):
        if not one:
            continue
        local, _at, place = one.rpartition("@")
        if local:
            if address == one:
                return True
        elif domain and (domain == place or domain.endswith(f".{place}")):
            return True
    return False


def has_words(text: str, wanted: str) -> bool:
    """Say whether one of the wanted words or phrases (parted by commas) stands in a text.

    Accents and capitals are ignored; whole words only, but `devol*` begins any.
    """
    words = f" {' '.join(_WORD.findall(fold(text)))} "
    for phrase in wanted.split(","):
        is_beginning = phrase.rstrip().endswith("*")
        plain = " ".join(_WORD.findall(fold(phrase)))
        if plain and f" {plain}{'' if is_beginning else ' '}" in words:
            return True
    return False
