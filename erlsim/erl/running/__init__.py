"""What compiled Erlang runs on: list cells, operators, maps, bit syntax, failures and calls.

Compiled code has Erlang's terms as the rest of erlsim has them, but for one thing: a list is a Python list or a chain
of `Cell`s. Whoever is not compiled gets Python lists (`outward`).
"""

from erlsim.erl.running.cells import Cell, outward

__all__ = ["Cell", "outward"]
