"""Search by meaning and by letters: an index in memory, without Django and without a database."""

from esmero.knowledge.search.documents import (
    Document,
    Encoder,
    EncoderUnavailable,
    Found,
    Hit,
    Passage,
    Role,
    Vocabulary,
)
from esmero.knowledge.search.index import Index

__all__ = [
    "Document",
    "Encoder",
    "EncoderUnavailable",
    "Found",
    "Hit",
    "Index",
    "Passage",
    "Role",
    "Vocabulary",
]
