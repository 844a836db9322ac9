"""The commands that are prompts: `erlsim erl` and `erlsim repl`."""

from erlsim.cli.shells.erl import erl
from erlsim.cli.shells.repl import repl

__all__ = ["erl", "repl"]
