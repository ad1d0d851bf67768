"""Articles: what they are, their texts by language, the versions of each text, their files."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from esmero.kernel.ids import new_token
from esmero.kernel.models import Blob
from esmero.knowledge.enums import Audience, Kind, Reading, State


class Category(models.Model):
    """A shelf of articles; at most one below another."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    position = models.PositiveIntegerField(default=0)
    icon = models.CharField(max_length=30, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "knowledge_category"
        constraints = [
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="knowledge_category_not_its_own"
            )
        ]


class CategoryText(models.Model):
    """A category's name and address in one language."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="texts", db_index=False)
    language = models.CharField(max_length=5)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=300, blank=True)
    slug = models.CharField(max_length=120)

    class Meta:
        db_table = "knowledge_category_text"
        constraints = [
            models.UniqueConstraint(
                fields=["category", "language"], name="knowledge_category_text_once"
            ),
            models.UniqueConstraint(
                fields=["language", "slug"], name="knowledge_category_address_once"
            ),
        ]


class Article(models.Model):
    """One thing that can be known; its texts are rows of their own, one a language."""

    kind = models.CharField(max_length=8, default=Kind.FAQ.value)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="articles", db_index=False
    )
    position = models.PositiveIntegerField(default=0)
    # Names or SKUs of the products that it is about, as the shop writes them.
    products = ArrayField(models.CharField(max_length=80), default=list)
    audience = models.CharField(max_length=10, default=Audience.PUBLIC.value)
    is_featured = models.BooleanField(default=False)
    owner_agent = models.ForeignKey(
        "people.Agent", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    review_on = models.DateField(null=True)
    # The open follow_up promise of that review.
    review_promise_id = models.BigIntegerField(null=True)
    # Of which candidate, saved answer or reply it was made: a ref, empty when written afresh.
    origin_ref = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    created_by_agent = models.ForeignKey(
        "people.Agent", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    archived_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "knowledge_article"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="knowledge_article_kind"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=[a.value for a in Audience]),
                name="knowledge_article_audience",
            ),
        ]
        indexes = [
            models.Index(fields=["category", "position", "id"], name="knowledge_article_shelf"),
            models.Index(
                fields=["review_on"],
                name="knowledge_article_review",
                condition=Q(review_on__isnull=False, archived_at=None),
            ),
        ]


class Text(models.Model):
    """An article in one language: its working copy, and which version readers see.

    `draft_version` counts the saves of the working copy: whoever saves names the one she began
    with, so that nobody writes over somebody. `published` is what readers see; its title, summary
    and body lie in that row and do not change.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="texts", db_index=False)
    language = models.CharField(max_length=5)
    slug = models.CharField(max_length=160)
    state = models.CharField(max_length=10, default=State.DRAFT.value)
    title = models.CharField(max_length=200, blank=True)
    summary = models.CharField(max_length=400, blank=True)
    body = models.TextField(blank=True)  # clean HTML
    # Other ways in which people ask for it, one a line; never shown, always searched.
    wordings = models.TextField(blank=True)
    draft_version = models.PositiveIntegerField(default=0)
    saved_by_agent = models.ForeignKey(
        "people.Agent", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    saved_at = models.DateTimeField()
    publish_at = models.DateTimeField(null=True)
    published = models.ForeignKey(
        "knowledge.Version", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    published_at = models.DateTimeField(null=True)
    first_published_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "knowledge_text"
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="knowledge_text_once"),
            models.UniqueConstraint(fields=["language", "slug"], name="knowledge_text_address"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="knowledge_text_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED.value) | Q(published__isnull=False),
                name="knowledge_text_published_has_version",
            ),
        ]
        indexes = [
            models.Index(
                fields=["publish_at"],
                name="knowledge_text_scheduled",
                condition=Q(state=State.SCHEDULED.value),
            ),
            models.Index(
                fields=["language", "-published_at"],
                name="knowledge_text_recent",
                condition=Q(published__isnull=False),
            ),
        ]


class Version(models.Model):
    """What was published, or put aside, at one time; never changed."""

    text = models.ForeignKey(Text, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=400, blank=True)
    body = models.TextField(blank=True)
    wordings = models.TextField(blank=True)
    plain = models.TextField(blank=True)  # the body without its marks
    note = models.CharField(max_length=200, blank=True)
    # False: put aside (sent back with a note, or before an older one was restored).
    was_published = models.BooleanField(default=True)
    at = models.DateTimeField()
    by_agent = models.ForeignKey(
        "people.Agent", models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "knowledge_version"
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="knowledge_version_once")
        ]


class OldAddress(models.Model):
    """Where an article or category stood before: whoever comes by it is sent on."""

    language = models.CharField(max_length=5)
    slug = models.CharField(max_length=160)
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="+")
    category = models.ForeignKey(Category, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "knowledge_old_address"
        constraints = [
            models.UniqueConstraint(
                fields=["language", "slug"],
                condition=Q(article__isnull=False),
                name="knowledge_old_article_once",
            ),
            models.UniqueConstraint(
                fields=["language", "slug"],
                condition=Q(category__isnull=False),
                name="knowledge_old_category_once",
            ),
            models.CheckConstraint(
                condition=Q(article=None) ^ Q(category=None), name="knowledge_old_address_of_one"
            ),
        ]


class Related(models.Model):
    """That an article points to another one, as somebody of the shop put it."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Article, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "knowledge_related"
        constraints = [
            models.UniqueConstraint(fields=["article", "other"], name="knowledge_related_once"),
            models.CheckConstraint(
                condition=~Q(article=F("other")), name="knowledge_related_not_itself"
            ),
        ]


class ArticleFile(models.Model):
    """A picture in an article, or a file that belongs to it; a manual's main file is `is_main`."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="files")
    token = models.CharField(max_length=40, unique=True, default=new_token)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    alternative = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=5, blank=True)  # empty: for all
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    is_main = models.BooleanField(default=False)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    reading = models.CharField(max_length=8, default=Reading.DONE.value)
    detail = models.CharField(max_length=200, blank=True)
    page_count = models.PositiveIntegerField(null=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "knowledge_file"
        indexes = [
            models.Index(
                fields=["id"],
                name="knowledge_file_waiting",
                condition=Q(reading=Reading.WAITING.value),
            )
        ]


class ManualPage(models.Model):
    """The text of one page of a file."""

    file = models.ForeignKey(ArticleFile, models.CASCADE, related_name="pages", db_index=False)
    number = models.PositiveIntegerField()  # from 1, as a reader counts
    text = models.TextField()

    class Meta:
        db_table = "knowledge_page"
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="knowledge_page_once")
        ]
