"""The tables of knowledge."""

from esmero.knowledge.models.articles import (
    Article,
    ArticleFile,
    Category,
    CategoryText,
    ManualPage,
    OldAddress,
    Related,
    Text,
    Version,
)
from esmero.knowledge.models.questions import Candidate, Question, ReadCount, Vote
from esmero.knowledge.models.searching import Passage, Synonyms, Vector

__all__ = [
    "Article",
    "ArticleFile",
    "Candidate",
    "Category",
    "CategoryText",
    "ManualPage",
    "OldAddress",
    "Passage",
    "Question",
    "ReadCount",
    "Related",
    "Synonyms",
    "Text",
    "Vector",
    "Version",
    "Vote",
]
