"""What the forms under a thread show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from esmero.console.thread.recipients import Addresses, parse
from esmero.conversations.enums import Quotes

if TYPE_CHECKING:
    from esmero.console.thread.findings import Shown
    from esmero.conversations.models import Draft, DraftFile


@dataclass(slots=True)
class Composer:
    """Both forms under a thread as they stand."""

    mode: str
    to: str
    cc: str
    bcc: str
    text: str
    note: str
    files: list[DraftFile]
    saved_at: datetime | None
    seen: int | None
    once: str
    bounced: list[str]
    own: set[str] = field(default_factory=set)
    promise_kind: str = ""
    promise_when: str = ""
    quotes: str = Quotes.ALL.value
    quoted: str = ""
    later: str = ""
    then: str = ""
    # Whose draft it is when it is a colleague's, who wrote last in it, and who may write in it.
    draft_id: int | None = None
    version: int = 0
    lender: str = ""
    last_writer: str = ""
    note_version: int = 0
    offered: list[Draft] = field(default_factory=list)
    stopped_at: datetime | None = None
    undo_seconds: int = 15
    # What the check found, and whether it stopped the Send just now.
    findings: list[Shown] = field(default_factory=list)
    passed: str = ""
    is_stopped: bool = False
    after: str = ""

    @property
    def said_to(self) -> Addresses:
        """Whom it goes to, as the line above the text says it."""
        return parse(self.to, lenient=True)

    @property
    def said_cc(self) -> Addresses:
        """Who gets a copy."""
        return parse(self.cc, lenient=True)

    @property
    def said_bcc(self) -> Addresses:
        """Who gets a copy that the others do not see."""
        return parse(self.bcc, lenient=True)

    @property
    def is_note_untouched(self) -> bool:
        """Nobody has begun a note, nor is about to."""
        return self.mode == "reply" and self.saved_at is None and not self.note_version

    @property
    def is_extra_untouched(self) -> bool:
        """Nothing goes along with the reply yet: no file, promise, other time or other quote."""
        said = (self.promise_kind, self.promise_when, self.later, self.then, self.after)
        return not (self.files or self.quoted or any(said)) and self.quotes == Quotes.ALL.value

    @property
    def everyone(self) -> int:
        """How many would receive the reply."""
        return (
            len(parse(self.to, lenient=True))
            + len(parse(self.cc, lenient=True))
            + len(parse(self.bcc, lenient=True))
        )


UNTOUCHED = Composer(
    mode="reply", to="", cc="", bcc="", text="", note="", files=[], saved_at=None, seen=None,
    once="", bounced=[],
)  # fmt: skip
"""What the pieces that are moulded show of it."""
