"""What the team decides about a group of alike questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from esmero.conversations import queries as conversations
from esmero.conversations.enums import Direction
from esmero.kernel import audit, events
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.prepared import execute
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.knowledge.actions.articles import create_article
from esmero.knowledge.actions.questions import _count, _language, team_names
from esmero.knowledge.actions.summing import refresh
from esmero.knowledge.enums import CandidateState, Kind
from esmero.knowledge.events import AnsweredFromArticle, CandidateDrafted
from esmero.knowledge.models import Article, Candidate, OldAddress, Question, Text
from esmero.knowledge.rules import asking, html, links, personal
from esmero.shop.queries import the_shop

WORDINGS_MOST = 15
"""Other ways of asking that a draft takes along."""


def _candidate(candidate_id: int) -> Candidate:
    found = Candidate.objects.select_for_update().filter(pk=candidate_id).first()
    if found is None:
        raise NotFound(candidate_id=candidate_id)
    return found


def _decide(candidate: Candidate, state: CandidateState, *, at: datetime, by: int | None) -> None:
    candidate.state, candidate.decided_at = state.value, at
    candidate.decided_by_agent_id = by
    candidate.save(update_fields=["state", "decided_at", "decided_by_agent", "article"])


def _record(what: str, candidate: Candidate, *, at: datetime, by: int | None) -> None:
    actor = ref("agent", by) if by else "system"
    audit.record(at=at, actor=actor, action=what, ref=ref("candidate", candidate.pk))


@action
def dismiss_candidate(*, candidate_id: int, at: datetime, by: int | None) -> None:
    """No article is wanted for it; who asks it again joins it and brings nothing back.

    Raises NotFound.
    """
    candidate = _candidate(candidate_id)
    _decide(candidate, CandidateState.DISMISSED, at=at, by=by)
    _record("candidate.dismissed", candidate, at=at, by=by)


@action
def reopen_candidate(*, candidate_id: int, at: datetime, by: int | None) -> None:
    """It wants an article after all: it was dismissed, or what covers it does not answer it.

    Raises NotFound.
    """
    candidate = _candidate(candidate_id)
    candidate.article_id = None
    _decide(candidate, CandidateState.OPEN, at=at, by=by)
    _record("candidate.reopened", candidate, at=at, by=by)
    refresh(candidate)


@action
def merge_candidates(*, into: int, others: Iterable[int], at: datetime, by: int | None) -> None:
    """Make one candidate of several that mean the same.

    Raises NotFound, InvalidInput (languages differ).
    """
    wanted = sorted({into, *others})
    found = {
        c.pk: c for c in Candidate.objects.select_for_update().filter(pk__in=wanted).order_by("id")
    }
    for pk in wanted:
        if pk not in found:
            raise NotFound(candidate_id=pk)
    stays = found.pop(into)
    if any(c.language != stays.language for c in found.values()):
        raise InvalidInput(field="language")
    Question.objects.filter(candidate_id__in=list(found)).update(candidate=stays)
    made = next((c for c in found.values() if c.article_id), None)
    if made is not None and stays.article_id is None:
        stays.article_id = made.article_id
        stays.state = made.state
    # What was split off one of them stays apart from all of them.
    stays.is_kept_apart = stays.is_kept_apart or any(c.is_kept_apart for c in found.values())
    stays.save(update_fields=["article", "state", "is_kept_apart"])
    for other in found.values():
        _record("candidate.merged", other, at=at, by=by)
        other.delete()
    refresh(stays)


@action
def split_candidate(
    *, candidate_id: int, question_ids: Sequence[int], at: datetime, by: int | None
) -> int:
    """Make a candidate of its own of some of the questions, and return its id.

    Neither is made one with another again unless somebody does it. Raises NotFound,
    InvalidInput when none or all of them are named.
    """
    candidate = _candidate(candidate_id)
    asked = Question.objects.filter(candidate=candidate)
    taken = list(asked.filter(pk__in=list(question_ids)).order_by("at"))
    if not taken or len(taken) == asked.count():
        raise InvalidInput(field="questions")
    own = Candidate.objects.create(
        language=candidate.language,
        text=asking.essence(taken[0].text)[:300],
        first_at=taken[0].at,
        last_at=taken[-1].at,
        is_kept_apart=True,
    )
    candidate.is_kept_apart = True
    candidate.save(update_fields=["is_kept_apart"])
    asked.filter(pk__in=[q.pk for q in taken]).update(candidate=own)
    refresh(candidate)
    refresh(own)
    _record("candidate.split", candidate, at=at, by=by)
    return own.pk


@action
def draft_candidate(
    *, candidate_id: int, reply_id: int | None = None, at: datetime, by: int | None
) -> int:
    """Make the draft of a FAQ of a candidate and return the article's id.

    Its title is the typical question, its other wordings how else people asked, its text the
    reply `reply_id` (a message to one of those who asked; whether `by` may see it the caller has
    asked) made general. A candidate that has an article returns that one. Raises NotFound.
    Publishes CandidateDrafted.
    """
    candidate = _candidate(candidate_id)
    if candidate.state == CandidateState.DRAFTED.value and candidate.article_id:
        return candidate.article_id
    body = ""
    if reply_id is not None:
        message = conversations.message(reply_id)
        if message is None or message.conversation_id not in candidate.conversation_ids:
            raise NotFound(message_id=reply_id)
        body = _general(message.text, message.conversation.customer)
    said = Question.objects.filter(candidate=candidate).order_by("-at", "-id")
    essences = (asking.essence(text) for text in said.values_list("text", flat=True)[:200])
    wordings = [w for w in dict.fromkeys(essences) if w != candidate.text][:WORDINGS_MOST]
    article_id = create_article(
        kind=Kind.FAQ,
        language=candidate.language,
        title=_title(candidate.text),
        body=body,
        wordings="\n".join(wordings),
        origin_ref=ref("candidate", candidate.pk),
        at=at,
        by=by,
    )
    candidate.article_id = article_id
    _decide(candidate, CandidateState.DRAFTED, at=at, by=by)
    happened = CandidateDrafted(candidate_id=candidate.pk, article_id=article_id)
    actor = ref("agent", by) if by else "system"
    events.publish([(happened, [ref("article", article_id)])], at=at, actor=actor)
    return article_id


def _title(text: str) -> str:
    """Return a question as a title: it begins with a capital, and asks as Spanish does."""
    said = text.strip().rstrip(".…")
    if said.endswith("?") and "¿" not in said and " " in said and not said.isascii():
        said = f"¿{said}"
    letter = next((i for i, c in enumerate(said) if c.isalpha()), 0)
    return f"{said[:letter]}{said[letter : letter + 1].upper()}{said[letter + 1 :]}"[:200]


def _general(text: str, customer: object) -> str:
    names = [*team_names(), getattr(customer, "name", "") or ""]
    return html.from_plain(personal.general(text, names=names))


@action
def article_from_message(*, message_id: int, at: datetime, by: int) -> int:
    """Make the draft of a FAQ of a reply and what it answers, and return the article's id.

    The same reply leads to the same draft. Raises NotFound when it is no reply of ours.
    """
    message = conversations.message(message_id)
    if message is None or message.direction != Direction.OUT.value or message.is_withdrawn:
        raise NotFound(message_id=message_id)
    execute("SELECT pg_advisory_xact_lock(hashtext('article_from'), %s)", [message_id % 2**31])
    origin = ref("message", message_id)
    known = Article.objects.filter(origin_ref=origin, archived_at=None).values_list(
        "pk", flat=True
    )
    if known:
        return known[0]
    asked = (
        conversations.messages_of(message.conversation_id)
        .filter(direction=Direction.IN.value, at__lte=message.at)
        .order_by("-at", "-id")
    ).first()
    conversation = message.conversation
    names = [*team_names(), conversation.customer.name if conversation.customer else ""]
    said = ""
    if asked is not None:
        names += [asked.from_name]
        said = personal.question(asked.text, names=names)
        if "?" not in said:
            said = personal.question(asked.text, names=names, subject=conversation.subject)
    title = _title(asking.essence(said, limit=120)) if said else ""
    return create_article(
        kind=Kind.FAQ,
        language=_language(message.language or conversation.language),
        title=title or personal.question(conversation.subject, names=names),
        body=_general(message.text, conversation.customer),
        wordings=said if said and asking.essence(said, limit=120) != said else "",
        origin_ref=origin,
        at=at,
        by=by,
    )


# -- what articles answer -------------------------------------------------------------------------


@action
def cover_drafted(*, article_id: int, at: datetime) -> int:
    """What was drafted of candidates is published: they are covered. Returns how many."""
    return Candidate.objects.filter(
        article_id=article_id, state=CandidateState.DRAFTED.value
    ).update(state=CandidateState.COVERED.value, decided_at=at)


@action
def uncover(*, article_id: int, language: str) -> int:
    """What an article covered is open without it; returns how many candidates."""
    return Candidate.objects.filter(
        article_id=article_id, language=language, state=CandidateState.COVERED.value
    ).update(state=CandidateState.OPEN.value, article=None)


@action
def note_answered(*, message_id: int, at: datetime) -> int:
    """Count the articles that a reply points to, and return how many.

    Publishes AnsweredFromArticle for each.
    """
    message = conversations.message(message_id)
    if message is None or message.author_agent_id is None:
        return 0
    slugs = links.slugs_in(message.text)
    if not slugs:
        return 0
    found: dict[int, str] = {}
    for language, _slug, pk in (
        *Text.objects.filter(slug__in=slugs, published__isnull=False).values_list(
            "language", "slug", "article_id"
        ),
        *OldAddress.objects.filter(slug__in=slugs, article__isnull=False).values_list(
            "language", "slug", "article_id"
        ),
    ):
        if pk is not None and (pk not in found or language == message.language[:2]):
            found[pk] = language
    day = at.astimezone(the_shop().zone).date()
    actor = ref("agent", message.author_agent_id)
    for article_id, language in found.items():
        _count(article_id, language, day, "answers")
    events.publish(
        [
            (
                AnsweredFromArticle(
                    article_id=article_id, conversation_id=message.conversation_id
                ),
                [ref("article", article_id), ref("conversation", message.conversation_id)],
            )
            for article_id in found
        ],
        at=at,
        actor=actor,
    )
    return len(found)
