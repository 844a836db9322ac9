"""The module `timer`: sleeping, and doing things later.

As in OTP a process registered as `timer_server` keeps the timers, started when it is first needed;
times are in milliseconds, references are `("send_local" | "once" | "interval" | "instant", ref)`, and
bad arguments are `("error", "badarg")`, not exceptions. What OTP asks its server in a call is done here
on the spot, so that only `sleep` and `tc` park the caller.
"""

from __future__ import annotations

from erlsim import code, erlang
from erlsim._bifs.common import is_atom
from erlsim._bifs.timers import LAST_INSTANT
from erlsim._kernel import Process, World, here, new_process, wake
from erlsim._kernel import nothing as nothing
from erlsim.errors import ErlangException, Error
from erlsim.terms import Pid, Ref, Term, matchable

Call = tuple[Term, str, list[Term]]

_BADARG = ("error", "badarg")
_MAX_RECEIVE_AFTER = 0xFFFFFFFF


async def sleep(time: Term) -> str:
    """Let `time` ms (or `"infinity"`) pass: `"ok"`. Mirrors `timer:sleep/1`."""
    while type(time) is int and time > _MAX_RECEIVE_AFTER:
        await erlang.receive(nothing, after=_MAX_RECEIVE_AFTER)
        time -= _MAX_RECEIVE_AFTER
    await erlang.receive(nothing, after=time)
    return "ok"


def apply_after(time: Term, module: Term, function: Term, args: Term) -> Term:
    """Call `module:function(args)` in a fresh process in `time` ms: `("ok", ref)`. Mirrors `apply_after/4`."""
    if not _is_time(time) or not code.is_call(module, function, args):
        return _BADARG
    if time == 0:
        _do((module, function, args))
        return ("ok", ("instant", erlang.make_ref()))
    try:
        ref = erlang.start_timer(time, _server(), ("apply_once", (module, function, args)))
    except Error:
        # The server answers so where the emulator refuses a time as too long.
        return _BADARG
    _timers()[ref.number] = ref
    return ("ok", ("once", ref))


def send_after(time: Term, *to: Term) -> Term:
    """`send_after(time, message)` to the caller, or `(time, dest, message)`: `("ok", ref)`.

    With time 0 the message is sent at once, which is `badarg` for a name that nobody has. Mirrors
    `timer:send_after/2,3`.
    """
    dest, message = (erlang.self(), *to) if len(to) == 1 else to
    if not _is_destination(dest):
        return _BADARG
    if _is_time(time) and time == 0:
        erlang.send(dest, message)
        return ("ok", ("instant", erlang.make_ref()))
    if type(dest) is Pid and _is_time(time) and erlang.node(dest) == erlang.node():
        return ("ok", ("send_local", erlang.send_after(time, dest, message)))
    return apply_after(time, "timer", "send", [dest, message])


def exit_after(time: Term, *what: Term) -> Term:
    """`exit_after(time, reason)` for the caller, or `(time, dest, reason)`: `("ok", ref)`. Mirrors `exit_after/2,3`."""
    dest, reason = (erlang.self(), *what) if len(what) == 1 else what
    return apply_after(time, "erlang", "exit", [dest, reason])


def kill_after(time: Term, *dest: Term) -> Term:
    """`kill_after(time)` the caller, or `(time, dest)`: as `exit_after` with reason `kill`."""
    return exit_after(time, dest[0] if dest else erlang.self(), "kill")


def apply_interval(time: Term, module: Term, function: Term, args: Term) -> Term:
    """Call `module:function(args)` in a fresh process every `time` ms while the caller lives: `("ok", ref)`.

    Mirrors `apply_interval/4`.
    """
    if not _is_interval(time) or not code.is_call(module, function, args):
        return _BADARG
    return _interval(time, erlang.self(), (module, function, args))


def send_interval(time: Term, *to: Term) -> Term:
    """`send_interval(time, message)` to the caller, or `(time, dest, message)`, again and again: `("ok", ref)`.

    Ends when the destination does. Mirrors `timer:send_interval/2,3`.
    """
    dest, message = (erlang.self(), *to) if len(to) == 1 else to
    if not _is_interval(time) or not _is_destination(dest):
        return _BADARG
    # DIVERGES(otp): with `{Name, Node}` of another node OTP's timer server ends on a badarg of `erlang:monitor/2`, as
    # here, but within the call: there the caller exits with `{{badarg, Stack}, {gen_server, call, ...}}`; here it
    # gets `{ok, TRef}` before the server ends.
    return _interval(time, dest, ("timer", "send", [dest, message]))


def _interval(time: int, watched: Term, call: Call) -> Term:
    server, ref = _server(), erlang.make_ref()
    _timers()[ref.number] = None
    erlang.send(server, ("apply_interval", erlang.monotonic_time() + time, time, watched, ref, call))
    return ("ok", ("interval", ref))


def cancel(timer_ref: Term) -> Term:
    """Cancel what any function of this module has started: `("ok", "cancel")`, fired or not; else badarg.

    Mirrors `timer:cancel/1`.
    """
    if type(timer_ref) is not tuple or len(timer_ref) != 2 or type(timer_ref[1]) is not Ref:
        return _BADARG
    kind, ref = timer_ref
    if kind == "send_local":
        erlang.cancel_timer(ref)
    elif kind == "once":
        _forget(ref)
    elif kind == "interval":
        if _forget(ref):
            erlang.send(_server(), ("cancelled", ref))
    elif kind != "instant":
        return _BADARG
    return ("ok", "cancel")


async def tc(*what: Term) -> tuple[int, Term]:
    """`tc(fun)`, `tc(fun, args)` or `tc(m, f, args)`: `(microseconds, value)`. Mirrors `timer:tc/1,2,3`."""
    before = erlang.monotonic_time("microsecond")
    value = await (erlang.apply(what[0], []) if len(what) == 1 else erlang.apply(*what))
    return erlang.monotonic_time("microsecond") - before, value


def now_diff(later: tuple[int, int, int], earlier: tuple[int, int, int]) -> int:
    """The microseconds between two `(megaseconds, seconds, microseconds)`. Mirrors `timer:now_diff/2`."""
    for each in (later, earlier):
        if type(each) is not tuple or len(each) != 3:
            raise Error("function_clause", [("timer", "now_diff", [later, earlier], [])])
    mega, seconds_, micro = (_number(a) - _number(b) for a, b in zip(later, earlier, strict=True))
    return (mega * 1_000_000 + seconds_) * 1_000_000 + micro


def seconds(n: int) -> int:
    """`n` seconds in milliseconds; `badarith` for what is no number. Mirrors `timer:seconds/1`."""
    return 1000 * _number(n)


def minutes(n: int) -> int:
    """`n` minutes in milliseconds; `badarith` for what is no number. Mirrors `timer:minutes/1`."""
    return 60_000 * _number(n)


def hours(n: int) -> int:
    """`n` hours in milliseconds; `badarith` for what is no number. Mirrors `timer:hours/1`."""
    return 3_600_000 * _number(n)


def hms(hour: int, minute: int, second: int) -> int:
    """Hours, minutes and seconds in milliseconds. Mirrors `timer:hms/3`."""
    return hours(hour) + minutes(minute) + seconds(second)


def start() -> str:
    """Start the server, if it does not run: `"ok"`. Mirrors `timer:start/0`."""
    _server()
    return "ok"


def send(dest: Term, message: Term) -> Term:
    """What a timer of `send_after` or `send_interval` does when it fires."""
    return erlang.send(dest, message)


# ---- arguments ----------------------------------------------------------------


def _number(term: int) -> int:
    if type(term) not in (int, float):
        raise Error("badarith")
    return term


def _is_time(time: Term) -> bool:
    return type(time) is int and time >= 0


def _is_interval(time: Term) -> bool:
    """A time that is over before the BEAM's clock ends."""
    return _is_time(time) and int(erlang.monotonic_time("millisecond")) + int(time) <= LAST_INSTANT


def _is_destination(dest: Term) -> bool:
    if type(dest) is tuple and len(dest) == 2:
        return is_atom(dest[0]) and is_atom(dest[1])
    return type(dest) is Pid or is_atom(dest)


# ---- the server -----------------------------------------------------------------


def _timers() -> dict[int, Ref | None]:
    """The timers that are wanted on the caller's node, by the number of their reference.

    For an interval it is its next timer, if it has one.
    """
    world: World = here()
    number = world.node_of(world.current.pid).number
    timers: dict[int, Ref | None] = world.extension(f"timer of node {number}" if number else "timer", dict)
    return timers


def _forget(ref: Ref) -> bool:
    """Take a timer out of the table and cancel it; whether it was there."""
    timers = _timers()
    if ref.number not in timers:
        return False
    current = timers.pop(ref.number)
    if current is not None:
        erlang.cancel_timer(current)
    return True


def _server() -> Pid:
    """The pid of the caller's node's `timer_server`, which runs from now on if it has not until now."""
    pid = erlang.whereis("timer_server")
    if isinstance(pid, Pid):
        return pid
    world: World = here()
    # The timers of one that was killed are gone with it.
    _timers().clear()
    node = world.node_of(world.current.pid)
    user = node.registry.get("user")
    server: Process = new_process(world, _serve, None, node)
    server.is_system = server.trap_exit = True
    server.initial_call = ("timer", "init", 1)
    if user is not None:
        server.group_leader = user.pid
    node.registry.add("timer_server", server)
    world.note("system", server.pid, "timer_server")
    server.parked = True
    wake(server)
    return server.pid


async def _serve() -> None:
    monitors: dict[Ref, Ref] = {}
    while True:
        match matchable(await erlang.receive()):
            case ("timeout", Ref() as ref, ("apply_once", call)):
                if _timers().pop(ref.number, None) is not None:
                    _do(call)
            case ("apply_interval", due, time, watched, Ref() as ref, call) if ref.number in _timers():
                monitors[ref] = erlang.monitor("process", watched)
                _arm(due, time, ref, call)
            case ("timeout", _, ("apply_interval", due, time, Ref() as ref, call)):
                if ref.number in _timers():
                    _arm(due + time, time, ref, call)
                    _do(call)
            case ("cancelled", Ref() as ref) if ref in monitors:
                erlang.demonitor(monitors.pop(ref), ["flush"])
            case ("DOWN", monitor, "process", _, _):
                for ref in [ref for ref, own in monitors.items() if monitor in (own, ref)]:
                    erlang.demonitor(monitors.pop(ref), ["flush"])
                    _forget(ref)


def _arm(due: int, time: int, ref: Ref, call: Call) -> None:
    _timers()[ref.number] = erlang.start_timer(
        due, erlang.self(), ("apply_interval", due, time, ref, call), [("abs", True)]
    )


def _do(call: Call) -> None:
    """Do what was to be done: messages and exit signals at once, everything else in a fresh process."""
    try:
        match matchable(call):
            case ("timer", "send", [dest, message]):
                erlang.send(dest, message)
            case ("erlang", "exit", [dest, reason]):
                # Who bears no living name is `undefined`, and no pid: the exit fails.
                pid: Term = dest if type(dest) is Pid else erlang.whereis(dest)
                erlang.exit(pid, reason)
            case _:
                erlang.spawn(*call)
    except ErlangException:
        # OTP's server catches what fails, too: a name that nobody has any more, above all.
        pass
