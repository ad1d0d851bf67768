"""Reads that `queries` offers, apart from it for their size."""
