"""A callback module's childspecs, taken together: at the start, and again when its code has changed.

In a code change a child that the new childspecs name keeps its process, and everything else about it is new: its plan
begins at the beginning, and if it waits for its restart, its timer is forgotten and it waits for ever, as in the
original. A child that they do not name stays as it was. If they name one that is not there, nothing changes.
"""

from __future__ import annotations

from typing import Any

from director.checks import default_childspec
from director.child import Child
from director.defaults import NOTHING
from director.elements import BadSpec
from director.requests import new_child
from director.state import State
from director.supervision import attempt
from erlsim import code
from erlsim.terms import Improper, Term, key, matchable


class Ignored(Exception):
    """The callback module wants no director."""


async def ask(state: State) -> list[Child]:
    """Ask the callback module: the children that it names. The default childspec is taken over into `state`.

    Raises `Ignored` if it wants no director, and `BadSpec` for whatever else is no answer or stands for a failure.
    """
    returned = await attempt(state.module, "init", [state.argument])
    match matchable(returned):
        case ("ok", specs):
            state.default = NOTHING
        case ("ok", specs, default):
            state.default = default_childspec(default)
        case "ignore":
            raise Ignored
        case ("stop" | "EXIT", reason):
            raise BadSpec(reason)
        case _:
            what = [
                ("module", code.name(state.module)),
                ("function", "init"),
                ("arguments", [state.argument]),
                ("returne_value", returned),  # spelt so in the original
            ]
            raise BadSpec(("bad_return", what))
    return _check_all(state, specs)


def _check_all(state: State, specs: Term) -> list[Child]:
    children: dict[Any, Child] = {}
    for spec in specs if type(specs) is list else specs.items if type(specs) is Improper else []:
        child = new_child(state, spec)
        # DIVERGES(director): the second child would take the place of the first, whose process nobody would know.
        if key(child.id) in children:
            raise BadSpec(("duplicate_id", [("id", child.id)]))
        children[key(child.id)] = child
    if type(specs) is not list:
        rest = specs.tail if type(specs) is Improper else specs
        raise BadSpec(("childspecs_type", [("childspecs", rest)]))
    return list(children.values())


async def code_change(state: State) -> Term:
    """Ask the callback module again: `("ok", state)` or `("error", reason)`, and then nothing has changed."""
    before = state.default
    try:
        children = await ask(state)
        taken_over = [_taken_over(state.children.get(child.id), child) for child in children]
    except Ignored:
        pass
    except BadSpec as bad:
        state.default = before
        return ("error", bad.term)
    else:
        for child in taken_over:
            state.children.put(child)
    return ("ok", state)


def _taken_over(known: Child | None, new: Child) -> Child:
    """`new` with the process of the child that was known."""
    if known is None:
        raise BadSpec(("child_not_found", new.properties()))
    return new.but(pid=known.pid, extra=known.extra)
