"""What `esmero up` prints once it runs: the link for the first visit, the demo's accounts."""

from __future__ import annotations

from pathlib import Path

from esmero.config.cli.context import environment
from esmero.config.cli.words import t


def greeting(data: Path, *, is_demo: bool) -> list[str]:
    """Return the lines. Needs the database."""
    from esmero.config import demo, setup

    if is_demo:
        accounts = demo.accounts()
        width = max(len(account.email) for account in accounts)
        # Whoever sees it for the first time would open the address above: that is the customers'.
        lines = [
            t("  The team works at {url}/c/ and customers see {url}/", url=environment().url),
            t("The demo shop sends nothing outside. Sign in as:"),
        ]
        lines += [
            f"  {account.email:<{width}}  {account.password}  {account.role}"
            for account in accounts
        ]
        return lines
    link = setup.link()
    if link is None:
        return []
    return [t("First visit: set up the shop at {link}", link=link)]
