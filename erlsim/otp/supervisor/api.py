"""The functions of `supervisor` and its callbacks as a gen_server: init, requests, deaths of children, its end."""

from __future__ import annotations

from types import FrameType
from typing import overload

from erlsim import code, erlang, releases
from erlsim.errors import Error
from erlsim.otp import gen_server, sys
from erlsim.otp.shared import is_orderly
from erlsim.otp.standing import is_calling, standing
from erlsim.otp.supervisor import children as static
from erlsim.otp.supervisor import dynamic
from erlsim.otp.supervisor.lint import tell
from erlsim.otp.supervisor.report import report_error, report_unexpected
from erlsim.otp.supervisor.requests import serve
from erlsim.otp.supervisor.spec import AUTO_SHUTDOWNS, Child, Invalid, check_flags, check_startspec
from erlsim.otp.supervisor.state import Children, Dynamics, State, live, new_state
from erlsim.terms import ABSENT, Improper, Pid, Term, chars, matchable
from erlsim.terms.atoms import RegisteredName


def _beginning(_frame: FrameType, inner: FrameType | None) -> str:
    return "" if is_calling(inner, "_init_children") else "init/1"


__stands_for__ = standing(
    "supervisor",
    {
        # They are gone when gen_server asks.
        **dict.fromkeys(("start_child", "restart_child", "delete_child", "terminate_child", "get_childspec"), ""),
        **dict.fromkeys(("which_children", "which_child", "count_children"), ""),
        "init": _beginning,
        "_init_children": "init_children/2",
        "handle_call": "handle_call/3",
        "handle_cast": "handle_cast/2",
        "handle_info": "handle_info/2",
        "terminate": "terminate/2",
        "code_change": "code_change/3",
        "_restart": "restart/2",
    },
)

# -- the interface ---------------------------------------------------------------------------------


@overload
async def start_link(module: Term, arg: Term, /) -> Term: ...
@overload
async def start_link(name: RegisteredName, module: Term, arg: Term, /) -> Term: ...
async def start_link(name: Term, module: Term, arg: Term = ABSENT, /) -> Term:
    """`start_link(module, arg)` or `start_link(name, module, arg)`: a supervisor linked to the caller.

    `name` is `("local", atom)`, `("global", term)` or `("via", module, term)`. Returns `("ok", pid)`,
    `"ignore"` or `("error", reason)`: `("already_started", pid)`,
    `("shutdown", ("failed_to_start_child", id, reason))`, `("bad_return", (module, "init", value))`,
    `("supervisor_data", fault)`, `("start_spec", fault)`, `("bad_start_spec", specs)`.
    `supervisor:start_link/2,3`.
    """
    if arg is ABSENT:
        module, arg = name, module
        return await gen_server.start_link("supervisor", ("self", module, arg), [])
    return await gen_server.start_link(name, "supervisor", (name, module, arg), [])


async def start_child(supervisor: Term, spec: Term) -> Term:
    """Start a child of `spec`; under simple_one_for_one `spec` is the list of further start arguments.

    Returns what the start function did, with `"undefined"` as pid for `"ignore"`; or `("error", reason)`:
    `"already_present"`, `("already_started", pid)`, the fault of the spec, or `(reason, child record)`
    when the start function failed (simple_one_for_one: `reason` alone). `supervisor:start_child/2`.
    """
    return await _call(supervisor, ("start_child", spec))


async def restart_child(supervisor: Term, id: Term) -> Term:
    """Start a stopped child again. Errors: `"running"`, `"restarting"`, `"not_found"`, `"simple_one_for_one"`
    or what its start function failed with. `supervisor:restart_child/2`.
    """
    return await _call(supervisor, ("restart_child", id))


async def delete_child(supervisor: Term, id: Term) -> Term:
    """Forget the spec of a stopped child: `"ok"`, or `("error", reason)` with reason `"running"`,
    `"restarting"`, `"not_found"` or `"simple_one_for_one"`. `supervisor:delete_child/2`.
    """
    return await _call(supervisor, ("delete_child", id))


async def terminate_child(supervisor: Term, id: Term) -> Term:
    """Stop a child: by its id, under simple_one_for_one by its pid. `"ok"`, stopped already or not, or
    `("error", "not_found" | "simple_one_for_one")`. `supervisor:terminate_child/2`.
    """
    return await _call(supervisor, ("terminate_child", id))


async def get_childspec(supervisor: Term, id: Term) -> Term:
    """`("ok", map)`, every key filled in, or `("error", "not_found")`. `supervisor:get_childspec/2`."""
    return await _call(supervisor, ("get_childspec", id))


async def which_children(supervisor: Term) -> Term:
    """`[(id, pid | "restarting" | "undefined", type, modules)]`, newest first; under simple_one_for_one
    the id is `"undefined"` and the order that of the pids. `supervisor:which_children/1`.
    """
    return await _call(supervisor, "which_children")


async def which_child(supervisor: Term, id: Term) -> Term:
    """`("ok", (id, pid | "restarting" | "undefined", type, modules))` of one child, under simple_one_for_one by its
    pid, or `("error", "not_found" | "simple_one_for_one")`. Since OTP 28. `supervisor:which_child/2`.
    """
    releases.demand("supervisor", "which_child", [supervisor, id])
    return await _call(supervisor, ("which_child", id))


async def count_children(supervisor: Term) -> Term:
    """`[("specs", n), ("active", n), ("supervisors", n), ("workers", n)]`. `supervisor:count_children/1`."""
    return await _call(supervisor, "count_children")


async def _call(supervisor: Term, request: Term) -> Term:
    return await gen_server.call(supervisor, request, "infinity")


def check_childspecs(specs: Term, auto_shutdown: Term = "undefined") -> Term:
    """`"ok"` when a supervisor with that `auto_shutdown` would take `specs`, else `("error", fault)`.
    `supervisor:check_childspecs/1,2`.
    """
    if not isinstance(specs, (list, Improper)):
        return ("error", ("badarg", specs))
    if auto_shutdown not in ("undefined", *AUTO_SHUTDOWNS):
        return ("error", ("badarg", auto_shutdown))
    try:
        check_startspec(specs, auto_shutdown)
    except Invalid as fault:
        return ("error", fault.reason)
    return "ok"


async def get_callback_module(supervisor: Pid) -> Term:
    """The callback module of `supervisor`, as it was given to start_link. `supervisor:get_callback_module/1`.

    Of a process that is no supervisor `("badrecord", state)`, or `("badmatch", status)`.
    """
    _, _, _, (_, _, _, _, misc) = await sys.get_status(supervisor)
    if type(misc) is not list:
        raise Error("badarg")
    for item in misc:
        match matchable(item):
            case ("supervisor", [(_, module)]):
                return module
    match misc:
        case [_, _, ("data", [(_, state)]), *_]:
            raise Error(("badrecord", state))
    raise Error(("badmatch", misc))


# -- gen_server's callbacks ------------------------------------------------------------------------


async def init(arg: Term) -> Term:
    """Ask the callback module for flags and children, and start them."""
    name, module, module_arg = arg
    erlang.process_flag("trap_exit", True)
    answer = await code.call(module, "init", [module_arg])
    if answer == "ignore":
        return "ignore"
    spec = _init_answer(answer)
    if spec is None:
        return ("stop", ("bad_return", (_module_name(module), "init", answer)))
    flags, specs = spec
    tell(erlang.self() if name == "self" else name, flags, specs)
    state = new_state((erlang.self(), _module_name(module)) if name == "self" else name, module, module_arg)
    try:
        state = state.with_flags(check_flags(flags))
    except Invalid as fault:
        return ("stop", ("supervisor_data", fault.reason))
    if state.is_simple and not (isinstance(specs, list) and len(specs) == 1):
        return ("stop", ("bad_start_spec", specs))
    try:
        children = check_startspec(specs, state.auto_shutdown)
    except Invalid as fault:
        return ("stop", ("start_spec", fault.reason))
    if state.is_simple:
        kind = "mapsets" if children[0].is_temporary else "maps"
        state = state._replace(children=Children(children), dynamics=Dynamics(kind))
        state.publish()
        return ("ok", state)
    state = state._replace(children=Children(children))
    state.publish()
    return await _init_children(state)


async def _init_children(state: State) -> Term:
    failure = await static.start_batch(state.children, list(state.children), state.name)
    if failure is None:
        # OTP 28 waits with it for some time without work, which its documentation does not tell.
        return ("ok", state, "hibernate") if releases.since(26) and not releases.since(28) else ("ok", state)
    await static.terminate_batch(state.children, list(reversed(state.children)), state.name)
    return ("stop", ("shutdown", ("failed_to_start_child", *failure)))


async def handle_call(request: Term, from_: Term, state: Term) -> Term:
    """Serve a request of the interface; any other ends the supervisor with function_clause."""
    state = live(state)
    reply = await serve(request, state)
    if reply is None:
        return erlang.error("function_clause", [request, from_, state.__term__()])
    return ("reply", reply, state)


async def handle_cast(message: Term, state: Term) -> Term:
    """Try again to restart a child, unless it has been stopped or deleted meanwhile."""
    state = live(state)
    if isinstance(message, tuple) and len(message) == 2 and message[0] == "try_again_restart":
        child = _find(message[1], state)
        if child is None or not child.is_restarting:
            return ("noreply", state)
        return _outcome(*await _restart(child, state))
    return erlang.error("function_clause", [message, state.__term__()])


async def handle_info(message: Term, state: Term) -> Term:
    """Take care of a child that has died; anything else is logged."""
    state = live(state)
    if isinstance(message, tuple) and len(message) == 3 and message[0] == "EXIT":
        child = _find(message[1], state)
        return ("noreply", state) if child is None else _outcome(*await _child_died(message[2], child, state))
    report_unexpected(message)
    return ("noreply", state)


async def terminate(_reason: Term, state: Term) -> Term:
    """Stop the children: newest first, or all at once under simple_one_for_one.

    The state is left as it is: a crash report that follows shows who the children were.
    """
    state = live(state)
    if state.is_simple:
        await dynamic.terminate_all(state)
        return "ok"
    for child in reversed(state.children):
        await static.terminate(child, state.name)
    return "ok"


def format_status(option: Term, data: Term) -> Term:
    """The state as OTP's record; `get_callback_module` reads the second item."""
    _, state = data
    shown = live(state).__term__()
    if option == "terminate":
        return shown
    return [("data", [(chars("State"), shown)]), ("supervisor", [(chars("Callback"), state[10])])]


# -- a child has died ------------------------------------------------------------------------------


def _outcome(goes_on: bool, state: State) -> Term:
    return ("noreply", state) if goes_on else ("stop", "shutdown", state)


def _find(id: Term, state: State) -> Child | None:
    """The child of a pid, a restart mark or, as a retry names it, an id; with all that a restart needs."""
    if state.is_simple:
        child = dynamic.find(id, state)
        return None if child is None else dynamic.with_args(child, state)
    return state.children.by_pid(id) if isinstance(id, Pid) else state.children.get(id)


async def _child_died(reason: Term, child: Child, state: State) -> tuple[bool, State]:
    """Restart `child` or forget it; whether the supervisor goes on."""
    if child.is_permanent or not is_orderly(reason):
        report_error("child_terminated", reason, child, state.name)
        if not child.is_temporary:
            return await _restart(child, state)
    state.forget(child)
    return not _shuts_down_after(child, state), state


def _shuts_down_after(child: Child, state: State) -> bool:
    """Whether the end of `child` is what `auto_shutdown` waits for."""
    if state.auto_shutdown == "never" or child.significant is not True:
        return False
    if state.auto_shutdown == "any_significant":
        return True
    return len(state.dynamics) == 0 if state.is_simple else not state.children.has_significant


async def _restart(child: Child, state: State) -> tuple[bool, State]:
    """Restart `child` as the strategy wants it, unless there have been too many restarts."""
    if state.restarts.add(erlang.monotonic_time(1), state.period) > state.intensity:
        report_error("shutdown", "reached_max_restart_intensity", child, state.name)
        state.forget(child)
        return False, state
    if state.is_simple:
        again, state = await dynamic.restart(child, state)
    elif state.strategy == "one_for_one":
        again = await static.restart_one(child, state)
    else:
        affected = state.children.down_to(child.id) if state.strategy == "rest_for_one" else reversed(state.children)
        again = await static.restart_many(child, list(affected), state)
    if again is not None:
        # Through the mailbox, so that other requests, a shutdown among them, come in between two tries.
        gen_server.cast(erlang.self(), ("try_again_restart", again[1]))
        # DIVERGES(otp): nothing preempts a process here, so the supervisor gives way by itself, as often as it would be
        # preempted there; those who would ask it something between two tries have to get their turn.
        if state.restarts.ends_time_slice():
            await erlang.yield_()
    return True, state


# -- a new version of the callback module ------------------------------------------------------------


async def code_change(_old_version: Term, state: Term, _extra: Term) -> Term:
    """Take over the flags and specs that the new `init` returns; running children are left alone."""
    state = live(state)
    answer = await code.call(state.module, "init", [state.args])
    if answer == "ignore":
        return ("ok", state)
    spec = _init_answer(answer)
    if spec is None:
        return answer
    try:
        state = state.with_flags(check_flags(spec[0]))
        children = check_startspec(spec[1], state.auto_shutdown)
    except Invalid as fault:
        match matchable(fault.reason):
            case ("invalid_type", flags):
                return ("error", ("bad_flags", flags))
        return ("error", fault.reason)
    if state.is_simple:
        if len(children) != 1:
            # The ids in start order here, as OTP's check returns them.
            return ("error", ("ok", ([child.id for child in children], Children(children).__term__()[1])))
        return ("ok", state._replace(children=Children(children)))
    state = state._replace(children=_merge(state.children, children))
    state.publish()
    return ("ok", state)


def _merge(old: Children, new: list[Child]) -> Children:
    """The new specs, in their order, with the pids of the old; behind them the old ones that are not among them."""
    merged = Children(new)
    for child in old:
        present = merged.get(child.id)
        merged.put(child if present is None else present.with_pid(child.pid))
    merged.take_over(old)
    return merged


def _init_answer(answer: Term) -> tuple[Term, Term] | None:
    """`(flags, specs)` of a good return of `init`."""
    match matchable(answer):
        case ("ok", (flags, specs)) if type(answer[1]) is tuple:
            return flags, specs
    return None


def _module_name(module: Term) -> Term:
    """The atom of a callback module in reports and errors."""
    return module if isinstance(module, str) else code.name(module)
