"""What the programs are written with, and how they tell what happened in them.

A process's *history* is what it could observe: the messages that it took, its receives that gave up, the answers of
BIFs that read, the errors of BIFs, and how it ended. The *outcome* of a run is the histories of all its
processes, each known by its parent's name and its number among the children: the first is `P`, its children are
`P.1` and `P.2`. `erlang` and `ets` here are erlsim's, and note down what they answer; so a program reads as any other
does, and its outcomes can be compared with those that Concuerror's reports show.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial, wraps
from types import ModuleType
from typing import Any

import erlsim
from erlsim import TIMEOUT, terms
from erlsim.simulation import current
from erlsim.terms import Pid, Ref

# BIFs whose answer tells the caller something. Of the others only the errors are noted.
READS = frozenset(
    "lookup lookup_element insert_new update_counter update_element member take info first next tab2list match "
    "match_object select whereis is_process_alive process_info demonitor cancel_timer read_timer".split()
)
SPAWNS = frozenset(["spawn", "spawn_link", "spawn_monitor"])
# What raises because the program says so is seen when the process ends.
RAISES = frozenset(["error", "throw", "exit"])

HISTORY = "the history of this run"


@dataclass
class Life:
    """What one process saw."""

    name: str
    notes: list[str] = field(default_factory=list)
    children: int = 0
    ended: bool = False


class History:
    """What all processes of a run saw."""

    def __init__(self) -> None:
        self.lives: dict[Pid, Life] = {}

    def watch(self, event: Any) -> None:
        """Name each process as it is spawned, and note how it ends."""
        if event.kind == "spawn":
            parent = self.lives.get(event.pid)
            if parent is not None:
                parent.children += 1
            self.lives[event.data[0]] = Life(f"{parent.name}.{parent.children}" if parent else "P")
        elif event.kind == "exit" and event.pid in self.lives:
            life = self.lives[event.pid]
            life.ended = True
            life.notes.append(f"exit {self.text(event.data[0])}")

    def begun(self, function: Callable[[], Any]) -> Callable[[], Any]:
        """`function` as a process's first, whose BIFs note down what they answer."""

        def begin() -> Any:
            erlsim.erlang.put(HISTORY, self)
            return function()

        return begin

    def mine(self) -> Life:
        """What the running process saw."""
        return self.lives[erlsim.erlang.self()]

    def text(self, term: Any) -> str:
        """The term as Concuerror prints it, without what differs from run to run."""
        return printed(self._plain(term))

    def _plain(self, term: Any) -> Any:
        match term:
            case Pid():
                return f"<{self.lives[term].name}>" if term in self.lives else "Q"
            case Ref():
                return "#Ref"
            case (why, [*frames]) if is_stack(frames):
                return self._plain(why)
            case tuple():
                return tuple(map(self._plain, term))
            case list():
                return [self._plain(each) for each in term]
        return "#Fun" if callable(term) else term

    def outcome(self) -> str:
        """All histories, as a text."""
        lives = sorted(self.lives.values(), key=lambda life: birth(life.name))
        return "; ".join(f"{life.name}: {' | '.join(life.notes + ['blocked'] * (not life.ended))}" for life in lives)


def birth(name: str) -> list[int]:
    """Where a process stands in the order of births."""
    return [int(number) for number in name.split(".")[1:]]


def is_stack(frames: Any) -> bool:
    """Whether a term is the stack of an exception: it differs in other files, and no outcome has it."""
    return bool(frames) and all(isinstance(frame, tuple) and len(frame) in (3, 4) for frame in frames)


def printed(term: Any) -> str:
    """A term in whose place of pids, references and funs are their names."""
    return re.sub(r"'(<P[0-9.]*>|#Ref|#Fun|Q)'", r"\1", terms.format("~w", [term]))


def _history() -> History:
    found: History = erlsim.erlang.get(HISTORY)
    return found


class Watched:
    """erlsim's functions of one module; a process of a program notes down what they tell it."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._module, name)
        if name in SPAWNS:
            return partial(_spawn, function)
        if name == "receive":
            return partial(_receive, function)
        if not callable(function) or name == "self":
            return function
        return wraps(function)(partial(_call, name, function))


def _spawn(how: Callable[..., Any], function: Callable[..., Any], arguments: Any = ()) -> Any:
    return how(_history().begun(partial(function, *arguments)))


async def _receive(function: Callable[..., Any], *patterns: Any, after: Any = "infinity") -> Any:
    history = _history()
    message = await function(*patterns, after=after)
    history.mine().notes.append("after" if message is TIMEOUT else f"? {history.text(message)}")
    return message


def _call(name: str, function: Callable[..., Any], *arguments: Any) -> Any:
    history = _history()
    try:
        answer = function(*arguments)
    except erlsim.Error as wrong:
        if name not in RAISES:
            history.mine().notes.append(f"! {history.text(wrong.reason)} {name}")
        raise
    if name in READS:
        asked = ",".join(map(history.text, arguments))
        history.mine().notes.append(f"{name}({asked}) = {history.text(vague(name, answer))}")
    return answer


def vague(name: str, answer: Any) -> Any:
    """How many ms a timer has left is not compared: Concuerror has no clock."""
    return "ms" if name.endswith("_timer") and type(answer) is int else answer


erlang: Any = Watched(erlsim.erlang)
ets: Any = Watched(erlsim.ets)


@dataclass(frozen=True)
class Program:
    """One program: `main` is its first process, `source` where Concuerror's tests have it.

    `late`: Concuerror, which knows no time, has timeouts and timers come before what they would come after.
    """

    main: Callable[[], Any]
    source: str
    late: bool = False

    @property
    def name(self) -> str:
        return self.main.__name__

    @property
    def kind(self) -> str:
        return self.main.__module__.rpartition(".")[2]

    def run(self) -> str:
        """The program from its beginning until nothing happens any more: its outcome."""
        history = History()
        sim = current()
        end = sim.observe(history.watch)
        erlsim.erlang.spawn(history.begun(self.main))
        # No timer here: whoever searches may let time run ahead of those who can go on.
        sim.run_until_idle()
        end()
        return history.outcome()


def program(source: str, late: bool = False) -> Callable[[Callable[[], Any]], Program]:
    """Make a program of its first process's function."""
    return partial(Program, source=source, late=late)


# ---- shortcuts ---------------------------------------------------------------------------------------------


async def block() -> None:
    """Wait for ever."""
    await erlang.receive("a message that nobody sends")


def matched(value: Any, pattern: Any) -> None:
    """`Pattern = Value`: `badmatch` if they differ."""
    if not terms.exact_eq(value, pattern):
        erlang.error(("badmatch", value))


def shared(**rows: Any) -> None:
    """A public table `table` with a row for each argument."""
    ets.new("table", ["public", "named_table"])
    for key, value in rows.items():
        ets.insert("table", (key, value))


def write(key: Any, value: Any) -> None:
    """Write a row of `table`."""
    ets.insert("table", (key, value))


def read(key: Any) -> Any:
    """The value of a row of `table`; `None` if there is none."""
    rows = ets.lookup("table", key)
    return rows[0][1] if rows else None


def go(*functions: Callable[[], Any]) -> list[Pid]:
    """Spawn a process for each function, in this order."""
    return [erlang.spawn(function) for function in functions]
