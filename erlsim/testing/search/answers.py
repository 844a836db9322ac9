"""Questions that are not about who goes on: whether an operation fails, whether a signal is late.

Each process asks its questions in an order of its own, so a table by process and number of the question answers them in
every interleaving. All interleavings are explored under the table that answers everything with the first option; for
each question that came up another table answers it otherwise, and so on. A run in which none of the questions came up
that its table answers otherwise has been made before, under a smaller table: it counts as blocked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

from erlsim.testing.search.exploration import Answers, Walk

Table = tuple[tuple[tuple[str, int], int], ...]


class Tables:
    """The tables of answers under which a machine is explored, each once; `next()` goes on to the next one."""

    def __init__(self, first: Table = ()) -> None:
        self._waiting: deque[Table] = deque([first])
        self._seen: set[Table] = {first}
        self.table: Table = first

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def next(self) -> Answers | None:
        """The next table, `None` if there is none left."""
        if not self._waiting:
            return None
        self.table = self._waiting.popleft()
        return dict(self.table)

    def saved(self) -> list[Any]:
        """The same as plain data: the present table, those that wait, all that were met."""
        seen = sorted(self._seen)
        return [_plain(self.table), list(map(_plain, self._waiting)), list(map(_plain, seen))]

    @classmethod
    def restored(cls, state: list[Any]) -> tuple[Tables, Answers]:
        """What `saved` gave, and the answers of the present table."""
        tables = cls()
        table, waiting, seen = state
        tables.table = _table(table)
        tables._waiting = deque(map(_table, waiting))
        tables._seen = set(map(_table, seen))
        return tables, dict(tables.table)

    def found(self) -> list[Table]:
        """Those that wait."""
        return list(self._waiting)

    def plan(self, tables: Iterable[Table]) -> None:
        """Let these be gone through as well."""
        for table in tables:
            if table not in self._seen:
                self._seen.add(table)
                self._waiting.append(table)

    def learn(self, walk: Walk) -> bool:
        """Plan tables for what was asked in a run. False: the run was one of a smaller table."""
        known = dict(self.table)
        if any(number >= len(walk.asked.get(process, ())) for process, number in known):
            return False
        for process, asked in walk.asked.items():
            for number, options in enumerate(asked):
                if (process, number) not in known:
                    for answer in range(1, options):
                        self.plan([tuple(sorted([*self.table, ((process, number), answer)]))])
        return True


def _plain(table: Table) -> list[Any]:
    return [[process, number, answer] for (process, number), answer in table]


def _table(rows: list[Any]) -> Table:
    return tuple(((process, number), answer) for process, number, answer in rows)
