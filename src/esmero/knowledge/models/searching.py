"""What is searched: passages of what readers may see, and their vectors."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from esmero.knowledge.models.articles import Article, ManualPage


class Passage(models.Model):
    """A piece of a published text by which it is found.

    Made anew with each publication. `changed` is the transaction that wrote or removed (`is_gone`)
    it: whoever follows reads what is not older than the oldest transaction that was still open
    when it last looked, so that nothing committed late is missed.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    language = models.CharField(max_length=5)
    audience = models.CharField(max_length=10)
    role = models.CharField(max_length=8)
    page = models.ForeignKey(ManualPage, models.CASCADE, null=True, related_name="+")
    place = models.PositiveIntegerField(default=0)  # in its text, from 0; a manual's page number
    text = models.TextField()
    digest = models.BinaryField(max_length=16)  # of the text: equal texts share their vector
    changed = models.BigIntegerField()
    is_gone = models.BooleanField(default=False)

    class Meta:
        db_table = "knowledge_passage"
        indexes = [
            models.Index(fields=["changed"], name="knowledge_passage_changed"),
            models.Index(fields=["digest"], name="knowledge_passage_digest"),
        ]


class Vector(models.Model):
    """The meaning of a text as an encoder's version put it, as little-endian float16.

    Of passages, and of questions that are compared with each other (`asked_on`): the digests of
    these are others, so that no row belongs to both.
    """

    encoder = models.CharField(max_length=60)  # name and version
    digest = models.BinaryField(max_length=16)
    data = models.BinaryField()
    asked_on = models.DateField(null=True)  # of a question: when it was last wanted, to the week

    class Meta:
        db_table = "knowledge_vector"
        constraints = [
            models.UniqueConstraint(fields=["encoder", "digest"], name="knowledge_vector_once")
        ]


class Synonyms(models.Model):
    """Words that mean the same in this shop."""

    language = models.CharField(max_length=5)
    words = ArrayField(models.CharField(max_length=80))
    at = models.DateTimeField()

    class Meta:
        db_table = "knowledge_synonyms"
