"""One row: the shop. And the texts that it changed."""

from __future__ import annotations

from django.db import models

from esmero.kernel.models import Blob


class Shop(models.Model):
    """The shop as its customers know it. There is exactly one (id 1)."""

    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, default="ES")  # ISO 3166-1 alpha-2
    region = models.CharField(max_length=10, blank=True)  # subdivision as in `holidays`
    language = models.CharField(max_length=5, default="es")
    zone = models.CharField(max_length=60, default="Europe/Madrid")  # IANA
    voice = models.CharField(max_length=5, default="tu")  # tu, usted, vos
    primary_colour = models.CharField(max_length=7, blank=True)  # #RRGGBB
    website = models.URLField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    fax = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=300, blank=True)  # the whole postal address, in lines
    map_url = models.URLField(max_length=500, blank=True)
    # What the shop adds to the head and the foot of its pages:
    # [{"place": "head"|"foot", "url": …, "labels": {"es": …, "en": …}}]
    links = models.JSONField(default=list)
    logo = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+", db_index=False)
    logo_type = models.CharField(max_length=20, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    # Set once, for ever: from then on the set-up pages answer 404.
    set_up_at = models.DateTimeField(null=True)
    setup_token_digest = models.CharField(max_length=64, blank=True)
    # Changes with every setting that processes keep in memory.
    settings_version = models.PositiveBigIntegerField(default=1)

    class Meta:
        db_table = "shop_shop"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="shop_only_one"),
        ]


class ShopText(models.Model):
    """A customer text as this shop words it, in one language; without a row the built-in one
    holds.
    """

    key = models.CharField(max_length=80)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "shop_text"
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="shop_text_once")]
