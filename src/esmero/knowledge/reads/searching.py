"""Finding articles by everyday words.

The search process knows meaning and letters (`knowledge.search`). Where it does not answer, the
database looks for the letters alone: worse, and never nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from esmero.kernel.prepared import execute
from esmero.kernel.text import one_line, storable
from esmero.knowledge import ports
from esmero.knowledge.enums import Audience
from esmero.knowledge.rules.snippets import snippet

LONGEST = 2000
"""Characters of a query that are looked at."""
FITS_FROM = 0.3
"""Likeness of letters from which the best is said to fit, where meaning is not known."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, and the passage that speaks for it."""

    article_id: int
    slug: str
    kind: str
    title: str
    passage: str
    page: int | None
    """Of a manual, from 1."""
    file_token: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first; `fits` says whether the best one can be an answer.

    `confidence` lies between 0 and 1 and is another thing than the scores of the order.
    """

    hits: list[Hit]
    confidence: float
    fits: bool
    is_lexical: bool
    """Whether letters alone were looked at."""


_READS = {
    Audience.PUBLIC: [Audience.PUBLIC],
    Audience.CUSTOMERS: [Audience.PUBLIC, Audience.CUSTOMERS],
    Audience.TEAM: [Audience.PUBLIC, Audience.CUSTOMERS, Audience.TEAM],
}


def audiences_of(reader: Audience) -> list[str]:
    """Return whose articles a reader of this audience may see."""
    return [audience.value for audience in _READS[reader]]


_BY_LETTERS = """
SELECT DISTINCT ON (article_id) article_id, id, likeness FROM (
  SELECT p.article_id, p.id,
         (CASE WHEN p.role = 'question'
            THEN greatest(similarity(esmero_fold(p.text), esmero_fold(%s)),
                          0.9 * word_similarity(esmero_fold(%s), esmero_fold(p.text)))
            ELSE 0.8 * word_similarity(esmero_fold(%s), esmero_fold(p.text)) END)
         + 0.3 * ts_rank(to_tsvector('esmero_es', p.text), asked.words) AS likeness
  FROM knowledge_passage p,
       (SELECT replace(plainto_tsquery('esmero_es', %s)::text, '&', '|')::tsquery AS words) asked
  WHERE NOT p.is_gone AND p.language = %s AND p.audience = ANY(%s)
) found WHERE likeness > 0.12
ORDER BY article_id, likeness DESC
"""
_WHAT = """
SELECT p.id, t.article_id, t.slug, a.kind, v.title, v.plain, p.text, p.place, p.role, f.token
FROM knowledge_passage p
JOIN knowledge_article a ON a.id = p.article_id
JOIN knowledge_text t ON t.article_id = a.id AND t.language = p.language
JOIN knowledge_version v ON v.id = t.published_id
LEFT JOIN knowledge_page g ON g.id = p.page_id
LEFT JOIN knowledge_file f ON f.id = g.file_id
WHERE p.id = ANY(%s) AND NOT p.is_gone AND a.audience = ANY(%s) AND a.archived_at IS NULL
"""


def search(query: str, *, language: str, reader: Audience, limit: int = 8) -> Found:
    """Return what a reader may see of what fits a query in a language, each article once."""
    asked = one_line(storable(query), LONGEST)
    if not asked:
        return Found([], 0.0, fits=False, is_lexical=True)
    audiences = audiences_of(reader)
    found = ports.searcher().search(asked, language=language, audiences=audiences, limit=limit)
    pairs = [(int(hit.passage_id), hit.score) for hit in found.hits] if found else []
    hits = hits_of(pairs, audiences, query=asked)
    if found is not None and hits:
        return Found(hits, found.confidence, found.fits, is_lexical=not found.is_by_meaning)
    # Nobody answers, or the index is still some seconds behind what was published.
    return _by_letters(asked, language, audiences, limit)


def _by_letters(asked: str, language: str, audiences: list[str], limit: int) -> Found:
    rows, _ = execute(_BY_LETTERS, [asked, asked, asked, asked, language, audiences])
    best = sorted(rows, key=lambda row: row[2], reverse=True)[:limit]
    hits = hits_of([(row[1], float(row[2])) for row in best], audiences, query=asked)
    top = min(1.0, hits[0].score) if hits else 0.0
    return Found(hits, top, fits=top >= FITS_FROM, is_lexical=True)


def hits_of(found: list[tuple[int, float]], audiences: list[str], *, query: str) -> list[Hit]:
    """Return the articles of (passage id, score) in their order; the database has the last word
    on what may be seen.
    """
    if not found:
        return []
    rows, _ = execute(_WHAT, [[pk for pk, _ in found], audiences])
    by_passage = {row[0]: row[1:] for row in rows}
    hits = []
    for pk, score in found:
        row = by_passage.get(pk)
        if row is None:
            continue
        article_id, slug, kind, title, answer, passage, place, role, token = row
        page = place if role == "page" else None
        # A title speaks for itself; what follows it is what the answer says.
        said = snippet(answer if role == "question" else passage, query)
        hits.append(Hit(article_id, slug, kind, title, said, page, token or "", score))
    return hits
