"""What is known of a term before it exists: its kind. Enough to tell `+` from `++`, and a list from a tuple.

Kinds come from type hints, literals, what OTP's functions return, and from the calls in the program that is ported.
`ANY` is what nothing is known of; `NEVER` has no value (yet): a function that does not return, a call not yet seen.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Kind:
    """A kind of terms; `items` are those of what is inside; `label` names a record.

    Of maps, `fields` are the kinds at keys that are atoms; there are no others if it `is_closed`, and those that are
    `sure` are in each of them.
    """

    name: str
    items: tuple[Kind, ...] = ()
    label: str = ""
    fields: tuple[tuple[str, Kind], ...] = ()
    is_closed: bool = False
    sure: frozenset[str] = frozenset()

    @property
    def is_number(self) -> bool:
        """Whether all of them are numbers."""
        return self.name in ("integer", "float", "number")

    @property
    def is_exact(self) -> bool:
        """Whether `==` and `=:=` are the same for them, whatever they are compared with: there is no number in them."""
        return self.name in ("atom", "boolean", "binary", "pid", "reference")


ANY, NEVER = Kind("any"), Kind("never")
ATOM, BOOLEAN = Kind("atom"), Kind("boolean")
INTEGER, FLOAT, NUMBER = Kind("integer"), Kind("float"), Kind("number")
BINARY, PID, REFERENCE, MAP, FUN = Kind("binary"), Kind("pid"), Kind("reference"), Kind("map"), Kind("fun")
SOME_TUPLE = Kind("some_tuple")


def list_of(item: Kind) -> Kind:
    """Lists of such items."""
    return Kind("list", (item,))


def tuple_of(*items: Kind) -> Kind:
    """Tuples of this shape."""
    return Kind("tuple", items)


def map_of(value: Kind) -> Kind:
    """Maps with such values."""
    return Kind("map", (value,))


def map_with(
    fields: Mapping[str, Kind], other: Kind = NEVER, *, is_closed: bool = True, sure: frozenset[str] = frozenset()
) -> Kind:
    """Maps with such values at these keys; `other` are the values at any other, if it is not closed."""
    value = other
    for each in fields.values():
        value = join(value, each)
    return Kind("map", (value,), "", tuple(sorted(fields.items())), is_closed, sure)


def value_at(kind: Kind, key: str | None) -> Kind:
    """What a map has at a key that is an atom, or at any key: nothing, if it is closed and has no such key."""
    fields = dict(kind.fields)
    if key in fields:
        return fields[key]
    if key is not None and kind.is_closed:
        return NEVER
    return kind.items[0] if kind.items else ANY


def changed(kind: Kind, fields: Mapping[str, Kind], other: Kind) -> Kind:
    """A map with new values: at these keys, and `other` at keys of which nothing is known."""
    found = {key: join(each, other) for key, each in kind.fields} | dict(fields)
    rest = kind.items[0] if kind.items else ANY
    is_closed = kind.is_closed and other == NEVER
    sure = kind.sure | frozenset(fields)
    return map_with(found, NEVER if is_closed else join(rest, other), is_closed=is_closed, sure=sure)


def _joined_maps(left: Kind, right: Kind) -> Kind:
    keys = {key: None for key, _ in (*left.fields, *right.fields)}
    found = {key: join(value_at(left, key), value_at(right, key)) for key in keys}
    is_closed = left.is_closed and right.is_closed
    other = join(value_at(left, None), value_at(right, None))
    return map_with(found, NEVER if is_closed else other, is_closed=is_closed, sure=left.sure & right.sure)


def join(left: Kind, right: Kind) -> Kind:
    """What is known of a term that is of one kind or the other."""
    if left == right or right == NEVER:
        return left
    if left == NEVER:
        return right
    if left.is_number and right.is_number:
        return NUMBER
    names = {left.name, right.name}
    if names == {"atom", "boolean"}:
        return ATOM
    if names <= {"tuple", "some_tuple"}:
        if left.name == right.name and len(left.items) == len(right.items):
            return tuple_of(*map(join, left.items, right.items))
        return SOME_TUPLE
    if names == {"map"}:
        return _joined_maps(left, right)
    if len(names) == 1 and left.name in ("list", "fun"):
        if len(left.items) == len(right.items) == 1:
            return Kind(left.name, (join(left.items[0], right.items[0]),))
        return Kind(left.name)
    return ANY


def item_of(kind: Kind) -> Kind:
    """What is in a list."""
    return kind.items[0] if kind.name == "list" and kind.items else ANY


def is_settled(kind: Kind) -> bool:
    """Whether there is no `NEVER` in it."""
    return kind != NEVER and all(map(is_settled, (*kind.items, *(each for _, each in kind.fields))))


def settled(kind: Kind) -> Kind:
    """What was never seen may be anything."""
    if kind == NEVER:
        return ANY
    fields = tuple((key, settled(each)) for key, each in kind.fields)
    return replace(kind, items=tuple(map(settled, kind.items)), fields=fields)


# What is this deep inside of a term is not looked at: a term may hold another of its own kind, without an end.
DEPTH = 5


def shallow(kind: Kind, depth: int = DEPTH) -> Kind:
    """A kind without what is too deep inside."""
    if not kind.items and not kind.fields:
        return kind
    if depth == 0:
        return ANY
    fields = tuple((key, shallow(each, depth - 1)) for key, each in kind.fields)
    return replace(kind, items=tuple(shallow(each, depth - 1) for each in kind.items), fields=fields)


def refined(hinted: Kind, known: Kind) -> Kind:
    """What a hint says, or what is known besides if that is the same and more: a `dict` whose keys have been seen."""
    says_little = hinted.name == "map" and not hinted.fields and all(each == ANY for each in hinted.items)
    return known if says_little and known.name == "map" else hinted


_SIMPLE = {
    "int": INTEGER,
    "float": NUMBER,
    "bool": BOOLEAN,
    "str": ATOM,
    "bytes": BINARY,
    "Pid": PID,
    "Ref": REFERENCE,
    "list": Kind("list", (ANY,)),
    "tuple": SOME_TUPLE,
    "dict": MAP,
    "Callable": FUN,
    "NoReturn": NEVER,
    "Never": NEVER,
}


def of_hint(hint: ast.expr | None, named: Callable[[str], ast.expr | Kind | None]) -> Kind:
    """The kind that a type hint says; `named` finds what a name in it stands for. What it does not say is `ANY`."""
    match hint:
        case ast.Constant(value=str(text)):
            return of_hint(ast.parse(text, mode="eval").body, named)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            found = named(name)
            if isinstance(found, Kind):
                return found
            return of_hint(found, named) if found is not None else _SIMPLE.get(name, ANY)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            return _generic(name, inner, named)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return join(of_hint(left, named), of_hint(right, named))
    return ANY


def _generic(name: str, inner: ast.expr, named: Callable[[str], ast.expr | Kind | None]) -> Kind:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name in ("list", "List", "Sequence"):
        return list_of(of_hint(parts[0], named))
    if name in ("tuple", "Tuple"):
        if len(parts) == 2 and isinstance(parts[1], ast.Constant) and parts[1].value is ...:
            return SOME_TUPLE
        return tuple_of(*(of_hint(each, named) for each in parts))
    if name in ("dict", "Dict", "Mapping"):
        return map_of(of_hint(parts[-1], named))
    if name in ("Awaitable", "Optional", "Final", "Annotated", "ClassVar"):
        return ANY if name == "Optional" else of_hint(parts[0], named)
    if name == "Coroutine":
        return of_hint(parts[-1], named)
    if name == "Callable":
        return Kind("fun", (of_hint(parts[-1], named),))
    if name == "Literal":
        kinds = [_literal(each) for each in parts]
        found = NEVER
        for each in kinds:
            found = join(found, each)
        return found
    return ANY


def _literal(node: ast.expr) -> Kind:
    match node:
        case ast.Constant(value=bool()):
            return BOOLEAN
        case ast.Constant(value=str()):
            return ATOM
        case ast.Constant(value=int()):
            return INTEGER
        case ast.Constant(value=bytes()):
            return BINARY
    return ANY


# What OTP's functions return, where it is of one kind.
_RETURNED: Mapping[Kind, str] = {
    PID: "erlang:self erlang:spawn erlang:spawn_link",
    REFERENCE: "erlang:monitor erlang:make_ref erlang:send_after erlang:start_timer erlang:alias",
    INTEGER: "erlang:monotonic_time erlang:system_time erlang:unique_integer ets:select_count ets:select_delete "
    "timer:seconds timer:minutes timer:hours timer:hms",
    BOOLEAN: "erlang:is_process_alive erlang:link erlang:unlink erlang:register erlang:unregister erlang:demonitor "
    "ets:insert ets:insert_new ets:member ets:delete ets:delete_object ets:delete_all_objects ets:give_away "
    "ets:update_element lists:member lists:keymember",
    ATOM: "timer:sleep gen_server:cast gen_server:stop gen_statem:cast gen_event:notify gen_event:sync_notify "
    "io:format erlang:node",
    list_of(PID): "erlang:processes",
    list_of(ATOM): "erlang:registered",
    list_of(SOME_TUPLE): "ets:lookup ets:match_object ets:tab2list ets:take",
    list_of(Kind("list", (ANY,))): "ets:match",
    list_of(ANY): "gen_event:which_handlers ets:select lists:sort lists:reverse lists:usort lists:append",
    tuple_of(PID, REFERENCE): "erlang:spawn_monitor",
    list_of(tuple_of(ANY, ANY, ATOM, ANY)): "supervisor:which_children director:which_children",
    list_of(tuple_of(ATOM, INTEGER)): "supervisor:count_children director:count_children",
    list_of(tuple_of(ANY, list_of(tuple_of(ANY, ANY)))): "gen_tracker:list",
    NEVER: "erlang:error erlang:throw",
}
RETURNED = {name: kind for kind, names in _RETURNED.items() for name in names.split()}
