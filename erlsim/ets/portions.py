"""Results in portions: what a query with a limit gives, and the continuation it goes on from.

A continuation is a tuple of the shape that OTP's has. It holds the position of the last row given,
so rows that come and go meanwhile do no harm: `(table, last_key, [], limit, compiled, [], backwards, 0)`
for an ordered_set, where `table` is what the caller called it, and
`(tid, serial, limit, compiled, left_over, length)` for the others, which so go on after a rename, and
where `left_over` are values of the key at `serial` that did not fit. A portion takes the newest rows
of a key first, as on OTP.
"""

from __future__ import annotations

from erlsim.errors import Error
from erlsim.ets.matching import Program, program_of, reference
from erlsim.ets.operations import SELECT
from erlsim.ets.options import badarg
from erlsim.ets.registry import readable
from erlsim.ets.specs import match_spec_compile, values
from erlsim.ets.stores import END, Row, Table
from erlsim.terms import Ref, Term, copy, matchable

NO_MORE = -1
"""The position from which there is nothing left to look at."""


def candidates(table: Table, program: Program) -> list[Row]:
    """The rows that `program` may match, in the order of traversal."""
    keys = program.keys(table.keypos)
    if keys is None or (table.ordered and len(keys) > 1):
        return table.rows()
    # Rows of keys that are all given come last key first: seen on OTP 25, nowhere promised.
    return [row for key in reversed(keys) for row in table.find(key)]


def begin(called: Term, program: Program, limit: int, backwards: bool) -> Term:
    """The first portion: `(values, continuation)`, or `END` if nothing matches."""
    table = readable(called, SELECT)
    compiled = reference(program)
    keys = program.keys(table.keypos)
    bound = keys is not None and not (table.ordered and len(keys) > 1)
    if not table.ordered:
        if bound:
            return _portion(table, compiled, limit, NO_MORE, values(program, candidates(table, program)))
        return _portion(table, compiled, limit, 0, [])
    if bound:
        found = values(program, candidates(table, program))
        return (found, END) if found else END
    return _ordered_portion(table, called, compiled, limit, None, backwards)


def go_on(continuation: Term) -> Term:
    """The next portion: `(values, continuation)`, or `END` if nothing is left."""
    if isinstance(continuation, str) and continuation == END:
        return END
    match matchable(continuation if isinstance(continuation, tuple) else ()):
        case (called, last, [], int() as limit, compiled, [], int() as backwards, 0):
            return _ordered_portion(readable(called, SELECT), called, compiled, limit, last, bool(backwards))
        case (Ref() as tid, int() as serial, int() as limit, compiled, list() as left, int()):
            return _portion(readable(tid, SELECT), compiled, limit, serial, left)
    return badarg()


def _portion(table: Table, compiled: Term, limit: int, serial: int, left: list[Term]) -> Term:
    program = program_of(compiled)
    if table.ordered or program is None:
        badarg()
    taken, left = left[-limit:], left[:-limit]
    if len(taken) < limit and serial != NO_MORE:
        groups, serial = table.groups_after(serial), NO_MORE
        for place, rows in groups:
            found = values(program, rows)
            room = limit - len(taken)
            taken += found[-room:]
            left = found[:-room]
            if len(taken) == limit:
                serial = place
                break
    if not taken:
        return END
    if serial == NO_MORE and not left:
        return (taken, END)
    return (taken, (table.tid, serial, limit, compiled, left, len(left)))


def _ordered_portion(table: Table, called: Term, compiled: Term, limit: int, last: Term, backwards: bool) -> Term:
    program = program_of(compiled)
    if not table.ordered or program is None:
        badarg()
    taken: list[Term] = []
    for key, rows in table.groups_after(last, backwards):
        taken += values(program, rows)
        if len(taken) == limit:
            return (taken, (called, copy(key), [], limit, compiled, [], int(backwards), 0))
    return (taken, END) if taken else END


def repair_continuation(continuation: Term, spec: Term) -> Term:
    """A continuation whose compiled specification was lost on the way, whole again. Mirrors the function of `ets`."""
    if isinstance(continuation, str) and continuation == END:
        return END
    match matchable(continuation if isinstance(continuation, tuple) else ()):
        case (tid, last, end, int() as limit, compiled, list() as left, int() as backwards, int() as count):
            return (tid, last, end, limit, _repaired(compiled, spec), left, backwards, count)
        case (tid, int() as serial, int() as limit, compiled, list() as left, int() as count):
            return (tid, serial, limit, _repaired(compiled, spec), left, count)
    raise Error.known("function_clause", [continuation, spec])


def _repaired(compiled: Term, spec: Term) -> Ref:
    return compiled if program_of(compiled) is not None else match_spec_compile(spec)
