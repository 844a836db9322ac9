"""The elements that plans are made of: which there are, their error terms, and the default plan's only one."""

from __future__ import annotations

from collections.abc import Callable
from inspect import iscoroutinefunction

from erlsim import code
from erlsim.terms import Term, matchable


class BadSpec(Exception):
    """A childspec or a plan that is not accepted; `term` says why."""

    def __init__(self, term: Term) -> None:
        super().__init__(term)
        self.term = term


def default_plan_element_fun(reason: Term, restart_count: int) -> str:
    """The only element of the default plan: a child that ended normally is deleted, any other one restarted.

    Normally means `normal`, `shutdown` or `("shutdown", term)`. A child that failed with `error:shutdown` ends
    with `("shutdown", stack)`: that looks like the last one, but is a crash.
    """
    match matchable(reason):
        case ("shutdown", detail) if _is_stack(detail):
            return "restart"
        case "normal" | "shutdown" | ("shutdown", _):
            return "delete"
    return "restart"


def _is_stack(term: Term) -> bool:
    """Whether a term is a stack as it stands behind the reason of an error."""
    return type(term) is list and bool(term) and all(type(each) is tuple and len(each) == 4 for each in term)


default_plan_element_fun.__erlang_fun__ = ("director", "default_plan_element_fun", 2)  # type: ignore[attr-defined]


def check_plan(plan: Term) -> list[Term]:
    """The plan itself; raises `BadSpec` for what is none."""
    if type(plan) is not list:
        raise BadSpec(("plan_type", [("plan", plan)]))
    for element in plan:
        if is_fun(element):
            _check_fun(element)
        else:
            check_element(element)
    return plan


def _check_fun(fun: Callable[..., Term]) -> None:
    if not code.takes(fun, 2):
        raise BadSpec(("plan_fun_arity", [("fun", fun), ("arity", code.arities(fun)[1])]))
    # A director decides at once: a plan function is plain, as nothing may run between an end and its decision.
    if iscoroutinefunction(fun) or iscoroutinefunction(type(fun).__call__):
        raise BadSpec(("plan_fun_async", [("fun", fun)]))


def check_element(element: Term) -> Term:
    """A plan element that is no fun, or what a fun returned; raises `BadSpec` for what is none."""
    match matchable(element):
        case str() if element in ("restart", "wait", "delete", "stop"):
            return element
        case ("stop", _):
            return element
        case ("restart", ms):
            if type(ms) is not int or ms <= 0:
                raise BadSpec(("plan_restart_time_integer", [("plan_element", element)]))
            return element
    raise BadSpec(("plan_element_type", [("plan_element", element)]))


def is_fun(term: Term) -> bool:
    """Whether a term is a fun, not a class that stands for a module."""
    return callable(term) and not isinstance(term, type)
