"""What a director answers: one function for each request.

A request is what the functions of `api` (and those of OTP's `supervisor`) send. A request that fails is answered
with `("error", reason)`; none of them can stop a director.
"""

from __future__ import annotations

from director import checks, defaults, reporting, supervision
from director.child import Child
from director.elements import BadSpec, check_plan
from director.state import State
from director.supervision import StartFailed
from erlsim.terms import Term, matchable

NOT_FOUND = ("error", "not_found")


async def answer(state: State, request: Term) -> Term:
    """The reply to `request`."""
    try:
        return await _answer(state, request)
    except BadSpec as bad:
        return ("error", bad.term)
    except StartFailed as failed:
        return ("error", failed.reason)


async def _answer(state: State, request: Term) -> Term:
    match matchable(request):
        case "which_children":
            return [child.row() for child in state.children]
        case "count_children":
            return _count(state)
        case "get_pids":
            return [(child.id, child.pid) for child in state.children if child.running]
        case "get_default_childspec":
            return ("ok", state.default)
        case ("get_pid", id_):
            return _get_pid(state.children.get(id_))
        case ("get_plan", id_):
            child = state.children.get(id_)
            return NOT_FOUND if child is None else ("ok", child.plan)
        case ("get_childspec", id_or_pid):
            child = state.children.find(id_or_pid)
            return NOT_FOUND if child is None else ("ok", child.childspec())
        case ("start_child", spec):
            return await _start_child(state, spec)
        case ("restart_child", id_):
            return await _restart_child(state, state.children.get(id_))
        case ("terminate_child", id_or_pid):
            return await _terminate_child(state, state.children.find(id_or_pid))
        case ("delete_child", id_):
            return _delete_child(state, state.children.get(id_))
        case ("change_plan", id_, plan):
            return _change_plan(state, id_, plan)
        case ("change_default_childspec", spec):
            return _change_default(state, spec)
    # DIVERGES(otp): a supervisor crashes on a request that it does not know.
    reporting.unexpected_call(state.name, request)
    return ("error", ("unknown_call", request))


def new_child(state: State, spec: Term) -> Child:
    """The child that `spec` describes, the default childspec added if it wants that. Raises `BadSpec`."""
    for listener in checks.listeners.get():
        listener(spec, state.default)
    return defaults.add(checks.childspec(spec, state.default), state.default)


def _count(state: State) -> list[Term]:
    children = list(state.children)
    supervisors = sum(child.type == "supervisor" for child in children)
    return [
        ("specs", len(children)),
        ("active", sum(child.running for child in children)),
        ("supervisors", supervisors),
        ("workers", len(children) - supervisors),
    ]


def _get_pid(child: Child | None) -> Term:
    if child is None:
        return NOT_FOUND
    return ("ok", child.pid) if child.running else ("error", child.pid)


async def _start_child(state: State, spec: Term) -> Term:
    child = new_child(state, spec)
    present = state.children.get(child.id)
    if present is not None:
        return ("error", ("already_started", present.pid) if present.running else "already_present")
    return _started(await supervision.start(state, child))


def _started(child: Child) -> Term:
    return ("ok", child.pid) if child.extra == "undefined" else ("ok", child.pid, child.extra[1])


async def _restart_child(state: State, child: Child | None) -> Term:
    if child is None:
        return NOT_FOUND
    if child.running:
        return ("error", "running")
    supervision.cancel(child)  # a child that waits for its timer is started at once, as in the original
    try:
        started = await supervision.start(state, child)
        return ("error", "restarting") if started.pid == "restarting" else _started(started)
    except StartFailed:
        state.children.remove(child)
        raise


async def _terminate_child(state: State, child: Child | None) -> Term:
    if child is None:
        return NOT_FOUND
    state.children.put(await supervision.terminate(state, child))
    return "ok"


def _delete_child(state: State, child: Child | None) -> Term:
    if child is None:
        return NOT_FOUND
    if child.running:
        return ("error", "running")
    state.children.remove(child)  # a timer goes on, and finds nobody
    return "ok"


def _change_plan(state: State, id_: Term, plan: Term) -> Term:
    check_plan(plan)
    child = state.children.get(id_)
    if child is None:
        return NOT_FOUND
    state.children.put(child.planned(plan))
    return "ok"


def _change_default(state: State, spec: Term) -> Term:
    default = checks.default_childspec(spec)
    for child in state.children:
        if child.append:
            state.children.put(defaults.change(child, state.default, default))
    state.default = default
    return "ok"
