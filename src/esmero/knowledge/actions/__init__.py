"""Writes of knowledge."""

from esmero.knowledge.actions.articles import (
    add_language,
    create_article,
    publish_text,
    save_text,
    withdraw_text,
)
from esmero.knowledge.actions.reading import count_contacts, count_reads, vote

__all__ = [
    "add_language",
    "count_contacts",
    "count_reads",
    "create_article",
    "publish_text",
    "save_text",
    "vote",
    "withdraw_text",
]
