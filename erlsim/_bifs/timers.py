"""Timers that send messages, and the time."""

from __future__ import annotations

from functools import partial
from typing import Any

from erlsim._bifs.common import Term, badarg, here, is_atom, local, plain_list, refuse
from erlsim._bifs.nodes import node
from erlsim._bifs.operations import CANCEL_TIMER, READ_TIME, READ_TIMER, START_TIMER
from erlsim._kernel import MessageTimer, Process, World, message_due, message_due_by_name, post_message
from erlsim.terms import ATOMIC, Pid, Ref, copy

UNITS = {"second": 1, "millisecond": 1000, "microsecond": 1_000_000, "nanosecond": 1_000_000_000}
UNITS |= {"native": 1000, "perf_counter": 1000, "seconds": 1, "milli_seconds": 1000, "micro_seconds": 1_000_000}
UNITS |= {"nano_seconds": 1_000_000_000}

# The BEAM's clock ends here: 2^63 nanoseconds after the emulator was started.
LAST_INSTANT = (1 << 63) // 1_000_000


def send_after(time: int, dest: Term, message: Term, options: Term = None) -> Ref:
    """Send `message` to `dest` (a pid or a name) in `time` ms; the timer's reference.

    Option `("abs", True)`: `time` is an instant of `monotonic_time`. A name is looked up when the
    timer fires; a pid that dies cancels it. `badarg` for a negative or non-integer time or another
    destination. Mirrors `erlang:send_after/3,4`.
    """
    return _start(time, dest, message, options, False)


def start_timer(time: int, dest: Term, message: Term, options: Term = None) -> Ref:
    """As `send_after`, but what arrives is `("timeout", ref, message)`. Mirrors `erlang:start_timer/3,4`."""
    return _start(time, dest, message, options, True)


def _start(time: Term, dest: Term, message: Term, options: Term, named: bool) -> Ref:
    """Start a timer; with `named` its message tells which timer it comes from."""
    world = here()
    absolute = _is_absolute(options) if options is not None else False
    if type(time) is not int or (time < 0 and not absolute):
        badarg("time")
    if type(dest) is not Pid and not is_atom(dest):
        badarg()
    if world.slow:
        # Others may go first, and time with them.
        world.visible(START_TIMER, time, dest, message)
    now = int(world.clock._now)
    due = max(time, now) if absolute else now + time
    if due > LAST_INSTANT or time < -LAST_INSTANT:
        badarg("time")
    ref: Ref = world.new_ref()
    if world.steps is not None:
        world.steps.timer_started(ref.number)
    target: Any = dest
    if type(dest) is Pid:
        # It is `local` inline.
        target = dest.home
        if target is None:
            return ref
        if target.world is not world:
            refuse(dest)
        if world.nodes is not None:
            local(dest)
    elif world.nodes is not None and world.current.pid.node:
        # A name of another node than the first.
        target = (dest, node())
    if type(message) not in ATOMIC:
        message = copy(message)
    action = message_due if type(dest) is Pid else partial(message_due_by_name, world)
    timer = MessageTimer(due, action, target, ("timeout", ref, message) if named else message, ref)
    ref.home = timer
    if type(dest) is Pid:
        if target.timers is None:
            target.timers = {}
        target.timers[ref.number] = timer
    if world.tracer is not None:
        world.note("start_timer", world.current.pid, dest, ref, due)
    world.clock.arm(timer)
    return ref


def _is_absolute(options: Term) -> bool:
    absolute = False
    for option in plain_list(options, "badopt"):
        if type(option) is not tuple or len(option) != 2 or option[0] != "abs" or type(option[1]) is not bool:
            badarg("badopt")
        absolute = option[1]
    return absolute


def cancel_timer(ref: Ref, options: Term = None) -> Term:
    """Cancel a timer: the ms that were left, or `False` if it is not there any more.

    Options: `("async", True)` returns `"ok"` and sends `("cancel_timer", ref, result)`;
    `("info", False)` tells nothing. `badarg` for what is no reference. Mirrors `erlang:cancel_timer/1,2`.
    """
    world = here()
    if world.slow:
        world.visible(CANCEL_TIMER, ref)
    result = _left(world, ref)
    timer = ref.home
    if result is not False:
        ref.home = None
        if type(timer.target) is Process and timer.target.timers:
            timer.target.timers.pop(ref.number, None)
        world.clock.disarm(timer)
        world.note("cancel_timer", world.current.pid, ref)
    return _told(world, "cancel_timer", ref, result, options)


def read_timer(ref: Ref, options: Term = None) -> Term:
    """The ms that are left of a timer, or `False`. Mirrors `erlang:read_timer/1,2`."""
    world = here()
    if world.slow:
        world.visible(READ_TIMER, ref)
    return _told(world, "read_timer", ref, _left(world, ref), options)


def _left(world: World, ref: Ref) -> Term:
    if type(ref) is not Ref:
        badarg()
    timer = ref.home
    if type(timer) is not MessageTimer or not timer.live:
        return False
    return max(0, timer.due - int(world.clock.now))


def _told(world: World, what: str, ref: Ref, result: Term, options: Term) -> Term:
    if options is None:
        return result
    chosen = {"async": False, "info": True}
    for option in plain_list(options):
        if type(option) is not tuple or len(option) != 2 or option[0] not in chosen or type(option[1]) is not bool:
            badarg()
        if option[0] == "info" and what == "read_timer":
            badarg()
        chosen[option[0]] = option[1]
    if chosen["async"] and chosen["info"]:
        post_message(world.current, (what, ref, result))
    return "ok" if chosen["async"] or not chosen["info"] else result


def monotonic_time(unit: Term = "native") -> int:
    """The time since the simulation began; the native unit is the millisecond. Mirrors the BIF."""
    return _in_unit(_now(), unit)


def _now() -> int:
    """The time in ms. Where time goes on while processes can run, when they ask is up to the order of things."""
    world = here()
    if world.steps is not None and world.steps.late_clock:
        world.visible(READ_TIME)
    return int(world.clock.now)


def system_time(unit: Term = "native") -> int:
    """The time since 1970 by the simulation's own calendar, in ms unless another unit is asked for."""
    return _in_unit(here().epoch + _now(), unit)


def convert_time_unit(time: int, from_unit: Term, to_unit: Term) -> int:
    """`time` in another unit, rounded down; `badarg` for what is no number or unit. Mirrors `convert_time_unit/3`."""
    if type(time) is not int:
        badarg()
    return time * _per_second(to_unit) // _per_second(from_unit)


def _in_unit(ms: int, unit: Term) -> int:
    return ms * _per_second(unit) // 1000


def _per_second(unit: Term) -> int:
    if type(unit) is int and unit > 0:
        return unit
    if type(unit) is not str or unit not in UNITS:
        badarg()
    return UNITS[unit]
