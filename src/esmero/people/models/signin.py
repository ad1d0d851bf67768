"""Rows of customers who came in by a code."""

from __future__ import annotations

from django.db import models

from esmero.people.models.customers import Customer


class SignIn(models.Model):
    """A code that went to an address, so that whoever reads its mail gets to her own pages.

    The code itself is nowhere: it is made of `nonce` with the shop's key, each time it is needed.
    For an address that nobody has there is a row as well, without a customer: it opens nothing,
    and counts and looks like the others.
    """

    ticket_digest = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=320)
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="+")
    nonce = models.CharField(max_length=40)
    ip_digest = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_sign_in"
        indexes = [
            models.Index(fields=["address", "-at"], name="people_sign_in_address"),
            models.Index(fields=["ip_digest", "-at"], name="people_sign_in_ip"),
        ]


class CustomerSession(models.Model):
    """That a browser may see a customer's own pages; it knows the token, we its digest."""

    token_digest = models.CharField(max_length=64, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    address = models.CharField(max_length=320)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_customer_session"
