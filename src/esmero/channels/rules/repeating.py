"""When to try again, and when to stop."""

from __future__ import annotations

from datetime import timedelta

# A mail that cannot be handed over is tried for two days. Source: RFC 5321, 4.5.4.1 advises 4 to 5
# days for relays; a shop has to know sooner.
PAUSES = tuple(timedelta(minutes=m) for m in (0.5, 2, 5, 15, 30, 60, 120, 240, 480, 720, 720, 720))
MAILBOX_PAUSES = tuple(timedelta(seconds=s) for s in (5, 15, 30, 60, 120, 300, 600))
# Providers lock an account that is tried with a wrong password again and again.
PASSWORD_PAUSES = tuple(timedelta(minutes=m) for m in (2, 5, 15, 30, 60))
# Automatic mails to one address in a day, whatever its headers say.
AUTOMATIC_A_DAY = 3


def pause_before(attempt: int, pauses: tuple[timedelta, ...] = PAUSES) -> timedelta | None:
    """Return how long to wait after the `attempt`-th failure (from 1); None: give up."""
    return pauses[attempt - 1] if attempt <= len(pauses) else None


def mailbox_pause(failures: int, *, is_password: bool) -> timedelta:
    """Return how long to leave a mailbox alone after so many failures in a row."""
    pauses = PASSWORD_PAUSES if is_password else MAILBOX_PAUSES
    return pauses[min(failures, len(pauses)) - 1] if failures else timedelta(0)


# Forms from one network address or for one mail address: families and offices share the first, so
# it is the wider one. Nobody writes more often by hand.
FORMS_WITHIN = timedelta(hours=1)
FORMS_OF_ONE_IP = 20
FORMS_OF_ONE_ADDRESS = 6
