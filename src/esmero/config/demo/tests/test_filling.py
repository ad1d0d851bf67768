"""The demo as it is filled: nothing of the desk opens empty, and nothing is left to be done."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.hashers import check_password

from esmero.config.demo import filling
from esmero.config.demo.opening import PASSWORD
from esmero.conversations.models import (
    Consultation,
    Conversation,
    Draft,
    Follower,
    Mention,
    Move,
    Relation,
    SavedAnswer,
    SideConversation,
    Tag,
)
from esmero.desk.models import Macro, Rule, SavedView, Trace
from esmero.kernel import dispatch, jobs
from esmero.notices.models import Notice
from esmero.people.models import Agent, Consent, CustomerNote, CustomValue

NOW = datetime(2026, 11, 19, 10, 40, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_of_the_desk_is_empty_and_nothing_is_left_to_be_done() -> None:
    told = jobs.tells_others
    filling.fill(lambda done, of: None, now=NOW)
    assert jobs.tells_others is told
    assert dispatch.backlog() == dispatch.Backlog(pending=0, failing=0, given_up=0)
    counted = {
        model.__name__: model.objects.count()
        for model in (Tag, Macro, Rule, SavedView, SavedAnswer, SideConversation, Move, Draft)
    }
    assert counted == {
        "Tag": 12, "Macro": 5, "Rule": 8, "SavedView": 6, "SavedAnswer": 12,
        "SideConversation": 2, "Move": 1, "Draft": 1,
    }  # fmt: skip
    for model in (
        Consultation, Follower, Mention, Relation, Trace, CustomerNote, CustomValue, Consent,
    ):  # fmt: skip
        assert model.objects.exists(), model.__name__
    assert Conversation.objects.filter(snoozed_until__gt=NOW).count() == 2
    assert Conversation.objects.exclude(tag_ids=[]).count() >= 15
    for agent in Agent.objects.exclude(email__startswith="damaso"):
        assert Notice.objects.filter(agent=agent).exists(), agent.email
    assert 5 <= Notice.objects.filter(seen_at=None).count() <= 40
    assert all(check_password(PASSWORD, agent.password) for agent in Agent.objects.all()[:1])
