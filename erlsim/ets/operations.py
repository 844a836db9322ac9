"""The visible operations of ETS: which table and which keys each touches, and how the trace shows it.

What the kinds of things and modes are is in the kernel's `steps/records`. Two writes of the same row commute, and
so do two deletions of the same key: the detail of such a touch says what is written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim._kernel import Operation as Operation
from erlsim._kernel import Process, Touch
from erlsim.ets.stores import Row, Table
from erlsim.terms import ABSENT, Pid, Ref, Term, key

Touches = list[Touch]
DELETED = "deleted"


def _table(process: Process, name: Term) -> Table | None:
    registry = process.world.extensions.get("ets")
    found: Table | None = None if registry is None else registry.find(name)
    return found


def _label(steps: Any, name: Term) -> str:
    """What a table is called in every order."""
    if isinstance(name, Ref):
        return str(steps.tables.get(name.number, "?"))
    return str(name)


def stable(steps: Any, term: Term) -> Any:
    """A hashable stand-in for a term, the same in every order: its pids are named by birth, its references not told."""
    kind = type(term)
    if kind is Pid:
        return (Pid, steps.who(term))
    if kind is Ref:
        return Ref
    if kind is tuple:
        return tuple([stable(steps, item) for item in term])
    return key(term)


def _written(steps: Any, row: Row) -> Any:
    """What a row has in it, to be compared with another's; `None` if that cannot be said."""
    written = stable(steps, row)
    return None if _has_ref(written) else written


def _has_ref(stand_in: Any) -> bool:
    return stand_in is Ref or (type(stand_in) is tuple and any(map(_has_ref, stand_in)))


def _deleted(steps: Any, row: Row) -> Any:
    written = _written(steps, row)
    return None if written is None else (DELETED, written)


def _key(steps: Any, table: Table | None, term: Term) -> Any:
    if table is not None and table.ordered and type(term) is float and term.is_integer():
        # In an ordered_set 1 and 1.0 are one key.
        return int(term)
    return stable(steps, term)


def _of_key(steps: Any, label: str, table: Table | None, term: Term, mode: str, detail: Any = None) -> Touches:
    return [(("key", label, _key(steps, table, term)), mode, detail), (("keys", label), "k" + mode, None)]


def _keyed(mode: str, detail: Any = None) -> Callable[..., Touches]:
    """An operation on one key."""

    def touches(steps: Any, process: Process, name: Term, key: Term) -> Touches:
        label, table = _label(steps, name), _table(process, name)
        return [(("table", label), "r", None), *_of_key(steps, label, table, key, mode, detail)]

    return touches


def _changed(steps: Any, process: Process, name: Term, key: Term) -> Touches:
    """An operation on a row that may be there: if it is not, that is all it finds out."""
    table = _table(process, name)
    there = table is None or table.has(key)
    return _keyed("w" if there else "r")(steps, process, name, key)


def _whole(mode: str) -> Callable[..., Touches]:
    """An operation on all keys."""

    def touches(steps: Any, process: Process, name: Term, argument: Term) -> Touches:
        label = _label(steps, name)
        return [(("table", label), "r", None), (("keys", label), mode, None)]

    return touches


def _rows(table: Table | None, objects: Term) -> list[Row]:
    """The rows that can be inserted among `objects`."""
    rows = objects if isinstance(objects, list) else [objects]
    keypos = 1 if table is None else table.keypos
    return [row for row in rows if isinstance(row, tuple) and len(row) >= keypos]


def _insert(steps: Any, process: Process, name: Term, objects: Term) -> Touches:
    label, table = _label(steps, name), _table(process, name)
    touches: Touches = [(("table", label), "r", None)]
    if table is not None:
        for row in _rows(table, objects):
            detail = _written(steps, row) if table.unique else None
            touches += _of_key(steps, label, table, row[table.at], "w", detail)
    return touches


def _insert_new(steps: Any, process: Process, name: Term, objects: Term) -> Touches:
    label, table = _label(steps, name), _table(process, name)
    touches: Touches = [(("table", label), "r", None)]
    if table is not None:
        rows = _rows(table, objects)
        mode = "r" if any(table.has(row[table.at]) for row in rows) else "w"
        for row in rows:
            touches += _of_key(steps, label, table, row[table.at], mode)
    return touches


def _delete_object(steps: Any, process: Process, name: Term, row: Term) -> Touches:
    label, table = _label(steps, name), _table(process, name)
    touches: Touches = [(("table", label), "r", None)]
    if table is not None:
        for each in _rows(table, [row]):
            touches += _of_key(steps, label, table, each[table.at], "w", _deleted(steps, each))
    return touches


def _delete(steps: Any, process: Process, name: Term, key: Term) -> Touches:
    if key is not ABSENT:
        return _keyed("w", DELETED)(steps, process, name, key)
    return [(("table", _label(steps, name)), "w", None)]


def _new(steps: Any, process: Process, name: Term, options: Term) -> Touches:
    named = isinstance(options, list) and "named_table" in options
    return [*(_governed(steps, process, name, options) if named else []), (("tables",), "w", None)]


def _governed(steps: Any, process: Process, name: Term, argument: Term) -> Touches:
    return [(("table", _label(steps, name)), "w", None)]


def _rename(steps: Any, process: Process, name: Term, new: Term) -> Touches:
    return [(("table", _label(steps, name)), "w", None), (("table", str(new)), "w", None)]


def _give_away(steps: Any, process: Process, name: Term, given: Term) -> Touches:
    pid, data = given
    touches = [*_governed(steps, process, name, given), (("life", steps.who(pid)), "r", None)]
    if isinstance(pid, Pid) and pid.home is not None:
        touches += steps.mail(pid.home, ("ETS-TRANSFER", name, process.pid, data))
    return touches


def _looked_at(steps: Any, process: Process, name: Term, argument: Term) -> Touches:
    return [(("table", _label(steps, name)), "r", None)]


def _info(steps: Any, process: Process, name: Term, item: Term) -> Touches:
    touches = _looked_at(steps, process, name, item)
    if item in (ABSENT, "size", "memory", "stats", "fixed", "safe_fixed", "safe_fixed_monotonic_time"):
        touches.append((("keys", _label(steps, name)), "r", None))
    return touches


def _all(steps: Any, process: Process, name: Term, argument: Term) -> Touches:
    return [(("tables",), "r", None)]


def _exit_table(steps: Any, process: Process, table: Table) -> Touches:
    label = _label(steps, table.handle)
    touches: Touches = [(("table", label), "w", None), (("tables",), "w", None)]
    heir = table.options.heir
    if heir is not None and heir.home is not None:
        given = ("ETS-TRANSFER", table.handle, process.pid, table.options.heir_data)
        touches += [(("life", steps.who(heir)), "r", None), *steps.mail(heir.home, given)]
    return touches


def _operation(name: str, touches: Callable[..., Touches]) -> Operation:
    def note(process: Process, table: Term, argument: Term = None) -> tuple[Term, ...]:
        found = _table(process, table)
        if name in _WITH_ROWS:
            keys = [row[found.at if found is not None else 0] for row in _rows(found, argument)]
            argument = keys[0] if len(keys) == 1 else keys
        elif name not in _WITH_KEY or argument is ABSENT:
            argument = None
        return ("ets", name, table, argument)

    return Operation(f"ets:{name}", touches, note)


_WITH_ROWS = ("insert", "insert_new", "delete_object")
_WITH_KEY = ("lookup", "lookup_element", "member", "take", "delete", "update_counter", "update_element", "next", "prev")

INSERT = _operation("insert", _insert)
INSERT_NEW = _operation("insert_new", _insert_new)
LOOKUP = _operation("lookup", _keyed("r"))
LOOKUP_ELEMENT = _operation("lookup_element", _keyed("r"))
MEMBER = _operation("member", _keyed("r"))
TAKE = _operation("take", _changed)
DELETE = _operation("delete", _delete)
DELETE_OBJECT = _operation("delete_object", _delete_object)
DELETE_ALL_OBJECTS = _operation("delete_all_objects", _whole("w"))
UPDATE_COUNTER = _operation("update_counter", _changed)
UPDATE_OR_INSERT = _operation("update_counter", _keyed("w"))
UPDATE_ELEMENT = _operation("update_element", _changed)
SELECT = _operation("select", _whole("r"))
SELECT_DELETE = _operation("select_delete", _whole("w"))
SELECT_REPLACE = _operation("select_replace", _whole("w"))
FIRST = _operation("first", _whole("r"))
LAST = _operation("last", _whole("r"))
NEXT = _operation("next", _whole("r"))
PREV = _operation("prev", _whole("r"))
SLOT = _operation("slot", _whole("r"))
SAFE_FIXTABLE = _operation("safe_fixtable", _whole("w"))
TAB2LIST = _operation("tab2list", _whole("r"))
NEW = _operation("new", _new)
RENAME = _operation("rename", _rename)
GIVE_AWAY = _operation("give_away", _give_away)
SETOPTS = _operation("setopts", _governed)
WHEREIS = _operation("whereis", _looked_at)
INFO = _operation("info", _info)
ALL = _operation("all", _all)
EXIT_TABLE = Operation("exit:table", _exit_table)
