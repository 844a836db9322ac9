"""Python twins of the Erlang modules in `../erl`, known under the same atoms.

Where no clause of the Erlang function matches, the twin raises `error:function_clause`, as a
fallen-through `match` in a callback does by itself.
"""

from tests.golden.twins import (
    scn_ets,
    scn_event,
    scn_funs,
    scn_proc,
    scn_prog,
    scn_statem,
    scn_sup,
    scn_terms,
    scn_tree,
    scn_worker,
)

__all__ = [
    "scn_ets",
    "scn_event",
    "scn_funs",
    "scn_proc",
    "scn_prog",
    "scn_statem",
    "scn_sup",
    "scn_terms",
    "scn_tree",
    "scn_worker",
]
