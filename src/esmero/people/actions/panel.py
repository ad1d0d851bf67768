"""Writes about what a customer's panel shows: notes, the shop's fields, consents, duplicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from esmero.kernel import audit, events
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import fold, one_line, storable
from esmero.kernel.transactions import action
from esmero.people import queries
from esmero.people.enums import FieldKind, How, Purpose
from esmero.people.errors import AlreadyAgreed, BadValue, ChoicesNeeded
from esmero.people.events import ConsentGiven, ConsentWithdrawn, CustomerNoted
from esmero.people.models import (
    Consent,
    Customer,
    CustomerNote,
    CustomField,
    CustomValue,
    DuplicateDismissal,
)
from esmero.people.rules.fields import read_value

NOTE_LONGEST = 4_000
CHOICES_MOST = 60


def _must_be_there(customer_id: int) -> None:
    if not Customer.objects.filter(pk=customer_id, erased_at=None).exists():
        raise NotFound(customer_id=customer_id)


@action
def write_customer_note(*, customer_id: int, text: str, at: datetime, by: int) -> int:
    """Write something down about a customer and return the note's id. Raises BadValue, NotFound.

    Publishes CustomerNoted.
    """
    _must_be_there(customer_id)
    said = storable(text).strip()[:NOTE_LONGEST]
    if not said:
        raise BadValue(field="text")
    note = CustomerNote.objects.create(customer_id=customer_id, text=said, at=at, by_agent_id=by)
    noted = CustomerNoted(customer_id=customer_id, note_id=note.pk)
    events.publish([(noted, [ref("customer", customer_id)])], at=at, actor=ref("agent", by))
    return note.pk


@action
def remove_customer_note(*, customer_id: int, note_id: int, at: datetime, by: int) -> None:
    """Take a note back. Raises NotFound."""
    gone = CustomerNote.objects.filter(
        pk=note_id, customer_id__in=queries.group_of(customer_id), removed_at=None
    ).update(removed_at=at, removed_by_agent_id=by)
    if not gone:
        raise NotFound(note_id=note_id)
    audit.record(
        at=at,
        actor=ref("agent", by),
        action="customer.note_removed",
        ref=ref("customer", customer_id),
        note_id=note_id,
    )


def _choices_of(kind: FieldKind, choices: Sequence[str]) -> list[str]:
    """Return the choices of a field, each once. Raises ChoicesNeeded."""
    if kind is not FieldKind.CHOICE:
        return []
    found: dict[str, str] = {}
    for one in choices:
        said = one_line(storable(one), 80)
        if said:
            found.setdefault(fold(said), said)
    if len(found) < 2:
        raise ChoicesNeeded(field="choices")
    return list(found.values())[:CHOICES_MOST]


@action
def define_field(
    *, name: str, kind: FieldKind, choices: Sequence[str] = (), hint: str = "", at: datetime,
    by: int,
) -> int:  # fmt: skip
    """Add a field to every customer and return its id. Raises ChoicesNeeded."""
    field = CustomField.objects.create(
        name=one_line(storable(name), 60),
        kind=kind.value,
        choices=_choices_of(kind, choices),
        hint=one_line(storable(hint), 200),
        position=CustomField.objects.count(),
    )
    audit.record(at=at, actor=ref("agent", by), action="field.defined", ref=ref("field", field.pk))
    return field.pk


@action
def change_field(
    *, field_id: int, name: str, choices: Sequence[str] = (), hint: str = "", at: datetime, by: int
) -> None:
    """Rename a field, or change what is chosen from; its kind stays.

    Values that are no longer among the choices stay until somebody changes them. Raises
    ChoicesNeeded, NotFound.
    """
    field = CustomField.objects.select_for_update().filter(pk=field_id, closed_at=None).first()
    if field is None:
        raise NotFound(field_id=field_id)
    field.name, field.hint = one_line(storable(name), 60), one_line(storable(hint), 200)
    field.choices = _choices_of(FieldKind(field.kind), choices)
    field.save(update_fields=["name", "hint", "choices"])
    audit.record(at=at, actor=ref("agent", by), action="field.changed", ref=ref("field", field_id))


@action
def close_field(*, field_id: int, at: datetime, by: int) -> None:
    """Show a field no more; what was entered is kept and exported. Raises NotFound."""
    if not CustomField.objects.filter(pk=field_id, closed_at=None).update(closed_at=at):
        raise NotFound(field_id=field_id)
    audit.record(at=at, actor=ref("agent", by), action="field.closed", ref=ref("field", field_id))


@action
def set_values(*, customer_id: int, values: Mapping[int, str], at: datetime, by: int) -> None:
    """Enter what is known of a customer, by field; "" takes a value away.

    Raises BadValue (with the field's id) for what does not fit its kind, NotFound.
    """
    _must_be_there(customer_id)
    group = queries.group_of(customer_id)
    for field in CustomField.objects.filter(pk__in=values, closed_at=None):
        kept = read_value(FieldKind(field.kind), storable(values[field.pk]), field.choices)
        known = CustomValue.objects.filter(customer_id__in=group, field=field)
        if kept is None:
            # What was chosen before the choices changed may stay.
            if known.filter(value=values[field.pk].strip()).exists():
                continue
            raise BadValue(field=f"field_{field.pk}", kind=field.kind)
        if kept == "":
            known.delete()
            continue
        CustomValue.objects.update_or_create(
            customer_id=customer_id, field=field, defaults={"value": kept}
        )
    audit.record(
        at=at,
        actor=ref("agent", by),
        action="customer.fields_changed",
        ref=ref("customer", customer_id),
        fields=sorted(values),
    )


@action
def record_consent(
    *,
    customer_id: int,
    purpose: Purpose,
    text_version: str,
    text: str,
    how: How,
    evidence: str = "",
    given_at: datetime,
    at: datetime,
    by: int | None,
) -> int:
    """Note that a customer agreed, to which words, when and how; return the consent's id.

    Raises AlreadyAgreed while one for the purpose is in force, NotFound. Publishes ConsentGiven.
    """
    _must_be_there(customer_id)
    group = queries.group_of(customer_id)
    if Consent.objects.filter(
        customer_id__in=group, purpose=purpose.value, withdrawn_at=None
    ).exists():
        raise AlreadyAgreed(purpose=purpose.value)
    consent = Consent.objects.create(
        customer_id=customer_id,
        purpose=purpose.value,
        text_version=one_line(storable(text_version), 40),
        text=storable(text).strip(),
        given_at=given_at,
        how=how.value,
        evidence=one_line(storable(evidence), 200),
        recorded_by_agent_id=by,
    )
    given = ConsentGiven(
        customer_id=customer_id, consent_id=consent.pk, purpose=purpose.value, how=how.value
    )
    actor = ref("agent", by) if by else ref("customer", customer_id)
    events.publish([(given, [ref("customer", customer_id)])], at=at, actor=actor)
    return consent.pk


@action
def withdraw_consent(
    *, customer_id: int, consent_id: int, how: How, at: datetime, by: int | None
) -> None:
    """Note that a customer agrees no longer. Raises NotFound. Publishes ConsentWithdrawn."""
    consent = (
        Consent.objects.select_for_update()
        .filter(pk=consent_id, customer_id__in=queries.group_of(customer_id), withdrawn_at=None)
        .first()
    )
    if consent is None:
        raise NotFound(consent_id=consent_id)
    consent.withdrawn_at, consent.withdrawn_how = at, how.value
    consent.withdrawn_by_agent_id = by
    consent.save(update_fields=["withdrawn_at", "withdrawn_how", "withdrawn_by_agent"])
    withdrawn = ConsentWithdrawn(
        customer_id=customer_id, consent_id=consent_id, purpose=consent.purpose, how=how.value
    )
    actor = ref("agent", by) if by else ref("customer", customer_id)
    events.publish([(withdrawn, [ref("customer", customer_id)])], at=at, actor=actor)


@action
def dismiss_duplicate(*, customer_id: int, other_id: int, at: datetime, by: int) -> None:
    """These two are not the same person: never propose them again. Raises NotFound."""
    if customer_id == other_id:
        raise NotFound(customer_id=other_id)
    _must_be_there(customer_id)
    _must_be_there(other_id)
    one, other = sorted((customer_id, other_id))
    DuplicateDismissal.objects.get_or_create(
        one_id=one, other_id=other, defaults={"at": at, "by_agent_id": by}
    )
