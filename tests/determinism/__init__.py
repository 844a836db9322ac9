"""Same program, same seed: the same trace, byte for byte, on every run, hash seed and Python."""
