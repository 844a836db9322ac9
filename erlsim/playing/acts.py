"""What can be done to a run at one of its events: it is done by the shell, as if somebody typed it there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from erlsim import erlang, hints
from erlsim._kernel import World
from erlsim.errors import ErlangException, ErlsimError
from erlsim.supervision import BOOK
from erlsim.terms import Pid, Term, exact_eq
from erlsim.trace.facts import show

_PID = re.compile(r"<0\.(\d+)\.(\d+)>")
SERIAL = 15
"""So many bits of a pid's number are its second part."""


class Act(NamedTuple):
    """`what` is `kill`, `exit`, `send`, `suspend` or `resume`, done to `who`, `late` ms after event number `event`.

    `term` is the reason or the message.
    """

    event: int
    late: int
    what: str
    who: Term
    term: Term = None

    @property
    def code(self) -> str:
        """The call of a player's that does it."""
        more = f", {self.term!r}" if self.what in ("exit", "send") else ""
        who = repr(self.who) if not isinstance(self.who, Pid) else f'"{self.who!r}"'
        return f"player.{self.what}({who}{more})"

    def perform(self, world: World) -> None:
        """Do it now, whatever runs. Raises `ErlsimError` when there is no such process."""
        pid = find(world, self.who)
        running, world.current = world.current, world.shell
        try:
            self._do(world, pid)
        except ErlangException as failure:
            raise ErlsimError(f"{self.code} failed: {show(failure.reason, 200)}") from None
        finally:
            world.current = running

    def _do(self, world: World, pid: Pid) -> None:
        match self.what:
            case "kill":
                erlang.exit(pid, "kill")
            case "exit":
                erlang.exit(pid, at_home(world, self.term))
            case "send":
                erlang.send(pid, at_home(world, self.term))
            case "suspend":
                erlang.suspend_process(pid)
            case "resume":
                erlang.resume_process(pid)


def find(world: World, who: Term) -> Pid:
    """The living process that `who` means: a pid (of any run, or its text), a registered name or a child's id."""
    number = _number(who)
    for process in world.processes():
        if process.is_system:
            continue
        if process.pid.number == number or (number is None and isinstance(who, str) and process.name == who):
            return _not_the_shell(world, process.pid)
    if number is None:
        for id, pid in _children(world):
            if exact_eq(id, who) and pid.home is not None:
                return pid
    names = [process.name for process in world.processes() if process.name and not process.is_system]
    known = list(dict.fromkeys([*names, *(show(id, 40) for id, _ in _children(world))]))
    some = ", ".join(known[:20]) or "nobody with a name"
    raise ErlsimError(f"{show(who, 60)} is no living process then; there are {some}{hints.nearest(show(who), known)}")


def _number(who: Term) -> int | None:
    if isinstance(who, Pid):
        return who.number
    found = _PID.fullmatch(who) if isinstance(who, str) else None
    return None if found is None else int(found[1]) + (int(found[2]) << SERIAL)


def _not_the_shell(world: World, pid: Pid) -> Pid:
    if pid == world.shell.pid:
        raise ErlsimError(f"{pid!r} is the shell, which is the program itself: choose one of its processes")
    return pid


def _children(world: World) -> Iterator[tuple[Term, Pid]]:
    """The children of all supervisors that have a process."""
    for each in world.extensions.get(BOOK, {}).values():
        for child in () if each.nameless else each.children():
            if isinstance(child.state, Pid):
                yield child.id, child.state


def at_home(world: World, term: Term) -> Any:
    """A term in which the pids of another run are those of this one."""
    if isinstance(term, Pid):
        process = world.table.get(term.number)
        return term if process is None else process.pid
    if isinstance(term, tuple):
        return tuple(at_home(world, each) for each in term)
    if isinstance(term, list):
        return [at_home(world, each) for each in term]
    return term
