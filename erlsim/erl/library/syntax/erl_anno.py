"""The module `erl_anno`: a line, a line and a column, or a list of what is known."""

from __future__ import annotations

from typing import Any

from erlsim.erl.running.cells import is_list, listed
from erlsim.erl.running.failures import bif_failed
from erlsim.terms import Term

__in_stacks__ = False


def _is_location(term: Term) -> bool:
    if type(term) is tuple:
        return len(term) == 2 and all(type(each) is int and each >= 0 for each in term) and term[1] > 0
    return type(term) is int and term >= 0


def location(anno: Term) -> Term:
    """`location/1`."""
    if not is_list(anno):
        return anno
    found = [each[1] for each in listed(anno) or [] if type(each) is tuple and each[:1] == ("location",)]
    return found[0] if found else "undefined"


def new(place: Term) -> Term:
    """`new/1`."""
    if not _is_location(place):
        raise bif_failed("badarg", "erl_anno", "new", [place])
    return place


def is_anno(term: Term) -> bool:
    """`is_anno/1`."""
    rows = listed(term) if is_list(term) else None
    if rows is None:
        return _is_location(term)
    names = ("file", "generated", "location", "record", "text")
    return bool(rows) and all(type(each) is tuple and len(each) == 2 and each[0] in names for each in rows)


def line(anno: Term) -> Term:
    """`line/1`."""
    place = location(anno)
    return place[0] if type(place) is tuple else place


def column(anno: Term) -> Term:
    """`column/1`."""
    place = location(anno)
    return place[1] if type(place) is tuple else "undefined"


def _item(name: str, default: Term) -> Any:
    def item(anno: Term) -> Term:
        rows = listed(anno) if is_list(anno) else []
        return next((each[1] for each in rows or [] if type(each) is tuple and each[0] == name), default)

    return item


def _set(name: str, default: Term) -> Any:
    def changed(value: Term, anno: Term) -> Term:
        rows = list(listed(anno) or []) if is_list(anno) else [("location", anno)]
        if any(each[0] == name for each in rows):
            kept = [(name, value) if each[0] == name else each for each in rows]
        else:
            kept = [(name, value), *rows]
        kept = [each for each in kept if each != (name, default)]
        return kept[0][1] if len(kept) == 1 and kept[0][0] == "location" else kept

    return changed


def from_term(term: Term) -> Term:
    """`from_term/1`."""
    return term


def to_term(anno: Term) -> Term:
    """`to_term/1`."""
    return anno


def end_location(anno: Term) -> Term:
    """`end_location/1`, if the text is known."""
    text, place = MORE["text", 1](anno), location(anno)
    found = listed(text)
    if found is None:
        return "undefined"
    lines = found.count(10)
    if type(place) is not tuple:
        return place + lines
    last = found[len(found) - found[::-1].index(10) :] if lines else found
    return (place[0] + lines, len(last) + 1 if lines else place[1] + len(last))


MORE: dict[tuple[str, int], Any] = {
    ("text", 1): _item("text", "undefined"),
    ("file", 1): _item("file", "undefined"),
    ("generated", 1): _item("generated", False),
    ("record", 1): _item("record", False),
    ("set_text", 2): _set("text", "undefined"),
    ("set_file", 2): _set("file", "undefined"),
    ("set_generated", 2): _set("generated", False),
    ("set_record", 2): _set("record", False),
    ("set_location", 2): _set("location", "undefined"),
    ("set_line", 2): lambda value, anno: MORE["set_location", 2](
        (value, column(anno)) if column(anno) != "undefined" else value, anno
    ),
}
