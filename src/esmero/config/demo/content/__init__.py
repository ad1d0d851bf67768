"""The demo shop as data: TOML files, a reader that checks them, a timetable that dates them.

Nothing here knows Django or a database; whoever fills one walks the steps through the actions.
"""

from esmero.config.demo.content.reading import ContentError, load_demo
from esmero.config.demo.content.shapes import (
    DemoAbsence,
    DemoAddress,
    DemoAgent,
    DemoConversation,
    DemoCustomer,
    DemoDepartment,
    DemoDesk,
    DemoFrame,
    DemoNoteStyle,
    DemoPromise,
    DemoSavedAnswer,
    DemoShop,
    DemoStep,
)
from esmero.config.demo.content.timing import Hours, TimedStep, lay_out

__all__ = [
    "ContentError",
    "DemoAbsence",
    "DemoAddress",
    "DemoAgent",
    "DemoConversation",
    "DemoCustomer",
    "DemoDepartment",
    "DemoDesk",
    "DemoFrame",
    "DemoNoteStyle",
    "DemoPromise",
    "DemoSavedAnswer",
    "DemoShop",
    "DemoStep",
    "Hours",
    "TimedStep",
    "lay_out",
    "load_demo",
]
