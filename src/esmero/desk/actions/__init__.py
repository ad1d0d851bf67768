"""Writes of the desk."""

from esmero.desk.actions.bulk import (
    begin_bulk,
    forget_plans,
    plan_bulk,
    run_macro,
    step_bulk,
    stop_bulk,
    undo_bulk,
)
from esmero.desk.actions.managing import (
    drop_rule,
    drop_view,
    make_tag_named,
    move_rule,
    note_macro_run,
    retire_macro,
    save_macro,
    save_rule,
    save_view,
    set_after,
    set_agent_work,
    set_department_work,
    switch_rule,
)
from esmero.desk.actions.routing import distribute_one, give_back_unanswered, route

__all__ = [
    "begin_bulk",
    "distribute_one",
    "drop_rule",
    "drop_view",
    "forget_plans",
    "give_back_unanswered",
    "make_tag_named",
    "move_rule",
    "note_macro_run",
    "plan_bulk",
    "retire_macro",
    "route",
    "run_macro",
    "save_macro",
    "save_rule",
    "save_view",
    "set_after",
    "set_agent_work",
    "set_department_work",
    "step_bulk",
    "stop_bulk",
    "switch_rule",
    "undo_bulk",
]
