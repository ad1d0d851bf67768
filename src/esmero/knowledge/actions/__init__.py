"""Writes of knowledge."""

from esmero.knowledge.actions.articles import (
    add_language,
    create_article,
    publish_text,
    save_text,
    withdraw_text,
)

__all__ = [
    "add_language",
    "create_article",
    "publish_text",
    "save_text",
    "withdraw_text",
]
