"""Parser of forms: attributes and functions. Mirrors `erl_parse:parse_form/1`, `parse_exprs/1` and `parse_term/1`."""

from __future__ import annotations

from typing import Any

from erlsim import terms
from erlsim.erl.reading.annotations import Location, Node, Token, first
from erlsim.erl.reading.failures import Failure
from erlsim.erl.reading.scanner import Scanner
from erlsim.erl.reading.terms_of import NotATerm, normalise
from erlsim.erl.reading.types import Types
from erlsim.terms import Term


def parse_form(tokens: list[Token]) -> Node:
    """The form that some tokens, the dot included, stand for; raises `Failure`."""
    parser = _Forms(tokens)
    form = parser.attribute() if parser.tag == "-" else parser.function()
    parser.expect("dot")
    return form


def parse_exprs(tokens: list[Token]) -> list[Node]:
    """The expressions that some tokens, the dot included, stand for; raises `Failure`."""
    parser = _Forms(tokens)
    found = parser.exprs()
    if parser.tag == ";":
        # erl_parse reads a function f() -> EXPRS: another clause of it would have to follow.
        parser.next()
        if parser.tag == "atom":
            parser.next()
        raise parser.unexpected()
    parser.expect("dot")
    return found


def parse_term(tokens: list[Token]) -> Term:
    """The term that some tokens, the dot included, stand for; raises `Failure`."""
    found = parse_exprs(tokens)
    if len(found) == 1:
        try:
            return normalise(found[0])
        except NotATerm:
            pass
    raise Failure(first(found[-1] if len(found) == 1 else found[1]), "erl_parse", "bad term")


class _Forms(Types):
    def function(self) -> Node:
        found = [self._clause()]
        while self.tag == ";":
            self.next()
            found.append(self._clause())
        location, name, arguments = found[0][:3]
        return ("function", location, name, len(arguments), self.checked_clauses(found))

    def _clause(self) -> tuple[Any, ...]:
        name = self.expect("atom")
        return name[1], name[2], self.pattern_arguments(), self.guard_if_any(), self.body()

    # ---- attributes

    def attribute(self) -> Node:
        self.next()
        name = self.expect("atom")
        if name[2] in ("spec", "callback"):
            return self._specification(name)
        if self.tag == "(":
            start = self.index
            self.next()
            form = self._value(name, in_parentheses=True)
            if form is not None:
                return form
            self.back(start)
        form = self._value(name, in_parentheses=False)
        assert form is not None
        return form

    def _value(self, name: Token, in_parentheses: bool) -> Node | None:
        """What stands behind an attribute's name; `None` if the parentheses are part of an expression."""
        value = self.expr(0)
        if self.tag == "::":
            self.next()
            type_ = self.top_type()
            if in_parentheses:
                self.expect(")")
            return self._type_definition(name, value, type_)
        values = [value]
        if self.tag == ",":
            self.next()
            fields = self._typed_fields() if self.tag == "{" else None
            if fields is not None:
                if in_parentheses:
                    self.expect(")")
                return self._typed_record(name, value, fields)
            values += self.exprs()
        if in_parentheses:
            if len(values) == 1 and not (self.tag == ")" and self.peek() in ("dot", "$end")):
                return None
            self.expect(")")
        return self._build(name, values)

    def _typed_fields(self) -> list[Node] | None:
        """`{Field, Field :: Type, ...}`; `None`, with nothing read, if no field has a type."""
        start = self.index
        self.next()
        fields: list[Node] = []
        typed = False
        if self.tag != "}":
            while True:
                field = self.expr(0)
                if self.tag == "::":
                    typed = True
                    self.next()
                    field = ("typed", field, self.top_type())
                fields.append(field)
                if self.tag != ",":
                    break
                self.next()
        if self.tag != "}":
            raise self.unexpected()
        if typed:
            self.next()
            return fields
        self.back(start)
        return None

    def _type_definition(self, name: Token, head: Node, type_: Node) -> Node:
        location, attribute = name[1], name[2]
        if attribute not in ("type", "opaque") or head[0] != "call" or head[2][0] != "atom":
            if attribute in ("record", "type", "opaque"):
                raise self.bad(location, f"bad {attribute} declaration")
            raise self.bad(location, "bad attribute")
        for each in head[3]:
            if each[0] == "var" and each[2] == "_":
                raise self.bad(each[1], "bad type variable")
        for each in head[3]:
            if each[0] != "var":
                raise self.bad_node(each, "bad type variable")
        return ("attribute", location, attribute, (head[2][2], type_, head[3]))

    def _typed_record(self, name: Token, head: Node, fields: list[Node]) -> Node:
        location, attribute = name[1], name[2]
        if attribute == "record" and head[0] == "atom":
            return ("attribute", location, "record", (head[2], self._fields_of(fields)))
        if attribute in ("record", "type", "opaque"):
            raise self.bad(location, f"bad {attribute} declaration")
        raise self.bad(location, "bad attribute")

    def _fields_of(self, fields: list[Node]) -> list[Node]:
        found: list[Node] = []
        for each in fields:
            match each:
                case ("typed", field, type_):
                    found.append(("typed_record_field", *self._fields_of([field]), type_))
                case ("atom", location, _):
                    found.append(("record_field", location, each))
                case ("match", _, ("atom", location, _) as field, default):
                    found.append(("record_field", location, field, default))
                case _:
                    raise self.bad_node(each, "bad record field")
        return found

    def _specification(self, name: Token) -> Node:
        in_parentheses = self.tag == "("
        if in_parentheses:
            self.next()
        who: tuple[Any, ...] = (self.expect("atom")[2],)
        if self.tag == ":":
            self.next()
            who = (*who, self.expect("atom")[2])
        found = self.signatures()
        if in_parentheses:
            self.expect(")")
        function = found[0][3][0] if found[0][2] == "bounded_fun" else found[0]
        arguments = function[3][0]
        arity = len(arguments[3]) if len(arguments) > 3 else 0
        return ("attribute", name[1], name[2], ((*who, arity), found))

    def _build(self, name: Token, values: list[Node]) -> Node:
        """An attribute from the expressions in it. Mirrors `build_attribute`."""
        location, attribute = name[1], name[2]
        builder = _BUILDERS.get(attribute)
        if builder is not None:
            return ("attribute", location, attribute, builder(self, values))
        if len(values) > 1:
            raise self.bad_node(values[1], "bad attribute")
        try:
            return ("attribute", location, attribute, normalise(_with_arities(values[0])))
        except NotATerm:
            raise self.bad_node(values[0], "bad attribute") from None

    def _module(self, values: list[Node]) -> Term:
        match values:
            case [("atom", _, name)]:
                return name
            case [("atom", _, name), variables]:
                return (name, self._variables(variables))
        raise self._bad_declaration(values[0], "module")

    def _variables(self, node: Node) -> list[str]:
        found = []
        while node[0] == "cons" and node[2][0] == "var":
            found.append(node[2][2])
            node = node[3]
        if node[0] != "nil":
            raise self.bad_node(node, "bad variable list")
        return found

    def _export(self, values: list[Node]) -> Term:
        if len(values) > 1:
            raise self._bad_declaration(values[1], "export")
        return self._arities(values[0])

    def _import(self, values: list[Node]) -> Term:
        match values:
            case [("atom", _, module), names]:
                return (module, self._arities(names))
        raise self._bad_declaration(values[min(1, len(values) - 1)], "import")

    def _record(self, values: list[Node]) -> Term:
        match values:
            case [("atom", _, name), ("tuple", _, fields)]:
                return (name, self._fields_of(fields))
            case [("atom", _, _), other]:
                raise self.bad_node(other, "bad record declaration")
        raise self._bad_declaration(values[0], "record")

    def _file(self, values: list[Node]) -> Term:
        match values:
            case [("string", _, name), ("integer", _, line)]:
                return (name, line)
        raise self._bad_declaration(values[0], "file")

    def _bad_declaration(self, node: Node, what: str) -> Failure:
        return self.bad_node(node, f"bad {what} declaration")

    def _arities(self, node: Node) -> list[tuple[Any, int]]:
        """The pairs of `[Name/Arity, ...]`."""
        found = []
        while node[0] == "cons":
            match node[2]:
                case ("op", _, "/", ("atom", _, name), ("integer", _, arity)):
                    found.append((name, arity))
                case ("op", _, "/", ("atom", _, _), other):
                    raise self.bad_node(other, "bad function arity")
                case ("op", _, "/", other, _):
                    raise self.bad_node(other, "bad function name")
                case _:
                    raise self.bad_node(node, "bad Name/Arity")
            node = node[3]
        if node[0] != "nil":
            raise self.bad_node(node, "bad Name/Arity")
        return found


_BUILDERS: dict[Any, Any] = {
    "module": _Forms._module,
    "export": _Forms._export,
    "import": _Forms._import,
    "record": _Forms._record,
    "file": _Forms._file,
}


def _with_arities(node: Node) -> Node:
    """A term in which `Name/Arity` stands for the pair."""
    match node:
        case ("cons", location, head, tail):
            return ("cons", location, _with_arities(head), _with_arities(tail))
        case ("tuple", location, elements):
            return ("tuple", location, [_with_arities(each) for each in elements])
        case ("map", location, fields):
            return ("map", location, [(kind, at, key, _with_arities(value)) for kind, at, key, value in fields])
        case ("op", location, "/", ("atom", _, _) as name, ("integer", _, _) as arity):
            return ("tuple", location, [name, arity])
    return node


def tokens_of(term: Term, location: Location = (1, 1)) -> list[Token]:
    """The tokens of a term, all at one location."""
    found = Scanner(terms.format("~tw", [term])).form() or []
    return [(token[0], location, *token[2:]) for token in found]
