"""Running a plan: what is to be done about a child that has ended. Pure: nothing is started or stopped here.

The rules: a plan that has been run `count` times is exhausted, and its director stops; so it does for an
empty plan. Otherwise the next element is run and counted, whatever it says; behind the last element the plan
begins anew, and that counts one run. A fun is called with the reason and the number of elements run so far,
this one included, and returns an element that is no fun; one that fails, or returns anything else, stops the director.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CoroutineType
from typing import NamedTuple

from director.child import Child
from director.elements import BadSpec, check_element, is_fun
from erlsim.errors import Throw, caught, exit_reason, pass_on
from erlsim.otp.shared import fun_mfa, no_clause
from erlsim.terms import Term, matchable


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
    elif type(decision) is _Fault:
        why = [*_why(counted, reason), ("run_plan_error_reason", decision.term)]
        decision = ("stop", ("run_plan_element", why))
    return Step(counted, decision, element)


class _Fault(NamedTuple):
    """A fun failed, or returned what is no element: `term` says how."""

    term: Term


def _value(element: Term, reason: Term, restart_count: int) -> Term:
    """The element, or what its fun returns; a `_Fault` for a fun that fails or returns what is no element."""
    if not is_fun(element):
        return element
    args = [reason, restart_count]
    returned = _catch(element, args)
    called = [("fun", element), ("arguments", args)]
    match matchable(returned):
        case ("EXIT", why):
            return _Fault(("fun_run_crash", [*called, ("reason", why)]))
        case CoroutineType():
            returned.close()  # nobody will ever await it
    called.append(("return_value", returned))
    if is_fun(returned):
        return _Fault(("fun_bad_return_value", called))
    try:
        return check_element(returned)
    except BadSpec as bad:
        return _Fault(("fun_bad_return_value", [*called, ("reason", bad.term)]))


def _catch(fun: Callable[..., Term], args: list[Term]) -> Term:
    """`catch Fun(Args)`: the value, what was thrown, or `("EXIT", reason)`."""
    try:
        value = fun(*args)
        if value is None:
            module, name, _ = fun_mfa(fun)
            raise no_clause(module, name, args, fun)
        return value
    except Throw as thrown:
        return thrown.reason
    except Exception as failure:
        pass_on(failure)
        return ("EXIT", exit_reason(*caught(failure)))


def _why(child: Child, reason: Term) -> list[Term]:
    return [("child", child.properties()), ("child_last_error_reason", reason)]
