"""The vocabulary: which stems stand in messages, so that a slip of the finger is forgiven."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from esmero.conversations.models import WordsRead
from esmero.kernel.transactions import action

BATCH = 2_000
"""Messages at a time: some 150 ms."""


@action
def learn_words(*, at: datetime) -> bool:
    """Take the stems of the next messages into the vocabulary; say whether there were any.

    Counts are about right: who reads them only asks which of two words is the usual one.
    """
    read, _ = WordsRead.objects.get_or_create(pk=1)
    read = WordsRead.objects.select_for_update().get(pk=read.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(id) FROM (SELECT id FROM conversations_message WHERE id > %s"
            " ORDER BY id LIMIT %s) m",
            [read.message_id, BATCH],
        )
        last = cursor.fetchone()[0]
        if last is None:
            return False
        cursor.execute(
            "INSERT INTO conversations_word (word, n) SELECT word, ndoc FROM ts_stat(%s)"
            " WHERE length(word) BETWEEN 4 AND 40 AND word ~ '^[[:alpha:]]+$' ORDER BY word"
            " ON CONFLICT (word) DO UPDATE SET n = conversations_word.n + excluded.n",
            [
                "SELECT search FROM conversations_message"  # noqa: S608 - numbers of our own
                f" WHERE id > {int(read.message_id)} AND id <= {int(last)}"
            ],
        )
    read.message_id = last
    read.save(update_fields=["message_id"])
    return True
