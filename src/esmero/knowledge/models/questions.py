"""What people ask, and what they thought of the answers."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from esmero.knowledge.enums import CandidateState, Outcome
from esmero.knowledge.models.articles import Article


class Vote(models.Model):
    """One reader's word on an article; a second one of the same reader takes its place."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="+", db_index=False)
    language = models.CharField(max_length=5)
    version = models.PositiveIntegerField()
    # A keyed digest of the visit, renewed each day: enough to count nobody twice.
    voter = models.CharField(max_length=44)
    is_helpful = models.BooleanField()
    reason = models.CharField(max_length=20, blank=True)
    comment = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "knowledge_vote"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "language", "voter"], name="knowledge_vote_once"
            )
        ]
        indexes = [models.Index(fields=["article", "-at"], name="knowledge_vote_recent")]


class ReadCount(models.Model):
    """How often an article was read on a day, and how often a contact followed."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="+", db_index=False)
    language = models.CharField(max_length=5)
    day = models.DateField()
    reads = models.PositiveIntegerField(default=0)
    contacts = models.PositiveIntegerField(default=0)
    # Replies that were written from it.
    answers = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "knowledge_read_count"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "language", "day"], name="knowledge_read_count_once"
            )
        ]


class Candidate(models.Model):
    """Questions that mean the same and that no article may answer yet."""

    language = models.CharField(max_length=5)
    text = models.CharField(max_length=300)  # the most typical of them
    state = models.CharField(max_length=10, default=CandidateState.OPEN.value)
    count = models.PositiveIntegerField(default=0)
    # Of those answered by a person: the median of business minutes.
    answer_minutes = models.PositiveIntegerField(null=True)
    conversation_ids = ArrayField(models.BigIntegerField(), default=list)  # the latest
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    decided_by_agent = models.ForeignKey(
        "people.Agent", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    # Somebody has split it off or from it: what is alike does not undo that.
    is_kept_apart = models.BooleanField(default=False)

    class Meta:
        db_table = "knowledge_candidate"
        indexes = [
            models.Index(
                fields=["-count", "-last_at"],
                name="knowledge_candidate_open",
                condition=Q(state=CandidateState.OPEN.value),
            )
        ]


class Question(models.Model):
    """Something that somebody wanted to know, without what says who.

    `text` is at most 500 characters with addresses, numbers and names taken out; `asker` a keyed
    digest that counts a person once.
    """

    language = models.CharField(max_length=5)
    source = models.CharField(max_length=8)
    text = models.CharField(max_length=500)
    asker = models.CharField(max_length=44, blank=True)
    at = models.DateTimeField()
    conversation_id = models.BigIntegerField(null=True, unique=True)
    fits = models.BooleanField()  # whether the search found something that fits
    confidence = models.FloatField(default=0)
    best_article = models.ForeignKey(
        Article, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    opened_article = models.ForeignKey(
        Article, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=8, default=Outcome.OPEN.value)
    candidate = models.ForeignKey(Candidate, models.SET_NULL, null=True, related_name="questions")
    is_grouped = models.BooleanField(default=False)

    class Meta:
        db_table = "knowledge_question"
        indexes = [
            models.Index(fields=["-at"], name="knowledge_question_recent"),
            models.Index(
                fields=["id"],
                name="knowledge_question_new",
                condition=Q(is_grouped=False),
            ),
        ]
