"""Search by meaning and by letters: an index in memory, without Django and without a database.

Only who asks for the `Index` loads NumPy (30 MB): the other processes know documents and hits.
"""

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
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


def __getattr__(name: str) -> Any:
    if name != "Index":
        raise AttributeError(name)
    from esmero.knowledge.search.index import Index  # noqa: PLC0415  see above

    return Index
