"""The functions of `gen_statem`: start machines, send them events, and what `sys` asks of a machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn, overload

from erlsim import code, erlang
from erlsim.errors import ErlangException, Error, Exit, Throw
from erlsim.otp import gen, sys_debug
from erlsim.otp.gen_statem.loop import become, loop
from erlsim.otp.gen_statem.machine import Machine, terminate, use
from erlsim.otp.shared import apply_fun, finish_now, is_atom, stack_here
from erlsim.otp.standing import standing
from erlsim.terms import ABSENT, Pid, Ref, Term, chars, matchable
from erlsim.terms.atoms import RegisteredName, StartOption

__stands_for__ = standing("gen_statem", {"stop": "", "call": "call_dirty/4"})

# ---- starting and stopping --------------------------------------------------


@overload
async def start(module: Term, args: Term, options: Sequence[StartOption], /) -> Term: ...
@overload
async def start(name: RegisteredName, module: Term, args: Term, options: Sequence[StartOption], /) -> Term: ...
async def start(name: Term, module: Term, args: Term, options: Term = ABSENT, /) -> Term:
    """`start([name,] module, args, options)`: a machine that stands alone.

    `("ok", pid)`, `"ignore"` or `("error", reason)`. Options as `gen_server.start`'s.
    """
    return await gen.start_by_arguments("gen_statem", "nolink", name, module, args, options)


@overload
async def start_link(module: Term, args: Term, options: Sequence[StartOption], /) -> Term: ...
@overload
async def start_link(name: RegisteredName, module: Term, args: Term, options: Sequence[StartOption], /) -> Term: ...
async def start_link(name: Term, module: Term, args: Term, options: Term = ABSENT, /) -> Term:
    """`start_link([name,] module, args, options)`: a machine linked to the caller, its parent."""
    return await gen.start_by_arguments("gen_statem", "link", name, module, args, options)


@overload
async def start_monitor(module: Term, args: Term, options: Sequence[StartOption], /) -> Term: ...
@overload
async def start_monitor(name: RegisteredName, module: Term, args: Term, options: Sequence[StartOption], /) -> Term: ...
async def start_monitor(name: Term, module: Term, args: Term, options: Term = ABSENT, /) -> Term:
    """`start_monitor([name,] module, args, options)`: a monitored machine, `("ok", (pid, ref))`."""
    return await gen.start_by_arguments("gen_statem", "monitor", name, module, args, options)


async def stop(machine: Term, reason: Term = "normal", timeout: Term = "infinity") -> Term:
    """Have a machine end with `reason`: `"ok"`.

    Exits with the reason it ended with if that is another, with `noproc`, or with `timeout` after `timeout` ms.
    """
    return await gen.stop(machine, reason, timeout)


async def enter_loop(
    module: Term,
    options: list[Term],
    state: Term,
    data: Term,
    server_or_actions: Term = ABSENT,
    actions: Term = ABSENT,
) -> NoReturn:
    """Make the caller, a process started by `proc_lib`, a state machine; it never returns.

    `enter_loop(module, options, state, data[, name][, actions])`; `name` is the name that the caller has, or its pid.
    """
    if not code.is_module(module):
        raise Error(("atom", module))
    server = erlang.self() if server_or_actions is ABSENT else server_or_actions
    if actions is ABSENT:
        server, actions = (erlang.self(), server) if type(server) is list else (server, [])
    parent = await gen.get_parent()
    name = await gen.get_proc_name(server)
    debug = gen.debug_options(name, options)
    machine = Machine(parent, name, module, gen.hibernate_after(options), debug)
    await become(machine, state, data, actions)


# ---- events and requests ----------------------------------------------------


def cast(machine: Term, event: Term) -> str:
    """Send an event of type `cast`: `"ok"`, whether the machine exists or not."""
    message = ("$gen_cast", event)
    match matchable(machine):
        case ("global", name):
            _try(code.function("global", "send", 2), name, message)
        case ("via", module, name):
            _try(lambda *args: code.function(module, "send", 2)(*args), name, message)
        case (name, node) if is_atom(name) and is_atom(node):
            _try(erlang.send, machine, message)
        case Pid() | str() | bool():
            _try(erlang.send, machine, message)
        case _:
            raise Error("function_clause", [("gen_statem", "cast", [machine, event], [])])
    return "ok"


def _try(send: Callable[..., Term], to: Term, message: Term) -> None:
    try:
        finish_now(send(to, message))
    except ErlangException:
        pass


async def call(machine: Term, request: Term, timeout: Term = ABSENT) -> Term:
    """Send an event of type `("call", from_)` and wait for the reply, for ever if `timeout` (ms) is left out.

    Exits with `(reason, ("gen_statem", "call", [machine, request, timeout]))`. `("clean_timeout", ms)` is as `ms`;
    `("dirty_timeout", ms)` never asks by way of another process.
    """
    shown = "infinity" if timeout is ABSENT else timeout
    after, proxy = shown, True
    match matchable(shown):
        case "infinity":
            proxy = False
        case ("dirty_timeout", after):
            proxy = False
        case ("clean_timeout", after):
            pass
        case (_, _):
            raise Error("badarg", [("gen_statem", "call", [machine, request, shown], [])])
    if type(machine) is Pid:
        local = erlang.node(machine) == erlang.node()
    else:
        named = type(machine) is tuple and len(machine) == 2 and is_atom(machine[0])
        local = named and machine[1] == erlang.node()
    try:
        if local or not proxy:
            return (await gen.call(machine, "$gen_call", request, after))[1]
        return await _call_through(machine, request, after)
    except Exit as failure:
        raise Exit((failure.reason, ("gen_statem", "call", [machine, request, shown]))) from None


async def _call_through(machine: Term, request: Term, timeout: Term) -> Term:
    """Have another process make the call, so that a reply that is too late finds nobody."""
    me, answer_ref = erlang.self(), erlang.make_ref()

    async def ask() -> None:
        failed: Term = None
        try:
            answer = (await gen.call(machine, "$gen_call", request, timeout))[1]
        except (Exit, Error, Throw) as failure:
            answer, failed = failure.reason, failure.kind
        erlang.send(me, (answer_ref, failed or "ok", answer))

    ref = erlang.monitor("process", erlang.spawn(ask))
    message = await erlang.receive((answer_ref, ..., ...), ("DOWN", ref, ..., ..., ...))
    if message[0] == "DOWN":
        raise Exit(message[4])
    erlang.demonitor(ref, ["flush"])
    _, kind, answer = message
    if kind == "ok":
        return answer
    raise {"exit": Exit, "error": Error, "throw": Throw}[kind](answer)


def reply(client: Term, answer: Term = ABSENT) -> str:
    """`reply(from_, answer)`, or `reply` of one or a list of reply actions: `"ok"`, from any process."""
    if answer is not ABSENT:
        return gen.reply(client, answer)
    for each in client if type(client) is list else [client]:
        match matchable(each):
            case ("reply", from_, value):
                gen.reply(from_, value)
            case _:
                function = "replies" if type(client) is list else "reply"
                raise Error("function_clause", [("gen_statem", function, [client], [])])
    return "ok"


def send_request(machine: Term, request: Term, label: Term = ABSENT, collection: Term = ABSENT) -> Term:
    """Ask without waiting: a request id, or `collection` with the request in it under `label`."""
    return gen.send_request(machine, "$gen_call", request, label, collection)


async def wait_response(request: Term, timeout: Term = "infinity", delete: Term = None) -> Term:
    """As `gen_server.wait_response`."""
    return await gen.wait_response(request, timeout, delete)


async def receive_response(request: Term, timeout: Term = "infinity", delete: Term = None) -> Term:
    """As `gen_server.receive_response`."""
    return await gen.receive_response(request, timeout, delete)


def check_response(message: Term, request: Term, delete: Term = None) -> Term:
    """As `gen_server.check_response`."""
    return gen.check_response(message, request, delete)


def reqids_new() -> dict[Ref, Term]:
    """An empty collection of requests."""
    return gen.reqids_new()


def reqids_size(collection: Term) -> int:
    """How many requests are in a collection."""
    return gen.reqids_size(collection)


def reqids_add(request: Ref, label: Term, collection: Term) -> dict[Ref, Term]:
    """The collection with one more request under `label`."""
    return gen.reqids_add(request, label, collection)


def reqids_to_list(collection: Term) -> list[tuple[Ref, Term]]:
    """`(request id, label)` of every request."""
    return gen.reqids_to_list(collection)


# ---- what sys asks of a machine ---------------------------------------------


async def system_continue(parent: Term, debug: list[Term], machine: Machine) -> NoReturn:
    """Go on after system messages."""
    machine.parent, machine.debug = parent, debug
    await loop(machine)


async def system_terminate(reason: Term, parent: Term, debug: list[Term], machine: Machine) -> NoReturn:
    """End by order of a system message, or of the parent while suspended."""
    machine.parent, machine.debug = parent, debug
    await terminate(machine, "exit", reason, stack_here("system_terminate/4", "gen_statem"), [])


def system_get_state(machine: Machine) -> Term:
    """`(state, data)`, for `sys.get_state`."""
    return ("ok", (machine.state, machine.data))


async def system_replace_state(state_fun: Callable[[Term], Term], machine: Machine) -> Term:
    """The `(state, data)` that `state_fun` makes of them, for `sys.replace_state`."""
    changed = await apply_fun(state_fun, (machine.state, machine.data))
    # DIVERGES(otp): what is no pair is refused here; OTP lets it in and the machine fails at its next event.
    if type(changed) is not tuple or len(changed) != 2:
        raise Error(("badmatch", changed))
    machine.state, machine.data = changed
    return ("ok", changed, machine)


async def system_code_change(machine: Machine, _module: Term, old_vsn: Term, extra: Term) -> Term:
    """Run the callback `code_change`, and ask for the callback mode again, for `sys.change_code`."""
    callbacks = machine.modules[0]
    try:
        answer = await code.call(callbacks, "code_change", [old_vsn, machine.state, machine.data, extra])
    except Throw as thrown:
        answer = thrown.reason
    if type(answer) is not tuple or not answer or answer[0] != "ok" or len(answer) not in (2, 3):
        return answer
    if len(answer) == 2:
        raise Error(("case_clause", answer))
    await use(machine, machine.modules)
    _, machine.state, machine.data = answer
    return ("ok", machine)


async def format_status(option: str, status: list[Term]) -> list[Term]:
    """What `sys.get_status` shows of a machine, its callback `format_status` having its say."""
    dictionary, sys_state, parent, debug, machine = status
    number, timeouts = machine.timeouts.listed()
    shown = {
        "state": machine.state,
        "data": machine.data,
        "postponed": machine.postponed[::-1],
        "log": sys_debug.get_log(debug),
        "timeouts": timeouts,
    }
    fresh = await gen.format_status(machine.modules[0], option, shown, [dictionary, machine.state, machine.data])
    if "EXIT" in fresh:
        tail = [("data", [(chars("State"), (machine.state, fresh["EXIT"]))])]
        fresh = shown
    elif "$status" in fresh:
        tail = fresh["$status"] if type(fresh["$status"]) is list else [fresh["$status"]]
    else:
        tail = [("data", [(chars("State"), (fresh["state"], fresh["data"]))])]
    rows = [
        ("Status", sys_state),
        ("Parent", parent),
        ("Modules", machine.shown_modules),
        ("Time-outs", (number, fresh["timeouts"])),
        ("Logged Events", fresh["log"]),
        ("Postponed", fresh["postponed"]),
    ]
    header = gen.format_status_header("Status for state machine", machine.name)
    return [("header", header), ("data", [(chars(name), value) for name, value in rows]), *tail]
