"""Running a plan: what is to be done about a child that has ended. Pure: nothing is started or stopped here.

The rules: a plan that has been run `count` times is exhausted, and its director stops; so it does for an
empty plan. Otherwise the next element is run and counted, whatever it says; behind the last element the plan
begins anew, and that counts one run. A fun is called with the reason and the number of elements run so far,
this one included, and returns an element that is no fun.
"""

from __future__ import annotations

from typing import NamedTuple

from director.child import Child
from director.elements import BadSpec, check_element, is_fun
from erlsim.errors import Throw, caught, exit_reason
from erlsim.terms import Term


class Step(NamedTuple):
    """What a plan decides.

    `decision` is `"restart"`, `("restart", ms)`, `"wait"`, `"delete"` or `("stop", exit_reason)`; `child`
    counts the element that was run; `context` is `"reached_max_restart_plan"` if the plan was exhausted.
    `element` is the plan element that was run, `None` if none was.
    """

    child: Child
    decision: Term
    element: Term = None
    context: str | None = None


def exhausted(child: Child) -> bool:
    """Whether the plan has been run as often as it may."""
    return type(child.count) is int and child.count2 >= child.count


def step(child: Child, reason: Term) -> Step:
    """Run the next element of the plan of `child`, which has ended for `reason`."""
    if exhausted(child):
        name = "reached_max_restart_plan"
        return Step(child, ("stop", (name, _why(child, reason))), context=name)
    if not child.plan:
        return Step(child, ("stop", ("empty_plan_child_terminated", _why(child, reason))))
    element = child.plan[child.index - 1]
    counted = child.counted()
    decision = _value(element, reason, counted.restart_count)
    if decision == "stop":
        decision = ("stop", ("stop", _why(counted, reason)))
    elif decision[0] == "bad":
        why = [*_why(counted, reason), ("plan_element", decision[1])]
        decision = ("stop", ("bad_plan_element", why))
    return Step(counted, decision, element)


def _value(element: Term, reason: Term, restart_count: int) -> Term:
    """The element, or what its fun says; `("bad", problem)` for a fun that fails or says what is no element.

    DIVERGES(director): nothing is known of what the original does about such a fun; here it stops the
    director in order, with a reason that shows what the fun did.
    """
    if not is_fun(element):
        return element
    try:
        returned = element(reason, restart_count)
    except Throw as thrown:
        returned = thrown.reason  # as everywhere in OTP's callbacks, throwing a value is returning it
    except Exception as failure:
        kind, why, stack = caught(failure)
        return ("bad", exit_reason(kind, why, stack))
    try:
        return check_element(returned)
    except BadSpec as bad:
        return ("bad", bad.term)


def _why(child: Child, reason: Term) -> list[Term]:
    return [("child", child.properties()), ("child_last_error_reason", reason)]
