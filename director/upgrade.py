"""A callback module's childspecs, taken together: at the start, and again when its code has changed.

Mirrors what `supervisor` does in `code_change/3`: a child that is known keeps its process and gets the new
values; a new one is added without being started; one that is no longer named stays.
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
from erlsim.terms import Term, key


def check_all(state: State, specs: list[Term]) -> list[Child]:
    """The children that `specs` describe, in their order; raises `BadSpec`, for an id given twice too."""
    children: dict[Any, Child] = {}
    for spec in specs:
        child = new_child(state, spec)
        # DIVERGES(director): the second child would take the place of the first, whose process nobody would know.
        if key(child.id) in children:
            raise BadSpec(("duplicate_id", [("id", child.id)]))
        children[key(child.id)] = child
    return list(children.values())


async def code_change(state: State) -> Term:
    """Ask the callback module again: `("ok", state)` or `("error", reason)`, and then nothing has changed."""
    before = state.default
    match await attempt(state.module, "init", [state.argument]):
        case ("ok", list(specs)):
            default: Term = NOTHING
        case ("ok", list(specs), default):
            pass
        case "ignore":
            return ("ok", state)
        case ("error", reason):
            return ("error", reason)
        case returned:
            return ("error", ("bad_return", returned))
    try:
        state.default = default_childspec(default)
        children = check_all(state, specs)
    except BadSpec as bad:
        state.default = before
        return ("error", bad.term)
    for child in children:
        state.children.put(_taken_over(state.children.get(child.id), child))
    return ("ok", state)


def _taken_over(known: Child | None, new: Child) -> Child:
    """`new` with the process of the child that was known; its plan goes on where it is if it is the same plan."""
    if known is None:
        return new
    kept = new.but(pid=known.pid, extra=known.extra, timer=known.timer, restart_count=known.restart_count)
    if len(known.plan) == len(new.plan):
        kept = kept.but(index=known.index, count2=known.count2)
    return kept
