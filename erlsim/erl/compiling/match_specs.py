"""`ets:fun2ms/1`: a literal fun becomes the expression of a match specification. Mirrors `ms_transform`."""

from __future__ import annotations

from typing import Any

from erlsim.erl.compiling.declarations import CannotCompile
from erlsim.erl.reading.annotations import Node

Fields = dict[Any, list[Any]]
"""The names of the fields of each record."""

_COMPARISONS = ("==", "/=", "=<", "<", ">=", ">", "=:=", "=/=")
_BOOLEAN = ("and", "or", "xor", "andalso", "orelse", "not")
_ARITHMETIC = ("+", "-", "*", "/", "div", "rem", "band", "bor", "bxor", "bnot", "bsl", "bsr")
_OPERATORS = frozenset(_COMPARISONS + _BOOLEAN + _ARITHMETIC)
_TESTS = (
    "is_atom is_float is_integer is_list is_number is_pid is_port is_reference is_tuple is_map is_map_key is_binary "
    "is_function is_boolean abs element hd length map_get map_size node round size bit_size byte_size tl trunc self "
    "float binary_part tuple_size floor ceil is_bitstring max min"
)
_FUNCTIONS = frozenset(_TESTS.split())
_WHOLE, _ALL = "$_", "$*"


def fun2ms_replaced(forms: list[Node]) -> list[Node]:
    """The forms with the calls of `ets:fun2ms` replaced."""
    fields = {form[3][0]: _names(form[3][1]) for form in forms if form[0] == "attribute" and form[2] == "record"}
    path = next(("".join(map(chr, form[3][0])) for form in forms if form[0] == "attribute" and form[2] == "file"), "")
    return [_replaced(form, path, fields) if form[0] == "function" else form for form in forms]


def _names(fields: Any) -> list[Any]:
    return [(each[1] if each[0] == "typed_record_field" else each)[2][2] for each in fields]


def _replaced(node: Any, path: str, fields: Fields) -> Any:
    if type(node) is list:
        return [_replaced(each, path, fields) for each in node]
    if type(node) is not tuple:
        return node
    match node:
        case ("call", place, ("remote", _, ("atom", _, "ets"), ("atom", _, "fun2ms")), [fun]):
            return _specification(fun, place, path, fields)
    return tuple(_replaced(each, path, fields) for each in node)


def _specification(fun: Any, place: Any, path: str, fields: Fields) -> Node:
    if fun[0] != "fun" or fun[2][0] != "clauses":
        raise CannotCompile(_told(path, place, "Parameter of ets/dbg:fun2ms/1 is not a literal fun"))
    made = [each for clause in fun[2][1] for each in _Clause(path, fields).made(clause)]
    return _list(place, made)


def _told(path: str, place: Any, text: str) -> str:
    return f"{path}:{place[0]}:{place[1]}: {text}"


def _list(place: Any, items: list[Node], tail: Node | None = None) -> Node:
    found = ("nil", place) if tail is None else tail
    for each in reversed(items):
        found = ("cons", place, each, found)
    return found


def _tuple(place: Any, *items: Node) -> Node:
    return ("tuple", place, list(items))


def _atom(place: Any, name: str) -> Node:
    return ("atom", place, name)


class _Clause:
    """One clause of the fun: its head names the variables, `'$1'` the first."""

    def __init__(self, path: str, fields: Fields) -> None:
        self.path = path
        self.fields = fields
        self.names: dict[str, str] = {}
        self.where = "body"

    def _refuse(self, node: Node, text: str) -> CannotCompile:
        return CannotCompile(_told(self.path, node[1], text))

    def made(self, clause: Node) -> list[Node]:
        """The clauses of the specification: one for each alternative of the guard."""
        _, place, heads, guards, body = clause
        if len(heads) != 1:
            raise self._head_refused(place)
        head = self._head(heads[0])
        found = []
        for guard in guards or [[]]:
            self.where = "guard"
            tests = _list(place, [self._value(each) for each in guard])
            self.where = "body"
            found.append(_tuple(place, head, tests, _list(place, [self._value(each) for each in body])))
        return found

    def _head_refused(self, place: Any) -> CannotCompile:
        return CannotCompile(_told(self.path, place, "ets:fun2ms requires fun with single variable or tuple parameter"))

    # ---- the head

    def _head(self, node: Any) -> Node:
        if node[0] == "match":
            for whole, rest in ((node[2], node[3]), (node[3], node[2])):
                if whole[0] == "var":
                    self.names[whole[2]] = _WHOLE
                    return self._head(rest)
        if node[0] not in ("var", "tuple", "record"):
            raise self._head_refused(node[1])
        return self._pattern(node)

    def _pattern(self, node: Any) -> Node:
        match node:
            case ("var", place, "_"):
                return _atom(place, "_")
            case ("var", place, name):
                return _atom(place, self.names.setdefault(name, f"${len(set(self.names) - self._wholes()) + 1}"))
            case ("match", _, _, _):
                raise self._refuse(node, "in fun head, only matching (=) on toplevel can be translated into match_spec")
            case ("record", place, name, given):
                made = [("record_field", each[1], each[2], self._pattern(each[3])) for each in given]
                if not any(each[2][0] == "var" for each in given):
                    made.append(("record_field", place, ("var", place, "_"), _atom(place, "_")))
                return ("record", place, name, made)
            case ("tuple", place, items):
                return ("tuple", place, [self._pattern(each) for each in items])
            case ("cons", place, head, tail):
                return ("cons", place, self._pattern(head), self._pattern(tail))
            case ("map", place, rows):
                return ("map", place, [("map_field_assoc", row[1], row[2], self._pattern(row[3])) for row in rows])
        return node  # type: ignore[no-any-return]

    def _wholes(self) -> set[str]:
        return {name for name, sign in self.names.items() if sign == _WHOLE}

    # ---- guards and bodies

    def _value(self, node: Any) -> Node:
        match node:
            case ("var", place, name):
                if name in self.names:
                    return _atom(place, self.names[name])
                return _tuple(place, _atom(place, "const"), node)
            case ("atom" | "integer" | "float" | "char" | "string" | "nil" | "bin", *_):
                return node  # type: ignore[no-any-return]
            case ("tuple", place, items):
                return _tuple(place, ("tuple", place, [self._value(each) for each in items]))
            case ("cons", place, head, tail):
                return ("cons", place, self._value(head), self._value(tail))
            case ("map", place, rows):
                made = [("map_field_assoc", row[1], self._value(row[2]), self._value(row[3])) for row in rows]
                return ("map", place, made)
            case ("op", place, name, *operands) if name in _OPERATORS:
                return self._operation(place, name, operands)
            case ("record", place, name, given):
                made = [("record_field", each[1], each[2], self._value(each[3])) for each in given]
                return _tuple(place, ("record", place, name, made))
            case ("record", place, whole, name, given):
                return self._updated(place, self._value(whole), name, given)
            case ("record_field", place, whole, name, field):
                return _tuple(place, _atom(place, "element"), ("record_index", place, name, field), self._value(whole))
            case ("record_index", *_):
                return node  # type: ignore[no-any-return]
            case ("call", place, function, args):
                return self._call(node, place, function, args)
        raise self._refuse(
            node, f"the language element {node[0]} (in {self.where}) cannot be translated into match_spec"
        )

    def _operation(self, place: Any, name: str, operands: list[Any]) -> Node:
        made = [self._value(each) for each in operands]
        if len(made) == 2 and name in ("+", "-", "*") and all(each[0] == "integer" for each in made):
            left, right = made[0][2], made[1][2]
            return ("integer", place, {"+": left + right, "-": left - right, "*": left * right}[name])
        return _tuple(place, _atom(place, name), *made)

    def _updated(self, place: Any, whole: Node, name: Any, given: Any) -> Node:
        values = {each[2][2]: self._value(each[3]) for each in given}
        parts: list[Node] = [_atom(place, name)]
        for number, field in enumerate(self.fields.get(name, ()), 2):
            kept = _tuple(place, _atom(place, "element"), ("integer", place, number), whole)
            parts.append(values.get(field, kept))
        return _tuple(place, ("tuple", place, parts))

    def _call(self, node: Any, place: Any, function: Any, args: list[Any]) -> Node:
        match function:
            case ("atom", _, "object") if not args:
                return _atom(place, _WHOLE)
            case ("atom", _, "bindings") if not args:
                return _atom(place, _ALL)
            case ("atom", _, "is_record") if len(args) == 2:
                size = ("integer", place, len(self.fields.get(args[1][2], ())) + 1)
                return _tuple(place, _atom(place, "is_record"), self._value(args[0]), args[1], size)
            case ("atom", _, name) | ("remote", _, ("atom", _, "erlang"), ("atom", _, name)) if name in _FUNCTIONS:
                return _tuple(place, _atom(place, name), *[self._value(each) for each in args])
            case ("atom", _, name):
                called = f"local function call '{name}/{len(args)}'"
            case ("remote", _, ("atom", _, module), ("atom", _, name)):
                called = f"remote function call '{module}:{name}/{len(args)}'"
            case _:
                called = "call of a fun"
        text = f"fun containing the {called} (called in {self.where}) cannot be translated into match_spec"
        raise self._refuse(node, text)
