"""Variables at one point of a function: which are bound, which are not safe to use, and who bound them.

A scope is a plain dict that is never changed: binding a variable gives another one. The bindings in it know whether
somebody uses them, so that all that is never used can be told at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from erlsim.erl.linting.findings import Place


@dataclass(slots=True, eq=False)
class Binding:
    """A place where a variable is bound."""

    name: str
    place: Place
    is_used: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: who may have bound it, and what makes it unsafe, if anything does: `(what, place)`."""

    bindings: tuple[Binding, ...]
    unsafe: tuple[str, Place] | None = None

    def use(self) -> None:
        """Somebody asks for its value."""
        for each in self.bindings:
            each.is_used = True


Scope = dict[str, Variable]


def together(before: Scope, after: Sequence[Scope]) -> Scope:
    """What parts that are evaluated beside each other, each from `before`, leave behind."""
    found = dict(before)
    for scope in after:
        for name, variable in scope.items():
            known = found.get(name)
            if known is None or known is before.get(name):
                found[name] = variable
            elif variable is not before.get(name):
                bindings = tuple(dict.fromkeys([*known.bindings, *variable.bindings]))
                found[name] = Variable(bindings, known.unsafe or variable.unsafe)
    return found


def after_clauses(before: Scope, after: Sequence[Scope], what: str, place: Place) -> Scope:
    """What one of several clauses leaves behind: what all bind is bound, what only some bind is not safe."""
    found = dict(before)
    names = dict.fromkeys(name for scope in after for name in scope if name not in before)
    for name in names:
        variables = [scope[name] for scope in after if name in scope]
        bindings = tuple(dict.fromkeys(each for variable in variables for each in variable.bindings))
        unsafe = next((variable.unsafe for variable in variables if variable.unsafe is not None), None)
        if len(variables) < len(after):
            unsafe = (what, place)
        found[name] = Variable(bindings, unsafe)
    return found


def all_unsafe(before: Scope, after: Scope, what: str, place: Place) -> Scope:
    """What may not have been evaluated leaves nothing behind that is safe."""
    found = dict(before)
    for name, variable in after.items():
        if name not in before:
            found[name] = Variable(variable.bindings, (what, place))
    return found
