"""People who ask things, for the tests of questions: searches, mails and the answers to them."""

from __future__ import annotations

from datetime import timedelta

from esmero.conversations import actions as conversations
from esmero.conversations.actions import Contact, Reply
from esmero.conversations.enums import After
from esmero.kernel import dispatch
from esmero.knowledge import actions, queries
from esmero.knowledge.enums import Audience, Kind
from tests.cast import NOON


def search(text, asker="v1", at=NOON, language="es", **more):
    """Search as the portal does, and return the question's id."""
    found = queries.search(text, language=language, reader=Audience.PUBLIC)
    return actions.note_search(
        text=text, language=language, asker=asker, found=found, at=at, **more
    )


def mail(text, who="marta", at=NOON, subject="Consulta", **more):
    """Write to the shop and return the conversation's id; the reactions have run."""
    received = conversations.receive(
        contact=Contact(
            channel="mail",
            sender_email=f"{who}@correo.example",
            sender_name=f"{who.capitalize()} Ruiz",
            subject=subject,
            text=text,
            received_at=at,
            language="es",
            **more,
        ),
        at=at,
    )
    react(at)
    return received.conversation_id


def answer(conversation_id, agent_id, text, at=NOON + timedelta(minutes=30), who="marta"):
    """Answer, let the mail server take it, and return the message's id."""
    written = conversations.write_reply(
        reply=Reply(
            conversation_id=conversation_id,
            agent_id=agent_id,
            text=text,
            to=[("", f"{who}@correo.example")],
            after=After.RESOLVE,
        ),
        at=at,
    )
    conversations.note_handed_over(message_id=written.message_id, at=at)
    react(at)
    return written.message_id


def react(at=NOON):
    """Run the reactions that are owed."""
    while dispatch.dispatch_one(at=at):
        pass


def group(at=NOON):
    """Read and group what was asked, as the worker does."""
    actions.prepare_questions()
    actions.group_questions(at=at)


def publish(title, body="Tienes 30 días.", wordings="", language="es", audience=Audience.PUBLIC):
    """Publish a FAQ and return its id."""
    pk = actions.create_article(
        kind=Kind.FAQ, language=language, title=title, body=f"<p>{body}</p>", wordings=wordings,
        audience=audience, at=NOON, by=None,
    )  # fmt: skip
    actions.publish_text(article_id=pk, language=language, at=NOON, by=None)
    react()
    return pk
