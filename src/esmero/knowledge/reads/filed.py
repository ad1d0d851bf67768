"""Files of articles and the pages of manuals, as readers may see them."""

from __future__ import annotations

from esmero.kernel.prepared import execute
from esmero.knowledge.enums import Audience, Reading
from esmero.knowledge.models import ArticleFile, ManualPage
from esmero.knowledge.reads.published import of_audiences
from esmero.knowledge.reads.searching import audiences_of


def file_for(token: str, *, reader: Audience | None) -> ArticleFile | None:
    """Return a file of an article that this reader may see; `reader` None: the team, which sees
    those of drafts too.
    """
    found = ArticleFile.objects.select_related("blob").filter(token=token, removed_at=None).first()
    if found is None or reader is None:
        return found
    visible = of_audiences(audiences_of(reader)).filter(article_id=found.article_id)
    if found.language:
        visible = visible.filter(language=found.language)
    return found if visible.exists() else None


def page_of(token: str, number: int) -> str | None:
    """Return what a page of a manual says; ask `file_for` first whether it may be seen."""
    return (
        ManualPage.objects.filter(file__token=token, number=number, file__removed_at=None)
        .values_list("text", flat=True)
        .first()
    )


def is_read_out(token: str) -> bool:
    """Say whether the text of a file can be shown."""
    return ArticleFile.objects.filter(token=token, reading=Reading.DONE.value).exists()


WORDS_MOST = 12
_WITH_WORDS = """
SELECT p.number, p.text FROM knowledge_page p JOIN knowledge_file f ON f.id = p.file_id
WHERE f.token = %s AND f.removed_at IS NULL AND (
  SELECT count(*) FROM unnest(ARRAY[%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s]::text[]) w
  WHERE w <> '' AND position(w in esmero_fold(p.text)) > 0) = %s
ORDER BY p.number LIMIT %s
"""


def pages_with(token: str, words: list[str], *, limit: int = 20) -> list[tuple[int, str]]:
    """Return the pages of a manual that hold all of some words (folded), with their text."""
    if not words:
        return []
    wanted = list(dict.fromkeys(words))[:WORDS_MOST]
    padded = [*wanted, *[""] * (WORDS_MOST - len(wanted))]
    rows, _ = execute(_WITH_WORDS, [token, *padded, len(wanted), limit])
    return [(number, text) for number, text in rows]
