"""Reads of people, by what they are for; `people.queries` is the door."""
