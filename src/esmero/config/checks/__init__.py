"""What `esmero test` runs, one step after the other or two at a time."""
