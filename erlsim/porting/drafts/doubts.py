"""Atoms that may be names of modules, where modules have other names in the port: as all do in Elixir.

Where OTP wants a module it is one. In plain data an atom stays an atom: that is right as long as the program never
takes a module from its data. Where it does (`start_link(callbacks)`, `apply(module, ...)`, handlers that are asked
for), an atom that is the name of a module may be either, and what it stands in is a hole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from erlsim.porting.drafts import calls
from erlsim.porting.drafts.building import Built
from erlsim.porting.drafts.forms import Atom, Call, Form, Function, Map, Module, ModuleName, Op, Tuple, within
from erlsim.porting.drafts.reading import Facts, Reader
from erlsim.porting.drafts.refusals import Refused

# What shows modules of the program to it.
_SHOWING = frozenset({("gen_event", "which_handlers"), ("supervisor", "get_callback_module")})
# Where the first argument is a name of a process or of a table.
_NAMING = frozenset("gen_server gen_statem gen_event supervisor director sys gen_tracker ets".split())
_NAMES = frozenset("send whereis register unregister is_process_alive send_after".split())


def without_doubt(built: Built, renamed: Mapping[str, str]) -> Built:
    """The program with holes where an atom may be a module that has another name."""
    if not renamed or not any(_takes_a_module(form) for form in _forms(built)):
        return built
    return replace(built, modules=tuple(_module(each, built, renamed) for each in built.modules))


def _forms(built: Built) -> Iterator[Form]:
    return within([clause.body for module in built.modules for each in module.functions for clause in each.clauses])


def _is_known(form: Form) -> bool:
    if isinstance(form, Tuple) and len(form.items) == 2:  # a handler with an id
        form = form.items[0]
    return isinstance(form, Atom | ModuleName)


def _takes_a_module(form: Form) -> bool:
    """Whether a module comes from the program's data here."""
    match form:
        case Call(module=module, name=name, args=args):
            if (module, name) in _SHOWING:
                return True
            place = _place(form)
            return place is not None and not _is_known(args[place])
        case Map(pairs=pairs):
            found = {key.name: value for key, value in pairs if isinstance(key, Atom)}
            start = found.get("start")
            return "id" in found and start is not None and not (isinstance(start, Tuple) and _is_known(start.items[0]))
    return False


def _place(call: Call) -> int | None:
    """Where a call has a module among its arguments."""
    size = len(call.args)
    name = (call.module, call.name)
    if call.module == "erlang" and call.name.startswith("spawn"):
        return 0 if size - (call.name == "spawn_opt") == 3 else None
    if name in calls.APPLIED:
        return calls.APPLIED[name] if size >= calls.APPLIED[name] + 3 else None
    place = calls.STARTERS.get(name, calls.NAMED.get(name))
    return place if place is not None and -size <= place < size else None


def _module(module: Module, built: Built, renamed: Mapping[str, str]) -> Module:
    unit = built.program.units[module.name]
    found: dict[str, str] = {}
    for function in module.functions:
        name = next((atom for atom in _doubtful(_texts(function)) if atom in renamed), None)
        if name is not None:
            found.setdefault(_owner(function, list(unit.functions)), name)
    functions = []
    for function in module.functions:
        owner = _owner(function, list(unit.functions))
        if owner not in found:
            functions.append(function)
        elif function.place:
            node = unit.functions[owner]
            reader = Reader(built.program, unit, Facts(), node)
            hole = reader.refused(Refused(node, _reason(found[owner], renamed)))
            functions.append(replace(hole, exported=function.exported, is_added=function.is_added))
    return replace(module, functions=tuple(functions))


def _reason(name: str, renamed: Mapping[str, str]) -> str:
    return (
        f'"{name}" may be the module, which is {renamed[name]} in the port, or an atom, and this program takes modules '
        f"from its data: name the class where the module is meant, or call the atom something else"
    )


def _texts(function: Function) -> list[Any]:
    return [[clause.patterns, clause.guard, clause.body] for clause in function.clauses]


def _owner(function: Function, names: list[str]) -> str:
    """The function of Python's that this one was made of: loops have functions of their own."""
    if function.name in names:
        return function.name
    return next((each for each in names if function.name.startswith(f"{each}_loop")), function.name)


def _doubtful(form: Any) -> Iterator[str]:
    """The atoms in a form of which it is not told by where they stand what they are."""
    match form:
        case Atom(name=name):
            yield name
        case Tuple(items=(Atom(name="local" | "global"), Atom())):
            return
        case Op(name="!", left=Atom(), right=right):
            yield from _doubtful(right)
        case Call(args=args):
            yield from _doubtful([each for place, each in enumerate(args) if not _is_told(form, place)])
        case Map(pairs=pairs, base=base):
            yield from _doubtful([base, *(value for key, value in pairs if key != Atom("id"))])
        case Form():
            yield from _doubtful(list(form.parts()))
        case tuple() | list():
            for each in form:
                yield from _doubtful(each)


def _is_told(call: Call, place: int) -> bool:
    """Whether an argument that is an atom is a name, a function, or a module for certain."""
    if not isinstance(call.args[place], Atom):
        return False
    of_module = _place(call)
    if of_module is not None and place in (of_module % len(call.args), of_module % len(call.args) + 1):
        return True
    if call.module == "erlang":
        return place == 0 if call.name in _NAMES else (call.name == "monitor" and place == 1)
    return call.module in _NAMING and place == 0
