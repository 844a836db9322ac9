"""What ETS needs from the world: who calls, who lives, who dies, and where this world's tables are.

The only file of the package that touches the kernel or the BIFs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from erlsim._bifs.messages import post_watched
from erlsim._kernel import Operation, at_exit, here, owned_in_parts, thread
from erlsim.erlang import monotonic_time, send, system_time
from erlsim.terms import Pid, Ref, Term

State = TypeVar("State")

KEY = "ets"


def state(
    factory: Callable[[], State], operation: Operation | None = None, table: Term = None, argument: Term = None
) -> State:
    """What ETS keeps for the current simulation, made when it is first asked for.

    The caller is about to do `operation` to `table`, unless it says nothing: others may go first.
    """
    # Every function of ETS begins here, so this does what `here` and `extension` do without calling them.
    world = thread.world
    if world is None or world.slow:
        world = here()
        if operation is not None:
            world.visible(operation, table, argument)
    kept: State | None = world.extensions.get("ets")
    if kept is None:
        kept = world.extensions["ets"] = factory()
    return kept


def caller() -> Pid:
    """The pid of the running process, or of the shell."""
    return here().current.pid


def is_caller(pid: Pid) -> bool:
    """Whether `pid` is `caller()`, of whom an operation has begun: see `state`."""
    world: Any = thread.world
    me: Pid = world.current.pid
    return pid is me or pid == me


def is_alive(pid: Term) -> bool:
    """Whether `pid` is the pid of a living process."""
    return type(pid) is Pid and pid.home is not None


def watch(pid: Pid, died: Callable[[Pid], None], in_parts: Callable[[Pid], Iterator[Any]]) -> None:
    """Have `died(pid)` called when `pid` dies, before its name is released and before anybody hears of it.

    Where an end is taken apart `in_parts(pid)` is asked instead, which yields each part before it does it.
    """
    at_exit(pid, KEY, died)
    world = here()
    if world.steps is not None:
        owned_in_parts(world)[KEY] = in_parts


def label(number: int, name: str | None) -> None:
    """A table is new: who compares orders of events calls it by its `name`, or by who has made it."""
    world = here()
    if world.steps is not None:
        world.steps.name_table(number, name)


def hand_over(heir: Pid, table: Term, former: Pid, data: Term) -> None:
    """Tell `heir` that a table is now its own."""
    message = ("ETS-TRANSFER", table, former, data)
    world = here()
    if not world.slow:
        send(heir, message)
    elif heir.home is not None:
        # A part of what is being done to the table, not a step of its own.
        post_watched(heir.home, message)


def new_number() -> int:
    """The number of a reference that no other one equals."""
    ref: Ref = here().new_ref()
    return ref.number


def monotonic() -> int:
    """Milliseconds of the simulation's clock, as `erlang:monotonic_time/0`."""
    return int(monotonic_time())


def timestamp() -> tuple[int, int, int]:
    """`erlang:timestamp/0`: megaseconds, seconds and microseconds of the simulation's date."""
    micros = int(system_time("microsecond"))
    return micros // 10**12, micros // 10**6 % 10**6, micros % 10**6
