"""Esmero: the customer service of an online shop, from the first click to long after the sale."""

__version__ = "0.1.0"
