"""The command line: `erlsim run`, `erlsim lint`, `erlsim test` and what else `erlsim --help` lists.

`group` is the command with its subcommands, one module each, of the same name; `script` finds
and loads what is to be run; `words` tells what went wrong. The options add nothing that `Simulation` does not have.
"""

from erlsim.cli.group import main

__all__ = ["main"]
