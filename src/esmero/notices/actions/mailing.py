"""The digest: what a member was told in the last minutes, in one mail, when mail may speak."""

from __future__ import annotations

from datetime import datetime

from esmero.channels import actions as channels
from esmero.kernel.transactions import action
from esmero.notices import queries
from esmero.notices.models import Mute, Notice
from esmero.notices.rules import matrix
from esmero.people import queries as people

TEMPLATE = "notices"
LISTED_MOST = 50


@action
def mail_one(*, at: datetime) -> bool:
    """Send the digest of one member for whom one is due, or put it off to the end of her quiet;
    say whether there was one.

    What has become hers to see no more, what she has seen meanwhile and what she silenced is left
    out; an empty digest is not sent.
    """
    due = (
        Notice.objects.select_for_update(skip_locked=True)
        .filter(mail_at__lte=at)
        .order_by("mail_at", "id")
        .first()
    )
    if due is None:
        return False
    preferences = queries.preferences_of(due.agent_id)
    mine = Notice.objects.filter(agent_id=due.agent_id, mail_at__isnull=False)
    until = queries.quiet_until(preferences, at=at)
    if until is not None:
        mine.filter(mail_at__lt=until).update(mail_at=until)
        return True
    ids = list(mine.select_for_update().values_list("id", flat=True))
    agent = people.agent(due.agent_id)
    cards = [card for card in queries.cards(due.agent_id, ids) if not silenced(due.agent_id, card)]
    Notice.objects.filter(pk__in=ids).update(mail_at=None, mailed_at=at)
    if cards and agent is not None:
        channels.tell_member(
            template=TEMPLATE,
            agent=agent,
            context={"notices": [card.id for card in cards[:LISTED_MOST]], "all": len(cards)},
            at=at,
        )
    return True


def silenced(agent_id: int, card: queries.Card) -> bool:
    """Say whether a member has silenced its conversation since."""
    if card.conversation_id is None or card.kind not in matrix.STAYS_SILENT:
        return False
    return Mute.objects.filter(agent_id=agent_id, conversation_id=card.conversation_id).exists()


def next_mail_at() -> datetime | None:
    """Return when the next digest is due."""
    found = Notice.objects.filter(mail_at__isnull=False).order_by("mail_at")
    return found.values_list("mail_at", flat=True).first()
