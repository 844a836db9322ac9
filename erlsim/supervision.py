"""Who supervises whom: what supervisors publish about their children, for pictures and assertions.

A behaviour that supervises calls `publish` when it starts, and `announce` whenever one of its children changes.
The first is asked for when somebody draws the tree of now; the second goes to the trace, so that the tree of
any moment before can be drawn as well. Neither sends a message or lets time pass, and without a trace an
announcement costs next to nothing. `Lives` counts how often children are started again, for both.

OTP has nothing like it: its tools ask each supervisor by a call, which changes what they look at.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import Any, NamedTuple

from erlsim._kernel import at_exit, here, thread
from erlsim.terms import Pid, Term

BOOK = "supervision"
STATES = "states"
VAIN = "vain calls"


class Child(NamedTuple):
    """One child as its supervisor sees it.

    `id` is a term; where children have no ids of their own, the first pid of each serves. `state` is a pid, or
    one of `"restarting"`, `"waiting"` (for somebody to start it again), `"launching"`, `"terminating"`,
    `"terminated"`, `"undefined"` (never started). `restarts` is how often it has been started again.
    """

    id: Term
    state: Term
    restarts: int = 0


class Lives:
    """How often each of some children has been started again, told from the states that each goes through.

    A child is in it once it has lost a process: so most children take no room.
    """

    __slots__ = ("_lost",)

    def __init__(self) -> None:
        self._lost: dict[Any, int] = {}

    def change(self, name: Any, before: Term, after: Term) -> None:
        """The child that goes by the (hashable) `name` was in state `before` and is in state `after` now."""
        if type(before) is Pid and (type(after) is not Pid or after.number != before.number):
            self._lost[name] = self._lost.get(name, 0) + 1

    def restarts(self, name: Any, state: Term) -> int:
        """How often it was started again until now, when it is in `state`."""
        lost = self._lost.get(name, 0)
        return lost if type(state) is Pid or not lost else lost - 1

    def __contains__(self, name: Any) -> bool:
        """Whether it has lost a process."""
        return name in self._lost

    def forget(self, name: Any) -> None:
        """It is no child any more."""
        self._lost.pop(name, None)

    def keep(self, names: Container[Any]) -> None:
        """Forget all but `names`."""
        self._lost = {name: lost for name, lost in self._lost.items() if name in names}


class Finding(NamedTuple):
    """What a look at a specification has found: a code, and a sentence.

    `position` is that of an element of a plan from 1 on, or `None` if the finding is not about one. A `level` of
    `"warning"` is a mistake in all likelihood, `"note"` a consequence that is easily overlooked.
    """

    code: str
    sentence: str
    position: int | None = None
    level: str = "warning"

    def __str__(self) -> str:
        place = "" if self.position is None else f" (element {self.position})"
        return f"{self.code}{place}: {self.sentence}"


class Window(NamedTuple):
    """Of a supervisor: the seconds in which children were restarted, how many restarts may be, in how many seconds."""

    seconds: tuple[int, ...]
    intensity: Term
    period: Term

    def count(self, now: Any) -> int:
        """How many count at `now` ms: those of the last period."""
        return sum(each >= now // 1000 - self.period for each in self.seconds)


class Published(NamedTuple):
    """What a supervisor has published; see `publish`."""

    children: Callable[[], Iterable[Child]]
    kind: str
    detail: str
    nameless: bool
    ordered: bool
    window: Callable[[], Window] | None = None


def publish(
    children: Callable[[], Iterable[Child]],
    kind: str = "supervisor",
    detail: str = "",
    nameless: bool = False,
    ordered: bool = True,
    window: Callable[[], Window] | None = None,
) -> None:
    """The calling process supervises: `children` tells whom, at any time, in the order in which they were added.

    `children` must be a plain function that changes nothing. `kind` is the behaviour, `detail` what else a picture
    should say, `nameless` that the children have no ids; with `ordered` false their order means nothing, and pictures
    go by the ids. `window` tells when children were restarted, as far as that counts.
    Calling `publish` again replaces what was published; it is forgotten when the process dies.
    """
    world = here()
    me = world.current.pid
    book: dict[int, Published] = world.extension(BOOK, dict)
    book[me.number] = Published(children, kind, detail, nameless, ordered, window)
    at_exit(me, BOOK, lambda pid: _forget(book, pid))
    if world.tracer is not None:
        world.note("supervise", me, kind, detail, nameless, ordered)
        for child in children():
            world.note("child", me, child.id, child.state)


def watched() -> bool:
    """Whether announcements go anywhere: what they would tell need not be found out if not."""
    world = thread.world
    return world is not None and world.tracer is not None and not world.closing


def announce(id: Term, state: Term, supervisor: Pid | str | None = None) -> None:
    """The child `id` of the calling process is now in `state`: a pid, a word as in `Child`, or `"deleted"`.

    `supervisor` (a pid or a registered name) is for helpers that speak for theirs. Nothing happens when
    there is no trace, or when that process has published nothing.
    """
    if not watched():
        return
    world = here()
    if isinstance(supervisor, str):
        process = world.names_of(world.current.pid).get(supervisor)
        pid = None if process is None else process.pid
    else:
        pid = world.current.pid if supervisor is None else supervisor
    if pid is not None and pid.number in world.extension(BOOK, dict):
        world.note("child", pid, id, state)


def introduce(call: tuple[Term, Term, int]) -> None:
    """The calling process runs `call`, `(module, function, arity)`: what pictures show for one without a name."""
    world = thread.world
    if world is not None and world.tracer is not None:
        world.note("label", world.current.pid, call)


def called_in_vain(name: Term) -> None:
    """The calling process wants something of whoever goes by `name`, and nobody does: whoever listens hears of it."""
    world = here()
    listener = world.extensions.get(VAIN)
    if listener is not None:
        listener(world.current.pid, name)


def listen_for_vain_calls(listener: Callable[[Pid, Term], None]) -> None:
    """Call `listener(caller, name)` each time that somebody calls a name of the current world that nobody goes by."""
    here().extensions[VAIN] = listener


def disclose(state: Callable[[], Term]) -> None:
    """The calling process is a behaviour: `state` tells, whenever somebody asks, what `sys:get_state` would answer now.

    It must be a plain function that changes nothing. It is kept only where states are recorded.
    """
    world = thread.world
    book = None if world is None else world.extensions.get(STATES)
    if world is not None and book is not None:
        book[world.current.pid.number] = state


def _forget(book: dict[int, Published], pid: Pid) -> None:
    book.pop(pid.number, None)


__all__ = [
    "Child",
    "Lives",
    "Published",
    "Window",
    "announce",
    "called_in_vain",
    "disclose",
    "introduce",
    "listen_for_vain_calls",
    "publish",
    "watched",
]
