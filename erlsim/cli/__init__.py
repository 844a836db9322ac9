"""The command line: `erlsim run`, `erlsim lint`, `erlsim test`, `erlsim blast`, `erlsim erl`, `erlsim demo`.

`group` is the command with its subcommands, one module each (`run`, `lint`, `test`, `blast`, `erl`); `script` finds
and loads what is to be run; `words` tells what went wrong. The options add nothing that `Simulation` does not have.
"""

from erlsim.cli.group import main

__all__ = ["main"]
