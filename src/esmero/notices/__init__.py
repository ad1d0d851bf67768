"""Notices: who of the team is told of what, where and when."""
