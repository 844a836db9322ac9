"""Searches that end: the algorithm on toy machines, then `testing.exhaust` on simulations."""
