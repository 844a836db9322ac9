"""Erlang's shell on a simulation: expressions with bindings, commands, and virtual time that jumps.

`Session` is the shell without a terminal: `enter` takes lines and gives what the shell prints. `session` is the one of
the current simulation, in which cells of `%%erlang` are evaluated.
"""

from erlsim.erl.shell.cells import load_ipython_extension, session
from erlsim.erl.shell.session import Session

__all__ = ["Session", "load_ipython_extension", "session"]
