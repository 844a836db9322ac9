"""The requests that callers make of a supervisor: one function for the lists by id, one for simple_one_for_one.

Mirrors handle_call and handle_start_child of OTP's supervisor. Both return the reply, or `None` for a
request that no supervisor knows. Restarts, which nobody asks for, do not live here.
"""

from __future__ import annotations

from erlsim import erlang, releases
from erlsim.otp.standing import standing
from erlsim.otp.supervisor import children as static
from erlsim.otp.supervisor import dynamic
from erlsim.otp.supervisor.lint import tell
from erlsim.otp.supervisor.spec import Child, Invalid, check_childspec, child_to_spec, restarting
from erlsim.otp.supervisor.state import Children, State
from erlsim.terms import Pid, Term, matchable

__stands_for__ = standing("supervisor", {"serve": "", "_start_child": "handle_start_child/2"})


async def serve(request: Term, state: State) -> Term | None:
    """The reply to `request`; the state's containers are changed in place."""
    if not isinstance(request, (str, tuple)):
        return None
    return await (_serve_dynamic if state.is_simple else _serve_static)(request, state)


async def _serve_dynamic(request: Term, state: State) -> Term | None:
    match matchable(request):
        case "which_children":
            return dynamic.which_children(state)
        case "count_children":
            return dynamic.count_children(state)
        case ("start_child", extra):
            return await dynamic.start_child(extra, state)
        case ("restart_child" | "delete_child", _):
            return ("error", "simple_one_for_one")
        case ("terminate_child", Pid() as pid):
            child = dynamic.find_for_caller(pid, state)
            if child is None:
                return ("error", "not_found")
            await static.terminate(child, state.name)
            state.dynamics.remove(child.pid)
            return "ok"
        case ("terminate_child", _):
            return ("error", "simple_one_for_one")
        case ("which_child", Pid() as pid) if releases.since(28):
            child = dynamic.find(pid, state) or dynamic.find(restarting(pid), state)
            return ("error", "not_found") if child is None else ("ok", dynamic.shown(child.pid, child))
        case ("which_child", _) if releases.since(28):
            return ("error", "simple_one_for_one")
        case ("get_childspec", id):
            child = dynamic.find_for_caller(id, state) if isinstance(id, Pid) else state.children.get(id)
            return ("error", "not_found") if child is None else ("ok", child_to_spec(child))
    return None


async def _serve_static(request: Term, state: State) -> Term | None:
    match matchable(request):
        case "which_children":
            return [_shown(child) for child in reversed(state.children)]
        case "count_children":
            return _count_children(state.children)
        case ("start_child", spec):
            return await _start_child(spec, state)
        case ("which_child", id) if releases.since(28):
            child = state.children.get(id)
            return ("error", "not_found") if child is None else ("ok", _shown(child))
        case ("restart_child" | "delete_child" | "terminate_child" | "get_childspec" as function, id):
            child = state.children.get(id)
            return ("error", "not_found") if child is None else await _request_for(function, child, state)
    return None


def _shown(child: Child) -> Term:
    return (child.id, "restarting" if child.is_restarting else child.pid, child.child_type, child.modules)


async def _request_for(function: str, child: Child, state: State) -> Term:
    if function == "get_childspec":
        return ("ok", child_to_spec(child))
    if function == "terminate_child":
        await static.terminate(child, state.name)
        state.forget(child)
        return "ok"
    if child.pid != "undefined":
        return ("error", "restarting" if child.is_restarting else "running")
    if function == "delete_child":
        state.children.remove(child.id)
        return "ok"
    result = await static.start(child, state.name)
    if result[0] == "ok":
        state.children.put(child.with_pid(result[1]))
    return result


async def _start_child(spec: Term, state: State) -> Term:
    try:
        child = check_childspec(spec, state.auto_shutdown)
    except Invalid as fault:
        return ("error", fault.reason)
    tell(state.name, state.flags(), [spec], later=True)
    present = state.children.get(child.id)
    if present is not None:
        return ("error", ("already_started", present.pid) if isinstance(present.pid, Pid) else "already_present")
    result = await static.start(child, state.name)
    if result[0] == "error":
        return ("error", (result[1], tuple(child)))
    if child.is_temporary:
        if result[1] == "undefined":
            return result
        # It will never be restarted: its arguments, which may be large, are not kept.
        child = child._replace(mfargs=(*child.mfargs[:2], "undefined"))
    state.children.put(child.with_pid(result[1]))
    return result


def _count_children(children: Children) -> list[Term]:
    active = supervisors = 0
    for child in children:
        active += isinstance(child.pid, Pid) and erlang.is_process_alive(child.pid)
        supervisors += child.child_type == "supervisor"
    size = len(children)
    return [("specs", size), ("active", active), ("supervisors", supervisors), ("workers", size - supervisors)]
