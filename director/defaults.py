"""The default childspec: adding it to a child that asks for it (`append`), and taking it away again.

What can be added is added, the default's part first: plans and modules as lists, `count` and
`terminate_timeout` as integers, arguments of the start function as lists. Where one of the two is no
integer, or no list, the child keeps its own value. Taking away is `--`: each element of the default takes the first
one of the child's that equals it, wherever that stands; so a plan that was changed meanwhile may lose others.
"""

from __future__ import annotations

from director.checks import Spec
from director.child import Child, first_index
from erlsim.terms import Term, exact_eq

NOTHING: Spec = {"plan": [], "count": 0, "terminate_timeout": 0, "modules": []}
"""The default childspec of a director whose callback module gives none: adding it changes nothing."""


def add(child: Child, default: Spec) -> Child:
    """`child` with the default added, if it wants that."""
    if not child.append:
        return child
    module, function, args = child.start
    plan = _joined(default.get("plan"), child.plan)
    return child.but(
        start=(module, function, _joined(_arguments(default), args)),
        plan=plan,
        count=_sum(default.get("count"), child.count),
        terminate_timeout=_sum(default.get("terminate_timeout"), child.terminate_timeout),
        modules=_joined(default.get("modules"), child.modules),
        index=first_index(plan),
    )


def separate(child: Child, default: Spec) -> Child:
    """`child`, which appends, as it was before the default was added."""
    module, function, args = child.start
    plan = _without(default.get("plan"), child.plan)
    return child.but(
        start=(module, function, _without(_arguments(default), args)),
        plan=plan,
        count=_difference(default.get("count"), child.count),
        terminate_timeout=_difference(default.get("terminate_timeout"), child.terminate_timeout),
        modules=_without(default.get("modules"), child.modules),
        index=first_index(plan),
    )


def change(child: Child, old: Spec, new: Spec) -> Child:
    """`child`, which appends, under a new default: it is made anew from its childspec, and its process forgotten.

    A process that is forgotten goes on, still linked to its director.
    """
    fresh = child.but(pid="undefined", extra="undefined", timer="undefined", count2=0, restart_count=0)
    return add(separate(fresh, old), new)


def _arguments(default: Spec) -> Term:
    start = default.get("start")
    return None if start is None else start[2]


def _joined(default: Term, own: Term) -> Term:
    return default + own if type(default) is list and type(own) is list else own


def _without(default: Term, whole: Term) -> Term:
    """`Whole -- Default`."""
    if type(default) is not list or type(whole) is not list:
        return whole
    left = list(whole)
    for each in default:
        at = next((at for at, other in enumerate(left) if exact_eq(other, each)), None)
        if at is not None:
            del left[at]
    return left


def _sum(default: Term, own: Term) -> Term:
    return default + own if type(default) is int and type(own) is int else own


def _difference(default: Term, whole: Term) -> Term:
    return max(whole - default, 0) if type(default) is int and type(whole) is int else whole
