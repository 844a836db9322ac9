"""The module `ets`: tables of rows, owned by processes, in the memory of one simulation.

Every function has Erlang's name, argument order and value; none parks its caller, so none is
`async`. A table lives as long as its owner or its heirs. All misuse is `badarg`.

`objects` moves rows by key, `updates` changes them in place, `queries` finds them by pattern,
`traversal` goes through them, `admin` makes and passes on tables, `specs` has match specifications
by themselves.

DIVERGES(otp): tables stay in memory and are not printed: there is no `tab2file`, `file2tab`, `tabfile_info`,
`to_dets`, `from_dets`, `table` or `i`.
"""

from __future__ import annotations

from erlsim.ets.admin import all, give_away, info, new, rename, setopts, whereis
from erlsim.ets.objects import (
    delete,
    delete_all_objects,
    delete_object,
    insert,
    insert_new,
    lookup,
    lookup_element,
    member,
    take,
)
from erlsim.ets.portions import repair_continuation
from erlsim.ets.queries import (
    match,
    match_delete,
    match_object,
    select,
    select_count,
    select_delete,
    select_replace,
    select_reverse,
)
from erlsim.ets.specs import fun2ms, is_compiled_ms, match_spec_compile, match_spec_run, test_ms
from erlsim.ets.traversal import (
    first,
    first_lookup,
    foldl,
    foldr,
    init_table,
    last,
    last_lookup,
    next,
    next_lookup,
    prev,
    prev_lookup,
    safe_fixtable,
    slot,
    tab2list,
)
from erlsim.ets.updates import update_counter, update_element

__all__ = [
    "all",
    "delete",
    "delete_all_objects",
    "delete_object",
    "first",
    "first_lookup",
    "foldl",
    "foldr",
    "fun2ms",
    "give_away",
    "info",
    "init_table",
    "insert",
    "insert_new",
    "is_compiled_ms",
    "last",
    "last_lookup",
    "lookup",
    "lookup_element",
    "match",
    "match_delete",
    "match_object",
    "match_spec_compile",
    "match_spec_run",
    "member",
    "new",
    "next",
    "next_lookup",
    "prev",
    "prev_lookup",
    "rename",
    "repair_continuation",
    "safe_fixtable",
    "select",
    "select_count",
    "select_delete",
    "select_replace",
    "select_reverse",
    "setopts",
    "slot",
    "tab2list",
    "take",
    "test_ms",
    "update_counter",
    "update_element",
    "whereis",
]
