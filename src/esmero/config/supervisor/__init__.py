"""Keeps the processes of one installation running: forked from one parent, restarted, stopped."""

from esmero.config.supervisor.children import Job, call_in_child
from esmero.config.supervisor.loop import Supervisor
from esmero.config.supervisor.state import AlreadyRunning, Holding, running

__all__ = ["AlreadyRunning", "Holding", "Job", "Supervisor", "call_in_child", "running"]
