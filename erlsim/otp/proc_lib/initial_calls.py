"""What processes were started as: the module, function and arity that tools show. Mirrors `proc_lib:initial_call`."""

from __future__ import annotations

from erlsim import code, erlang
from erlsim.errors import Error
from erlsim.otp.shared import keyfind
from erlsim.terms import Improper, Pid, Term


def initial_call(process: Term) -> Term:
    """`(module, function, ["Argument__1", ...])` of a pid or of a `process_info` list, or `False`."""
    call = _raw_initial_call(process)
    return call and (call[0], call[1], dummy_args(call[2]))


def translate_initial_call(process: Term) -> tuple[Term, Term, int]:
    """`(module, function, arity)` that the process was started with; `init_p/5` for a stranger."""
    call: tuple[Term, Term, int] = _raw_initial_call(process) or ("proc_lib", "init_p", 5)
    return call


def dummy_args(number: int) -> list[str]:
    """Names that stand for `number` arguments."""
    return [f"Argument__{i}" for i in range(1, number + 1)]


def called(module: Term, function: str, args: list[Term]) -> tuple[Term, Term, int]:
    """Name a behaviour's process by its callback module's init function."""
    if function == "init_it" and code.name(module) == "gen" and len(args) in (6, 7):
        behaviour, callback, argument = args[0], args[-3], args[-2]
        name = code.name(callback)
        if behaviour == "gen_event":
            return ("gen_event", "init_it", 6)
        if behaviour == "gen_server" and name == "supervisor" and type(argument) is tuple and len(argument) == 3:
            return ("supervisor", _name(argument[1]), 1)
        if behaviour == "gen_server" and name == "supervisor_bridge" and type(argument) is list and argument:
            return ("supervisor_bridge", _name(argument[0]), 1)
        for callback in (args[-3], args[4]):
            if code.is_module(callback):
                return (code.name(callback), "init", 1)
    return (code.name(module), function, len(args))


def _name(module: Term) -> Term:
    """A module's name; what is no module is a name that nobody can show, and left as it is."""
    return code.name(module) if code.is_module(module) else module


def _raw_initial_call(process: Term) -> Term:
    if type(process) is Pid:
        info = erlang.process_info(process, "dictionary")
        pairs = info[1] if type(info) is tuple else []
    elif isinstance(process, (list, Improper)):
        pairs = keyfind("dictionary", process, [])
    else:
        raise Error("function_clause", [("proc_lib", "raw_initial_call", [process], [])])
    call = keyfind("$initial_call", pairs)
    return call if type(call) is tuple and len(call) == 3 else False
