"""The children of one director, in the order in which they were added, found by id or by pid.

DIVERGES(director): the original lists its children in the order of a hash table.

Ids are told apart by `=:=`: 1, 1.0 and True are three children. Invariant: `by_pid` has exactly the
running ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from director.child import Child
from erlsim.terms import Pid, key

Term = Any


class Children:
    """See the module's text."""

    def __init__(self) -> None:
        self._by_id: dict[Any, Child] = {}
        self._by_pid: dict[Pid, Term] = {}

    def __iter__(self) -> Iterator[Child]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, id_: Term) -> Child | None:
        """The child called `id_`."""
        return self._by_id.get(key(id_))

    def of_pid(self, pid: Term) -> Child | None:
        """The child that runs as `pid`."""
        id_ = self._by_pid.get(pid) if type(pid) is Pid else None
        return None if id_ is None else self._by_id[id_]

    def find(self, id_or_pid: Term) -> Child | None:
        """The child called so, else the one that runs as this pid."""
        found = self.get(id_or_pid)
        return self.of_pid(id_or_pid) if found is None else found

    def put(self, child: Child) -> None:
        """Add a child, or put it in the place of the one with its id."""
        place = key(child.id)
        before = self._by_id.get(place)
        pid = child.pid
        if before is not None and before.pid is not pid and type(before.pid) is Pid:
            self._by_pid.pop(before.pid, None)
        self._by_id[place] = child
        if type(pid) is Pid:
            self._by_pid[pid] = place

    def remove(self, child: Child) -> None:
        """Forget a child."""
        gone = self._by_id.pop(key(child.id), None)
        if gone is not None and gone.running:
            self._by_pid.pop(gone.pid, None)
