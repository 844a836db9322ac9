"""Erlang's shell on a simulation: expressions with bindings, commands, and virtual time that jumps.

`Session` is the shell without a terminal: `enter` takes a line and gives what the shell prints.
"""

from erlsim.erl.shell.session import Session

__all__ = ["Session"]
