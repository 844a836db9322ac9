"""Names for processes by any term, the same on all nodes. Mirrors `global`.

A name belongs to a process until it is unregistered or the process dies.
"""

# DIVERGES(otp): a lock and the answers of other nodes are awaited there; here every node sees a name as soon as it is
# given, and nothing waits, so these functions are plain.

from __future__ import annotations

from typing import Any

from erlsim import erlang
from erlsim.errors import Error
from erlsim.simulation import storage
from erlsim.terms import Pid, Term, key, sort

Names = dict[Any, tuple[Term, Pid]]


def register_name(name: Term, pid: Pid) -> str:
    """Give `pid` the name: `"yes"`, or `"no"` if another living process has it."""
    if type(pid) is not Pid:
        raise Error("function_clause", [("global", "register_name", [name, pid], [])])
    if whereis_name(name) != "undefined":
        return "no"
    _names()[key(name)] = (name, pid)
    return "yes"


def re_register_name(name: Term, pid: Pid) -> str:
    """Give `pid` the name, whoever had it: `"yes"`."""
    if type(pid) is not Pid:
        raise Error("function_clause", [("global", "re_register_name", [name, pid], [])])
    _names()[key(name)] = (name, pid)
    return "yes"


def unregister_name(name: Term) -> str:
    """Take the name away: `"ok"`."""
    _names().pop(key(name), None)
    return "ok"


def whereis_name(name: Term) -> Term:
    """The pid under the name, or `"undefined"`."""
    found = _names().get(key(name))
    if found is None:
        return "undefined"
    if not erlang.lives(found[1]):
        del _names()[key(name)]
        return "undefined"
    return found[1]


def send(name: Term, message: Term) -> Pid:
    """Send to the process under the name: its pid; exits `("badarg", (name, message))` if there is none."""
    pid = whereis_name(name)
    if type(pid) is not Pid:
        erlang.exit(("badarg", (name, message)))
    erlang.send(pid, message)
    found: Pid = pid
    return found


def registered_names() -> list[Term]:
    """All names of living processes, in term order."""
    names: list[Term] = sort([name for name, _ in list(_names().values()) if whereis_name(name) != "undefined"])
    return names


def sync() -> str:
    """All nodes know the same names: `"ok"`."""
    return "ok"


def _names() -> Names:
    names: Names = storage("global", dict)
    return names
