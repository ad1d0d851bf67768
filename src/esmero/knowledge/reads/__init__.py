"""Reads of knowledge, by what they are about."""
