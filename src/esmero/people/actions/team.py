"""Writes about the team: members, their rights, who is away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from esmero.kernel import audit, events
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.people import queries
from esmero.people.enums import Role
from esmero.people.errors import (
    EmailTaken,
    LastAdmin,
)
from esmero.people.events import (
    AbsenceBegan,
    AgentDeactivated,
)
from esmero.people.models import (
    Absence,
    Agent,
    Membership,
    Signature,
)

# How long a member may choose that a reply of hers can be undone.
UNDO_LEAST, UNDO_SECONDS, UNDO_MOST = 5, 15, 60


@action
def hire_agent(
    *,
    email: str,
    name: str,
    role: Role,
    password: str | None,
    password_hash: str = "",
    department_ids: Iterable[int] = (),
    language: str = "es",
    signature: str = "",
    at: datetime,
    by: int | None = None,
) -> int:
    """Add a member of the team and return the id. Raises EmailTaken.

    Without a password the member signs in by a code sent to the address. `password_hash` is one
    as `make_password` returns it, for who has it already. `by` is who hired, None where the shop
    is set up.
    """
    email = queries.normalise_email(email)
    if Agent.objects.filter(email__iexact=email).exists():
        raise EmailTaken(email=email)
    agent = Agent(
        email=email,
        name=one_line(name, 120),
        role=role.value,
        language=language,
        signature=signature,
        created_at=at,
    )
    if password_hash:
        agent.password = password_hash
    else:
        agent.set_password(password)
    agent.save()
    Membership.objects.bulk_create(
        Membership(agent=agent, department_id=pk) for pk in dict.fromkeys(department_ids)
    )
    audit.record(
        at=at,
        actor=ref("agent", by) if by else "system",
        action="agent.hired",
        ref=ref("agent", agent.pk),
        role=agent.role,
    )
    return agent.pk


@action
def change_agent(
    *,
    agent_id: int,
    name: str,
    role: Role,
    signature: str,
    department_ids: Iterable[int],
    is_active: bool,
    at: datetime,
    by: int,
) -> None:
    """Change a member's role, departments and signature. Raises LastAdmin, NotFound.

    Publishes AgentDeactivated when she was active and is not any more; an invitation is withdrawn
    then.
    """
    agent = Agent.objects.select_for_update().filter(pk=agent_id).first()
    if agent is None:
        raise NotFound(agent_id=agent_id)
    stays_admin = role is Role.ADMIN and is_active
    others = Agent.objects.filter(role=Role.ADMIN.value, is_active=True).exclude(pk=agent_id)
    if agent.role == Role.ADMIN.value and not stays_admin and not others.exists():
        raise LastAdmin(agent_id=agent_id)
    leaves = agent.is_active and not is_active
    agent.name, agent.role = one_line(name, 120), role.value
    agent.signature, agent.is_active = signature, is_active
    if leaves:
        agent.invited_since = None
    agent.save(update_fields=["name", "role", "signature", "is_active", "invited_since"])
    wanted = set(department_ids)
    Membership.objects.filter(agent=agent).exclude(department_id__in=wanted).delete()
    Membership.objects.bulk_create(
        (Membership(agent=agent, department_id=pk) for pk in wanted), ignore_conflicts=True
    )
    audit.record(
        at=at,
        actor=ref("agent", by),
        action="agent.changed",
        ref=ref("agent", agent_id),
        role=agent.role,
        is_active=is_active,
        departments=sorted(wanted),
    )
    if leaves:
        events.publish(
            [(AgentDeactivated(agent_id=agent_id), [ref("agent", agent_id)])],
            at=at,
            actor=ref("agent", by),
        )


@action
def change_agent_address(*, agent_id: int, email: str, at: datetime, by: int) -> str | None:
    """Give a member another address, by which she signs in and hears from us; return the old one.

    None when it is hers already. What invited her at the old one is withdrawn. Raises EmailTaken,
    NotFound.
    """
    agent = Agent.objects.select_for_update().filter(pk=agent_id).first()
    if agent is None:
        raise NotFound(agent_id=agent_id)
    old, email = agent.email, queries.normalise_email(email)
    if email == old:
        return None
    if Agent.objects.filter(email__iexact=email).exclude(pk=agent_id).exists():
        raise EmailTaken(email=email, field="email")
    agent.email, agent.invited_since = email, None
    agent.save(update_fields=["email", "invited_since"])
    audit.record(
        at=at,
        actor=ref("agent", by),
        action="agent.address_changed",
        ref=ref("agent", agent_id),
    )
    return old


@action
def invite_agent(*, agent_id: int, by_mail: bool, at: datetime, by: int) -> None:
    """Let links made from now on bring in a member who has never been in; earlier ones hold on.

    Raises NotFound when there is no such member or she has been in already.
    """
    agent = _never_in(agent_id)
    if agent.invited_since is None:
        agent.invited_since = at
        agent.save(update_fields=["invited_since"])
    audit.record(
        at=at,
        actor=ref("agent", by),
        action="agent.invited",
        ref=ref("agent", agent_id),
        by_mail=by_mail,
    )


@action
def withdraw_invitation(*, agent_id: int, at: datetime, by: int) -> None:
    """Let no link made up to now bring her in. Raises NotFound when she was not invited."""
    agent = _never_in(agent_id)
    if agent.invited_since is None:
        raise NotFound(agent_id=agent_id)
    agent.invited_since = None
    agent.save(update_fields=["invited_since"])
    audit.record(
        at=at,
        actor=ref("agent", by),
        action="agent.invitation_withdrawn",
        ref=ref("agent", agent_id),
    )


def _never_in(agent_id: int) -> Agent:
    found = Agent.objects.select_for_update().filter(pk=agent_id, last_login=None, is_active=True)
    agent = found.first()
    if agent is None:
        raise NotFound(agent_id=agent_id)
    return agent


@action
def change_own_preferences(
    *,
    agent_id: int,
    name: str,
    language: str,
    signature: str,
    theme: str,
    has_shortcuts: bool,
    undo_seconds: int = UNDO_SECONDS,
) -> None:
    """Store what a member chose for herself. Raises NotFound, InvalidInput: 5 to 60 seconds."""
    if not UNDO_LEAST <= undo_seconds <= UNDO_MOST:
        raise InvalidInput(field="undo_seconds", value=undo_seconds)
    changed = Agent.objects.filter(pk=agent_id).update(
        name=one_line(name, 120),
        language=language,
        signature=storable(signature),
        theme=theme,
        has_shortcuts=has_shortcuts,
        undo_seconds=undo_seconds,
    )
    if not changed:
        raise NotFound(agent_id=agent_id)


@action
def sign_with(*, agent_id: int, inbox_ref: str, language: str, text: str) -> None:
    """Store how a member signs mail of one mailbox, in one language, or both; empty: no more.

    Raises InvalidInput when neither is said: that is the general signature.
    """
    if not inbox_ref and not language:
        raise InvalidInput(field="inbox_ref")
    found = Signature.objects.filter(agent_id=agent_id, inbox_ref=inbox_ref, language=language)
    if not text.strip():
        found.delete()
        return
    Signature.objects.update_or_create(
        agent_id=agent_id,
        inbox_ref=inbox_ref,
        language=language,
        defaults={"text": storable(text)},
    )


@action
def begin_absence(
    *,
    agent_id: int,
    starts_at: datetime,
    ends_at: datetime | None,
    substitute_id: int | None,
    note: str = "",
    at: datetime,
    actor: str,
) -> int:
    """Note that an agent is or will be away, and return the absence's id."""
    pk = Absence.objects.create(
        agent_id=agent_id,
        starts_at=starts_at,
        ends_at=ends_at,
        substitute_id=substitute_id if substitute_id != agent_id else None,
        note=one_line(note),
    ).pk
    audit.record(
        at=at, actor=actor, action="absence.begun", ref=ref("agent", agent_id), absence=pk
    )
    return pk


@action
def end_absence(*, absence_id: int, at: datetime, actor: str) -> None:
    """The agent is back. Raises NotFound."""
    absence = Absence.objects.select_for_update().filter(pk=absence_id).first()
    if absence is None:
        raise NotFound(absence_id=absence_id)
    if absence.starts_at >= at:
        absence.delete()
    else:
        absence.ends_at = at
        absence.save(update_fields=["ends_at"])
    audit.record(
        at=at,
        actor=actor,
        action="absence.ended",
        ref=ref("agent", absence.agent_id),
        absence=absence_id,
    )


@action
def announce_absence(*, at: datetime) -> bool:
    """Say of one absence that has begun that the agent's work must be handed on.

    Returns whether there was one. Publishes AbsenceBegan.
    """
    absence = (
        queries.absences_to_hand_over(at=at).select_for_update(skip_locked=True).order_by("id")
    ).first()
    if absence is None:
        return False
    absence.handed_over_at = at
    absence.save(update_fields=["handed_over_at"])
    events.publish(
        [
            (
                AbsenceBegan(agent_id=absence.agent_id, substitute_id=absence.substitute_id),
                [ref("agent", absence.agent_id)],
            )
        ],
        at=at,
        actor="system",
    )
    return True
