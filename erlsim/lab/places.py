"""Who stands where in a tree, told from the events of a run: names that outlive the processes that bear them.

A child's place is its supervisor's place and its id; where children have no ids, the number in the order in which that
supervisor first had them (`#1`, `#2`). Any other process stands below the one that has spawned it, under its
registered name or what it runs. The shell and the simulation's own processes stand nowhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from erlsim import terms
from erlsim.terms import Pid, Term
from erlsim.trace.events import SHELL, Present
from erlsim.trace.facts import call_label, show

Path = tuple[str, ...]
LONGEST = 40
FUN = re.compile(r"^(.*:)-(.*/\d+)-fun-\d+-/\d+$")
INNER = re.compile(r"\.<locals>\.[^/]*")
STARTERS = ("supervisor", "director")


class Places:
    """The places of all processes of a run.

    `supervisors` are the numbers of the pids that supervise, `starters` of those whose children they spawn themselves;
    `starts` has the row in which each child came to be one.
    """

    def __init__(self, rows: Sequence[tuple[Any, ...]], present: Iterable[Present] = ()) -> None:
        self.supervisors: set[int] = set()
        self.starters: set[int] = set()
        self.starts: list[tuple[int, Pid]] = []
        self._nowhere = {pid.number for pid, _, _ in present}
        self._shells = {pid.number for pid, role, _ in present if role == SHELL}
        self._child_of: dict[int, tuple[int, str]] = {}
        self._parents: dict[int, int] = {}
        self._called: dict[int, str] = {}
        self._named: set[int] = set()
        self._nameless: dict[int, dict[Any, int]] = {}
        self._spawned: Counter[tuple[int, str]] = Counter()
        self._paths: dict[int, Path | None] = {}
        for index, row in enumerate(rows):
            step = getattr(self, "_on_" + row[1], None)
            if step is not None:
                step(index, row[2].number, *row[3:])
        # In the order of births: who of several is the second must not depend on who is asked for first.
        for number in self._parents:
            self.path(number)

    def path(self, pid: Pid | int) -> Path | None:
        """Where a process stands or stood; `None` for the shell and what is part of the simulation."""
        number = pid if isinstance(pid, int) else pid.number
        chain: list[int] = []
        while number not in self._paths and number not in chain:
            chain.append(number)
            above = self._above(number)
            if above is None:
                break
            number = above
        for each in reversed(chain):
            self._paths[each] = self._find(each)
        return self._paths[chain[0] if chain else number]

    def is_child(self, pid: Pid) -> bool:
        """Whether a supervisor has ever had it for a child."""
        return pid.number in self._child_of

    def above(self, pid: Pid) -> int | None:
        """The number of the pid of its supervisor, or else of who has spawned it."""
        found = self._child_of.get(pid.number)
        return found[0] if found is not None else self._parents.get(pid.number)

    def _above(self, number: int) -> int | None:
        if number in self._nowhere or number in self._shells:
            return None
        found = self._child_of.get(number)
        return found[0] if found is not None else self._parents.get(number)

    def _find(self, number: int) -> Path | None:
        if number in self._nowhere or number in self._shells:
            return None
        above = self._above(number)
        before = () if above is None else self._paths.get(above) or ()
        if number in self._child_of:
            return (*before, self._child_of[number][1])
        called = self._called.get(number, "process")
        slot = (0 if above is None or not before else above, called)
        self._spawned[slot] += 1
        return (*before, called if self._spawned[slot] == 1 else f"{called} #{self._spawned[slot]}")

    # ---- events ----------------------------------------------------------------------

    def _on_spawn(self, index: int, me: int, child: Pid, call: Term) -> None:
        self._parents[child.number] = me
        self._called.setdefault(child.number, _label(call))

    def _on_label(self, index: int, me: int, call: Term) -> None:
        if me not in self._named:
            self._called[me] = _label(call)

    def _on_register(self, index: int, me: int, name: str) -> None:
        if me not in self._named:
            self._named.add(me)
            self._called[me] = show(name, LONGEST)

    def _on_shell(self, index: int, me: int) -> None:
        self._shells.add(me)

    def _on_system(self, index: int, me: int, name: str) -> None:
        self._nowhere.add(me)

    def _on_supervise(self, index: int, me: int, kind: str, detail: str, nameless: bool, ordered: bool) -> None:
        self.supervisors.add(me)
        if kind in STARTERS:
            self.starters.add(me)
        if nameless:
            self._nameless.setdefault(me, {})

    def _on_child(self, index: int, me: int, id: Term, state: Term) -> None:
        if not isinstance(state, Pid):
            return
        if me in self._nameless:
            numbers = self._nameless[me]
            step = f"#{numbers.setdefault(terms.key(id), len(numbers) + 1)}"
        else:
            step = show(id, LONGEST)
        if state.number not in self._child_of:
            self._child_of[state.number] = (me, step)
            self.starts.append((index, state))


def _label(call: Term) -> str:
    """What a process runs; of a fun in a function, that function."""
    return INNER.sub("", FUN.sub(r"\1\2", call_label(call)))


class Names:
    """Short names for places: the last step, or the whole way where two places would be called the same."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._names: dict[Path, str] = {}
        self._taken: dict[str, Path] = {}
        paths = list(dict.fromkeys(paths))
        last = Counter(path[-1] for path in paths)
        for path in paths:
            self._give(path, path[-1] if last[path[-1]] == 1 else whole(path))

    def of(self, path: Path) -> str:
        """What the process at `path` is called."""
        if path not in self._names:
            self._give(path, path[-1] if path[-1] not in self._taken else whole(path))
        return self._names[path]

    def path(self, name: str) -> Path | None:
        """Who is called `name`."""
        return self._taken.get(name)

    def _give(self, path: Path, name: str) -> None:
        self._names[path] = name
        self._taken[name] = path


def whole(path: Path) -> str:
    """All of a way."""
    return " > ".join(path)
