"""Drafts of ports: what is refused, what is written, and that it does the same."""
