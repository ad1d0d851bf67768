"""Second factors' secrets, closed anew after the key was changed."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from esmero.kernel import secrets

# Where allauth keeps what its adapter encrypted: one text, or a list of them.
_SEALED = ("secret", "seed", "migrated_codes")


@transaction.atomic
def reseal_factors() -> tuple[int, int]:
    """Close with the newest key what an older one closed; return how many secrets that were, and
    how many no key opens (they stay as they are).
    """
    done = lost = 0
    for row in Authenticator.objects.select_for_update().order_by("id"):
        data = dict(row.data)
        for name in _SEALED:
            held = data.get(name)
            texts = held if isinstance(held, list) else [held] if isinstance(held, str) else []
            if all(secrets.is_current(text) for text in texts):
                continue
            try:
                fresh = [secrets.reseal(text) for text in texts]
            except secrets.SecretUnreadable:
                lost += 1
                continue
            data[name] = fresh if isinstance(held, list) else fresh[0]
            done += len(texts)
        if data != row.data:
            row.data = data
            row.save(update_fields=["data"])
    return done, lost
