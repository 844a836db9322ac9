"""ETS tables compared with what they were: which rows have come and gone, and who has written last."""

from __future__ import annotations

from typing import Any, NamedTuple

from erlsim._kernel import World
from erlsim.trace.facts import show

MOST_ROWS = 500
"""So many rows of a table are kept; its size says how many there are."""
LONGEST_ROW = 200


class TableChange(NamedTuple):
    """Table `number` has changed. `rows` are all its rows now as text, `None` if the table is no more.

    `owner` and `writer` are numbers of pids; `written` is when the rows changed last, in ms.
    """

    number: int
    name: str
    words: str
    owner: int
    rows: tuple[str, ...] | None
    size: int
    writer: int
    written: Any


class Tables:
    """The tables as they were when somebody looked last."""

    def __init__(self) -> None:
        self._known: dict[int, TableChange] = {}

    def look(self, world: World, writer: int, now: Any) -> list[TableChange]:
        """What has changed since, `writer` being the process that has run."""
        registry = world.extensions.get("ets")
        if registry is None:
            return []
        found = []
        for number, table in registry.numbered.items():
            rows = table.rows()
            shown = tuple(show(row, LONGEST_ROW) for row in rows[:MOST_ROWS])
            before = self._known.get(number)
            words = f"{table.options.type}, {table.options.protection}"
            mine = (show(table.name, 40), words, table.owner.number)
            is_written = before is None or before.rows != shown or before.size != len(rows)
            if before is not None and not is_written and before[1:4] == mine:
                continue
            by, at = (writer, now) if before is None or is_written else (before.writer, before.written)
            found.append(TableChange(number, *mine, shown, len(rows), by, at))
        for number, before in self._known.items():
            if number not in registry.numbered:
                found.append(before._replace(rows=None, size=0))
        for each in found:
            if each.rows is None:
                del self._known[each.number]
            else:
                self._known[each.number] = each
        return found
