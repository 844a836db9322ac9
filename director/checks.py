"""Childspecs and plans: what is accepted, and the error terms for what is not.

Plans are checked in `elements`. Keys are looked at in the order of `KEYS`, so that of several mistakes the first one
is reported. A `start` may be any tuple of two or three and `modules` any list, as in the original: what cannot be
called fails when it is called. Keys that mean nothing to a director are ignored, as OTP's supervisor ignores them;
`lint` points them out.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from director.child import Child, Mfa, first_index
from director.elements import BadSpec, check_plan, default_plan_element_fun
from erlsim import code
from erlsim.terms import Improper, Term, exact_eq

Spec = dict[Term, Term]

KEYS = ("id", "append", "start", "plan", "count", "type", "terminate_timeout", "modules")

listeners: ContextVar[tuple[Callable[[Term, Term], None], ...]] = ContextVar("listeners", default=())
"""Called with every childspec that a director is given, and its default childspec, inside a block that asks for it."""

COUNT = 1
WORKER_TIMEOUT = 1000


def childspec(spec: Term, default: Spec) -> Child:
    """The child that `spec` describes, before the default childspec is added to it.

    A spec with `append` may leave out `start` if `default` has it. Raises `BadSpec`.
    """
    if not isinstance(spec, dict):
        raise BadSpec(("childspec_type", [("childspec", spec)]))
    id_ = _required(spec, "id")
    append = _value(spec, "append", _append) if "append" in spec else False
    if append and "start" not in spec and "start" in default:
        module, function, _ = default["start"]
        start: Mfa = (module, function, [])
    else:
        _required(spec, "start")
        start = _value(spec, "start", check_start)
    plan = _value(spec, "plan", check_plan) if "plan" in spec else [default_plan_element_fun]
    count = _value(spec, "count", _count) if "count" in spec else COUNT
    type_ = _value(spec, "type", _type) if "type" in spec else "worker"
    if "terminate_timeout" in spec:
        timeout = _value(spec, "terminate_timeout", _timeout)
    else:
        timeout = "infinity" if type_ == "supervisor" else WORKER_TIMEOUT
    modules = _value(spec, "modules", _modules) if "modules" in spec else [start[0]]
    return Child(id_, start, plan, count, timeout, type_, modules, append, first_index(plan))


def default_childspec(spec: Term) -> Spec:
    """The default childspec that `spec` describes: the keys that it may have and has. Raises `BadSpec`.

    A `type` is checked and kept, but every child has its own.
    """
    if not isinstance(spec, dict):
        raise BadSpec(("default_childspec_type", [("childspec", spec)]))
    checks: dict[str, Callable[[Term], Any]] = {
        "start": check_start,
        "plan": check_plan,
        "count": _count,
        "type": _type,
        "terminate_timeout": _timeout,
        "modules": _modules,
    }
    return {key: _value(spec, key, check) for key, check in checks.items() if key in spec}


def check_start(start: Term) -> Mfa:
    """`(m, f)` or `(m, f, args)` as `(m, f, args)`; raises `BadSpec`."""
    if type(start) is tuple and len(start) == 3:
        return start
    if type(start) is tuple and len(start) == 2:
        return (*start, [])
    raise BadSpec(("format", [("start", start)]))


def _required(spec: Spec, key: str) -> Term:
    if key not in spec:
        raise BadSpec(("key_not_found", [("key", key), ("childspec", spec)]))
    return spec[key]


def _value(spec: Spec, key: str, check: Callable[[Term], Any]) -> Any:
    """The value under `key`, checked."""
    try:
        return check(spec[key])
    except BadSpec as bad:
        raise BadSpec(("childspec_value", [("key", key), ("reason", bad.term)])) from None


def _append(append: Term) -> bool:
    if type(append) is not bool:
        raise BadSpec(("append_type", [("append", append)]))
    return append


def _count(count: Term) -> Term:
    if exact_eq(count, "infinity") or (type(count) is int and count >= 0):
        return count
    raise BadSpec(("count_range_or_type", [("count", count)]))


def _timeout(timeout: Term) -> Term:
    if exact_eq(timeout, "infinity") or (type(timeout) is int and timeout >= 0):
        return timeout
    raise BadSpec(("terminate_timeout_range_or_type", [("terminate_timeout", timeout)]))


def _type(type_: Term) -> str:
    if isinstance(type_, str) and type_ in ("worker", "supervisor"):
        return type_
    raise BadSpec(("type_type", [("type", type_)]))


def _modules(modules: Term) -> Term:
    if isinstance(modules, str) and modules == "dynamic":
        return modules
    if isinstance(modules, list | Improper):
        return modules
    if code.is_module(modules):
        return [modules]
    raise BadSpec(("modules_type", [("modules", modules)]))
