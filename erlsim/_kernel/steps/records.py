"""What a process is about to do, what it touches, and what it did: plain data for choosers, logs and searches.

A touch is `(thing, mode, detail)`. A thing is a tuple whose first part is its kind; things are named by what is the
same in every order (processes by birth, tables by their names or by who made them), never by pids or references::

    ("key", table, key)   r w; the detail of a plain overwrite is the row
    ("keys", table)       r w (all keys), kr kw (one of them)
    ("table", table)      r (every operation on it), w (made, named, given away, gone)
    ("name", atom)        r w
    ("life", process)     r (is it alive?), m (links and monitors come), h (they go), i (process_info), w (it ends)
    ("exit", process)     w (a signal that ends it: so it conflicts with whatever that does), q (a question, a link or
                          a monitor: before such a signal or behind it), p (a look at whatever it does)
    ("trap", process)     r w: the flag trap_exit
    ("mailbox", process)  s (put in: the detail is (serial, message)), r (a receive: (serial or None, patterns, after)),
                          i (its messages are looked at), n (they are counted), d (put in too late: he is dead),
                          f (a DOWN is flushed: the detail is the number of the monitor)
    ("links", process)    its end: n (normal) or a; an exit signal of one of its links, who traps exits (t) or not (u)
    ("wait", process)     w (its receive ends, by a message or by its timer)
    ("watch", owner, target)   r w, f (it is taken back and flushed)
    ("link", a, b), ("watchers", owner), ("alias", owner, number), ("info", process)   r w
    ("way", sender, receiver)   w (something arrives), r (a link or a monitor comes behind it), b (a question has to
                          wait for it): with signals in transit
    ("procs",), ("names",), ("tables",)   r (all of them are asked for), w (one comes or goes)
    ("nodes",)            r, w (one comes or goes)
    ("anything",)         w: nobody knows what
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, Final

from erlsim._kernel.world import World

# Parts of erlsim that ask for operations of their own accord.
OURS: Final = ("erlsim._", "erlsim.ets", "erlsim.erlang", "erlsim.timer")
Touch = tuple[tuple[Any, ...], str, Any]
# `touches(steps, process, *args)`: what the operation would touch as the world stands.
Touching = Callable[..., list[Touch]]


def no_touches(steps: Any, process: Any, *args: Any) -> list[Touch]:
    """It touches nothing."""
    return []


class Operation:
    """A kind of visible operation. `note(process, *args)`, if there is one, gives the trace's row: `(kind, *data)`."""

    __slots__ = ("name", "note", "touches")

    def __init__(
        self,
        name: str,
        touches: Touching = no_touches,
        note: Callable[..., tuple[Any, ...] | None] | None = None,
    ) -> None:
        self.name = name
        self.touches = touches
        self.note = note


class Step:
    """What a process does next, if it goes on: an option of a choice of kind `"step"`; in the log, what it has done.

    `process` is its name by birth, the same in every order of events; `pid` is not. Of a step in the log `at` is the
    time in ms and `cause` the number of the step that made it possible (a birth, for what a process does first; the
    timer, for a receive that gave up), `None` if there is none.
    """

    __slots__ = ("_kind", "_made", "_owner", "_where", "args", "at", "cause", "operation", "process")

    def __init__(self, owner: Any, process: str, kind: Operation, args: tuple[Any, ...]) -> None:
        self._owner = owner
        self._kind = kind
        # Its name, such as `"ets:insert"`, `"receive"` or `"exit"`.
        self.operation = kind.name
        self._made: list[Touch] | None = None
        self.process = process
        self.args = args
        self.at = 0
        self.cause: int | None = None
        # The code that asks for it, and the number of its instruction.
        self._where: tuple[CodeType, int] | None = None

    @property
    def pid(self) -> Any:
        """Whose step it is."""
        return self._owner.pid

    @property
    def touches(self) -> list[Touch]:
        """What it has really touched, with all that it brought about at once.

        Of an option: what it would touch if it were done now, which may be more than it then does, never less.
        """
        if self._made is not None:
            return self._made
        return self._kind.touches(self._owner.world.steps, self._owner, *self.args)

    @property
    def place(self) -> tuple[str, int] | None:
        """File and line of the code that asks for it; `None` for what no code asks for."""
        return None if self._where is None else place_of(*self._where)

    def __repr__(self) -> str:
        return f"<{self.process} {self.operation}>"


def place_of(code: CodeType, lasti: int) -> tuple[str, int]:
    """File and line of an instruction."""
    for start, end, line in code.co_lines():
        if start <= lasti < end and line is not None:
            return code.co_filename, line
    return code.co_filename, code.co_firstlineno


def note_place(step: Step, depth: int) -> None:
    """Note the innermost frame, from so far out on, that is the program's; one of ours if there is none."""
    frame: FrameType | None = sys._getframe(depth)
    first = None
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if not module.startswith("erlsim."):
            first = frame
            break
        if first is None and not module.startswith(OURS):
            first = frame
        frame = frame.f_back
    if first is not None:
        step._where = first.f_code, first.f_lasti


def note(world: World, kind: Operation, args: tuple[Any, ...]) -> None:
    """Put an operation into the trace that is not in it otherwise."""
    if world.tracer is not None and kind.note is not None:
        row = kind.note(world.current, *args)
        if row is not None:
            world.note(row[0], world.current.pid, *row[1:])


def see_operations(world: World) -> None:
    """Let every visible operation be in the trace, though no process gives way before it."""

    def see(kind: Operation, args: tuple[Any, ...]) -> None:
        if not world.closing:
            note(world, kind, args)

    world.seen = see
    world.note_watchers()
