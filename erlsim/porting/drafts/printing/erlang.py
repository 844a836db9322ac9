"""Forms as Erlang, laid out as erlfmt would."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from erlsim.porting.drafts import forms as f
from erlsim.porting.drafts.calls import AUTO_IMPORTED
from erlsim.porting.drafts.forms import Form
from erlsim.porting.drafts.guards import never_fails
from erlsim.porting.drafts.naming import Names, camel, clause_names
from erlsim.porting.drafts.printing.bodies import Bodies
from erlsim.porting.drafts.printing.layout import EMPTY, HARD, LINE, SOFT, Cat, Doc, cat, group, join, nest
from erlsim.terms import format as formatted

WIDTH = 100
_LEVELS = {
    "!": (100, 110, 100),
    "orelse": (150, 160, 150),
    "andalso": (160, 170, 160),
    **dict.fromkeys(("=:=", "===", "=/=", "==", "/=", "<", "=<", ">", ">="), (200, 210, 210)),
    **dict.fromkeys(("++", "--"), (300, 310, 300)),
    **dict.fromkeys(("+", "-", "bor", "bxor", "bsl", "bsr"), (400, 400, 410)),
    **dict.fromkeys(("*", "/", "div", "rem", "band"), (500, 500, 510)),
}
_UNARY, _PRIMARY = 600, 900


def atom(name: str) -> str:
    """An atom, quoted where it must be."""
    return str(formatted("~tw", [name]))


class Printer(Bodies):
    """Writes what is in one module: `renamed` has the port's names of the program's modules."""

    sign = "%%"

    def __init__(self, module: str, renamed: Mapping[str, str], functions: frozenset[tuple[str, int]]) -> None:
        self.module = module
        self.renamed = renamed
        self.functions = functions
        self.names: Names = {}

    # -- functions

    def function(self, function: f.Function) -> Doc:
        """All clauses of a function."""
        clauses = [self._function_clause(function.name, clause) for clause in function.clauses]
        return cat(join(cat(";", HARD), clauses), ".")

    def _function_clause(self, name: str, clause: f.Clause) -> Doc:
        self.names = clause_names(clause, camel)
        return cat(self._head(atom(name), clause), " ->", nest(4, HARD, self.body(clause.body)))

    def _head(self, name: str, clause: f.Clause) -> Doc:
        patterns = self._listed(name + "(", [self.pattern(each) for each in clause.patterns], ")")
        if clause.guard is None:
            return patterns
        return group(patterns, nest(4, LINE, "when ", self._guard(clause.guard)))

    def _guard(self, guard: Form) -> Doc:
        """A guard: `;` and `,` where it is as good, are for those who know; `andalso` says what is meant."""
        parts = _conjuncts(guard)
        return join(cat(",", LINE), [self.expression(each) for each in parts])

    def body(self, forms: Sequence[Form]) -> Doc:
        """Expressions one after the other."""
        return join(cat(",", HARD), [self.statement(each) for each in forms])

    def not_ported(self, hole: f.Hole) -> str:
        """The call that fails where something is not ported."""
        return f"erlang:error({{not_ported, {{{self._module(hole.module)}, {atom(hole.function)}}}}})"

    # -- expressions

    def expression(self, form: Form, level: int = 0) -> Doc:
        """An expression, in parentheses if it binds less than `level`."""
        found, mine = self._written(form)
        return cat("(", found, ")") if mine < level else found

    def _written(self, form: Form) -> tuple[Doc, int]:
        match form:
            case f.Op(name=name, left=left, right=right):
                mine, of_left, of_right = _LEVELS[name]
                return self._operator(name, self.expression(left, of_left), self.expression(right, of_right)), mine
            case f.Unary(name=name, value=value):
                space = " " if name == "not" else ""
                return cat(name + space, self.expression(value, _UNARY + 1)), _UNARY
            case f.Match(pattern=pattern, value=value):
                return self._match(self.pattern(pattern), value), 100
            case f.FunOf() | f.Fun():
                return self._fun(form), _PRIMARY
        return self._primary(form), _PRIMARY

    def _operator(self, name: str, left: Doc, right: Doc) -> Doc:
        shown = "=:=" if name == "===" else name
        return group(left, f" {shown}", nest(4, LINE, right))

    def _match(self, pattern: Doc, value: Form) -> Doc:
        if isinstance(value, f.Case | f.If | f.Receive | f.Try):
            return cat(pattern, " =", nest(4, HARD, self.expression(value)))
        return cat(pattern, " = ", self.expression(value, 100))

    def _primary(self, form: Form) -> Doc:
        simple = self._simple(form)
        if simple is not None:
            return simple
        match form:
            case f.Tuple(items=items):
                return self._listed("{", [self.expression(each) for each in items], "}")
            case f.List(items=items, tail=tail):
                return self._list(
                    [self.expression(each) for each in items], None if tail is None else self.expression(tail)
                )
            case f.Map():
                return self._map(form, " => ", self.expression)
            case f.Record(pairs=pairs, base=base, name=name):
                before = EMPTY if base is None else self.expression(base, _PRIMARY)
                fields = [cat(atom(key), " = ", self.expression(value)) for key, value in pairs]
                return cat(before, self._listed(f"#{_record(name)}{{", fields, "}"))
            case f.Field(name=name, base=base, field=field):
                return cat(self.expression(base, _PRIMARY), f"#{_record(name)}.{atom(field)}")
            case f.Call():
                return self._call(form)
            case f.Apply(fun=fun, args=args):
                return cat(self.expression(fun, _PRIMARY), self._arguments(args))
            case f.Case() | f.If() | f.Receive() | f.Try():
                return self._branching(form)
            case f.Comprehension():
                return self._comprehension(form)
            case f.Joined():
                return self._joined(form)
            case f.Hole() | f.Commented():
                return self.statement(form)
        raise TypeError(f"no form of Erlang's: {form!r}")

    def _simple(self, form: Form) -> Doc | None:
        match form:
            case f.Atom(name=name):
                return cat(atom(name))
            case f.Number(value=value):
                return cat(str(formatted("~w", [value])))
            case f.Binary(value=value):
                return cat(binary(value))
            case f.Chars(text=text):
                return cat(string(text))
            case f.Var():
                return cat(self.names[form])
            case f.Const(name=name):
                return cat(f"?{name}")
            case f.ModuleName(name=name):
                return cat(self._module(name))
        return None

    def _module(self, name: str) -> str:
        return "?MODULE" if name == self.module else atom(self.renamed.get(name, name))

    def _call(self, call: f.Call) -> Doc:
        place = f"{call.name}/{len(call.args)}"
        if call.module == self.module:
            name = atom(call.name)
        elif call.module == "erlang" and place in AUTO_IMPORTED and (call.name, len(call.args)) not in self.functions:
            name = atom(call.name)
        else:
            name = f"{atom(self.renamed.get(call.module, call.module))}:{atom(call.name)}"
        return cat(name, self._arguments(call.args))

    def _arguments(self, arguments: Sequence[Form]) -> Doc:
        if arguments and isinstance(arguments[-1], f.Fun) and len(arguments) == 1:
            return cat("(", self.expression(arguments[0]), ")")
        if len(arguments) > 1 and isinstance(arguments[0], f.Fun) and _is_long(arguments[0]):
            rest = [self.expression(each) for each in arguments[1:]]
            return cat("(", self.expression(arguments[0]), ", ", join(", ", rest), ")")
        return self._listed("(", [self.expression(each) for each in arguments], ")")

    def _listed(self, before: str, parts: Sequence[Doc], after: str) -> Doc:
        if not parts:
            return cat(before, after)
        return group(before, nest(4, SOFT, join(cat(",", LINE), parts)), SOFT, after)

    def _list(self, parts: Sequence[Doc], tail: Doc | None) -> Doc:
        if tail is None:
            return self._listed("[", parts, "]")
        return group("[", nest(4, SOFT, join(cat(",", LINE), parts), LINE, "| ", tail), SOFT, "]")

    def _map(self, form: f.Map, arrow: str, part: Callable[[Form], Doc]) -> Doc:
        before = EMPTY if form.base is None else self.expression(form.base, _PRIMARY)
        keys = self.expression if arrow == " := " else part
        return cat(before, self._listed("#{", [cat(keys(k), arrow, part(v)) for k, v in form.pairs], "}"))

    def _comprehension(self, form: f.Comprehension) -> Doc:
        parts: list[Doc] = []
        for each in form.qualifiers:
            if isinstance(each, f.Generator):
                parts.append(cat(self.pattern(each.pattern), " <- ", self.expression(each.source)))
            else:
                parts.append(self.expression(each))
        item = self.expression(form.item)
        return group("[", nest(4, SOFT, item, LINE, "|| ", nest(3, join(cat(",", LINE), parts))), SOFT, "]")

    def _joined(self, form: f.Joined) -> Doc:
        if form.of == "binary":
            parts = [
                string(each)
                if isinstance(each, str)
                else cat("(integer_to_binary(", self.expression(each[1]), "))/binary")
                for each in form.pieces
            ]
            return cat("<<", join(", ", parts), ">>")
        words: list[Doc] = []
        for each in form.pieces:
            if isinstance(each, str):
                words.append(cat(string(each)))
            else:
                function = "integer_to_list" if each[0] == "integer" else "atom_to_list"
                words.append(cat(f"{function}(", self.expression(each[1]), ")"))
        return cat("list_to_atom(", join(" ++ ", words), ")")

    # -- funs and branches

    def _fun(self, form: f.Fun | f.FunOf) -> Doc:
        if isinstance(form, f.FunOf):
            here = form.module == self.module
            name = f"{atom(form.name)}/{form.arity}"
            return cat("fun ", name if here else f"{atom(self.renamed.get(form.module, form.module))}:{name}")
        (clause,) = form.clauses
        head = self._head("fun(", clause) if clause.guard is None else None
        if head is None:
            raise TypeError("a fun's clause has no guard here")
        patterns = self._listed("fun(", [self.pattern(each) for each in clause.patterns], ")")
        if _is_long(form):
            return cat(patterns, " ->", nest(4, HARD, self.body(clause.body)), HARD, "end")
        return group(patterns, " ->", nest(4, LINE, self.body(clause.body)), LINE, "end")

    def _branching(self, form: Form) -> Doc:
        match form:
            case f.Case(subject=subject, clauses=clauses):
                return self._block(cat("case ", self.expression(subject), " of"), map(self._clause, clauses))
            case f.If():
                return self._if(form)
            case f.Receive(clauses=clauses, after=after):
                return self._receive(clauses, after)
            case f.Try():
                return self._try(form)
        raise TypeError(f"no form of Erlang's: {form!r}")

    def _block(self, head: Doc, clauses: object) -> Doc:
        inner = join(cat(";", HARD), list(clauses))  # type: ignore[call-overload]
        return cat(head, nest(4, HARD, inner), HARD, "end")

    def _clause(self, clause: f.Clause) -> Doc:
        return self._arrow(self._case_head(clause.patterns[0], clause.guard), clause.body)

    def _case_head(self, pattern: Form, guard: Form | None) -> Doc:
        shown = self.pattern(pattern)
        return shown if guard is None else group(shown, nest(4, LINE, "when ", self._guard(guard)))

    def _arrow(self, head: Doc | str, body: Sequence[Form]) -> Doc:
        return cat(head, " ->", nest(4, HARD, self.body(body)))

    def _if(self, form: f.If) -> Doc:
        if len(form.branches) == 1:
            return self._one_test(form.branches[0][0], form.branches[0][1], form.otherwise)
        if all(never_fails(test) for test, _ in form.branches):
            branches = [self._arrow(self._guard(test), body) for test, body in form.branches]
            return self._block(cat("if"), [*branches, self._arrow("true", form.otherwise)])
        first, *others = form.branches
        return self._one_test(*first, (f.If(tuple(others), form.otherwise),))

    def _one_test(self, test: Form, then: Sequence[Form], otherwise: Sequence[Form]) -> Doc:
        match test:
            case f.Op(name="=:=" | "=/=" as name, left=left, right=f.Atom() | f.Number() | f.List(items=()) as value):
                one, other = (then, otherwise) if name == "=:=" else (otherwise, then)
                clauses = [self._arrow(self.expression(value), one), self._arrow("_", other)]
                return self._block(cat("case ", self.expression(left), " of"), clauses)
        clauses = [self._arrow("true", then), self._arrow("false", otherwise)]
        return self._block(cat("case ", self.expression(test), " of"), clauses)

    def _receive(self, clauses: Sequence[f.Clause], after: tuple[Form, tuple[Form, ...]] | None) -> Doc:
        inner = join(cat(";", HARD), map(self._clause, clauses))
        late = EMPTY if after is None else cat(HARD, "after ", self._arrow(self.expression(after[0]), after[1]))
        shown = cat(nest(4, HARD, inner)) if clauses else EMPTY
        return cat("receive", shown, late, HARD, "end")

    def _try(self, form: f.Try) -> Doc:
        head = cat("try", nest(4, HARD, self.body(form.body)))
        if form.clauses:
            head = cat(head, HARD, "of", nest(4, HARD, join(cat(";", HARD), map(self._clause, form.clauses))))
        if form.catches:
            caught = join(cat(";", HARD), map(self._catch, form.catches))
            head = cat(head, HARD, "catch", nest(4, HARD, caught))
        if form.after:
            head = cat(head, HARD, "after", nest(4, HARD, self.body(form.after)))
        return cat(head, HARD, "end")

    def _catch(self, catch: f.Catch) -> Doc:
        kind = self.names[catch.kind] if isinstance(catch.kind, f.Var) else catch.kind
        stack = EMPTY if catch.stack is None else cat(":", self.names[catch.stack])
        head = cat(f"{kind}:", self._case_head(catch.pattern, None), stack)
        if catch.guard is not None:
            head = cat(head, " when ", self._guard(catch.guard))
        return self._arrow(head, catch.body)

    # -- patterns

    def pattern(self, form: Form) -> Doc:
        """A pattern."""
        match form:
            case f.Wild():
                return cat("_")
            case f.Pin(var=var):
                return self.expression(var)
            case f.Alias(pattern=inner, var=var):
                if self.names[var].startswith("_"):
                    return self.pattern(inner)
                return cat(self.pattern(inner), " = ", self.names[var])
            case f.Tuple(items=items):
                return self._listed("{", [self.pattern(each) for each in items], "}")
            case f.List(items=items, tail=tail):
                return self._list([self.pattern(each) for each in items], None if tail is None else self.pattern(tail))
            case f.Map():
                return self._map(form, " := ", self.pattern)
            case f.Record(name=name, pairs=pairs):
                fields = [cat(atom(key), " = ", self.pattern(value)) for key, value in pairs]
                return self._listed(f"#{_record(name)}{{", fields, "}")
        return self.expression(form)


def _conjuncts(guard: Form) -> list[Form]:
    if isinstance(guard, f.Op) and guard.name == "andalso":
        return [*_conjuncts(guard.left), *_conjuncts(guard.right)]
    return [guard]


def _is_long(fun: f.Fun) -> bool:
    """Whether a fun has more in it than an expression."""
    (clause,) = fun.clauses
    (first, *rest) = clause.body
    return bool(rest) or isinstance(first, f.Case | f.If | f.Receive | f.Try | f.Commented | f.Hole | f.Match)


def _record(name: str) -> str:
    from erlsim.porting.drafts.sources import snake

    return atom(snake(name))


def string(text: str) -> str:
    """A string between quotes."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\x1b": "\\e"}
    return '"' + "".join(escapes.get(each, each) for each in text) + '"'


def binary(value: bytes) -> str:
    """A binary: as text where it is ASCII."""
    if value and all(32 <= each < 127 for each in value):
        return f"<<{string(value.decode('ascii'))}>>"
    return f"<<{', '.join(map(str, value))}>>"


__all__ = ["WIDTH", "Cat", "Printer", "atom", "binary", "string"]
