"""The module `proplists`."""

from __future__ import annotations

from erlsim.erl.running.cells import listed
from erlsim.erl.running.operators import exact_eq
from erlsim.terms import Term

__in_stacks__ = False


def _matches(name: Term, entry: Term) -> bool:
    """Whether an entry is about a key: the atom itself, or a tuple that begins with it."""
    if type(entry) is tuple:
        return len(entry) > 0 and exact_eq(entry[0], name)
    return type(entry) in (str, bool) and exact_eq(entry, name)


def get_value(name: Term, entries: Term, default: Term = "undefined") -> Term:
    """The value of the first entry of a key."""
    for entry in listed(entries) or []:
        if _matches(name, entry):
            if type(entry) is not tuple:
                return True
            return entry[1] if len(entry) == 2 else default
    return default


def get_bool(name: Term, entries: Term) -> bool:
    """Whether a key is true."""
    return get_value(name, entries, False) is True


def get_all_values(name: Term, entries: Term) -> list[Term]:
    """The values of all entries of a key."""
    found = []
    for entry in listed(entries) or []:
        if _matches(name, entry):
            if type(entry) is not tuple:
                found.append(True)
            elif len(entry) == 2:
                found.append(entry[1])
    return found


def lookup(name: Term, entries: Term) -> Term:
    """The first entry of a key, or none."""
    for entry in listed(entries) or []:
        if _matches(name, entry):
            return entry if type(entry) is tuple else (entry, True)
    return "none"


def lookup_all(name: Term, entries: Term) -> list[Term]:
    """All entries of a key."""
    found = (entry for entry in listed(entries) or [] if _matches(name, entry))
    return [entry if type(entry) is tuple else (entry, True) for entry in found]


def is_defined(name: Term, entries: Term) -> bool:
    """Whether a key has an entry."""
    return any(_matches(name, entry) for entry in listed(entries) or [])


def append_values(name: Term, entries: Term) -> Term:
    """The values of all entries of a key, those that are lists joined."""
    found: list[Term] = []
    for value in get_all_values(name, entries):
        items = listed(value)
        found += [value] if items is None else items
    return found


def delete(name: Term, entries: Term) -> list[Term]:
    """The entries of other keys."""
    return [entry for entry in listed(entries) or [] if not _matches(name, entry)]


def property_(name: Term, value: Term = None) -> Term:
    """`property/1,2`: the shortest form of an entry."""
    if value is None:
        if type(name) is tuple and len(name) == 2 and name[1] is True and type(name[0]) in (str, bool):
            return name[0]
        return name
    return name if value is True and type(name) in (str, bool) else (name, value)


def unfold(entries: Term) -> list[Term]:
    """Atoms as pairs with true."""
    return [(entry, True) if type(entry) in (str, bool) else entry for entry in listed(entries) or []]


def compact(entries: Term) -> list[Term]:
    """Pairs with true as atoms."""
    return [property_(entry) for entry in listed(entries) or []]


def get_keys(entries: Term) -> list[Term]:
    """The keys, each once."""
    from erlsim.erl.library.lists_ import usort

    found = [entry[0] if type(entry) is tuple else entry for entry in listed(entries) or [] if entry != ()]
    return usort([name for name in found if type(name) in (str, bool) or name is not None])


def to_map(entries: Term) -> Term:
    """A map of the entries; the first of a key counts."""
    from erlsim.erl.running import maps

    found = []
    for entry in reversed(listed(entries) or []):
        if type(entry) is tuple and len(entry) == 2:
            found.append(entry)
        elif type(entry) in (str, bool):
            found.append((entry, True))
    return maps.make(found)


def from_map(rows: Term) -> list[Term]:
    """The rows as entries."""
    from erlsim.erl.library.maps_ import to_list

    return to_list(rows)
