"""What functions of the library that apply funs look like in stacks, as they are Erlang on the BEAM.

A failure in a fun of `lists:map` goes through `lists:map_1/2` and `lists:map/2` there, and at the first element through
`lists:map/2` alone. Lines are none of ours: they change with every release. Functions that are not here leave nothing.
"""

from __future__ import annotations

from types import FrameType, GeneratorType
from typing import Any

Entry = tuple[str, str, int, list[Any]]
Names = tuple[tuple[str, int], ...]


def _same(name: str, arity: int) -> tuple[Names, Names]:
    """A function that calls itself as the last thing that it does, so that it is there once."""
    return (((name, arity),),) * 2


def _inner(name: str, arity: int) -> tuple[Names, Names]:
    """A function that calls itself before it is done: it stands where it applies the fun, and where it calls itself."""
    return ((name, arity),), ((name, arity), (name, arity))


def _under(name: str, arity: int, door: str, given: int) -> tuple[Names, Names]:
    """The same beneath the function that was called."""
    first, later = _inner(name, arity)
    return (*first, (door, given)), (*later, (door, given))


_FILTER = _inner("-filter/2-lc$^0/1-0-", 2)
_FOLD_OF_BUCKETS = (("fold_bucket", 3), ("fold_seg", 4), ("fold_segs", 4))
_AT: dict[tuple[str, str], tuple[Names, Names]] = {
    ("lists", "all_"): ((("all", 2),), (("all_1", 2),)),
    ("lists", "any_"): ((("any", 2),), (("any_1", 2),)),
    ("lists", "dropwhile"): _same("dropwhile_1", 2),
    ("lists", "filter_"): _FILTER,
    ("lists", "filtermap"): _inner("filtermap_1", 2),
    ("lists", "flatmap"): _inner("flatmap_1", 2),
    ("lists", "foldl"): ((("foldl", 3),), (("foldl_1", 3),)),
    ("lists", "foreach"): _same("foreach_1", 2),
    ("lists", "keymap"): _inner("keymap", 3),
    ("lists", "map_"): ((("map", 2),), (("map_1", 2), ("map", 2))),
    ("lists", "mapfoldl"): _inner("mapfoldl_1", 3),
    ("lists", "partition"): _same("partition_1", 4),
    ("lists", "search"): _same("search_1", 2),
    ("lists", "splitwith"): _same("splitwith_1", 3),
    ("lists", "takewhile"): _inner("takewhile_1", 2),
    ("lists", "_uniq_by"): _inner("uniq_2", 3),
    ("lists", "zipwith"): _inner("zipwith", 3),
    ("lists", "zipwith3"): _inner("zipwith3", 4),
    ("maps", "filter_"): _under("filter_1", 2, "filter", 2),
    ("maps", "filtermap"): _under("filtermap_1", 2, "filtermap", 2),
    ("maps", "fold"): _same("fold_1", 3),
    ("maps", "foreach"): _same("foreach_1", 2),
    ("maps", "map_"): _under("map_1", 2, "map", 2),
    ("maps", "merge_with"): _same("merge_with_1", 4),
    ("maps", "intersect_with"): _same("intersect_with_iterate", 4),
    ("maps", "_grouped"): _same("groups_from_list_1", 3),
    ("maps", "_grouped_values"): _same("groups_from_list_2", 4),
    ("dict", "fold"): (_FOLD_OF_BUCKETS, _FOLD_OF_BUCKETS),
    ("gb_trees", "map_"): _under("map_1", 2, "map", 2),
    ("orddict", "filter_"): _inner("filter", 2),
    ("orddict", "fold"): _same("fold", 3),
    ("orddict", "map_"): _inner("map", 2),
    ("sets", "fold"): (_FOLD_OF_BUCKETS, _FOLD_OF_BUCKETS),
}
# Those that begin with the last element: what stands there while there are others before it, and then.
_FROM_THE_END: dict[tuple[str, str], tuple[Names, Names]] = {
    ("lists", "foldr"): ((("foldr_1", 3),), ()),
    ("lists", "mapfoldr"): ((("mapfoldr_1", 3), ("mapfoldr_1", 3)), (("mapfoldr_1", 3),)),
}
# Those that are other modules' functions under another name.
_MEANT = {("ordsets", "fold"): ("lists", "foldl"), ("ordsets", "filter_"): ("lists", "filter_")}


def entries_of(frame: FrameType, _inner: FrameType | None) -> list[Entry]:
    """The entries of a frame that goes through the steps of a function of the library, the innermost first."""
    steps = frame.f_locals.get("steps")
    if type(steps) is not GeneratorType or steps.gi_frame is None:
        return []
    module = str(steps.gi_frame.f_globals["__name__"]).rpartition(".")[2].rstrip("_")
    asked = (module, steps.__name__)
    module, name = _MEANT.get(asked, asked)
    variables = steps.gi_frame.f_locals
    names: Names = ()
    if (module, name) in _AT:
        names = _AT[module, name][bool(frame.f_locals["is_later"])]
        if (module, name) == ("lists", "map_") and len(variables["found"]) > 1:
            names = (names[0], *names)
    elif (module, name) in _FROM_THE_END:
        names = _FROM_THE_END[module, name][variables["left"] == 0]
    elif (module, name) == ("maps", "update_with"):
        names = ((name, 2 + len(variables["more"])),)
    return [(module, function, arity, []) for function, arity in names]
