"""What is known of functions before they run: whether they may wait, call themselves, or have integers as values."""
