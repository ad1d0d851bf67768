"""Who is told of what happened elsewhere. The table is tested as a table.

| what happened | who | kind |
|---|---|---|
| it has another owner | the new one | assigned; returned when it came from somebody away |
| an owner had not answered by half | she who had it | returned |
| a customer wrote | the owner; who follows it | message; followed |
| a conversation came that nobody owns | its department | unowned |
| a note names somebody | she | mention |
| somebody, or a department, is asked | they | consulted |
| she who was asked has answered | who asked | side |
| a supplier or carrier answered | the owner; who opened it; who follows | side |
| three quarters of a promise are gone, it is about to break, it broke | its owner | promise |
| somebody asks to take over | who is writing | takeover |
| a reply came back, or did not leave | who wrote it, else the owner | undelivered |
| a reply, a note, a new owner, the end | who follows it | followed |
| a mailbox cannot be reached | administrators | mailbox |
"""

from __future__ import annotations

from esmero.channels.events import MailboxBack, MailboxFailing
from esmero.conversations.events import (
    ColleagueConsulted,
    ConsultationAnswered,
    ConversationAssigned,
    ConversationOpened,
    ConversationResolved,
    Mentioned,
    MessageReceived,
    NoteWritten,
    ReplyHandedOver,
    ReplyNotDelivered,
    ReplyStopped,
    SideMailNotDelivered,
    SideReplyReceived,
    SuspicionCleared,
    TakeoverAsked,
)
from esmero.desk.events import WorkReturned
from esmero.kernel.events import Happened, react
from esmero.kernel.refs import ref
from esmero.notices.actions import drop_hidden, forget_subscriptions_of, settle, tell
from esmero.notices.enums import Kind
from esmero.notices.reads import whom
from esmero.people.events import AgentDeactivated
from esmero.promises.enums import State
from esmero.promises.events import PromiseAboutToBreak, PromisePressing, PromiseSettled


def _place(event: Happened) -> str:
    return ref("conversation", event.data["conversation_id"])


@react(ConversationAssigned, "notices.assigned")
def assigned(event: Happened) -> None:
    """It is somebody's now; who may not see it there any more forgets it."""
    data = event.data
    kind = Kind.RETURNED if data["why"] == "absence" else Kind.ASSIGNED
    tell(event=event, kind=kind, agent_ids=whom.one(data["agent_id"]), subject=_place(event))
    _followers(event, but=whom.one(data["agent_id"]))
    drop_hidden(conversation_id=data["conversation_id"])


@react(WorkReturned, "notices.returned")
def returned(event: Happened) -> None:
    """It went back to the queue: she had not answered."""
    tell(
        event=event,
        kind=Kind.RETURNED,
        agent_ids=whom.one(event.data["agent_id"]),
        subject=_place(event),
    )


def _goes_on(event: MessageReceived) -> bool:
    # What has just come has no owner and no follower.
    return not (event.is_first or event.is_suspect or event.is_history)


@react(MessageReceived, "notices.message", only=_goes_on)
def message(event: Happened) -> None:
    """A customer wrote."""
    owner = whom.owner_of(event.data["conversation_id"])
    if owner:
        tell(event=event, kind=Kind.MESSAGE, agent_ids=owner, subject=_place(event))
    _followers(event, but=owner)


@react(ConversationOpened, "notices.opened", when=whom.wants_unowned)
def opened(event: Happened) -> None:
    """A conversation came."""
    _unowned(event)


@react(SuspicionCleared, "notices.cleared")
def cleared(event: Happened) -> None:
    """It was no spam."""
    _unowned(event)


def _unowned(event: Happened) -> None:
    tell(
        event=event,
        kind=Kind.UNOWNED,
        agent_ids=whom.near(event.data["conversation_id"]),
        subject=_place(event),
    )


@react(Mentioned, "notices.mentioned")
def mentioned(event: Happened) -> None:
    """A note names somebody."""
    named = whom.one(event.data["mentioned_agent_id"])
    tell(event=event, kind=Kind.MENTION, agent_ids=named, subject=_place(event))


@react(ColleagueConsulted, "notices.consulted")
def consulted(event: Happened) -> None:
    """Somebody is asked."""
    asked = whom.asked(event.data["agent_id"], event.data["department_id"])
    tell(event=event, kind=Kind.CONSULTED, agent_ids=asked, subject=_place(event))


@react(ConsultationAnswered, "notices.consultation_answered")
def consultation_answered(event: Happened) -> None:
    """She answered."""
    asker = whom.asker_of(event.data["consultation_id"])
    tell(event=event, kind=Kind.SIDE, agent_ids=asker, subject=_place(event))


@react(SideReplyReceived, "notices.side")
def side(event: Happened) -> None:
    """Somebody outside answered."""
    concerned = whom.of_side(event.data["side_id"], event.data["conversation_id"])
    tell(event=event, kind=Kind.SIDE, agent_ids=concerned, subject=_place(event))


@react(PromisePressing, "notices.promise_pressing")
def promise_pressing(event: Happened) -> None:
    """Three quarters are gone."""
    _promise(event)


@react(PromiseAboutToBreak, "notices.promise_about_to_break")
def promise_about_to_break(event: Happened) -> None:
    """The customer hears of it now."""
    _promise(event)


@react(PromiseSettled, "notices.promise_broken")
def promise_broken(event: Happened) -> None:
    """It broke."""
    if event.data["state"] == State.BROKEN.value:
        _promise(event, is_over=True)


def _promise(event: Happened, *, is_over: bool = False) -> None:
    subject = event.data["subject_ref"]
    if subject.startswith("conversation:"):
        owner = whom.owner_of_promise(event.data["promise_id"], is_over=is_over)
        tell(event=event, kind=Kind.PROMISE, agent_ids=owner, subject=subject)


@react(TakeoverAsked, "notices.takeover")
def takeover(event: Happened) -> None:
    """Somebody asks to take over."""
    asked = whom.one(event.data["asked_agent_id"])
    tell(event=event, kind=Kind.TAKEOVER, agent_ids=asked, subject=_place(event))


@react(ReplyNotDelivered, "notices.undelivered")
def undelivered(event: Happened) -> None:
    """It came back, or could not be sent."""
    writer = whom.writer_of(event.data["message_id"])
    tell(event=event, kind=Kind.UNDELIVERED, agent_ids=writer, subject=_place(event))


@react(SideMailNotDelivered, "notices.side_undelivered")
def side_undelivered(event: Happened) -> None:
    """So did a mail to somebody outside."""
    writer = whom.writer_of(event.data["message_id"])
    tell(event=event, kind=Kind.UNDELIVERED, agent_ids=writer, subject=_place(event))


@react(ReplyStopped, "notices.stopped")
def stopped(event: Happened) -> None:
    """The customer wrote before it left."""
    writer = whom.one(event.data["writer_agent_id"])
    tell(event=event, kind=Kind.UNDELIVERED, agent_ids=writer, subject=_place(event))


@react(NoteWritten, "notices.note")
def note(event: Happened) -> None:
    """For who follows."""
    _followers(event)


@react(ReplyHandedOver, "notices.reply")
def reply(event: Happened) -> None:
    """For who follows."""
    _followers(event, but=whom.one(event.data["agent_id"]))


@react(ConversationResolved, "notices.resolved")
def resolved(event: Happened) -> None:
    """For who follows."""
    _followers(event)


def _followers(event: Happened, *, but: list[int] | None = None) -> None:
    following = whom.following(event.data["conversation_id"], but=but or [])
    if following:
        tell(event=event, kind=Kind.FOLLOWED, agent_ids=following, subject=_place(event))


@react(MailboxFailing, "notices.mailbox")
def mailbox(event: Happened) -> None:
    """Mail does not come."""
    place = ref("mailbox", event.data["mailbox_id"])
    tell(event=event, kind=Kind.MAILBOX, agent_ids=whom.administrators(), subject=place)


@react(MailboxBack, "notices.mailbox_back")
def mailbox_back(event: Happened) -> None:
    """It comes again."""
    place = ref("mailbox", event.data["mailbox_id"])
    settle(kind=Kind.MAILBOX, subject=place, at=event.at)


@react(AgentDeactivated, "notices.leaver")
def leaver(event: Happened) -> None:
    """Who left is told of nothing more."""
    forget_subscriptions_of(agent_id=event.data["agent_id"])
