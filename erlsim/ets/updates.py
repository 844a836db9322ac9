"""Changes to elements of one row: `update_counter` and `update_element`.

For tables with one row a key; a bag is `badarg`. A call that fails changes nothing.
"""

from __future__ import annotations

from erlsim.ets.matching import is_integer
from erlsim.ets.objects import check_row
from erlsim.ets.operations import UPDATE_COUNTER, UPDATE_ELEMENT, UPDATE_OR_INSERT
from erlsim.ets.options import badarg, is_position
from erlsim.ets.registry import writable
from erlsim.ets.stores import Row, Table
from erlsim.releases import demand
from erlsim.terms import ABSENT, Term


def update_counter(table: Term, key: Term, operations: Term, default: Row = ABSENT) -> Term:
    """Add to integers in the row of `key`: the new value, or a list of values for a list of operations.

    An operation is `(position, increment)` or `(position, increment, threshold, set_value)`; a bare
    `increment` is for the element after the key. With `default` a missing row is made of it, its key
    replaced by `key`. `badarg` for a missing row, a position that is the key's or beyond the row,
    an element or an operation that is no integer. Mirrors `ets:update_counter/3,4`.
    """
    found = writable(table, UPDATE_COUNTER if default is ABSENT else UPDATE_OR_INSERT, key)
    if not found.unique:
        badarg("table_type")
    rows = found.find(key)
    if default is not ABSENT and not isinstance(default, tuple):
        badarg()
    if rows:
        row = rows[0]
        if type(operations) is not list:
            value = _add(found, row, operations)
            if value is not None:
                return value
    elif default is ABSENT:
        badarg("badkey")
    else:
        row = _made_of(found, default, key)
    elements = list(row)
    if type(operations) is list:
        result: Term = [_count(found, elements, operation) for operation in operations]
    elif is_integer(operations):
        result = _count(found, elements, (found.keypos + 1, operations))
    else:
        result = _count(found, elements, operations)
    found.put(tuple(elements))
    return result


def _made_of(table: Table, default: Row, key: Term) -> Row:
    """The row that `default` stands for, its key replaced by `key`."""
    check_row(table, default)
    made: Row = table.copy_in((*default[: table.at], key, *default[table.keypos :]))
    return made


def _add(table: Table, row: Row, operation: Term) -> int | None:
    """The plainest and most frequent operations at less cost: the new value, or `None` if it is none of them."""
    if type(operation) is tuple and len(operation) == 2:
        position, increment = operation
        if type(position) is not int:
            return None
    else:
        position, increment = table.keypos + 1, operation
    if type(increment) is not int or not 0 < position <= len(row) or position == table.keypos:
        return None
    value = row[position - 1]
    if type(value) is not int:
        return None
    value += increment
    elements = list(row)
    elements[position - 1] = value
    table.put(tuple(elements))
    return value


def _count(table: Table, elements: list[Term], operation: Term) -> int:
    if not isinstance(operation, tuple) or len(operation) not in (2, 4) or not all(map(is_integer, operation)):
        badarg()
    position, increment, *limit = operation
    _check_position(table, elements, position)
    value = elements[position - 1]
    if not is_integer(value):
        badarg()
    value += increment
    if limit:
        threshold, set_value = limit
        if value < threshold if increment < 0 else value > threshold:
            value = set_value
    elements[position - 1] = value
    return int(value)


def update_element(table: Term, key: Term, changes: Term, default: Row = ABSENT) -> bool:
    """Replace elements of the row of `key`: `True`, or `False` if there is none.

    `changes` is `(position, value)` or a list of such pairs; `badarg` for the key's position or one
    beyond the row. Since OTP 27 a missing row is made of `default`, its key replaced by `key`.
    Mirrors `ets:update_element/3,4`.
    """
    if default is not ABSENT:
        demand("ets", "update_element", [table, key, changes, default])
    found = writable(table, UPDATE_ELEMENT, key)
    if not found.unique:
        badarg()
    rows = found.find(key)
    if not rows and default is not ABSENT:
        rows = [_made_of(found, default, key)]
    if not rows:
        return False  # whatever the changes are, as on OTP
    wanted = [changes] if isinstance(changes, tuple) else changes
    if not isinstance(wanted, list):
        badarg()
    elements = list(rows[0])
    for change in wanted:
        if not isinstance(change, tuple) or len(change) != 2:
            badarg()
        _check_position(found, elements, change[0], None)
        # The rest of the row is the table's own already.
        elements[change[0] - 1] = found.copy_in(change[1])
    found.put(tuple(elements))
    return True


def _check_position(table: Table, elements: list[Term], position: Term, cause: str | None = "position") -> None:
    if position == table.keypos and type(position) is int:
        badarg("keypos")
    if not is_position(position) or position > len(elements):
        badarg(cause)
