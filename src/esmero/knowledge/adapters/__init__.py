"""Ways to tell alike questions."""
