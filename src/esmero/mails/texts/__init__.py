"""The customer texts that no person wrote, and the team's warnings: one folder for each.

A text is a file `<variant>.<language>[.<voice>].txt` (`main.es.txt`, `main.es.usted.txt`): a line
`Subject: …`, an empty line, paragraphs. It has no logic. `{{ name }}` is a variable of the text's
allow-list; a paragraph that names one with nothing in it is left out. `# …` is the promise, set
apart; `[words]({{ link }})` alone in a paragraph is the one thing to do. The shop may word the
customer texts anew (`shop.actions.word_text`, key `text_key`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from esmero.kernel import templating

HERE = Path(__file__).parent
LANGUAGES = ("es", "en")
VOICES = ("tu", "usted", "vos")
_SUBJECT = "Subject: "

CUSTOMER_VARIABLES = frozenset({"customer_name", "promise_time", "shop_name", "number", "link"})
REFERRAL_VARIABLES = CUSTOMER_VARIABLES | {"colleague", "owner"}
PARTICIPANT_VARIABLES = frozenset({"customer_name", "shop_name", "number", "link"})
CODE_VARIABLES = frozenset({"customer_name", "shop_name", "code", "link"})
LINK_VARIABLES = frozenset({"customer_name", "shop_name", "items"})
TEAM_VARIABLES = frozenset({"agent_name", "shop_name", "first", "items"})
NOTICE_VARIABLES = TEAM_VARIABLES | {"silence", "settings"}
_LATE = ("answer", "update", "solve", "call", "outage")


@dataclass(frozen=True, slots=True)
class TextKind:
    """What is fixed of a text, whatever its words."""

    name: str
    variants: tuple[str, ...]
    variables: frozenset[str]
    is_for_customers: bool
    auto_submitted: str  # the value of Auto-Submitted (RFC 3834, 5)


@dataclass(frozen=True, slots=True)
class Wording:
    """A text's words in one language and voice."""

    subject: str
    body: str


KINDS: Mapping[str, TextKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            TextKind(
                "acknowledgement", ("main", "late"), CUSTOMER_VARIABLES, True, "auto-replied"
            ),
            TextKind("late_notice", _LATE, CUSTOMER_VARIABLES, True, "auto-generated"),
            TextKind("links", ("main",), LINK_VARIABLES, True, "auto-replied"),
            TextKind("code", ("main",), CODE_VARIABLES, True, "auto-replied"),
            TextKind("referral", ("main",), REFERRAL_VARIABLES, True, "auto-generated"),
            TextKind("participant", ("main",), PARTICIPANT_VARIABLES, True, "auto-generated"),
            TextKind("notices", ("main",), NOTICE_VARIABLES, False, "auto-generated"),
            *(
                TextKind(name, ("main",), TEAM_VARIABLES, False, "auto-generated")
                for name in (
                    "owner_warning",
                    "supervisor_warning",
                    "untold",
                    "broken",
                    "beyond_limit",
                )
            ),
        )
    }
)


def text_key(name: str, variant: str = "main") -> str:
    """Return the key under which the shop keeps its own wording."""
    return name if variant == "main" else f"{name}_{variant}"


def text_keys() -> list[str]:
    """Return the keys of every text that the shop may word, in the order of the settings page."""
    return [
        text_key(kind.name, variant)
        for kind in KINDS.values()
        if kind.is_for_customers
        for variant in kind.variants
    ]


@lru_cache(maxsize=256)
def built_in(name: str, variant: str, language: str, voice: str) -> Wording:
    """Return the wording that comes with the house; a voice without a file of its own says tú."""
    folder = HERE / name
    path = folder / f"{variant}.{language}.{voice}.txt"
    if not path.is_file():
        path = folder / f"{variant}.{language}.txt"
    return read(path.read_text(encoding="utf-8"))


def read(content: str) -> Wording:
    """Split a file into subject and body. Raises ValueError when it has no subject."""
    first, _, body = content.partition("\n")
    if not first.startswith(_SUBJECT) or not body.strip():
        raise ValueError("a text begins with 'Subject: ' and has a body")
    return Wording(first.removeprefix(_SUBJECT).strip(), body.strip())


def variables_in(text: str) -> list[str]:
    """Return the names in double braces, in order, each once."""
    return templating.unknown_variables(text, frozenset())


def language_of(wanted: str, fallback: str) -> str:
    """Return the language of a text: the customer's where we have it, else the shop's."""
    for code in (wanted[:2].lower(), fallback[:2].lower()):
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]
