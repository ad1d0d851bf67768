"""The demo shop: its content (pure data) and what fills a database with it."""
