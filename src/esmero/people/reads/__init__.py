"""Reads of people by what they are for."""
