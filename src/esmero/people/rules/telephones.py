"""Telephone numbers as people write them, and as they are kept: E.164 where it can be known."""

from __future__ import annotations

import phonenumbers

LEAST, MOST = 6, 15
"""Digits of a number; E.164 allows 15 at most. Source: ITU-T E.164 (2010), 6.2."""
NATIONAL = 9
"""Two numbers that end in so many equal digits are taken for one (Spain has 9, Mexico 10)."""
_WRITTEN = set("0123456789+-./() \u00a0\u2009\u2011")


def kept_form(text: str, country: str) -> str | None:
    """Return the form under which a number is kept; None when it is none.

    `country` (ISO 3166) is where a number without a prefix belongs. What is no valid number there
    (an extension, a number of long ago) is kept with its digits as they are.
    """
    said = text.strip()
    if not said or set(said) - _WRITTEN:
        return None
    digits = digits_of(said)
    if not LEAST <= len(digits) <= MOST:
        return None
    international = said.lstrip("( ").startswith("+")
    try:
        number = phonenumbers.parse(("+" if international else "") + digits, country or None)
    except phonenumbers.NumberParseException:
        return ("+" if international else "") + digits
    if phonenumbers.is_valid_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return ("+" if international else "") + digits


def shown(value: str) -> str:
    """Return a number with the spaces of its country; what cannot be read stays."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    if not phonenumbers.is_valid_number(number):
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def digits_of(text: str) -> str:
    """Return the digits of a number, an international 00 in front left out."""
    digits = "".join(c for c in text if c.isdigit() and c.isascii())
    return digits[2:] if digits.startswith("00") else digits


def looks_like_number(text: str) -> bool:
    """Say whether somebody who writes this means a telephone, or its beginning or end."""
    return len(digits_of(text)) >= LEAST and not set(text) - _WRITTEN


def written_forms(text: str) -> list[str]:
    """Return what may be kept for a number that was written with more in front of it than we
    know: `+34600111222` is found where only `600111222` is kept.
    """
    digits = digits_of(text)
    longest = range(max(0, len(digits) - 7))
    return [f"{plus}{digits[cut:]}" for cut in longest for plus in ("", "+")]
