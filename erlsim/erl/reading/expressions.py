"""Parser of expressions and patterns: precedence climbing over the tokens of a form. Mirrors `erl_parse`.

The nodes are those of the abstract format: `("op", location, "+", left, right)`. Where the grammar allows an
expression in the place of a pattern (`case`, `receive`, `=`), so does this; `erl_lint` tells them apart.
"""

from __future__ import annotations

from typing import Any

from erlsim.erl.reading.annotations import Node, Token, first, last
from erlsim.erl.reading.cursor import Cursor

_RIGHT, _LEFT, _NONE = range(3)
_OPERATORS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(["=", "!"], (100, _RIGHT)),
    "orelse": (150, _RIGHT),
    "andalso": (160, _RIGHT),
    **dict.fromkeys("== /= =< < >= > =:= =/=".split(), (200, _NONE)),
    **dict.fromkeys(["++", "--"], (300, _RIGHT)),
    **dict.fromkeys("+ - bor bxor bsl bsr or xor".split(), (400, _LEFT)),
    **dict.fromkeys("/ * div rem band and".split(), (500, _LEFT)),
}
# Of each operator: its precedence, the least in its right operand, the greatest that may follow on the left.
_LEVELS = {
    operator: (level, level if kind == _RIGHT else level + 1, level - 1 if kind == _NONE else 1000)
    for operator, (level, kind) in _OPERATORS.items()
}
_PATTERN_LEVELS = {operator: row for operator, row in _LEVELS.items() if operator not in ("!", "orelse", "andalso")}
PREFIX = frozenset({"+", "-", "bnot", "not"})
_PREFIX_LEVEL = 600
_SIMPLE = frozenset({"atom", "var", "integer", "char", "float"})
# Behind these tokens an expression is over.
_BEHIND = frozenset({",", ")", "]", "}", "->", ";", "|", "||", "=>", "<-", "of", "when", "end", "dot"})


class Expressions(Cursor):
    """Reads expressions, patterns, clauses and guards."""

    # ---- lists of expressions, clauses

    def exprs(self) -> list[Node]:
        """Expressions with commas between."""
        found = [self.expr(0)]
        while self.tag == ",":
            self.next()
            found.append(self.expr(0))
        return found

    def pattern_arguments(self) -> list[Node]:
        """`(Pattern, ...)`."""
        self.expect("(")
        if self.tag == ")":
            self.next()
            return []
        found = [self.pattern(0)]
        while self.tag == ",":
            self.next()
            found.append(self.pattern(0))
        self.expect(")")
        return found

    def arguments(self) -> list[Node]:
        """`(Expression, ...)`."""
        self.expect("(")
        if self.tag == ")":
            self.next()
            return []
        found = self.exprs()
        self.expect(")")
        return found

    def guard_if_any(self) -> list[list[Node]]:
        """`when Guard`, or no guard."""
        if self.tag != "when":
            return []
        self.next()
        return self.guard()

    def guard(self) -> list[list[Node]]:
        """Alternatives with semicolons between, each of tests with commas between."""
        found = [self.exprs()]
        while self.tag == ";":
            self.next()
            found.append(self.exprs())
        return found

    def body(self) -> list[Node]:
        """`-> Expressions`."""
        self.expect("->")
        return self.exprs()

    def clauses(self) -> list[Node]:
        """The clauses of `case`, `receive` and the like."""
        found = []
        while True:
            pattern = self.expr(0)
            found.append(("clause", first(pattern), [pattern], self.guard_if_any(), self.body()))
            if self.tag != ";":
                return found
            self.next()

    # ---- operators

    def expr(self, level: int) -> Node:
        """An expression whose operators have at least this precedence."""
        tag = self.tag
        left: Node
        if tag in _SIMPLE:
            # Most expressions are a single token.
            tokens, index = self.tokens, self.index
            behind = tokens[index + 1][0]
            if behind in _BEHIND:
                self.index, self.tag = index + 1, behind
                return tokens[index]
        if tag == "catch":
            left = ("catch", self.next()[1], self.expr(0))
        elif tag in PREFIX:
            left = ("op", self.next()[1], tag, self.expr(_PREFIX_LEVEL))
        else:
            left = self._postfix()
        highest = 1000
        while True:
            operator = self.tag
            row = _LEVELS.get(operator)
            if row is None or row[0] < level:
                return left
            if row[0] > highest:
                raise self.unexpected()  # `a == b == c`
            token = self.next()
            right = self.expr(row[1])
            if operator == "=":
                left = ("match", first(left), left, right)
            else:
                left = ("op", token[1], operator, left, right)
            highest = row[2]

    def pattern(self, level: int) -> Node:
        """A pattern of a function's or fun's head, or behind `catch`: it has no calls and no `catch`."""
        tag = self.tag
        left: Node
        if tag in PREFIX:
            left = ("op", self.next()[1], tag, self.pattern(_PREFIX_LEVEL))
        elif tag == "#":
            left = self._pattern_with_sharp()
        elif tag in _SIMPLE:
            left = self.next()
        else:
            left = self._pattern_primary()
        highest = 1000
        while True:
            operator = self.tag
            row = _PATTERN_LEVELS.get(operator)
            if row is None or row[0] < level:
                return left
            if row[0] > highest:
                raise self.unexpected()
            token = self.next()
            right = self.pattern(row[1])
            if operator == "=":
                left = ("match", first(left), left, right)
            else:
                left = ("op", token[1], operator, left, right)
            highest = row[2]

    def _pattern_primary(self) -> Node:
        if self.tag == "(":
            self.next()
            found = self.pattern(0)
            self.expect(")")
            return found
        if self.tag == "[":
            return self._list(in_pattern=True)
        if self.tag == "<<":
            return self._binary(in_pattern=True)
        if self.tag in ("string", "{"):
            return self.primary()
        raise self.unexpected()

    def _pattern_with_sharp(self) -> Node:
        location = self.next()[1]
        if self.tag == "{":
            return ("map", location, self._map_fields())
        name = self.expect("atom")[2]
        if self.tag == ".":
            self.next()
            return ("record_index", location, name, self.expect("atom"))
        return ("record", location, name, self._record_fields())

    # ---- calls, records, maps

    def _postfix(self) -> Node:
        """What binds tighter than any operator: calls, `M:F`, records and maps."""
        if self.tag == "#":
            left = self._sharp(None)
            return self._sharps(left, left[0] == "map")
        left = self.primary()
        if self.tag == ":":
            location = self.next()[1]
            left = ("remote", location, left, self.primary())
            if self.tag != "(":
                return left
        if self.tag == "(":
            return ("call", first(left), left, self.arguments())
        if self.tag == "#":
            left = self._sharp(left)
            return self._sharps(left, left[0] == "map")
        return left

    def _sharps(self, left: Node, is_map: bool) -> Node:
        """A chain of accesses: of maps only or of records only, as the grammar has it."""
        while self.tag == "#":
            if is_map != (self.peek() == "{"):
                self.next()
                raise self.unexpected()
            left = self._sharp(left)
        return left

    def _sharp(self, base: Node | None) -> Node:
        location = self.next()[1]
        if self.tag == "{":
            fields = self._map_fields()
            return ("map", location, fields) if base is None else ("map", location, base, fields)
        name = self.expect("atom")[2]
        if self.tag == ".":
            self.next()
            field = self.expect("atom")
            if base is None:
                return ("record_index", location, name, field)
            return ("record_field", location, base, name, field)
        fields = self._record_fields()
        return ("record", location, name, fields) if base is None else ("record", location, base, name, fields)

    def _map_fields(self) -> list[Node]:
        self.expect("{")
        found: list[Node] = []
        if self.tag == "}":
            self.next()
            return found
        while True:
            key = self.expr(0)
            if self.tag == "=>":
                found.append(("map_field_assoc", self.next()[1], key, self.expr(0)))
            elif self.tag == ":=":
                found.append(("map_field_exact", self.next()[1], key, self.expr(0)))
            else:
                raise self.unexpected()
            if self.tag != ",":
                self.expect("}")
                return found
            self.next()

    def _record_fields(self) -> list[Node]:
        self.expect("{")
        found: list[Node] = []
        if self.tag == "}":
            self.next()
            return found
        while True:
            if self.tag not in ("atom", "var"):
                raise self.unexpected()
            name = self.next()
            self.expect("=")
            found.append(("record_field", name[1], name, self.expr(0)))
            if self.tag != ",":
                self.expect("}")
                return found
            self.next()

    # ---- what is one thing

    def primary(self) -> Node:
        """An expression that needs no parentheses anywhere."""
        tag = self.tag
        if tag in _SIMPLE:
            return self.next()
        if tag == "(":
            self.next()
            found = self.expr(0)
            self.expect(")")
            return found
        if tag == "{":
            location = self.next()[1]
            if self.tag == "}":
                self.next()
                return ("tuple", location, [])
            elements = self.exprs()
            self.expect("}")
            return ("tuple", location, elements)
        if tag == "[":
            return self._list()
        if tag == "string":
            return self._strings()
        reader = _KEYWORDS.get(tag)
        if reader is None:
            raise self.unexpected()
        node: Node = reader(self)
        return node

    def _strings(self) -> Node:
        token = self.next()
        if self.tag != "string":
            return token
        codes = list(token[2])
        while self.tag == "string":
            codes += self.next()[2]
        return ("string", token[1], codes)

    def _list(self, in_pattern: bool = False) -> Node:
        location = self.next()[1]
        if self.tag == "]":
            self.next()
            return ("nil", location)
        items = [self.expr(0)]
        if self.tag == "||" and not in_pattern:
            self.next()
            qualifiers = self._qualifiers()
            self.expect("]")
            return ("lc", location, items[0], qualifiers)
        while self.tag == ",":
            self.next()
            items.append(self.expr(0))
        tail: Node
        if self.tag == "|":
            self.next()
            tail = self.expr(0)
            self.expect("]")
        else:
            tail = ("nil", self.expect("]")[1])
        for item in reversed(items[1:]):
            tail = ("cons", first(item), item, tail)
        return ("cons", location, items[0], tail)

    def _qualifiers(self) -> list[Node]:
        found = []
        while True:
            is_binary = self.tag == "<<"
            qualifier = self.expr(0)
            if self.tag == "<-":
                qualifier = ("generate", self.next()[1], qualifier, self.expr(0))
            elif self.tag == "<=" and is_binary and qualifier[0] == "bin":
                qualifier = ("b_generate", self.next()[1], qualifier, self.expr(0))
            found.append(qualifier)
            if self.tag != ",":
                return found
            self.next()

    def _binary(self, in_pattern: bool = False) -> Node:
        location = self.next()[1]
        if self.tag == ">>":
            self.next()
            return ("bin", location, [])
        elements: list[Node] = []
        while True:
            value: Node
            if self.tag in PREFIX:
                token = self.next()
                value = ("op", token[1], token[0], self.primary())
            else:
                value = self.primary()
                if self.tag == "||" and not elements and not in_pattern:
                    self.next()
                    qualifiers = self._qualifiers()
                    self.expect(">>")
                    return ("bc", location, value, qualifiers)
            elements.append(("bin_element", first(value), value, self._bit_size(), self._bit_types()))
            if self.tag != ",":
                self.expect(">>")
                return ("bin", location, elements)
            self.next()

    def _bit_size(self) -> Any:
        if self.tag != ":":
            return "default"
        self.next()
        return self.primary()

    def _bit_types(self) -> Any:
        if self.tag != "/":
            return "default"
        found: list[Any] = []
        while not found or self.tag == "-":
            self.next()
            name = self.expect("atom")[2]
            if self.tag == ":":
                self.next()
                found.append((name, self.expect("integer")[2]))
            else:
                found.append(name)
        return found

    # ---- keywords

    def _begin(self) -> Node:
        location = self.next()[1]
        found = self.exprs()
        self.expect("end")
        return ("block", location, found)

    def _if(self) -> Node:
        location = self.next()[1]
        found: list[Node] = []
        while True:
            guard = self.guard()
            found.append(("clause", first(guard[0][0]), [], guard, self.body()))
            if self.tag != ";":
                self.expect("end")
                return ("if", location, found)
            self.next()

    def _case(self) -> Node:
        location = self.next()[1]
        value = self.expr(0)
        self.expect("of")
        found = self.clauses()
        self.expect("end")
        return ("case", location, value, found)

    def _receive(self) -> Node:
        location = self.next()[1]
        found: list[Node] = [] if self.tag == "after" else self.clauses()
        if self.tag != "after":
            self.expect("end")
            return ("receive", location, found)
        self.next()
        timeout = self.expr(0)
        body = self.body()
        self.expect("end")
        return ("receive", location, found, timeout, body)

    def _fun(self) -> Node:
        location = self.next()[1]
        if self.tag == "atom" or (self.tag == "var" and self.peek() != "("):
            return self._fun_by_name(location)
        found: list[tuple[Any, ...]] = []
        while True:
            name: Any = "fun"
            where = self.tokens[self.index][1]
            if self.tag == "var":
                name = self.next()[2]
            found.append((where, name, self.pattern_arguments(), self.guard_if_any(), self.body()))
            if self.tag != ";":
                break
            self.next()
        self.expect("end")
        clauses = self.checked_clauses(found)
        if found[0][1] == "fun":
            return ("fun", location, ("clauses", clauses))
        return ("named_fun", location, found[0][1], clauses)

    def _fun_by_name(self, location: Any) -> Node:
        one = self.next()
        if one[0] == "atom" and self.tag == "/":
            self.next()
            return ("fun", location, ("function", one[2], self.expect("integer")[2]))
        self.expect(":")
        if self.tag not in ("atom", "var"):
            raise self.unexpected()
        name = self.next()
        self.expect("/")
        if self.tag not in ("integer", "var"):
            raise self.unexpected()
        return ("fun", location, ("function", one, name, self.next()))

    def checked_clauses(self, found: list[tuple[Any, ...]]) -> list[Node]:
        """Clauses as nodes, from `(location, name, arguments, guard, body)`; all need one name and arity."""
        _, name, arguments, _, _ = found[0]
        for where, other, others, _, _ in found:
            if other != name or len(others) != len(arguments):
                raise self.bad(where, "head mismatch")
        return [("clause", where, args, guard, body) for where, _, args, guard, body in found]

    def _try(self) -> Node:
        location = self.next()[1]
        body = self.exprs()
        of: list[Node] = []
        handlers: list[Node] = []
        after: list[Node] = []
        if self.tag == "of":
            self.next()
            of = self.clauses()
        if self.tag == "catch":
            self.next()
            handlers.append(self._handler())
            while self.tag == ";":
                self.next()
                handlers.append(self._handler())
            if self.tag == "after":
                self.next()
                after = self.exprs()
        else:
            self.expect("after")
            after = self.exprs()
        self.expect("end")
        return ("try", location, body, of, handlers, after)

    def _handler(self) -> Node:
        if self.tag in ("atom", "var") and self.peek() == ":":
            kind: Token = self.next()
            self.next()
            pattern = self.pattern(0)
            if self.tag == ":":
                self.next()
                stack = self.expect("var")
            else:
                stack = ("var", last(pattern), "_")
            location = kind[1]
        else:
            pattern = self.pattern(0)
            location = first(pattern)
            kind, stack = ("atom", location, "throw"), ("var", last(pattern), "_")
        head = [("tuple", location, [kind, pattern, stack])]
        return ("clause", location, head, self.guard_if_any(), self.body())

    def _maybe(self) -> Node:
        location = self.next()[1]
        found = [self._maybe_match()]
        while self.tag == ",":
            self.next()
            found.append(self._maybe_match())
        if self.tag == "else":
            where = self.next()[1]
            clauses = self.clauses()
            self.expect("end")
            return ("maybe", location, found, ("else", where, clauses))
        self.expect("end")
        return ("maybe", location, found)

    def _maybe_match(self) -> Node:
        found = self.expr(0)
        if self.tag != "?=":
            return found
        return ("maybe_match", self.next()[1], found, self.expr(0))


_KEYWORDS: dict[str, Any] = {
    "<<": Expressions._binary,
    "begin": Expressions._begin,
    "if": Expressions._if,
    "case": Expressions._case,
    "receive": Expressions._receive,
    "fun": Expressions._fun,
    "try": Expressions._try,
    "maybe": Expressions._maybe,
}
