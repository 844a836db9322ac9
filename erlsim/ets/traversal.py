"""Going through a table: first, next and their kin, fixations, folds, and the whole as a list."""

from __future__ import annotations

from collections.abc import Callable

from erlsim import code
from erlsim.errors import ErlangException, Error, Exit, caught, pass_on
from erlsim.ets import owners
from erlsim.ets.objects import delete_all_objects, insert
from erlsim.ets.operations import FIRST, LAST, LOOKUP, NEXT, PREV, SAFE_FIXTABLE, SLOT, TAB2LIST
from erlsim.ets.options import badarg
from erlsim.ets.registry import readable, tables
from erlsim.ets.stores import END, Row, Table
from erlsim.releases import demand
from erlsim.terms import Term, copy


def first(table: Term) -> Term:
    """The first key, or `"$end_of_table"`. Mirrors `ets:first/1`."""
    return readable(table, FIRST).first()


def last(table: Term) -> Term:
    """The last key of an ordered_set, the first of any other table, or `"$end_of_table"`. Mirrors `ets:last/1`."""
    return readable(table, LAST).last()


def next(table: Term, key: Term) -> Term:
    """The key after `key`, or `"$end_of_table"`.

    In an ordered_set `key` need not be there. In any other table it must, or must have been while the
    table was fixed; else `badarg`. Mirrors `ets:next/2`.
    """
    return readable(table, NEXT, key).next(key)


def prev(table: Term, key: Term) -> Term:
    """The key before `key` in an ordered_set, or `"$end_of_table"`; else as `next`. Mirrors `ets:prev/2`."""
    return readable(table, PREV, key).prev(key)


# Keys with their rows in one step, so that no row can go in between.


def first_lookup(table: Term) -> Term:
    """`(key, rows)` of the first key, or `"$end_of_table"`. Since OTP 27. Mirrors `ets:first_lookup/1`."""
    demand("ets", "first_lookup", [table])
    found = readable(table, FIRST)
    return _with_rows(found, found.first())


def last_lookup(table: Term) -> Term:
    """`(key, rows)` of the key that `last` gives, or `"$end_of_table"`. Since OTP 27. Mirrors `ets:last_lookup/1`."""
    demand("ets", "last_lookup", [table])
    found = readable(table, LAST)
    return _with_rows(found, found.last())


def next_lookup(table: Term, key: Term) -> Term:
    """`(key, rows)` of the key after `key`, or `"$end_of_table"`. Since OTP 27. Mirrors `ets:next_lookup/2`."""
    demand("ets", "next_lookup", [table, key])
    found = readable(table, NEXT, key)
    return _with_rows(found, found.next(key))


def prev_lookup(table: Term, key: Term) -> Term:
    """`(key, rows)` of the key before `key`, or `"$end_of_table"`. Since OTP 27. Mirrors `ets:prev_lookup/2`."""
    demand("ets", "prev_lookup", [table, key])
    found = readable(table, PREV, key)
    return _with_rows(found, found.prev(key))


def _with_rows(table: Table, key: Term) -> Term:
    return key if isinstance(key, str) and key == END else (key, table.lookup(key))


def slot(table: Term, index: int) -> Term:
    """The rows at place `index` (from 0) of the traversal, `"$end_of_table"` after the last. Mirrors `ets:slot/2`."""
    found = readable(table, SLOT)
    if type(index) is not int or index < 0:
        badarg()
    return found.slot(index)


def safe_fixtable(table: Term, fix: bool) -> bool:
    """Fix the table for the caller, or take one fixation back: `True`.

    While a table is fixed, `next` goes on from keys that have been deleted. Mirrors `ets:safe_fixtable/2`.
    """
    found = readable(table, SAFE_FIXTABLE)
    if fix is True:
        tables().fix(found, owners.caller())
    elif fix is False:
        tables().unfix(found, owners.caller())
    else:
        badarg()
    return True


def tab2list(table: Term) -> list[Row]:
    """All rows. Mirrors `ets:tab2list/1`."""
    found = readable(table, TAB2LIST)
    return found.copy_out(found.rows())


def foldl(fun: Callable[[Term, Term], Term], acc: Term, table: Term) -> Term:
    """`fun(row, acc)` for each row from the first key on: the last `acc`. Mirrors `ets:foldl/3`."""
    return _fold(fun, acc, table, False)


def foldr(fun: Callable[[Term, Term], Term], acc: Term, table: Term) -> Term:
    """As `foldl`, an ordered_set from its last key on, a bag's rows of one key newest first. Mirrors `ets:foldr/3`."""
    return _fold(fun, acc, table, True)


def _fold(fun: Callable[[Term, Term], Term], acc: Term, name: Term, backwards: bool) -> Term:
    # The table stays fixed and rows are looked up as their turn comes: `fun` may change the table, as on OTP.
    table = readable(name, LAST if backwards else FIRST)
    pid, registry = owners.caller(), tables()
    registry.fix(table, pid)
    try:
        key = table.last() if backwards else table.first()
        while not (isinstance(key, str) and key == END):
            tables(LOOKUP, name, key)
            if not table.alive:
                badarg()
            rows = table.copy_out(table.find(key))
            for row in reversed(rows) if backwards else rows:
                acc = _function(fun)(row, acc)
            if not table.alive:
                badarg()
            key = table.prev(key) if backwards else table.next(key)
    finally:
        registry.unfix(table, pid)
    return acc


def _function(fun: Term) -> Callable[..., Term]:
    if not callable(fun) or not code.takes(fun, 2):
        raise Error("function_clause")
    function: Callable[..., Term] = fun
    return function


def init_table(table: Term, fun: Callable[[str], Term]) -> bool:
    """Fill the table anew with what `fun("read")` gives: `True`.

    `fun` returns `(rows, next_fun)` or `"end_of_input"`; anything else is the reason of an exit, as is
    a row that cannot be inserted, after `fun("close")`. Mirrors `ets:init_table/2`.
    """
    delete_all_objects(table)
    while True:
        if not callable(fun):
            raise Error(("badfun", fun))
        read = fun("read")
        if isinstance(read, str) and read == "end_of_input":
            return True
        if not isinstance(read, tuple) or len(read) != 2 or not isinstance(read[0], list) or not callable(read[1]):
            raise Exit(read)
        rows, following = read
        try:
            for row in rows:
                insert(table, copy(row))
        except ErlangException as exc:
            _close(fun)
            _, reason, stack = caught(exc)
            raise Exit((reason, stack)) from exc
        fun = following


def _close(fun: Callable[[str], Term]) -> None:
    try:
        fun("close")
    except Exception as failure:
        pass_on(failure)
        # A failure to close must not hide the failure to insert.
