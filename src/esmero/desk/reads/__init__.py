"""Reads of the desk, by subject."""
