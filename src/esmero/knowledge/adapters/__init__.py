"""Outside things that knowledge uses."""
