"""Pictures, the page, and the history that they are drawn from."""
