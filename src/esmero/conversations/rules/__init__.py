"""Pure decisions of conversations."""
