"""What is known of functions before they run: whether they may wait, call themselves, or have integers as values."""

from erlsim.erl.compiling.inferring.colours import Colours
from erlsim.erl.compiling.inferring.integers import Integers

__all__ = ["Colours", "Integers"]
