"""The children of one director, in the order in which they were added, found by id or by pid.

DIVERGES(director): the original lists its children in the order of a hash table.

Ids are told apart by `=:=`: 1, 1.0 and True are three children. Invariant: `by_pid` has exactly the
running ones. Its keys are the numbers of the pids, which are found faster: every crash looks here three times.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from director.child import Child
from erlsim import supervision
from erlsim.supervision import Lives, announce, watched
from erlsim.terms import Pid, Term, key


class Children:
    """See the module's text."""

    def __init__(self) -> None:
        self._by_id: dict[Any, Child] = {}
        self._by_pid: dict[int, Any] = {}
        # For pictures: how often each was started again, and who waits to be.
        self._lives = Lives()
        self._waiting: dict[Any, bool] = {}

    def __iter__(self) -> Iterator[Child]:
        return iter(list(self._by_id.values()))

    def get(self, id_: Term) -> Child | None:
        """The child called `id_`."""
        return self._by_id.get(key(id_))

    def of_pid(self, pid: Term) -> Child | None:
        """The child that runs as `pid`."""
        place = self._by_pid.get(pid.number) if type(pid) is Pid else None
        return None if place is None else self._by_id[place]

    def find(self, id_or_pid: Term) -> Child | None:
        """The child called so, else the one that runs as this pid."""
        found = self.get(id_or_pid)
        return self.of_pid(id_or_pid) if found is None else found

    def put(self, child: Child, waiting: bool = False) -> None:
        """Add a child, or put it in the place of the one with its id; `waiting` if its plan says `wait`."""
        place = key(child.id)
        before = self._by_id.get(place)
        pid, gone = child.pid, None if before is None else before.pid
        if type(gone) is Pid and gone != pid:
            self._by_pid.pop(gone.number, None)
            self._lives.change(place, gone, pid)
        self._by_id[place] = child
        if type(pid) is Pid:
            self._by_pid[pid.number] = place
        if waiting:
            self._waiting[place] = True
        elif self._waiting and pid != "undefined":
            self._waiting.pop(place, None)
        if watched():
            announce(child.id, self._state(place, child))

    def remove(self, child: Child) -> None:
        """Forget a child, of which there is one."""
        place = key(child.id)
        gone = self._by_id.pop(place)
        if gone.running:
            self._by_pid.pop(gone.pid.number, None)
        self._lives.forget(place)
        self._waiting.pop(place, None)
        announce(child.id, "deleted")

    def published(self) -> list[supervision.Child]:
        """The children as pictures show them."""
        rows = []
        for place, child in self._by_id.items():
            state = self._state(place, child)
            rows.append(supervision.Child(child.id, state, self._lives.restarts(place, state)))
        return rows

    def _state(self, place: Any, child: Child) -> Term:
        if child.pid != "undefined":
            return child.pid
        return "waiting" if place in self._waiting else "terminated" if place in self._lives else "undefined"
