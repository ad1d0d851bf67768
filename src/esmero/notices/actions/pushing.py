"""Push: browsers that take it, what is sent to them and what became of it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from esmero.kernel import audit, clock, jobs, secrets
from esmero.kernel.errors import InvalidInput
from esmero.kernel.refs import ref
from esmero.kernel.secrets import SecretUnreadable
from esmero.kernel.transactions import action
from esmero.notices import ports, queries
from esmero.notices.actions.mailing import silenced
from esmero.notices.errors import EndpointRefused
from esmero.notices.models import Notice, Push, PushKeys, Subscription
from esmero.notices.ports import Answer
from esmero.notices.rules import webpush
from esmero.people import queries as people

log = structlog.get_logger(__name__)

BROWSERS_MOST = 10
ENDPOINT_MOST = 1500
GROUPED_FROM = 3
"""So many at once come as one message."""
HELD_FOR = timedelta(seconds=60)
ATTEMPTS_MOST = 6
FIRST_PAUSE = timedelta(seconds=30)
KEPT_FOR = timedelta(hours=4)
"""How long a push service keeps a message for a browser that is off (its TTL); one that could not
be handed over for so long is let go of: the list has it."""


@action
def keep_keys(*, at: datetime) -> str:
    """Return the shop's public key, made with its private one the first time (base64url)."""
    row = PushKeys.objects.filter(pk=1).first()
    if row is None:
        keys = webpush.make_keys()
        row, _ = PushKeys.objects.get_or_create(
            pk=1,
            defaults={
                "private": secrets.seal(webpush.written(keys)),
                "public": webpush.packed(keys.public),
                "made_at": at,
            },
        )
    return row.public


@action
def reseal_keys() -> tuple[int, int]:
    """Close the private key with the newest key of ours; return how many were, and how many
    could not be read.
    """
    row = PushKeys.objects.select_for_update().filter(pk=1).first()
    if row is None or secrets.is_current(row.private):
        return 0, 0
    try:
        row.private = secrets.reseal(row.private)
    except SecretUnreadable:
        return 0, 1
    row.save(update_fields=["private"])
    return 1, 0


@action
def subscribe(
    *,
    agent_id: int,
    endpoint: str,
    p256dh: str,
    auth: str,
    session_key: str,
    browser: str,
    at: datetime,
) -> int:
    """Let a browser of a member take push messages while she is signed in there (`session_key`);
    return the subscription's id. What the same browser had before is replaced.

    Raises EndpointRefused, InvalidInput. Whether the address leads inside is judged each time that
    something is sent, and before that here by its form.
    """
    parts = _parts(endpoint)
    if not webpush.is_key_pair(p256dh, auth):
        raise InvalidInput(field="keys")
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    before = Subscription.objects.filter(endpoint_digest=digest).first()
    row, _ = Subscription.objects.update_or_create(
        endpoint_digest=digest,
        defaults={
            "agent_id": agent_id,
            "endpoint": endpoint,
            "p256dh": p256dh,
            "auth": auth,
            "session_key": session_key,
            "browser": browser[:80],
            "made_at": before.made_at if before else at,
        },
    )
    mine = Subscription.objects.filter(agent_id=agent_id).order_by("-made_at", "-id")
    for old in mine[BROWSERS_MOST:]:
        old.delete()
    if before is None or before.agent_id != agent_id:
        Push.objects.filter(subscription=row).delete()
        audit.record(
            at=at,
            actor=ref("agent", agent_id),
            action="notices.push_on",
            ref=ref("agent", agent_id),
            service=parts,
        )
    return row.pk


def _parts(endpoint: str) -> str:
    """Return the host of an endpoint. Raises EndpointRefused for what is never one."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise EndpointRefused() from None
    is_local = host in {"localhost", "127.0.0.1", "::1"}
    is_fit = parts.scheme == "https" or (parts.scheme == "http" and is_local)
    has_more = parts.username or parts.password or parts.fragment
    plain = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint
    if not (is_fit and host and plain) or has_more or len(endpoint) > ENDPOINT_MOST or port == 0:
        raise EndpointRefused(host=host)
    return host


@action
def unsubscribe(
    *, agent_id: int, at: datetime, subscription_id: int = 0, endpoint: str = ""
) -> bool:
    """Send nothing more to a browser of a member, by its number or its endpoint; say whether it
    had been sent to.
    """
    mine = Subscription.objects.filter(agent_id=agent_id)
    if endpoint:
        mine = mine.filter(endpoint_digest=hashlib.sha256(endpoint.encode()).hexdigest())
    else:
        mine = mine.filter(pk=subscription_id)
    row = mine.first()
    if row is None:
        return False
    row.delete()
    audit.record(
        at=at, actor=ref("agent", agent_id), action="notices.push_off", ref=ref("agent", agent_id)
    )
    return True


@action
def forget_subscriptions_of(*, agent_id: int) -> int:
    """Send nothing more to somebody who has left."""
    return Subscription.objects.filter(agent_id=agent_id).delete()[0]


@action
def plan_push_one(*, at: datetime) -> bool:
    """Turn what is due to be pushed to one member into messages for her browsers, or put it off
    to the end of her quiet; say whether there was anything.

    Few things come one by one, each replacing what was said before of the same; several as one.
    """
    due = (
        Notice.objects.select_for_update(skip_locked=True)
        .filter(push_at__lte=at)
        .order_by("push_at", "id")
        .first()
    )
    if due is None:
        return False
    preferences = queries.preferences_of(due.agent_id)
    mine = Notice.objects.filter(agent_id=due.agent_id, push_at__isnull=False)
    until = queries.quiet_until(preferences, at=at)
    if until is not None:
        mine.filter(push_at__lt=until).update(push_at=until)
        return True
    ready = list(mine.select_for_update().filter(push_at__lte=at).values_list("id", flat=True))
    Notice.objects.filter(pk__in=ready).update(push_at=None, pushed_at=at)
    groups = [ready] if len(ready) >= GROUPED_FROM else [[pk] for pk in ready]
    Push.objects.bulk_create(
        Push(subscription=to, notice_ids=group, made_at=at, not_before=at)
        for to in queries.subscriptions_of(due.agent_id)
        for group in groups
    )
    return True


def push_one(*, at: datetime) -> bool:
    """Hand one message to its push service, or find out that nobody needs it any more; say
    whether there was one. The network is spoken to outside of any transaction.
    """
    push = _claimed(at=at)
    if push is None:
        return False
    to = push.subscription
    if not _is_signed_in(to, at=at - clock.shift()) or people.agent(to.agent_id) is None:
        to.delete()
        return True
    body = _body(push, at=at)
    keys = queries.push_keys()
    if body is None or keys is None or at - push.made_at > KEPT_FOR:
        push.delete()
        return True
    headers = {
        "Authorization": webpush.authorization(
            keys, to.endpoint, contact=settings.ENV.url, at=at - clock.shift()
        ),
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(int(KEPT_FOR.total_seconds())),
        "Urgency": "normal",
        # The same matter replaces what the service still holds of it (RFC 8030, 5.4).
        "Topic": f"n{push.notice_ids[0]}" if len(push.notice_ids) == 1 else "several",
    }
    try:
        answer = ports.service().post(to.endpoint, body, headers)
    except EndpointRefused:
        log.warning("push_refused", subscription=to.pk)
        to.delete()
        return True
    _note(push, answer, at=at)
    return True


def _claimed(*, at: datetime) -> Push | None:
    """Take one message for a minute: who dies with it in hand leaves it to others."""
    with transaction.atomic():
        push = (
            Push.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("subscription")
            .filter(not_before__lte=at)
            .order_by("not_before", "id")
            .first()
        )
        if push is not None:
            push.attempts += 1
            push.not_before = at + HELD_FOR
            push.save(update_fields=["attempts", "not_before"])
    return push


def _is_signed_in(to: Subscription, *, at: datetime) -> bool:
    # Sessions end by the machine's clock, as Django reads it.
    alive = Session.objects.filter(session_key=to.session_key, expire_date__gt=at)
    return alive.exists()


def _body(push: Push, *, at: datetime) -> bytes | None:
    """Return what is sent, None when all of it was seen, hidden or silenced meanwhile."""
    to = push.subscription
    found = queries.cards(to.agent_id, push.notice_ids)
    cards = [card for card in found if not silenced(to.agent_id, card)]
    agent = people.agent(to.agent_id)
    if not cards or agent is None:
        return None
    text = ports.words().payload(
        cards,
        agent_id=agent.pk,
        language=agent.language,
        hides_names=queries.preferences_of(agent.pk).hides_names,
        at=at,
    )
    return webpush.encrypt(text, p256dh=to.p256dh, auth=to.auth)


@action
def _note(push: Push, answer: Answer, *, at: datetime) -> None:
    to = push.subscription
    if 200 <= answer.status < 300:
        Push.objects.filter(pk=push.pk).delete()
        Subscription.objects.filter(pk=to.pk).update(used_at=at)
        return
    if answer.status in {404, 410}:  # RFC 8030, 7.3: the browser is not there any more
        Subscription.objects.filter(pk=to.pk).delete()
        return
    # Anything else of 4xx is a fault of this very message: sending it again would not mend it.
    is_over = 400 <= answer.status < 500 and answer.status not in {408, 425, 429}
    if is_over or push.attempts >= ATTEMPTS_MOST:
        log.warning("push_given_up", subscription=to.pk, status=answer.status)
        Push.objects.filter(pk=push.pk).delete()
        return
    pause = max(FIRST_PAUSE * 2 ** (push.attempts - 1), timedelta(seconds=answer.retry_after))
    Push.objects.filter(pk=push.pk).update(not_before=at + pause)
    jobs.wake_after_commit("push")


def next_push_at() -> datetime | None:
    """Return when the next message, or what becomes one, is due."""
    planned = Notice.objects.filter(push_at__isnull=False).order_by("push_at")
    ready = Push.objects.order_by("not_before")
    found = [
        planned.values_list("push_at", flat=True).first(),
        ready.values_list("not_before", flat=True).first(),
    ]
    return min((one for one in found if one is not None), default=None)
