"""Modules of a program: read until nothing new is learnt of its kinds, then completed with what OTP wants."""

from __future__ import annotations

from dataclasses import dataclass, replace

from erlsim.porting.drafts.forms import (
    Atom,
    Call,
    Clause,
    Const,
    Field,
    Form,
    Function,
    List,
    Module,
    ModuleName,
    Record,
    Var,
    within,
)
from erlsim.porting.drafts.reading import Facts, Reader, read_module
from erlsim.porting.drafts.reading.behaviours import REQUIRED, states
from erlsim.porting.drafts.sources import Program, Unit

# Kinds only grow, and are a few levels deep: more rounds than this find nothing.
ROUNDS = 12


@dataclass(frozen=True)
class Built:
    """The modules, and what else is known of the program."""

    modules: tuple[Module, ...]
    program: Program
    top: str


def build(program: Program) -> Built:
    """Read all modules of a program."""
    facts = Facts()
    found = _until_nothing_is_new(program, facts)
    modules = tuple(_module(program, unit, facts, found[name]) for name, unit in program.units.items())
    return Built(tuple(each for each in modules if each.functions), program, _top(program, modules))


def _until_nothing_is_new(program: Program, facts: Facts) -> dict[str, list[Function]]:
    found: dict[str, list[Function]] = {}
    # Who is called at all is to be known first: what nobody calls may be given anything.
    first = Facts()
    for _ in range(2):
        for unit in program.units.values():
            read_module(program, unit, first)
    facts.called = set(first.called)
    for is_last in (False, True):
        facts.is_last = is_last
        for _ in range(ROUNDS):
            before = facts.snapshot()
            found = {name: read_module(program, unit, facts) for name, unit in program.units.items()}
            if facts.snapshot() == before:
                break
    return found


def _module(program: Program, unit: Unit, facts: Facts, functions: list[Function]) -> Module:
    functions = [*functions, *_added(unit, functions)]
    used = _called_here(unit.name, functions)
    functions = [replace(each, exported=_is_exported(unit, each, facts, used)) for each in functions]
    constants = _constants(program, unit, facts, functions)
    return Module(
        name=unit.name,
        behaviours=tuple(filter(None, [unit.behaviour])),
        document=unit.document,
        constants=constants,
        types=tuple(unit.file.aliases.items()) if _specs(functions) else (),
        records=_records(program, unit, facts, functions),
        functions=tuple(functions),
        source=unit.file.path,
    )


def _specs(functions: list[Function]) -> bool:
    return any(each.spec is not None for each in functions)


def _called_here(module: str, functions: list[Function]) -> set[tuple[str, int]]:
    """The functions of a module that its own functions call, other than themselves."""
    found = set()
    for each in functions:
        for form in within([[clause.patterns, clause.guard, clause.body] for clause in each.clauses]):
            match form:
                case Call(module=of, name=name, args=args) if of == module:
                    place = (name, len(args))
                case _ if type(form).__name__ == "FunOf" and getattr(form, "module", "") == module:
                    place = (getattr(form, "name", ""), getattr(form, "arity", 0))
                case _:
                    continue
            if place != (each.name, each.arity) and (each.place or place[0] != each.name):
                found.add(place)
    return found


def _is_exported(unit: Unit, function: Function, facts: Facts, used: set[tuple[str, int]]) -> bool:
    """Callbacks, what others call, and what nobody here calls: that is for those outside."""
    if function.callback_of or function.is_added:
        return True
    if (unit.name, function.name, function.arity) in facts.exported or _is_state(unit, function):
        return True
    return (function.name, function.arity) not in used


def _is_state(unit: Unit, function: Function) -> bool:
    return function.arity == 3 and function.name in states(unit)


_PARAMETERS = {0: (), 1: ("args",), 2: ("request", "state"), 3: ("request", "from", "state")}


def _added(unit: Unit, functions: list[Function]) -> list[Function]:
    """Callbacks that the behaviour wants and the prototype has not: they fail as they did there."""
    there = {(each.name, each.arity) for each in functions}
    found = []
    for name, arity in REQUIRED.get(unit.behaviour, ()):
        if (name, arity) not in there:
            parameters = tuple(Var(word) for word in _PARAMETERS[arity])
            body = Call("erlang", "error", (Atom("undef"), List(parameters)))
            found.append(
                Function(
                    name,
                    arity,
                    (Clause(parameters, None, (body,)),),
                    "The prototype has none: to be asked ends the process, as it did there.",
                    None,
                    True,
                    unit.behaviour,
                    "whole",
                    is_added=True,
                )
            )
    return found


def _constants(program: Program, unit: Unit, facts: Facts, functions: list[Function]) -> tuple[tuple[str, Form], ...]:
    """The constants that a module uses, and those that they use."""
    values = {**unit.file.constants, **unit.constants}
    wanted: dict[str, Form] = {}

    def want(form: object) -> None:
        for each in within(form):
            if isinstance(each, Const) and each.name not in wanted:
                value = reader.expression(values[each.name], {})[0]
                want(value)
                wanted[each.name] = value

    node = next(iter(unit.functions.values()))
    reader = Reader(program, unit, facts, node)
    want([[clause.patterns, clause.guard, clause.body] for each in functions for clause in each.clauses])
    order = {name: place for place, name in enumerate(values)}
    return tuple(sorted(wanted.items(), key=lambda pair: order[pair[0]]))


def _records(
    program: Program, unit: Unit, facts: Facts, functions: list[Function]
) -> tuple[tuple[str, tuple[tuple[str, Form | None, object], ...]], ...]:
    """The dataclasses of the file, if the module uses them."""
    if not unit.functions:
        return ()
    reader = Reader(program, unit, facts, next(iter(unit.functions.values())))
    used = {
        form.name
        for function in functions
        for clause in function.clauses
        for form in within([clause.patterns, clause.guard, clause.body])
        if isinstance(form, Record | Field)
    }
    found = []
    for name in unit.file.records:
        if name not in used:
            continue
        fields: list[tuple[str, Form | None, object]] = []
        for key, node in reader.fields_of(name).items():
            fields.append((key, reader.default_of(name, key), node.annotation))
        found.append((name, tuple(fields)))
    return tuple(found)


def _top(program: Program, modules: tuple[Module, ...]) -> str:
    """The supervisor that no other one starts, if there is one alone, and it starts without arguments."""
    supervisors = [
        each for each, unit in program.units.items() if unit.behaviour in ("supervisor", "director") and unit.functions
    ]
    started = {
        form.name
        for module in modules
        for function in module.functions
        if function.name != "start_link"
        for clause in function.clauses
        for form in within(clause.body)
        if isinstance(form, ModuleName)
    }
    found = [each for each in supervisors if each not in started and program.units[each].has("start_link", 0)]
    return found[0] if len(found) == 1 else ""
