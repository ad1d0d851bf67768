"""Reads of notices, by subject."""
