"""Writes of promises: each takes the moment and the actor, and says what it did."""

from esmero.promises.actions.hours import (
    change_hours,
    keep_hours,
    make_default_hours,
    open_hours,
    remove_hours,
    remove_special_day,
    set_special_day,
    set_standard,
    unset_standard,
)
from esmero.promises.actions.make import (
    Owner,
    Told,
    expected_due,
    make_promise,
    reassign_promises,
    tell_promise,
)
from esmero.promises.actions.settle import (
    break_promise,
    note_done,
    release_promise,
    renegotiate_promise,
    resume_promise,
    seal_record,
    settle_promise,
)
from esmero.promises.actions.watch import next_check_at, watch_one
from esmero.promises.forecasts import standards_alone

__all__ = [
    "Owner",
    "Told",
    "break_promise",
    "change_hours",
    "expected_due",
    "keep_hours",
    "make_default_hours",
    "make_promise",
    "next_check_at",
    "note_done",
    "open_hours",
    "reassign_promises",
    "release_promise",
    "remove_hours",
    "remove_special_day",
    "renegotiate_promise",
    "resume_promise",
    "seal_record",
    "set_special_day",
    "set_standard",
    "settle_promise",
    "standards_alone",
    "tell_promise",
    "unset_standard",
    "watch_one",
]
