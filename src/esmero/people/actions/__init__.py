"""Writes of people: each takes the moment, and the actor where it matters."""

from esmero.people.actions.customers import (
    add_address,
    change_customer,
    clear_bounce,
    know_sender,
    mark_bounced,
    merge_customers,
    remove_address,
    undo_merge,
    verify_address,
)
from esmero.people.actions.departments import (
    change_department,
    close_department,
    open_department,
)
from esmero.people.actions.team import (
    announce_absence,
    begin_absence,
    change_agent,
    change_agent_address,
    change_own_preferences,
    end_absence,
    hire_agent,
)

__all__ = [
    "add_address",
    "announce_absence",
    "begin_absence",
    "change_agent",
    "change_agent_address",
    "change_customer",
    "change_department",
    "change_own_preferences",
    "clear_bounce",
    "close_department",
    "end_absence",
    "hire_agent",
    "know_sender",
    "mark_bounced",
    "merge_customers",
    "open_department",
    "remove_address",
    "undo_merge",
    "verify_address",
]
