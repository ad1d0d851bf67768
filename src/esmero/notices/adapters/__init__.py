"""Outside systems of notices."""
