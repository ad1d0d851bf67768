"""Outside systems of channels, one folder each."""
