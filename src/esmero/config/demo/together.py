"""What a team does around a conversation: tags, notes, mail behind it, beginnings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from esmero.channels import actions as channels
from esmero.channels import queries as channel_queries
from esmero.channels.enums import Source
from esmero.config.demo import letters
from esmero.config.demo.content.shapes import DemoConversation
from esmero.config.demo.content.timing import TimedStep
from esmero.config.demo.furnishing import FurnishedHouse
from esmero.config.demo.passing import Meanwhile
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.enums import Priority, RelationKind


@dataclass(slots=True)
class Tale:
    """What is known of one conversation while it is lived."""

    tale: DemoConversation
    conversation_id: int = 0
    references: str = ""
    count: int = 0
    last_ours: tuple[str, datetime] | None = None
    side_id: int = 0


@dataclass
class Together(FurnishedHouse):
    """The house with its team at work. `lived` holds every conversation by the content's id."""

    meanwhile: Meanwhile = field(default_factory=Meanwhile)
    lived: dict[str, Tale] = field(default_factory=dict)

    def agent_of(self, lived: Tale, timed: TimedStep) -> int:
        """Return who does a step."""
        who = timed.step.who or lived.tale.owner
        return self.agents[who] if who else next(iter(self.agents.values()))

    def sent_in(self, conversation_id: int) -> str:
        """Return the Message-ID of the last mail that left in it, "" before."""
        sent = channel_queries.deliveries().filter(conversation_id=conversation_id)
        last = sent.exclude(sent_at=None).first()
        return last.message_header if last else ""

    def tag(self, lived: Tale, timed: TimedStep) -> None:
        """Put tags on it."""
        conversations.change_tags(
            conversation_id=lived.conversation_id,
            add=[self.tags[tag] for tag in timed.step.tags],
            at=timed.at,
            by=self.agent_of(lived, timed),
        )

    def press(self, lived: Tale, timed: TimedStep) -> None:
        """Say that it matters more than others."""
        conversations.set_priority(
            conversation_id=lived.conversation_id,
            priority=Priority.HIGH,
            at=timed.at,
            by=self.agent_of(lived, timed),
        )

    def follow(self, lived: Tale, timed: TimedStep) -> None:
        """Follow it."""
        conversations.follow_conversation(
            conversation_id=lived.conversation_id,
            agent_id=self.agent_of(lived, timed),
            at=timed.at,
        )

    def merge(self, lived: Tale, timed: TimedStep) -> None:
        """Make another conversation part of it."""
        conversations.merge_conversations(
            kept_id=lived.conversation_id,
            merged_ids=[self.lived[timed.step.other].conversation_id],
            at=timed.at,
            by=self.agent_of(lived, timed),
        )

    def link(self, lived: Tale, timed: TimedStep) -> None:
        """Link it with another."""
        conversations.link_conversations(
            first_id=lived.conversation_id,
            second_id=self.lived[timed.step.other].conversation_id,
            kind=RelationKind.RELATED,
            at=timed.at,
            by=self.agent_of(lived, timed),
        )

    def consult(self, lived: Tale, timed: TimedStep) -> None:
        """Ask a colleague."""
        conversations.consult(
            conversation_id=lived.conversation_id,
            question=timed.text,
            agent_id=self.agents[timed.step.whom],
            at=timed.at,
            by=self.agent_of(lived, timed),
        )

    def side(self, lived: Tale, timed: TimedStep) -> None:
        """Write to somebody whom the customer never sees."""
        lived.side_id = channels.begin_side(
            conversation_id=lived.conversation_id,
            subject=timed.step.subject,
            mail=channels.SideMail(
                agent_id=self.agent_of(lived, timed),
                text=timed.text,
                to=[timed.step.to],
                follow_up_at=timed.due_at,
                undo_seconds=0,
            ),
            at=timed.at,
        )
        self.meanwhile.hand_over(timed.at)

    def side_in(self, lived: Tale, timed: TimedStep) -> None:
        """Let them answer."""
        asked = next(step for step in lived.tale.steps if step.kind == "side")
        name, address = asked.to
        answered = self.sent_in(lived.side_id)
        department = self.content.departments[lived.tale.department]
        channels.accept_mail(
            source=Source.SMTP,
            data=letters.letter(
                name=name,
                address=address,
                to=(self.content.name, department.mailbox),
                subject=f"Re: {asked.subject}",
                text=timed.text,
                html="",
                at=timed.at,
                message_id=f"<{lived.tale.id}.lateral@{address.rpartition('@')[2]}>",
                in_reply_to=answered,
            ),
            received_at=timed.at,
            at=timed.at,
            mailbox_id=self.mailboxes[lived.tale.department],
            envelope_to=[department.mailbox],
        )
        while channels.file_one(at=timed.at):
            pass

    def draft(self, lived: Tale, timed: TimedStep) -> None:
        """Begin an answer."""
        asked = conversation_queries.last_inbound(lived.conversation_id)
        if asked is None:
            raise RuntimeError(f"{lived.tale.id}: nothing to answer")
        conversations.save_draft(
            conversation_id=lived.conversation_id,
            agent_id=self.agent_of(lived, timed),
            mode="reply",
            text=timed.text,
            to=[(asked.from_name, asked.from_address)],
            seen_message_id=asked.pk,
            at=timed.at,
        )

    def bounce(self, lived: Tale, timed: TimedStep) -> None:
        """Let the last mail of ours come back."""
        ours = conversation_queries.messages_of(lived.conversation_id).filter(direction="out")
        last = ours.last()
        if last is None:
            raise RuntimeError(f"{lived.tale.id}: nothing that could come back")
        department = self.content.departments[lived.tale.department]
        channels.accept_mail(
            source=Source.SMTP,
            data=letters.returned(
                to=department.mailbox,
                original=last.message_id,
                recipient=last.to[0][1],
                text=timed.text,
                at=timed.at,
            ),
            received_at=timed.at,
            at=timed.at,
            mailbox_id=self.mailboxes[lived.tale.department],
            envelope_to=[department.mailbox],
        )
        while channels.file_one(at=timed.at):
            pass
