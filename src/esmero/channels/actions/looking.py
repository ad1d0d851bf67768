"""Whether a reply that somebody made elsewhere would have been seen by now."""

from __future__ import annotations

from datetime import datetime

from esmero.channels import queries
from esmero.conversations import queries as conversations
from esmero.kernel import jobs
from esmero.kernel.refs import id_of


class SentFolders:
    """Implements `promises.ports.FreshLook` by the followed Sent folders of the mailboxes."""

    def is_fresh(self, subject_ref: str, *, since: datetime, at: datetime) -> bool:
        """Say whether the mailbox of a conversation was looked through after `since`.

        When it was not, a look is asked for. A mailbox without IMAP, or whose Sent folder is not
        followed, has nothing to look at: it is always fresh.
        """
        pk = id_of(subject_ref, "conversation")
        conversation = conversations.conversation(pk) if pk else None
        box = queries.mailbox_of_inbox_ref(conversation.inbox_ref) if conversation else None
        if box is None or not (box.is_active and box.imap_host and box.follows_sent):
            return True
        if box.sent_looked_at is not None and box.sent_looked_at >= since:
            return True
        jobs.wake_after_commit("looks")
        return False
