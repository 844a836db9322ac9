"""More of `lists` and of `binary`: what sorts and merges lists, what looks for patterns in bytes."""

from erlsim.erl.library.sequences import binary, sorting

__all__ = ["binary", "sorting"]
