"""Erlang in notebooks: after `%load_ext erlsim.erl` a cell that begins with `%%erlang` is typed into Erlang's shell.

The shell belongs to the simulation that is current, so that cells of Erlang and of Python act on one node: a name that
one registers is there for the other. `erlsim.shell()` begins anew for both. Nothing here needs IPython to be there.
"""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import Any

import erlsim
from erlsim import NoSimulation
from erlsim.erl.shell.session import MODULE_ATTRIBUTE, Session
from erlsim.simulation import current, storage

__in_stacks__ = False

SESSION = "erl_shell"
CHECKED_BY = re.compile(r"--check\s+(\w+)\s*$")
HELP = """Type Erlang into the shell of the current simulation.

%%erlang is a cell: expressions, of which each ends in a dot (the last one need not), or a whole module, which is
compiled and loaded. What erl would print is printed; bindings stay until f(). is typed or erlsim.shell() called.

%%erlang --check FUNCTION is a cell with a module, which is given to a function of Python: what it returns is the value
of the cell. What it is given is None if the module cannot be compiled.

%erlang EXPRESSION is a line, and its value is Python's: pid = %erlang whereis(counter)
"""


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext erlsim.erl`: there are `%%erlang` for cells and `%erlang` for lines from now on."""

    def erlang(line: str, cell: str | None = None) -> Any:
        if cell is None:
            return value_of(line)
        given = CHECKED_BY.match(line)
        if given is None:
            return enter(f"{line}\n{cell}" if line else cell)
        return ipython.user_ns[given[1]](define(cell))

    erlang.__doc__ = HELP
    # What stands in braces is Erlang's: IPython would fill in a Python variable.
    erlang._ipython_magic_no_var_expand = True  # type: ignore[attr-defined]
    ipython.register_magic_function(erlang, "line_cell", "erlang")


def session() -> Session:
    """Erlang's shell on the current simulation, which is made if there is none."""
    try:
        sim = current()
    except NoSimulation:
        sim = erlsim.shell()
    found: Session = storage(SESSION, lambda: Session(sim))
    return found


def enter(text: str) -> None:
    """Type a cell into the shell: expressions, or a module."""
    shell = session()
    _say(shell.enter_module(text) if MODULE_ATTRIBUTE.match(text) else shell.enter(text, is_all=True))


def define(text: str) -> ModuleType | None:
    """Compile and load a module, as `enter` does: the module, for Python. `None` if it cannot be compiled."""
    shell = session()
    _say(shell.enter_module(text))
    return shell.module


def value_of(line: str) -> Any:
    """The value of an expression; what goes wrong is printed, as it is in a cell."""
    shell = session()
    number = shell.number
    told = shell.enter(line, is_all=True)
    if number in shell.history:
        return shell.history[number][2]
    _say(told)
    return None


def _say(lines: list[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
