"""The recorder: it looks at who has run whenever an event happens, and notes what has changed.

What a process does between two events of its own is seen at the next event, whoever's that is: processes run one at a
time, so between two events only the one that has run last can have changed. Looking changes nothing: no process runs,
none is asked, and what a server's state is comes from the function that its behaviour has disclosed. A table that comes
and goes between two events is not seen.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from erlsim._kernel import Process, World
from erlsim.supervision import BOOK, STATES, Window
from erlsim.terms import Pid
from erlsim.trace.facts import show
from erlsim.trace.states import frames
from erlsim.trace.states.tables import TableChange, Tables

LONGEST_STATE = 2_000


class State(NamedTuple):
    """What a process was seen in.

    `file`, `line` and `function` are where its program's code is (`None` and 0 where it is in none), `variables` the
    names and values there, `state` what `sys:get_state` would answer (`None` of who is no behaviour), `window` what
    counts against the intensity of a supervisor.
    """

    file: str | None = None
    line: int = 0
    function: str = ""
    variables: tuple[tuple[str, str], ...] = ()
    state: str | None = None
    window: Window | None = None

    @property
    def source(self) -> str:
        """The text of that line."""
        return linecache.getline(self.file, self.line).strip() if self.file is not None else ""


class Change(NamedTuple):
    """After event number `event` the process `pid` is in `state`."""

    event: int
    pid: Pid
    state: State


class States:
    """What was recorded: changes of processes and of tables, in the order of the events."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.tables: list[tuple[int, TableChange]] = []

    def of(self, pid: Pid, event: int) -> State:
        """What `pid` was in after event number `event`."""
        mine = (each.state for each in reversed(self.changes) if each.event <= event and each.pid == pid)
        return next(mine, State())

    def tables_at(self, event: int) -> dict[str, TableChange]:
        """The tables after event number `event`, by name."""
        found: dict[int, TableChange] = {}
        for when, change in self.tables:
            if when > event:
                break
            found[change.number] = change
        return {each.name: each for each in found.values() if each.rows is not None}

    def clear(self) -> None:
        """Forget what has been recorded so far."""
        self.changes.clear()
        self.tables.clear()


class Recorder:
    """Looks at a world for `States`; `count` tells how many events there are, the one that happens included."""

    def __init__(self, world: World, states: States, count: Callable[[], int]) -> None:
        self.world = world
        self.states = states
        self.count = count
        self._books: dict[int, Callable[[], Any]] = world.extensions.setdefault(STATES, {})
        self._known: dict[int, State] = {}
        self._tables = Tables()
        # Who has run last, and whether tables may have changed since somebody looked.
        self._ran: Process | None = None
        self._dirty = False

    def __call__(self, row: tuple[Any, ...]) -> None:
        """An event has happened."""
        event = self.count() - 1
        self._note_tables(event, row[1] == "exit", row[2].number, row[0])
        self._note(event, row[2].home)
        if row[1] == "ets" or row[1] == "exit":
            self._dirty = True
        if row[1] == "exit":
            self._books.pop(row[2].number, None)

    def settle(self) -> None:
        """Nothing more happens: see what the last event has led to."""
        if self.count():
            self._note_tables(self.count(), False, 0, self.world.clock.now)
            self._note(self.count() - 1, None)

    def _note_tables(self, event: int, ends: bool, pid: int, now: Any) -> None:
        """What an operation has done is seen at the next event, and belongs to its own; an owner's end, to that."""
        if not self._dirty or not event:
            return
        self._dirty = False
        writer = self._ran.pid.number if self._ran is not None else pid
        for each in self._tables.look(self.world, writer, now):
            self.states.tables.append((event if ends and each.rows is None else event - 1, each))

    def _note(self, event: int, process: Process | None) -> None:
        current = self.world.current
        for each in self._who(process, current):
            state = self._look(each, each is current)
            if state != self._known.get(each.pid.number, State()):
                self._known[each.pid.number] = state
                self.states.changes.append(Change(event, each.pid, state))
        self._ran = current

    def _who(self, process: Process | None, current: Process) -> Iterator[Process]:
        """Who may have changed: whoever the event is about, runs now, or has run before."""
        seen: list[Process] = []
        for each in (process, current, self._ran):
            if each is not None and each.alive and not each.is_system and each not in seen:
                seen.append(each)
                yield each

    def _look(self, process: Process, runs: bool) -> State:
        # Who takes a message is to be resumed, and waits as yet. The recorder's own frames are ours, and passed over.
        place = frames.of_the_running() if runs else None
        if place is None:
            place = self._place_of_shell(process) if process.is_shell else frames.of_the_waiting(process)
        file, line, function, variables = place if place is not None else (None, 0, "", ())
        disclosed = self._books.get(process.pid.number)
        state = None if disclosed is None else show(disclosed(), LONGEST_STATE)
        published = self.world.extensions.get(BOOK, {}).get(process.pid.number)
        window = published.window() if published is not None and published.window is not None else None
        return State(file, line, function, variables, state, window)

    def _place_of_shell(self, shell: Process) -> frames.Place | None:
        """Where the shell waits; where it was seen last if it does not, but somebody else lets the others go on."""
        place = frames.of_the_shell()
        if place is not None:
            return place
        known = self._known.get(shell.pid.number)
        if known is None or known.file is None:
            return None
        return known.file, known.line, known.function, known.variables
