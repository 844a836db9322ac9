"""From forms to Python: functions and coroutines whose lines are those of the Erlang source."""

from erlsim.erl.compiling.declarations import CannotCompile
from erlsim.erl.compiling.unit import Unit

__all__ = ["CannotCompile", "Unit"]
