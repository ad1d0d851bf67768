"""The command line's texts in Spanish: English text → Spanish text."""

TEXTS: dict[str, str] = {}
