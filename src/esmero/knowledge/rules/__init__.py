"""Pure decisions of knowledge."""
