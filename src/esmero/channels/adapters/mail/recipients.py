"""For whom the listener takes mail: the mailboxes' addresses, and the rest of their domains."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Final

from esmero.channels import queries
from esmero.channels.rules.addressing import without_tag

_FRESH_SECONDS: Final = 5.0
# While the database is away, mail for addresses that we knew a moment ago is put off, not refused.
_POSTMASTER = "postmaster"


@dataclass(frozen=True, slots=True)
class Directory:
    """The addresses of the shop: address → mailbox id, domain → ids of its mailboxes."""

    by_address: dict[str, int] = field(default_factory=dict)
    by_domain: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def takes(self, address: str) -> bool:
        """Say whether mail for an address is taken.

        A shop without mailboxes takes all; one with mailboxes whatever goes to one of their
        domains (so that a forgotten alias loses no customer), and `postmaster` (RFC 5321, 4.5.1).
        """
        if not self.by_address:
            return True
        lowered = address.strip().lower()
        local, _, domain = lowered.rpartition("@")
        if lowered == _POSTMASTER or (local == _POSTMASTER and not domain):
            return True
        return domain in self.by_domain

    def mailbox_of(self, addresses: list[str]) -> int | None:
        """Return the mailbox of the first address that has one, with or without a plus part.

        Else the only mailbox of the first domain that has just one.
        """
        for address in addresses:
            lowered = address.strip().lower()
            found = self.by_address.get(lowered) or self.by_address.get(without_tag(lowered))
            if found is not None:
                return found
        for address in addresses:
            ids = self.by_domain.get(address.rpartition("@")[2].strip().lower(), ())
            if len(ids) == 1:
                return ids[0]
        return None


class Directories:
    """The directory of the moment, read again every few seconds."""

    def __init__(self) -> None:
        self._directory: Directory | None = None
        self._read_at = 0.0
        self._lock = threading.Lock()

    @property
    def fresh(self) -> Directory | None:
        """Return the directory if it was read a moment ago."""
        is_fresh = time.monotonic() - self._read_at < _FRESH_SECONDS
        return self._directory if is_fresh else None

    def read(self) -> Directory:
        """Read the mailboxes. Raises what the database raises."""
        with self._lock:
            if found := self.fresh:
                return found
            by_address: dict[str, int] = {}
            by_domain: dict[str, tuple[int, ...]] = {}
            for box in queries.mailboxes():
                if box.is_active:
                    address = box.address.lower()
                    by_address[address] = box.pk
                    domain = address.rpartition("@")[2]
                    by_domain[domain] = (*by_domain.get(domain, ()), box.pk)
            self._directory = Directory(by_address, by_domain)
            self._read_at = time.monotonic()
            return self._directory
