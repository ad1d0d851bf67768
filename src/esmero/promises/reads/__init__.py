"""Larger reads of promises, offered through `promises.queries`: the report, and what is set."""
