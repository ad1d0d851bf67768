"""Reads of people that have grown a room of their own; `queries` is their door."""
