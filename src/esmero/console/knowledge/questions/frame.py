"""The addresses of articles, for whoever names one."""

from __future__ import annotations

from esmero.ui.links import link


def article_address(article_id: int) -> str:
    """Return where the team reads and writes an article."""
    return link("console:know_article", article_id)
