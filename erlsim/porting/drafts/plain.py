"""Directors as OTP's own supervisors, for those who do not have the library, where the plan allows it.

A plan of `restart` and `{restart, Ms}` becomes a permanent child, the pauses are lost. What a director counts for each
child and for ever, a supervisor counts for all together and within a period. Any other plan stays with its director.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from erlsim.porting.drafts.building import Built
from erlsim.porting.drafts.forms import (
    Atom,
    Call,
    Clause,
    Const,
    Form,
    Function,
    List,
    Map,
    Match,
    Module,
    Number,
    Tuple,
    Var,
    rebuilt,
    variables,
    within,
)

# For ever, as far as a supervisor can count: an hour, in seconds.
PERIOD = 3600
# Functions that both have, with the same arguments and answers.
SHARED = ("start_link", "which_children", "count_children", "terminate_child", "delete_child")


class _Stays(Exception):
    """This director cannot be a supervisor of OTP's."""


@dataclass
class _Found:
    """What was seen in the childspecs of a director."""

    crashes: int = 0
    pauses: list[int] = field(default_factory=list)
    specs: int = 0


def plain(built: Built) -> tuple[Built, tuple[str, ...]]:
    """The program with supervisors in place of directors, and notes on what is lost, or why one stays."""
    notes: list[str] = []
    modules: list[Module] = []
    changed: list[str] = []
    asked = _asked_for_more(built)
    for module in built.modules:
        if "director" not in module.behaviours:
            modules.append(module)
            continue
        try:
            if asked:
                raise _Stays(f"the program calls director:{asked}, which a supervisor does not have")
            found, made = _supervisor(module)
        except _Stays as why:
            notes.append(f"{module.name} stays a director: {why}")
            modules.append(module)
            continue
        changed.append(module.name)
        modules.append(made)
        notes.extend(_lost(module.name, found))
    if not changed:
        return built, tuple(notes)
    whole = len(changed) == sum("director" in each.behaviours for each in built.modules)
    return replace(built, modules=tuple(_calling(each, changed, whole) for each in modules)), tuple(notes)


def _lost(name: str, found: _Found) -> list[str]:
    notes = [
        f"{name} is a supervisor of OTP's here: it gives up after {found.crashes} crashes of all children together "
        f"within {PERIOD} s; the director counts each child's, for ever",
        f"{name}: which_children names the last child first; the director's names the first",
    ]
    if found.pauses:
        pauses = ", ".join(map(str, found.pauses))
        notes.append(f"{name}: the pauses before restarts are lost ({pauses} ms): OTP restarts at once")
    return notes


def _asked_for_more(built: Built) -> str:
    for form in within([[c.body for c in fn.clauses] for module in built.modules for fn in module.functions]):
        if isinstance(form, Call) and form.module == "director" and form.name not in SHARED:
            return form.name
    return ""


def _supervisor(module: Module) -> tuple[_Found, Module]:
    found = _Found()
    constants: dict[Form, Form] = {Const(name): value for name, value in module.constants}
    functions = tuple(
        replace(each, clauses=tuple(_with_children(clause, constants, found) for clause in each.clauses))
        for each in module.functions
    )
    if not found.specs:
        raise _Stays("its child specifications are not written where they could be changed")
    functions = tuple(_with_flags(each, found) if each.name == "init" else each for each in functions)
    used = {form for each in functions for form in within([clause.body for clause in each.clauses])}
    kept = tuple((name, value) for name, value in module.constants if Const(name) in used)
    return found, replace(module, behaviours=("supervisor",), functions=functions, constants=kept)


def _with_children(clause: Clause, constants: Mapping[Form, Form], found: _Found) -> Clause:
    """A clause with supervisors' childspecs. A plan may stand in a constant, or in a name that nothing else needs."""
    named: dict[Form, Match] = {}
    for each in clause.body:
        if isinstance(each, Match) and isinstance(each.pattern, Var):
            named[each.pattern] = each
    values = {**constants, **{var: each.value for var, each in named.items()}}
    body = rebuilt(clause.body, lambda form: _childspec(form, values, found))
    used = variables([clause.guard, body])
    idle = [each for var, each in named.items() if isinstance(each.value, List) and sum(u is var for u in used) == 1]
    return replace(clause, body=tuple(new for old, new in zip(clause.body, body, strict=True) if old not in idle))


def _childspec(form: Form, values: Mapping[Form, Form], found: _Found) -> Form:
    if not isinstance(form, Map) or form.base is not None:
        return form
    pairs = {key.name: value for key, value in form.pairs if isinstance(key, Atom)}
    if not {"id", "start"} <= set(pairs):
        return form
    found.specs += 1
    if pairs.get("append") not in (None, Atom("false")):
        raise _Stays("a child specification is appended to a default one")
    plan, count = (values.get(each, each) if each is not None else None for each in map(pairs.get, ("plan", "count")))
    restart = _restart(plan, count, found)
    is_supervisor = pairs.get("type") == Atom("supervisor")
    shutdown = pairs.get("terminate_timeout", Atom("infinity") if is_supervisor else Number(1000))
    kept: dict[str, Form] = {key: pairs[key] for key in ("id", "start")}
    kept |= {"restart": Atom(restart), "shutdown": shutdown}
    kept |= {key: pairs[key] for key in ("type", "modules") if key in pairs}
    return Map(tuple((Atom(key), value) for key, value in kept.items()))


def _restart(plan: Form | None, count: Form | None, found: _Found) -> str:
    """The restart type that a plan is; notes how many crashes it stands, and its pauses."""
    rounds = 1 if count is None else count.value if isinstance(count, Number) else None
    if not isinstance(rounds, int):
        raise _Stays("a plan that never ends has no intensity")
    if plan is None:
        found.crashes = max(found.crashes, rounds)
        return "transient"
    if not isinstance(plan, List) or plan.tail is not None or not plan.items:
        raise _Stays("a plan that is not written there")
    for element in plan.items:
        match element:
            case Atom(name="restart"):
                pass
            case Tuple(items=(Atom(name="restart"), Number(value=int(pause)))):
                if pause not in found.pauses:
                    found.pauses.append(pause)
            case _:
                raise _Stays("a plan of more than restarts (a fun, wait, delete or stop)")
    found.crashes = max(found.crashes, rounds * len(plan.items))
    return "permanent"


def _with_flags(function: Function, found: _Found) -> Function:
    clauses = []
    for clause in function.clauses:
        match clause.body:
            case [*before, Tuple(items=[Atom(name="ok"), children])]:
                flags = {"strategy": Atom("one_for_one"), "intensity": Number(found.crashes), "period": Number(PERIOD)}
                shown = Map(tuple((Atom(key), value) for key, value in flags.items()))
                clauses.append(Clause(clause.patterns, clause.guard, (*before, _ok(shown, children))))
            case _:
                raise _Stays("its init returns more than child specifications")
    return replace(function, clauses=tuple(clauses))


def _ok(flags: Form, children: Form) -> Form:
    return Tuple((Atom("ok"), Tuple((flags, children))))


def _calling(module: Module, changed: list[str], whole: bool) -> Module:
    """A module that calls supervisors where it called directors."""
    everywhere = whole or module.name in changed

    def change(form: Form) -> Form:
        match form:
            case Call(module="director") if everywhere:
                return replace(form, module="supervisor")
            case Tuple(items=(Atom(name="director"), Atom(name="start_link") as name, List() as args)) if whole:
                return Tuple((Atom("supervisor"), name, args))
        return form

    functions = tuple(replace(each, clauses=rebuilt(each.clauses, change)) for each in module.functions)
    return replace(module, functions=functions)
