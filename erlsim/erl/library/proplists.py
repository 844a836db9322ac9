"""The module `proplists`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from erlsim.erl.running import maps
from erlsim.erl.running.cells import listed, outward, spread
from erlsim.erl.running.failures import Failed
from erlsim.erl.running.operators import exact_eq
from erlsim.terms import ABSENT, Term

__in_stacks__ = False


def _matches(name: Term, entry: Term) -> bool:
    """Whether an entry is about a key: the atom itself, or a tuple that begins with it."""
    if type(entry) is tuple:
        return len(entry) > 0 and exact_eq(entry[0], name)
    return type(entry) in (str, bool) and exact_eq(entry, name)


def _each(entries: Term, function: str, *before: Term, after: tuple[Term, ...] = ()) -> Iterator[Term]:
    """The entries one by one; where something else follows that is no list, no clause of the function matches it."""
    found, rest = spread(entries)
    yield from found
    if rest is not None:
        raise Failed("function_clause", ("proplists", function, [*before, rest, *after], []))


def _generated(entries: Term, function: str, arity: int) -> Iterator[Term]:
    """The same of a comprehension in a function."""
    found, rest = spread(entries)
    yield from found
    if rest is not None:
        name = f"-{function}/{arity}-lc$^0/1-0-"
        raise Failed(("bad_generator", outward(rest)), ("proplists", name, arity, []))


def get_value(name: Term, entries: Term, default: Term = "undefined") -> Term:
    """The value of the first entry of a key."""
    return _value("get_value", name, entries, default)


def _value(function: str, name: Term, entries: Term, *default: Term) -> Term:
    for entry in _each(entries, function, name, after=default):
        if _matches(name, entry):
            if type(entry) is not tuple:
                return True
            return entry[1] if len(entry) == 2 else default[0] if default else False
    return default[0] if default else False


def get_bool(name: Term, entries: Term) -> bool:
    """Whether a key is true."""
    return _value("get_bool", name, entries) is True


def get_all_values(name: Term, entries: Term) -> list[Term]:
    """The values of all entries of a key."""
    return _all_values("get_all_values", name, entries)


def _all_values(function: str, name: Term, entries: Term) -> list[Term]:
    found = []
    for entry in _each(entries, function, name):
        if _matches(name, entry):
            if type(entry) is not tuple:
                found.append(True)
            elif len(entry) == 2:
                found.append(entry[1])
    return found


def lookup(name: Term, entries: Term) -> Term:
    """The first entry of a key, or none."""
    for entry in _each(entries, "lookup", name):
        if _matches(name, entry):
            return entry if type(entry) is tuple else (entry, True)
    return "none"


def lookup_all(name: Term, entries: Term) -> list[Term]:
    """All entries of a key."""
    found = (entry for entry in _each(entries, "lookup_all", name) if _matches(name, entry))
    return [entry if type(entry) is tuple else (entry, True) for entry in found]


def is_defined(name: Term, entries: Term) -> bool:
    """Whether a key has an entry."""
    return any(_matches(name, entry) for entry in _each(entries, "is_defined", name))


def append_values(name: Term, entries: Term) -> Term:
    """The values of all entries of a key, those that are lists joined."""
    found: list[Term] = []
    for value in _all_values("append_values", name, entries):
        items = listed(value)
        found += [value] if items is None else items
    return found


def delete(name: Term, entries: Term) -> list[Term]:
    """The entries of other keys."""
    return [entry for entry in _each(entries, "delete", name) if not _matches(name, entry)]


def property_(name: Term, value: Term = None) -> Term:
    """`property/1,2`: the shortest form of an entry."""
    if value is None:
        if type(name) is tuple and len(name) == 2 and name[1] is True and type(name[0]) in (str, bool):
            return name[0]
        return name
    return name if value is True and type(name) in (str, bool) else (name, value)


def unfold(entries: Term) -> list[Term]:
    """Atoms as pairs with true."""
    return [(entry, True) if type(entry) in (str, bool) else entry for entry in _each(entries, "unfold")]


def compact(entries: Term) -> list[Term]:
    """Pairs with true as atoms."""
    return [property_(entry) for entry in _generated(entries, "compact", 1)]


def get_keys(entries: Term) -> list[Term]:
    """The keys, each once."""
    from erlsim.erl.library.sequences.sorting import usort

    found = [entry[0] if type(entry) is tuple else entry for entry in _each(entries, "get_keys") if entry != ()]
    return usort([name for name in found if type(name) in (str, bool) or name is not None])


def to_map(entries: Term, stages: Term = ABSENT) -> Term:
    """`to_map/1,2`: a map of the entries; the first of a key counts."""
    found: Term = {}
    items, rest = spread(entries if stages is ABSENT else _staged(entries, stages))
    if rest is not None:
        raise Failed("function_clause", ("lists", "foldr_1", 3, []))
    for entry in reversed(items):
        if type(entry) is tuple and len(entry) == 2:
            found = maps.put(found, [entry])
        elif type(entry) is tuple and entry:
            found = maps.remove(found, entry[0])
        elif type(entry) in (str, bool):
            found = maps.put(found, [(entry, True)])
    return found


def from_map(rows: Term) -> list[Term]:
    """The rows as entries."""
    from erlsim.erl.library.maps_ import to_list

    return to_list(rows)


# ---- other names for entries, and what stands for several


def _pairs(rows: Term, function: str, *args: Term) -> list[Any]:
    found = listed(rows)
    if found is None or not all(type(each) is tuple and len(each) == 2 for each in found):
        raise Failed("function_clause", ("proplists", function, [outward(each) for each in args], []))
    return found


def substitute_aliases(aliases: Term, entries: Term) -> list[Term]:
    """`substitute_aliases/2`."""
    pairs = _pairs(aliases, "substitute_aliases_1", aliases, entries)
    return [_aliased(pairs, entry) for entry in _generated(entries, "substitute_aliases", 2)]


def _aliased(pairs: list[Any], entry: Term) -> Term:
    for name, new in pairs:
        if _matches(name, entry):
            return property_(new, True) if type(entry) is not tuple else property_((new, *entry[1:]))
    return entry


def substitute_negations(negations: Term, entries: Term) -> list[Term]:
    """`substitute_negations/2`."""
    pairs = _pairs(negations, "substitute_negations_1", negations, entries)
    return [_negated(pairs, entry) for entry in _generated(entries, "substitute_negations", 2)]


def _negated(pairs: list[Any], entry: Term) -> Term:
    for name, new in pairs:
        if _matches(name, entry):
            is_true = type(entry) is not tuple or (len(entry) == 2 and entry[1] is True)
            return property_(new, not is_true)
    return entry


def expand(expansions: Term, entries: Term) -> list[Term]:
    """`expand/2`: an entry is replaced by others."""
    found: list[Any] = [("entry", entry) for entry in _each(entries, "flatten")]
    before: Term = ABSENT
    for entry, more in _pairs(expansions, "expand", expansions, entries):
        wanted = property_(entry)
        if before is not ABSENT and exact_eq(before, wanted):
            continue
        before = wanted
        name = wanted[0] if type(wanted) is tuple and wanted else wanted
        if type(wanted) in (str, bool) or (type(wanted) is tuple and wanted):
            found = _expanded(found, name, wanted, more)
    return [each for kind, item in found for each in (listed(item) or [] if kind == "list" else [item])]


def _expanded(rows: list[Any], name: Term, wanted: Term, more: Term) -> list[Any]:
    for place, (kind, entry) in enumerate(rows):
        if kind == "entry" and _matches(name, entry):
            if not exact_eq(property_(entry), wanted):
                return [*rows[:place], (kind, property_(entry)), *rows[place + 1 :]]
            rest = [each for each in rows[place + 1 :] if each[0] != "entry" or not _matches(name, each[1])]
            return [*rows[:place], ("list", more), *rest]
    return rows


def normalize(entries: Term, stages: Term) -> list[Term]:
    """`normalize/2`."""
    return compact(_staged(entries, stages))


def _staged(entries: Term, stages: Term) -> Term:
    found = entries
    for stage, rows in _pairs(stages, "apply_stages", entries, stages):
        change = {"aliases": substitute_aliases, "expand": expand, "negations": substitute_negations}.get(stage)
        if change is None:
            raise Failed("function_clause", ("proplists", "apply_stages", [outward(entries), outward(stages)], []))
        found = change(rows, found)
    return found


def split(entries: Term, names: Term) -> Term:
    """`split/2`: the entries of each name, and the others."""
    wanted, given = listed(names) or [], list(_each(entries, "split", after=(names, [])))
    lists = [[entry for entry in given if _matches(name, entry)] for name in wanted]
    return lists, [entry for entry in given if not any(_matches(name, entry) for name in wanted)]
