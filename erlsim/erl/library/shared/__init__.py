"""What processes share without messages: counters, atomics, persistent terms. They belong to a simulation."""

from erlsim.erl.library.shared import atomics, counters, persistent_term

__all__ = ["atomics", "counters", "persistent_term"]
