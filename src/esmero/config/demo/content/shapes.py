"""What the demo shop is made of: its words and frozen dataclasses. `reading` says the format."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

ROLES = frozenset({"admin", "supervisor", "agent"})
CHANNELS = frozenset({"mail", "form"})
KINDS = frozenset(
    {"question", "complaint", "suggestion", "thanks", "sale", "order", "return", "call"}
)
AIMS = frozenset(
    {
        "kept",  # every promise kept
        "mended",  # one broken, made good by us before the customer had to ask
        "broken",  # one broken, and the customer had to ask again
        "renegotiated",  # one moved on our initiative, then kept: counts as not kept
        "moved_by_customer",  # one moved at the customer's request: neutral
        "released",  # one let go: waiting for the customer, withdrawn, duplicate
        "open",  # a promise still runs (or waits, or sleeps) today
        "spam",  # held as suspect today
    }
)
BY_CUSTOMER = frozenset({"in", "thanks", "auto_in", "spam_in"})
BY_AGENT = frozenset(
    {"clear", "reply", "note", "assign", "call", "resolve", "renegotiate", "snooze", "reopen"}
    | {"tag", "press", "follow", "merge", "link", "consult", "side", "draft"}
)
OTHERS = frozenset({"bounce", "side_in"})
DOINGS = BY_CUSTOMER | BY_AGENT | OTHERS
WITH_TEXT = BY_CUSTOMER | {
    "reply", "note", "call", "renegotiate", "bounce", "consult", "side", "side_in", "draft",
}  # fmt: skip
WITH_OTHER = frozenset({"merge", "link"})
PROMISED = frozenset({"answer", "update", "solve", "call", "follow_up"})
RELEASES = frozenset({"withdrew", "duplicate", "not_a_contact"})
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class DemoFrame:
    """An opening: from `opens` to `closes` (local) on each of `days` (0 = Monday)."""

    days: tuple[int, ...]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class DemoDepartment:
    """`target_minutes`, `limit_minutes` and `update_minutes` are business minutes."""

    id: str
    name: str
    mailbox: str
    description: str
    topic: str
    target_minutes: int
    limit_minutes: int
    update_minutes: int
    frames: tuple[DemoFrame, ...]


@dataclass(frozen=True, slots=True)
class DemoAbsence:
    """Away from `from_days_ago` days before today until `until_days` days after it."""

    from_days_ago: int
    until_days: int
    reason: str
    substitute: str


@dataclass(frozen=True, slots=True)
class DemoAgent:
    id: str
    name: str
    email: str
    role: str
    departments: tuple[str, ...]
    signature: str
    voice: str
    absence: DemoAbsence | None = None


@dataclass(frozen=True, slots=True)
class DemoAddress:
    email: str
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """`clock` names the customer's own clock in promises when it is not the shop's."""

    id: str
    name: str
    town: str
    country: str
    addresses: tuple[DemoAddress, ...]
    language: str = "es"
    zone: str = "Europe/Madrid"
    clock: str = ""
    phones: tuple[str, ...] = ()
    company: str = ""
    tax_id: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class DemoPromise:
    """`due` is in business minutes of the department after the step."""

    kind: str
    due: int


@dataclass(frozen=True, slots=True)
class DemoStep:
    """One thing that happens; see the module. `after_minutes` is business time, `later_minutes`
    plain time; at most one of them is set."""

    kind: str
    text: str = ""
    who: str = ""
    after_minutes: int = 0
    later_minutes: int = 0
    html: str = ""
    attachments: tuple[str, ...] = ()
    sender: str = ""
    then: str = ""
    promise: DemoPromise | None = None
    release: str = ""
    by: str = ""
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    whom: str = ""
    other: str = ""
    to: tuple[str, str] = ("", "")
    subject: str = ""


@dataclass(frozen=True, slots=True)
class DemoConversation:
    id: str
    department: str
    customer: str
    address: str
    channel: str
    kind: str
    language: str
    subject: str
    aim: str
    owner: str
    steps: tuple[DemoStep, ...]
    order: str = ""
    days_ago: int | None = None
    at: time | None = None
    weekday: int | None = None
    last_ago: int | None = None
    last_ago_wall: int | None = None


@dataclass(frozen=True, slots=True)
class DemoSavedAnswer:
    name: str
    shortcut: str
    departments: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class DemoTag:
    id: str
    name: str
    is_line: bool = False


@dataclass(frozen=True, slots=True)
class DemoAct:
    """`value` names what it is about by its id: a tag, a saved answer's shortcut."""

    do: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class DemoMacro:
    name: str
    acts: tuple[DemoAct, ...]
    department: str = ""


@dataclass(frozen=True, slots=True)
class DemoRule:
    """`words` are looked for in what the customer wrote, as the settings do it."""

    name: str
    words: str
    acts: tuple[DemoAct, ...]
    departments: tuple[str, ...] = ()
    ends: bool = False


@dataclass(frozen=True, slots=True)
class DemoView:
    """Shared with its `department` when it has one; `tags` by their ids."""

    name: str
    agent: str
    department: str = ""
    tags: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    unanswered: str = ""


@dataclass(frozen=True, slots=True)
class DemoField:
    id: str
    name: str
    kind: str
    hint: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoKnown:
    """What the team knows of a customer: tier, values by field, signed notes, consents."""

    customer: str
    values: Mapping[str, str]
    notes: tuple[tuple[str, str], ...] = ()
    consents: tuple[str, ...] = ()
    tier: str = ""


@dataclass(frozen=True, slots=True)
class DemoWork:
    agent: str
    languages: tuple[str, ...]
    lines: tuple[str, ...]
    capacity: int


@dataclass(frozen=True, slots=True)
class DemoDesk:
    """What a team has made for itself on its desk."""

    tags: Mapping[str, DemoTag]
    macros: tuple[DemoMacro, ...]
    rules: tuple[DemoRule, ...]
    views: tuple[DemoView, ...]
    fields: Mapping[str, DemoField]
    known: tuple[DemoKnown, ...]
    works: tuple[DemoWork, ...]
    tier_targets: Mapping[str, int]  # business minutes to an answer, by the tier's name


@dataclass(frozen=True, slots=True)
class DemoNoteStyle:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class DemoShop:
    name: str
    domain: str
    country: str
    region: str
    town: str
    zone: str
    language: str
    address_form: str
    description: str
    departments: Mapping[str, DemoDepartment]
    agents: Mapping[str, DemoAgent]
    customers: Mapping[str, DemoCustomer]
    conversations: tuple[DemoConversation, ...]
    saved_answers: tuple[DemoSavedAnswer, ...]
    note_styles: tuple[DemoNoteStyle, ...]
    desk: DemoDesk
