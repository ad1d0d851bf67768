"""Notices: the bell's list, what a member chooses, silencing in one click."""
