"""The words of messages, to forgive typing mistakes in a search."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models


class Word(models.Model):
    """A stem that stands in messages, and in about how many: what a slip of the finger meant."""

    word = models.CharField(max_length=40, primary_key=True)
    n = models.PositiveIntegerField()

    class Meta:
        db_table = "conversations_word"
        indexes = [GinIndex(OpClass("word", name="gin_trgm_ops"), name="conversations_word_like")]


class WordsRead(models.Model):
    """Up to which message the words are known: one row."""

    message_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "conversations_words_read"
