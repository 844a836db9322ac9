"""Rows by pattern: `match`, `match_object`, `select` and their kin, whole or in portions.

A whole result is in the order of traversal (in an ordered_set that of the keys). Where the heads
bind the keys, only their rows are looked at. Values are copied on the way out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from erlsim.errors import Error
from erlsim.ets import portions
from erlsim.ets.matching import NOTHING, Program, compile_pattern, compile_spec, keeps_key
from erlsim.ets.operations import SELECT, SELECT_DELETE, SELECT_REPLACE
from erlsim.ets.options import badarg
from erlsim.ets.registry import cause_of_table, readable, writable
from erlsim.ets.stores import BagTable, Row, Table
from erlsim.terms import ABSENT, Term, copy


def select(table: Term, spec: Term = ABSENT, limit: int = ABSENT) -> Term:
    """The values that the match specification gives, in a list.

    With `limit`, at most that many: `(values, continuation)` or `"$end_of_table"`; `select(continuation)`
    goes on. Mirrors `ets:select/1,2,3`.
    """
    if spec is ABSENT:
        return portions.go_on(table)
    return _query(table, _compiled(spec, table, limit is not ABSENT), limit)


def select_reverse(table: Term, spec: Term = ABSENT, limit: int = ABSENT) -> Term:
    """As `select`, an ordered_set from its last key to its first. Mirrors `ets:select_reverse/1,2,3`."""
    if spec is ABSENT:
        return portions.go_on(table)
    return _query(table, _compiled(spec, table, limit is not ABSENT), limit, backwards=True)


def match(table: Term, pattern: Term = ABSENT, limit: int = ABSENT) -> Term:
    """What `'$1'`, `'$2'`, ... stand for in the rows that match, a list for each row. Mirrors `ets:match/1,2,3`."""
    if pattern is ABSENT:
        return portions.go_on(table)
    return _query(table, compile_pattern(pattern, "$$"), limit)


def match_object(table: Term, pattern: Term = ABSENT, limit: int = ABSENT) -> Term:
    """The rows that match `pattern`. Mirrors `ets:match_object/1,2,3`."""
    if pattern is ABSENT:
        return portions.go_on(table)
    return _query(table, compile_pattern(pattern, "$_"), limit)


def _compiled(spec: Term, table: Term, to_keep: bool = False, to_write: bool = False) -> Program:
    """The program of `spec`. If it is none, and nothing can be done to the table either, it is the table's fault."""
    try:
        return compile_spec(spec, to_keep)
    except Error as failure:
        failure.cause = cause_of_table(table, to_write)
        raise


def _refuse(table: Term) -> NoReturn:
    badarg(cause_of_table(table))


def _query(table: Term, program: Program, limit: Term, backwards: bool = False) -> Term:
    if limit is not ABSENT:
        if type(limit) is not int or limit < 1:
            _refuse(table)
        return portions.begin(table, program, limit, backwards)
    found = readable(table, SELECT)
    run = program.run
    values = [value for row in portions.candidates(found, program) if (value := run(row)) is not NOTHING]
    if backwards and found.ordered:
        values.reverse()
    return copy(values)


def _matches(table: Table, program: Program) -> Iterator[tuple[Row, Term]]:
    for row in portions.candidates(table, program):
        value = program.run(row)
        if value is not NOTHING:
            yield row, value


def select_count(table: Term, spec: Term) -> int:
    """How many rows the specification gives `True` for. Mirrors `ets:select_count/2`."""
    program = _compiled(spec, table)
    return sum(value is True for _, value in _matches(readable(table, SELECT), program))


def select_delete(table: Term, spec: Term) -> int:
    """Delete the rows that the specification gives `True` for: how many. Mirrors `ets:select_delete/2`."""
    program = _compiled(spec, table, to_write=True)
    found = writable(table, SELECT_DELETE)
    unwanted = [row for row, value in _matches(found, program) if value is True]
    if len(unwanted) == found.size():
        found.clear()
    else:
        found.remove(unwanted)
    return len(unwanted)


def match_delete(table: Term, pattern: Term) -> bool:
    """Delete the rows that match `pattern`: `True`. Mirrors `ets:match_delete/2`."""
    select_delete(table, [(pattern, [], [True])])
    return True


def select_replace(table: Term, spec: Term) -> int:
    """Put what the specification gives in the place of each row that it matches: how many.

    `badarg` for a bag, and unless each clause plainly keeps the row's key. Mirrors `ets:select_replace/2`.
    """
    found = writable(table, SELECT_REPLACE)
    if isinstance(found, BagTable):
        badarg("table_type")
    program = compile_spec(spec)
    if not all(keeps_key(found.keypos, clause) for clause in spec):
        badarg()
    pairs = [(row, found.copy_in(value)) for row, value in _matches(found, program)]
    found.replace(pairs)
    return len(pairs)
