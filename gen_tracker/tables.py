"""The two named tables of a tracker: its children, and their attributes.

`ZONE` holds one row a child, an Erlang record: a tuple whose first element is `"entry"`. Field names below
are its indexes in Python; ETS counts from 1, hence `position`. `ZONE_attrs` holds `((name, key), value)`.

Both tables are public: whoever writes to them past this package is seen by everybody who reads them.
An attribute belongs to the child whose name is *equal* to it (`==`, so 1 and 1.0 share theirs), as in the
original; children themselves are told apart exactly, as every set does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim import ets, supervision
from erlsim.errors import Error
from erlsim.ets.table_order import in_table_order
from erlsim.simulation import storage
from erlsim.terms import Pid, Term, eq, key

Row = tuple[Any, ...]
Terms = list[Any]

NAME = 1
"""Any term."""
REF = 2
"""The tracker's monitor of a child that was there before it, or `"undefined"`."""
MFA = 3
"""`(module, function, args)` that starts the child, or `"undefined"` for one that was already there."""
RESTART_TYPE = 4
CHILD_TYPE = 5
MODULES = 6
RESTART_DELAY = 8
"""How many ms the next try to restart the child is away, or `"undefined"`."""
SHUTDOWN = 9
PROXY = 10
"""The process that watches the child."""
PID = 11
"""The child, or the state it is in when there is none: `LAUNCHING`, `RESTARTING` or `TERMINATING`."""

LAUNCHING = "launching"
"""Its start function runs."""
RESTARTING = "restarting"
"""It could not be restarted; the next try is due later."""
TERMINATING = "terminating"
"""It is dead, and `after_terminate` runs."""

ATTRIBUTE = (("$1", "$2"), "$3")
PAIR = (("$2", "$3"),)


def position(field: int) -> int:
    """Where ETS finds a field."""
    return field + 1


def row(spec: Term, proxy: Pid, pid: Term, ref: Term = "undefined") -> Row:
    """The row of a child of this specification."""
    name, mfa, restart_type, shutdown, child_type, modules = spec
    unset = "undefined"
    return ("entry", name, ref, mfa, restart_type, child_type, modules, unset, unset, shutdown, proxy, pid)


def watched_by(proxy: Pid, row: Row) -> Row:
    """The row with another proxy."""
    return (*row[:PROXY], proxy, *row[PROXY + 1 :])


def attr_table(zone: Term) -> str:
    """The name of the table of attributes; `badarg` for what is no atom."""
    if type(zone) is not str:
        raise Error("badarg")
    return zone + "_attrs"


def create(zone: Term) -> None:
    """Make both tables, owned by the caller; `badarg` if there is one of these names."""
    ets.new(zone, ["public", "named_table", ("keypos", position(NAME)), ("read_concurrency", True)])
    ets.new(attr_table(zone), ["public", "named_table", ("read_concurrency", True)])
    lives(zone).keep(())


def find_row(zone: Term, name: Term) -> Row | None:
    """The row of a child."""
    found: list[Row] = ets.lookup(zone, name)
    return found[0] if found else None


def set_state(zone: Term, row: Row, state: Term) -> None:
    """Write another state of a child in place of what is in this row."""
    name = row[NAME]
    ets.update_element(zone, name, (position(PID), state))
    lives(zone).change(key(name), row[PID], state)
    supervision.announce(name, state, zone)


def rows(zone: Term) -> list[Row]:
    """All rows, in the order in which OTP's table lists them."""
    return in_table_order(ets.tab2list(zone), lambda row: row[NAME])


def children(zone: Term) -> Terms:
    """`[(name, pid_or_state, child_type, modules), ...]` of all children."""
    return _fields(zone, [NAME, PID, CHILD_TYPE, MODULES], [])


def running(zone: Term, field: int) -> Terms:
    """`[(pid, field), ...]` of the children that have a pid."""
    return _fields(zone, [PID, field], [("is_pid", "$1")])


def _fields(zone: Term, fields: Terms, guards: Terms) -> Terms:
    """Some fields of the rows that pass the guards, as tuples."""
    head = ["_"] * (PID + 1)
    for number, each in enumerate(fields, 1):
        head[each] = f"${number}"
    shown = tuple(f"${number}" for number in range(1, len(fields) + 1))
    found: Terms = ets.select(zone, [(tuple(head), guards, [(shown,)])])
    return found


def attributes(zone: Term, name: Term) -> Terms:
    """`[(key, value), ...]` of one child."""
    return [(key, value) for (_, key), value in _attribute_rows(zone, name)]


def forget_attributes(zone: Term, name: Term) -> None:
    """Delete the attributes of one child."""
    table = attr_table(zone)
    for each, _ in _attribute_rows(zone, name):
        ets.delete(table, each)


def attributes_by_name(zone: Term) -> Callable[[Term], Terms]:
    """What `attributes` finds for one name after the other, for one reading of the whole table."""
    found: dict[Term, Terms] = {}
    strange: Terms = []
    for row in ets.tab2list(attr_table(zone)):
        if _is_attribute(row):
            try:
                found.setdefault(row[0][0], []).append(row)
            except TypeError:
                # Lists and maps are no keys for Python. There are few of them among names.
                strange.append(row)

    def of(name: Term) -> Terms:
        try:
            rows = found.get(name, [])
        except TypeError:
            rows = strange
        return [(key, value) for (owner, key), value in rows if eq(owner, name)]

    return of


def _attribute_rows(zone: Term, name: Term) -> Terms:
    # What `ets:select` finds with the guard {'==', '$1', {const, Name}}. It looks at every row either way, and to
    # compare them here costs a fraction: Python's `==` is true wherever Erlang's is.
    rows = ets.tab2list(attr_table(zone))
    return [row for row in rows if _is_attribute(row) and row[0][0] == name and eq(row[0][0], name)]


def _is_attribute(row: Row) -> bool:
    return len(row) == 2 and type(row[0]) is tuple and len(row[0]) == 2


def forget(zone: Term, name: Term) -> None:
    """Delete everything about one child: first its attributes, so that its name is free last."""
    forget_attributes(zone, name)
    drop(zone, name)


def drop(zone: Term, name: Term) -> None:
    """Delete the row of a child."""
    ets.delete(zone, name)
    lives(zone).forget(key(name))
    supervision.announce(name, "deleted", zone)


def forget_all(zone: Term) -> None:
    """Empty both tables."""
    ets.delete_all_objects(attr_table(zone))
    names = [name for name, *_ in children(zone)]
    ets.delete_all_objects(zone)
    lives(zone).keep(())
    for name in names:
        supervision.announce(name, "deleted", zone)


# ---- for pictures ------------------------------------------------------------------------------------


def published(zone: Term) -> list[supervision.Child]:
    """The children as pictures show them."""
    try:
        rows = children(zone)
    except Error:
        return []  # somebody has deleted the table
    known = lives(zone)
    return [supervision.Child(name, state, known.restarts(key(name), state)) for name, state, *_ in rows]


def lives(zone: Term) -> supervision.Lives:
    """What no row tells: which children have been started again."""
    known: dict[Term, supervision.Lives] = storage("gen_tracker", dict)
    return known.setdefault(zone, supervision.Lives())
