"""Saber: what the team does with articles."""
