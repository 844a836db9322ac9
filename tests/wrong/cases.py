"""Which functions are asked, and with which arguments.

Every function that erlsim and OTP both have is called with every combination of the first few of `ARGUMENTS`: all of
them for one argument, fewer the more arguments a function takes.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
from collections.abc import Iterator
from typing import NamedTuple

from erlsim import code
from erlsim.terms import Improper, Term

# By the name that Erlang knows them under: where they are here.
MODULES = {
    "erlang": "erlsim.erlang",
    "ets": "erlsim.ets",
    "timer": "erlsim.timer",
    "lists": "erlsim.otp.lists",
    "io": "erlsim.io",
    **{
        name: f"erlsim.otp.{name}"
        for name in ("proc_lib", "gen_server", "gen_statem", "gen_event", "supervisor", "sys")
    },
}

# A process that never answers, a fresh reference, a fun of one argument: each case has its own.
MUTE, REF, FUN = ("mute",), ("ref",), ("fun",)

_SPAWNS = ("spawn/2", "spawn_link/2", "spawn_monitor/2", "spawn_opt/3")

# `wrong_t` is the name of a table that has one row.
ARGUMENTS: list[Term] = [
    *("wrong_t", 1, MUTE, [], FUN, ("a", "b")),
    *("a", REF, 1.5, -1, Improper((1,), 2), {"a": 1}, b"x", True),
    *([("a", "b")], (), "infinity", 1 << 70, [1, 2], (1, 2)),
]
# How many of them are tried, by the number of a function's arguments.
TRIED = {1: 20, 2: 12, 3: 7, 4: 4, 5: 2}

# Callbacks and entries of the modules themselves, which nobody else calls.
_INTERNAL = (
    *("system_", "handle_", "format_status", "print_event", "wake", "init_p", "become", "dummy_args"),
    *("code_change", "report_cb", "user", "text_of"),
)
_CALLBACKS = {("supervisor", "init"), ("supervisor", "terminate")}


# What OTP refuses and erlsim takes: a fun with its arguments to `spawn`, and a text as a `str`, which is an atom too.
EXTENSIONS = {
    **{f"erlang:{name}": lambda args: args[0] is FUN and args[1] == [] for name in _SPAWNS},
    "io:put_chars/1": lambda args: isinstance(args[0], str | bool),
}


class Function(NamedTuple):
    """A function as Erlang names it."""

    module: str
    name: str
    arity: int

    def __str__(self) -> str:
        return f"{self.module}:{self.name}/{self.arity}"


def functions() -> list[Function]:
    """The public functions of the modules, with each number of arguments that they take here."""
    return [each for module in MODULES for each in _functions_of(module)]


def _functions_of(module: str) -> Iterator[Function]:
    found = importlib.import_module(MODULES[module])
    own = [name for name, each in vars(found).items() if getattr(each, "__module__", None) == found.__name__]
    for name in sorted(getattr(found, "__all__", own)):
        function = getattr(found, name)
        if name.startswith(("_", *_INTERNAL)) or not inspect.isroutine(function) or (module, name) in _CALLBACKS:
            continue
        low, high = code.arities(function)
        for arity in range(max(low, 1), min(high, max(TRIED)) + 1):
            yield Function(module, name.rstrip("_"), arity)


def combinations(arity: int) -> list[tuple[Term, ...]]:
    """The arguments of every case of a function."""
    return list(itertools.product(ARGUMENTS[: TRIED[arity]], repeat=arity))
