"""Adapters of conversations: what meets outside libraries."""
