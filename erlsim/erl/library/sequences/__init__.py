"""More of `lists` and of `binary`: what merges sorted lists, what looks for patterns in bytes."""

from erlsim.erl.library.sequences import binary, merging

__all__ = ["binary", "merging"]
