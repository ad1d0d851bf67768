"""Addresses as somebody types them and as a form shows them."""

from __future__ import annotations

from email.utils import formataddr, getaddresses

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from esmero.kernel.errors import InvalidInput
from esmero.people import queries as people

RECIPIENTS_MOST = 50
Addresses = list[tuple[str, str]]


def written(pairs: Addresses) -> str:
    """Return addresses as a form shows them."""
    return ", ".join(
        formataddr((name, address), "utf-8")
        if not name.isascii() and "," in name
        else (f"{name} <{address}>" if name and name != address else address)
        for name, address in ((_plain(n), a) for n, a in pairs)
    )


def _plain(name: str) -> str:
    # What would end the name or begin an address inside it.
    return "".join(c for c in name if c not in '<>",;()[]\\:@\r\n').strip()


def parse(text: str, *, field_name: str = "to", lenient: bool = False) -> Addresses:
    """Read addresses that somebody typed. Raises InvalidInput with the first that is none."""
    found: Addresses = []
    for name, address in getaddresses([text.replace(";", ",").replace("\n", ",")]):
        if not address and not name:
            if text.strip(" ,;\n") and not lenient:
                raise InvalidInput(field=field_name, value=text[:60])
            continue
        try:
            validate_email(address)
        except ValidationError:
            if lenient:
                continue
            raise InvalidInput(field=field_name, value=(address or name)[:60]) from None
        if people.normalise_email(address) not in {people.normalise_email(a) for _, a in found}:
            found.append((name, address))
    if len(found) > RECIPIENTS_MOST:
        raise InvalidInput(field=field_name, value=str(len(found)))
    return found
