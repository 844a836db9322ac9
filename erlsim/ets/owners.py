"""What ETS needs from the world: who calls, who lives, who dies, and where this world's tables are.

The only file of the package that touches the kernel or the BIFs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from erlsim._kernel import at_exit, here, thread
from erlsim.erlang import monotonic_time, send, system_time
from erlsim.terms import Pid, Ref, Term

State = TypeVar("State")


def state(factory: Callable[[], State]) -> State:
    """What ETS keeps for the current simulation, made when it is first asked for."""
    # Every function of ETS begins here, so this does what `here` and `extension` do without calling them.
    world = thread.world
    if world is None or world.closing:
        world = here()
    kept: State | None = world.extensions.get("ets")
    if kept is None:
        kept = world.extensions["ets"] = factory()
    return kept


def caller() -> Pid:
    """The pid of the running process, or of the shell."""
    return here().current.pid


def is_alive(pid: Term) -> bool:
    """Whether `pid` is the pid of a living process."""
    return type(pid) is Pid and pid.home is not None


def watch(pid: Pid, died: Callable[[Pid], None]) -> None:
    """Have `died(pid)` called when `pid` dies, before its name is released and before anybody hears of it."""
    at_exit(pid, "ets", died)


def hand_over(heir: Pid, table: Term, former: Pid, data: Term) -> None:
    """Tell `heir` that a table is now its own."""
    send(heir, ("ETS-TRANSFER", table, former, data))


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
