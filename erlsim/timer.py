"""The module `timer`: sleeping, and doing things later.

The references are OTP's: `("send_local" | "once" | "interval" | "instant", ref)`. Bad arguments are
`("error", "badarg")`, not exceptions. Times are in milliseconds.
"""

from __future__ import annotations

from typing import Any

from erlsim import code, erlang
from erlsim._kernel import here
from erlsim.terms import Pid, Ref

Term = Any
_BADARG = ("error", "badarg")


async def sleep(time: Term) -> str:
    """Let `time` ms (or `"infinity"`) pass: `"ok"`. Mirrors `timer:sleep/1`."""
    await erlang.receive(_nothing, after=time)
    return "ok"


def _nothing(message: Term) -> bool:
    return False


def _is_time(time: Term) -> bool:
    return type(time) is int and time >= 0


def _is_destination(dest: Term) -> bool:
    return type(dest) in (Pid, str) or (type(dest) is tuple and len(dest) == 2 and type(dest[0]) is str)


def send_after(time: Term, *to: Term) -> Term:
    """`send_after(time, message)` to the caller, or `(time, dest, message)`: `("ok", ref)`.

    With time 0 the message is sent at once. Mirrors `timer:send_after/2,3`.
    """
    dest, message = (erlang.self(), *to) if len(to) == 1 else to
    if not _is_time(time) or not _is_destination(dest):
        return _BADARG
    if time == 0:
        erlang.send(dest, message)
        return ("ok", ("instant", erlang.make_ref()))
    if type(dest) is tuple:
        return apply_after(time, "erlang", "send", [dest, message])
    return ("ok", ("send_local", erlang.send_after(time, dest, message)))


def exit_after(time: Term, *what: Term) -> Term:
    """`exit_after(time, reason)` for the caller, or `(time, dest, reason)`: `("ok", ref)`. Mirrors `exit_after/2,3`."""
    dest, reason = (erlang.self(), *what) if len(what) == 1 else what
    if not _is_destination(dest):
        return _BADARG
    return apply_after(time, "erlang", "exit", [dest, reason])


def kill_after(time: Term, *dest: Term) -> Term:
    """`kill_after(time)` the caller, or `(time, dest)`: as `exit_after` with reason `kill`."""
    return exit_after(time, dest[0] if dest else erlang.self(), "kill")


def apply_after(time: Term, module: Term, function: Term, args: Term) -> Term:
    """Call `module:function(args)` in a fresh process in `time` ms: `("ok", ref)`. Mirrors `apply_after/4`."""
    if not _is_time(time) or not code.is_module(module) or type(function) is not str or type(args) is not list:
        return _BADARG
    if time == 0:
        _do(module, function, args)
        return ("ok", ("instant", erlang.make_ref()))
    ref = erlang.make_ref()
    _start_loop(ref, lambda: _once(ref, time, module, function, args))
    return ("ok", ("once", ref))


def send_interval(time: Term, *to: Term) -> Term:
    """`send_interval(time, message)` to the caller, or `(time, dest, message)`, again and again: `("ok", ref)`.

    Ends when the destination does. Mirrors `timer:send_interval/2,3`.
    """
    dest, message = (erlang.self(), *to) if len(to) == 1 else to
    if not _is_time(time) or time < 1 or not _is_destination(dest):
        return _BADARG
    watched = dest if type(dest) is Pid else _found(dest)
    if watched is None:
        return _BADARG
    ref = erlang.make_ref()
    _start_loop(ref, lambda: _again(time, watched, lambda: _send(dest, message)))
    return ("ok", ("interval", ref))


def apply_interval(time: Term, module: Term, function: Term, args: Term) -> Term:
    """Call `module:function(args)` in a fresh process every `time` ms while the caller lives: `("ok", ref)`."""
    valid = code.is_module(module) and type(function) is str and type(args) is list
    if not valid or not _is_time(time) or time < 1:
        return _BADARG
    ref, caller = erlang.make_ref(), erlang.self()
    _start_loop(ref, lambda: _again(time, caller, lambda: _do(module, function, args)))
    return ("ok", ("interval", ref))


def cancel(timer_ref: Term) -> Term:
    """Cancel what any function of this module has started: `("ok", "cancel")`, fired or not; else badarg."""
    if type(timer_ref) is not tuple or len(timer_ref) != 2 or type(timer_ref[1]) is not Ref:
        return _BADARG
    kind, ref = timer_ref
    if kind == "send_local":
        erlang.cancel_timer(ref)
    elif kind in ("once", "interval"):
        loop = _loops().pop(ref.number, None)
        if loop is not None:
            erlang.exit(loop, "kill")
    elif kind != "instant":
        return _BADARG
    return ("ok", "cancel")


async def tc(*what: Term) -> tuple[int, Term]:
    """`tc(fun)`, `tc(fun, args)` or `tc(m, f, args)`: `(microseconds, value)`. Mirrors `timer:tc/1,2,3`."""
    before = erlang.monotonic_time("microsecond")
    value = await (erlang.apply(what[0], []) if len(what) == 1 else erlang.apply(*what))
    return erlang.monotonic_time("microsecond") - before, value


def seconds(n: int) -> int:
    """`n` seconds in milliseconds."""
    return 1000 * n


def minutes(n: int) -> int:
    """`n` minutes in milliseconds."""
    return 60_000 * n


def hours(n: int) -> int:
    """`n` hours in milliseconds."""
    return 3_600_000 * n


def hms(hour: int, minute: int, second: int) -> int:
    """Hours, minutes and seconds in milliseconds."""
    return hours(hour) + minutes(minute) + seconds(second)


# ---- the processes behind it: one a timer, where OTP has one server for all -------------------


def _loops() -> dict[int, Pid]:
    loops: dict[int, Pid] = here().extension("timer", dict)
    return loops


def _start_loop(ref: Ref, body: Any) -> None:
    _loops()[ref.number] = here().spawn(body, ("timer", "loop", 1)).pid


async def _once(ref: Ref, time: int, module: Term, function: str, args: list[Term]) -> None:
    await sleep(time)
    _loops().pop(ref.number, None)
    _do(module, function, args)


async def _again(time: int, watched: Pid, act: Any) -> None:
    gone = erlang.monitor("process", watched)
    due = erlang.monotonic_time()
    while True:
        due += time
        if await erlang.receive(
            ("DOWN", gone, ...), ("DOWN", gone, ..., ..., ...), after=due - erlang.monotonic_time()
        ):
            return
        act()


def _do(module: Term, function: str, args: list[Term]) -> None:
    erlang.spawn(module, function, args)


def _send(dest: Term, message: Term) -> None:
    if type(dest) is not str or erlang.whereis(dest) != "undefined":
        erlang.send(dest, message)


def _found(dest: Term) -> Pid | None:
    pid = erlang.whereis(dest if type(dest) is str else dest[0])
    return pid if isinstance(pid, Pid) else None
