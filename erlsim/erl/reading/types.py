"""Parser of types and specifications. Mirrors the types of `erl_parse`."""

from __future__ import annotations

from typing import Any

from erlsim.erl.reading.annotations import Node, Noted, Token, first
from erlsim.erl.reading.expressions import PREFIX, Expressions

# Of each operator: its precedence, the least in its right operand, the greatest that may follow on the left.
_LEVELS: dict[str, tuple[int, int, int]] = {
    "..": (200, 201, 199),
    **dict.fromkeys("+ - bor bxor bsl bsr or xor".split(), (400, 401, 1000)),
    **dict.fromkeys("/ * div rem band and".split(), (500, 501, 1000)),
}
_PREDEFINED = frozenset(
    """any/0 arity/0 atom/0 binary/0 bitstring/0 bool/0 boolean/0 byte/0 char/0 float/0 function/0 identifier/0
    integer/0 iodata/0 iolist/0 list/0 list/1 map/0 maybe_improper_list/0 maybe_improper_list/2 mfa/0 module/0
    neg_integer/0 nil/0 no_return/0 node/0 non_neg_integer/0 none/0 nonempty_binary/0 nonempty_bitstring/0
    nonempty_improper_list/2 nonempty_list/0 nonempty_list/1 nonempty_maybe_improper_list/0
    nonempty_maybe_improper_list/2 nonempty_string/0 number/0 pid/0 port/0 pos_integer/0 reference/0 string/0
    term/0 timeout/0 tuple/0""".split()
)


class Types(Expressions):
    """Reads types."""

    def top_type(self) -> Node:
        """A type, a union of types, or `Name :: Type`."""
        if self.tag == "var" and self.peek() == "::":
            name = self.next()
            self.next()
            return ("ann_type", name[1], [name, self.top_type()])
        found = self._type(200)
        if self.tag != "|":
            return found
        self.next()
        rest = self.top_type()
        if rest[0] == "type" and rest[2] == "union":
            return ("type", first(found), "union", [found, *rest[3]])
        return ("type", first(found), "union", [found, rest])

    def top_types(self) -> list[Node]:
        """Types with commas between."""
        found = [self.top_type()]
        while self.tag == ",":
            self.next()
            found.append(self.top_type())
        return found

    def signatures(self) -> list[Node]:
        """The types of a function's clauses in a specification."""
        found = [self._signature()]
        while self.tag == ";":
            self.next()
            found.append(self._signature())
        return found

    def _signature(self) -> Node:
        found = self.fun_type()
        if self.tag != "when":
            return found
        self.next()
        guards = [self._constraint()]
        while self.tag == ",":
            self.next()
            guards.append(self._constraint())
        return ("type", found[1], "bounded_fun", [found, guards])

    def _constraint(self) -> Node:
        if self.tag == "atom":
            name = self.next()
            self.expect("(")
            types = self.top_types()
            self.expect(")")
            if name[2] != "is_subtype" or len(types) != 2:
                raise self.bad(name[1], f"unsupported constraint {name[2]}")
            if types[0][0] != "var":
                raise self.bad_node(types[0], "bad type variable")
            return self._subtype(types[0], types[1])
        variable = self.expect("var")
        self.expect("::")
        return self._subtype(variable, self.top_type())

    def _subtype(self, variable: Token, type_: Node) -> Node:
        if variable[2] == "_":
            raise self.bad(variable[1], "bad type variable")
        return ("type", variable[1], "constraint", [("atom", variable[1], "is_subtype"), [variable, type_]])

    def fun_type(self) -> Node:
        """`(Types) -> Type`."""
        location = self.expect("(")[1]
        arguments: Node
        if self.tag == "...":
            self.next()
            arguments = ("type", location, "any")
        elif self.tag == ")":
            arguments = ("type", location, "product", [])
        else:
            arguments = ("type", location, "product", self.top_types())
        self.expect(")")
        self.expect("->")
        return ("type", location, "fun", [arguments, self.top_type()])

    def _type(self, level: int) -> Node:
        left: Node
        if self.tag in PREFIX:
            token = self.next()
            left = ("op", token[1], token[0], self._type(600))
        else:
            left = self._primary_type()
        highest = 1000
        while True:
            row = _LEVELS.get(self.tag)
            if row is None or row[0] < level:
                return left
            if row[0] > highest:
                raise self.unexpected()
            token = self.next()
            right = self._type(row[1])
            if token[0] == "..":
                left = ("type", left[1], "range", [left, right])
            else:
                left = ("op", token[1], token[0], left, right)
            highest = row[2]

    def _primary_type(self) -> Node:
        reader = _TYPES.get(self.tag)
        if reader is None:
            raise self.unexpected()
        node: Node = reader(self)
        return node

    def _in_parentheses(self) -> Node:
        self.next()
        found = self.top_type()
        self.expect(")")
        return found

    def _named(self) -> Node:
        """An atom, or a type by its name."""
        token = self.next()
        location, name = token[1], token[2]
        if self.tag == "(":
            arguments = self._type_arguments()
            if not arguments and name in ("tuple", "map"):
                return ("type", location, name, "any")
            tag = "type" if f"{name}/{len(arguments)}" in _PREDEFINED else "user_type"
            return (tag, location, name, arguments)
        if self.tag == ":":
            self.next()
            other = self.expect("atom")
            return ("remote_type", location, [token, other, self._type_arguments()])
        return token

    def _type_arguments(self) -> list[Node]:
        self.expect("(")
        found = [] if self.tag == ")" else self.top_types()
        self.expect(")")
        return found

    def _list_type(self) -> Node:
        location = self.next()[1]
        if self.tag == "]":
            self.next()
            return ("type", location, "nil", [])
        element = self.top_type()
        kind = "list"
        if self.tag == ",":
            self.next()
            self.expect("...")
            kind = "nonempty_list"
        self.expect("]")
        return ("type", location, kind, [element])

    def _tuple_type(self) -> Node:
        location = self.next()[1]
        found = [] if self.tag == "}" else self.top_types()
        self.expect("}")
        return ("type", location, "tuple", found)

    def _map_or_record_type(self) -> Node:
        location = self.next()[1]
        fields: list[Any] = []
        if self.tag == "{":
            self._fields(fields, self._map_field_type)
            return ("type", location, "map", fields)
        fields.append(self.expect("atom"))
        self._fields(fields, self._record_field_type)
        return ("type", location, "record", fields)

    def _fields(self, fields: list[Any], read: Any) -> None:
        self.expect("{")
        if self.tag != "}":
            fields.append(read())
            while self.tag == ",":
                self.next()
                fields.append(read())
        self.expect("}")

    def _map_field_type(self) -> Node:
        key = self.top_type()
        if self.tag not in ("=>", ":="):
            raise self.unexpected()
        token = self.next()
        kind = "map_field_assoc" if token[0] == "=>" else "map_field_exact"
        return ("type", token[1], kind, [key, self.top_type()])

    def _record_field_type(self) -> Node:
        name = self.expect("atom")
        self.expect("::")
        return ("type", name[1], "field_type", [name, self.top_type()])

    def _binary_type(self) -> Node:
        location = self.next()[1]
        # The numbers that were not written have the line alone.
        base: Node = ("integer", Noted((location[0], 1), line_only=True), 0)
        unit = base
        if self.tag == "var":
            is_unit, size = self._bin_part()
            if is_unit:
                unit = size
            else:
                base = size
                if self.tag == ",":
                    self.next()
                    _, unit = self._bin_part(is_unit=True)
        self.expect(">>")
        return ("type", location, "binary", [base, unit])

    def _bin_part(self, is_unit: bool = False) -> tuple[bool, Node]:
        """`_:Size`, unless it has to be a unit, or `_:_*Unit`: whether it is the second, and the number."""
        names = [self.expect("var")]
        self.expect(":")
        if is_unit or (self.tag == "var" and self.peek() == "*"):
            is_unit = True
            names.append(self.expect("var"))
            self.expect("*")
        size = self._type(200)
        for name in names:
            if name[2] != "_":
                raise self.bad(name[1], "Bad binary type")
        return is_unit, size

    def _fun_of_types(self) -> Node:
        location = self.next()[1]
        self.expect("(")
        if self.tag == ")":
            self.next()
            return ("type", location, "fun", [])
        found = self.fun_type()
        self.expect(")")
        return found


_TYPES: dict[str, Any] = {
    "var": Types.next,
    "integer": Types.next,
    "char": Types.next,
    "(": Types._in_parentheses,
    "atom": Types._named,
    "[": Types._list_type,
    "{": Types._tuple_type,
    "#": Types._map_or_record_type,
    "<<": Types._binary_type,
    "fun": Types._fun_of_types,
}
