"""Forms as Elixir, laid out as `mix format` leaves them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from erlsim.porting.drafts import forms as f
from erlsim.porting.drafts.forms import Form
from erlsim.porting.drafts.naming import Names, clause_names, lower
from erlsim.porting.drafts.printing.bodies import Bodies
from erlsim.porting.drafts.printing.elixir_calls import KERNEL, Written, rewritten
from erlsim.porting.drafts.printing.layout import EMPTY, HARD, LINE, SOFT, Doc, Paragraphs, cat, group, join, nest
from erlsim.terms import format as formatted

WIDTH = 98
RESERVED = frozenset(
    "after and catch cond do else end false fn for if import in nil not or quote receive rescue true try unless use "
    "when with".split()
)
_LEVELS = {
    "orelse": (100, 100, 110),
    "andalso": (120, 120, 130),
    **dict.fromkeys(("=:=", "===", "=/=", "==", "/="), (140, 140, 150)),
    **dict.fromkeys(("<", "=<", ">", ">="), (150, 150, 160)),
    "in": (170, 180, 180),
    **dict.fromkeys(("++", "--"), (190, 200, 190)),
    **dict.fromkeys(("+", "-"), (210, 210, 220)),
    **dict.fromkeys(("*", "/"), (220, 220, 230)),
}
_SIGNS = {
    "=:=": "==",
    "=/=": "!=",
    "/=": "!=",
    "=<": "<=",
    "andalso": "and",
    "orelse": "or",
}
_BITS = ("band", "bor", "bxor", "bsl", "bsr")
_UNARY, _PRIMARY = 300, 900
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*[?!]?")


def atom(name: str) -> str:
    """An atom."""
    if name in ("true", "false", "nil"):
        return name
    return f":{name}" if _WORD.fullmatch(name) else f":{string(name)}"


def string(text: str) -> str:
    """A string between quotes."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\x1b": "\\e"}
    return '"' + "".join(escapes.get(each, each) for each in text).replace("#{", "\\#{") + '"'


def number(value: int | float) -> str:
    """A number; long ones in groups of three digits."""
    if isinstance(value, int) and abs(value) >= 100_000:
        return f"{value:_}"
    return str(formatted("~w", [value]))


def variable(base: str) -> str:
    """The name of a variable."""
    name = lower(base)
    return f"{name}_" if name in RESERVED else name


class Printer(Bodies):
    """Writes what is in one module: `renamed` has Elixir's names of the program's modules."""

    sign = "#"

    def __init__(self, module: str, renamed: Mapping[str, str], overridden: frozenset[str]) -> None:
        self.module = module
        self.renamed = renamed
        self.overridden = overridden
        self.names: Names = {}

    # -- functions

    def clause(self, word: str, name: str, clause: f.Clause) -> Doc:
        """One clause of a function."""
        self.names = clause_names(clause, variable)
        patterns = [self.pattern(each) for each in clause.patterns]
        head = self.listed(f"{name}(", patterns, ")") if patterns else cat(name)
        if clause.guard is not None:
            head = group(head, LINE, "when ", self.expression(clause.guard))
        return cat(f"{word} ", nest(4, head), " do", nest(2, HARD, self.body(clause.body)), HARD, "end")

    def body(self, forms: Sequence[Form]) -> Doc:
        """Expressions, one on each line, those of several lines between blank ones."""
        return Paragraphs(tuple(self.statement(each) for each in forms))

    def not_ported(self, hole: f.Hole) -> str:
        """The call that fails where something is not ported."""
        return f":erlang.error({{:not_ported, {{{self.module_name(hole.module)}, {atom(hole.function)}}}}})"

    # -- expressions

    def expression(self, form: Form, level: int = 0, nested: bool = False) -> Doc:
        """An expression, in parentheses if it binds less than `level`; `nested` if something stands around it."""
        match form:
            case f.Op(name=name) if name in _LEVELS:
                found, mine = self._operator(form)
                return cat("(", found, ")") if mine < level else found
            case f.Unary(name="not", value=f.Call(module="lists", name="member", args=(item, items))):
                found = cat(self.expression(item, 180), " not in ", self.expression(items, 180))
                return cat("(", found, ")") if level > 170 else found
            case f.Unary(name=name, value=value):
                space = " " if name == "not" else ""
                return cat(name + space, self.expression(value, _UNARY + 1))
            case f.Match(pattern=pattern, value=value):
                found = self._match(self.pattern(pattern), value)
                return cat("(", found, ")") if level > 0 else found
            case f.Comprehension():
                return self._comprehension(form, nested or level > 0)
            case f.Call():
                return self._call(form, level)
        return self._primary(form)

    def inner(self, form: Form) -> Doc:
        """An expression inside of something."""
        return self.expression(form, nested=True)

    def _operator(self, form: f.Op) -> tuple[Doc, int]:
        mine, of_left, of_right = _LEVELS[form.name]
        left, right = self._operand(form, form.left, of_left), self._operand(form, form.right, of_right)
        sign = _SIGNS.get(form.name, form.name)
        return group(left, f" {sign}", nest(2, LINE, right)), mine

    def _operand(self, form: f.Op, operand: Form, level: int) -> Doc:
        logical = ("andalso", "orelse")
        if form.name in logical and isinstance(operand, f.Op) and operand.name in logical:
            if operand.name != form.name:
                return cat("(", self.expression(operand), ")")
        return self.expression(operand, level, nested=True)

    def _match(self, pattern: Doc, value: Form) -> Doc:
        if _is_block(value):
            return cat(pattern, " =", nest(2, HARD, self.expression(value)))
        if isinstance(value, f.Comprehension | f.Op | f.Call | f.Apply):
            return group(pattern, " =", nest(2, LINE, self.expression(value)))
        return cat(pattern, " = ", self.expression(value))

    def _primary(self, form: Form) -> Doc:
        simple = self._simple(form)
        if simple is not None:
            return simple
        match form:
            case f.Op(name="!", left=left, right=right):
                return self.call("send", [left, right])
            case f.Op(name="div" | "rem" as name, left=left, right=right):
                return self.call(name, [left, right])
            case f.Op(name=name, left=left, right=right) if name in _BITS:
                return self.call(f"Bitwise.{name}", [left, right])
            case f.Tuple(items=items):
                return self.listed("{", [self.inner(each) for each in items], "}")
            case f.List():
                return self._list(form, patterns=False)
            case f.Map(pairs=pairs, base=base):
                return self._map(pairs, base)
            case f.Record(name=name, pairs=pairs, base=base):
                fields = [cat(f"{key}: ", self.inner(value)) for key, value in pairs]
                if base is not None:
                    return cat(f"%{name}{{", self.expression(base), " | ", join(", ", fields), "}")
                return self.listed(f"%{name}{{", fields, "}")
            case f.Field(base=base, field=field):
                return cat(self.expression(base, _PRIMARY), f".{field}")
            case f.Apply(fun=fun, args=args):
                return cat(self.expression(fun, _PRIMARY), self._arguments(".(", args))
            case f.Joined():
                return self._joined(form)
            case f.FunOf(module=module, name=name, arity=arity):
                there = "" if module == self.module else f"{self.renamed.get(module, atom(module))}."
                return cat(f"&{there}{name}/{arity}")
            case f.Fun():
                return self._fun(form)
            case f.Hole() | f.Commented():
                return self.statement(form)
        return self._branching(form)

    def _simple(self, form: Form) -> Doc | None:
        match form:
            case f.Atom(name=name):
                return cat(atom(name))
            case f.Number(value=value):
                return cat(number(value))
            case f.Binary(value=value):
                return cat(binary(value))
            case f.Chars(text=text):
                return cat(f"~c{string(text)}")
            case f.Var():
                return cat(self.names[form])
            case f.Const(name=name):
                return cat(f"@{name.lower()}")
            case f.ModuleName(name=name):
                return cat(self.module_name(name))
        return None

    def module_name(self, name: str) -> str:
        """A module of the program."""
        return "__MODULE__" if name == self.module else self.renamed.get(name, atom(name))

    def _list(self, form: f.List, patterns: bool) -> Doc:
        show = self.pattern if patterns else self.inner
        items, tail = form.items, form.tail
        if tail is not None:
            return cat("[", join(", ", map(show, items)), " | ", show(tail), "]")
        if _is_options(form):
            pairs = [(each.items[0].name, show(each.items[1])) for each in items]  # type: ignore[attr-defined]
            return self.listed("[", [cat(f"{key}: ", value) for key, value in pairs], "]")
        return self.listed("[", [show(each) for each in items], "]")

    def _map(self, pairs: Sequence[tuple[Form, Form]], base: Form | None) -> Doc:
        shown = self._map_parts([(self._key(key), key, self.inner(value)) for key, value in pairs])
        if base is None:
            return self.listed("%{", shown, "}")
        if len(pairs) == 1:
            return self.call("Map.put", [base, *pairs[0]])
        return cat("Map.merge(", self.expression(base), ", ", self.listed("%{", shown, "}"), ")")

    def _map_parts(self, pairs: Sequence[tuple[str, Form, Doc]]) -> list[Doc]:
        if all(key for key, _, _ in pairs):
            return [cat(f"{key}: ", value) for key, _, value in pairs]
        return [cat(self.expression(key), " => ", value) for _, key, value in pairs]

    def _key(self, key: Form) -> str:
        return key.name if isinstance(key, f.Atom) and _WORD.fullmatch(key.name) else ""

    def listed(self, before: str, parts: Sequence[Doc], after: str) -> Doc:
        """Parts between brackets."""
        if not parts:
            return cat(before, after)
        return group(before, nest(2, SOFT, join(cat(",", LINE), parts)), SOFT, after)

    def call(self, name: str, arguments: Sequence[Form]) -> Doc:
        """A call of a function by its name."""
        return cat(name, self._arguments("(", arguments))

    def _arguments(self, before: str, arguments: Sequence[Form]) -> Doc:
        if arguments and isinstance(arguments[-1], f.Fun) and _is_long(arguments[-1]):
            shown = [self.inner(each) for each in arguments]
            return cat(before, join(", ", shown), ")")
        return self.listed(before, self._parts(arguments), ")")

    def _parts(self, arguments: Sequence[Form]) -> list[Doc]:
        """Arguments; the last, if it is a list of options, without its brackets."""
        parts = [self.inner(each) for each in arguments]
        if arguments and _is_options(arguments[-1]):
            last = arguments[-1]
            assert isinstance(last, f.List)
            pairs = [(each.items[0].name, self.inner(each.items[1])) for each in last.items]  # type: ignore[attr-defined]
            parts[-1:] = [cat(f"{key}: ", value) for key, value in pairs]
        return parts

    def _call(self, call: f.Call, level: int) -> Doc:
        if call.module == self.module:
            return self.call(call.name, call.args)
        if call.module in self.renamed:
            return self.call(f"{self.renamed[call.module]}.{call.name}", call.args)
        if (call.module, call.name, len(call.args)) == ("lists", "seq", 2):
            return cat("Enum.to_list(", self._range(*call.args), ")")
        found = rewritten(call)
        match found:
            case Written(name=name, args=args, options=options):
                if name in self.overridden:
                    name = f"Kernel.{name}"
                parts = self._parts(args)
                if name.startswith("Enum."):
                    parts[0] = self._source(args[0])
                parts += [cat(f"{key}: ", self.inner(value)) for key, value in options]
                if args and isinstance(args[-1], f.Fun) and _is_long(args[-1]) and not options:
                    behind = [self.inner(each) for each in args[1:]]
                    return cat(f"{name}(", join(", ", [parts[0], *behind]), ")")
                return self.listed(f"{name}(", parts, ")")
            case f.Op(name="in", left=item, right=items):
                shown = cat(self.expression(item, 180), " in ", self.expression(items, 180))
                return cat("(", shown, ")") if level > 170 else shown
            case f.Call(module=module, name=name, args=args):
                return self.call(f"{atom(module)}.{name}", args)
        return self.expression(found, level)

    def _comprehension(self, form: f.Comprehension, nested: bool) -> Doc:
        parts: list[Doc] = []
        for each in form.qualifiers:
            if isinstance(each, f.Generator):
                parts.append(cat(self.pattern(each.pattern), " <- ", self._source(each.source)))
            else:
                parts.append(self.expression(each))
        parts.append(cat("do: ", self.inner(form.item)))
        if nested:
            return self.listed("for(", parts, ")")
        return group("for ", nest(4, join(cat(",", LINE), parts)))

    def _source(self, source: Form) -> Doc:
        match source:
            case f.Call(module="lists", name="seq", args=(first, last)):
                return self._range(first, last)
        return self.inner(source)

    def _range(self, first: Form, last: Form) -> Doc:
        """From one number to another; one that is not known may be less than the first."""
        known = isinstance(first, f.Number) and isinstance(last, f.Number) and first.value <= last.value
        step = "" if known else "//1"
        return cat(self.expression(first, 200), "..", self.expression(last, 230), step)

    def _joined(self, form: f.Joined) -> Doc:
        parts: list[Doc | str] = []
        for each in form.pieces:
            if isinstance(each, str):
                parts.append(string(each)[1:-1])
            else:
                parts.append(cat("#{", self.expression(each[1]), "}"))
        quoted = cat('"', *parts, '"')
        return cat(":", quoted) if form.of == "atom" else quoted

    def _fun(self, form: f.Fun) -> Doc:
        (clause,) = form.clauses
        patterns = join(", ", [self.pattern(each) for each in clause.patterns])
        head = cat("fn ", patterns, " ->") if clause.patterns else cat("fn ->")
        if _is_long(form):
            return cat(head, nest(2, HARD, self.body(clause.body)), HARD, "end")
        return group(head, nest(2, LINE, self.body(clause.body)), LINE, "end")

    # -- branches

    def _branching(self, form: Form) -> Doc:
        match form:
            case f.Case(subject=subject, clauses=clauses):
                return self._block(cat("case ", self.expression(subject), " do"), map(self._clause, clauses))
            case f.If():
                return self._if(form)
            case f.Receive(clauses=clauses, after=after):
                return self._receive(clauses, after)
            case f.Try():
                return self._try(form)
        raise TypeError(f"no form of Elixir's: {form!r}")

    def _block(self, head: Doc | str, clauses: Iterable[Doc]) -> Doc:
        return cat(head, nest(2, HARD, self._clauses(clauses)), HARD, "end")

    def _clauses(self, clauses: Iterable[Doc]) -> Doc:
        return join(cat(HARD, HARD), clauses)

    def _clause(self, clause: f.Clause) -> Doc:
        head = self.pattern(clause.patterns[0])
        if clause.guard is not None:
            head = cat(head, " when ", self.expression(clause.guard))
        return self._arrow(head, clause.body)

    def _arrow(self, head: Doc | str, body: Sequence[Form]) -> Doc:
        return cat(head, " ->", nest(2, HARD, self.body(body)))

    def _if(self, form: f.If) -> Doc:
        if len(form.branches) == 1:
            ((test, then),) = form.branches
            otherwise = cat(HARD, "else", nest(2, HARD, self.body(form.otherwise)))
            if tuple(form.otherwise) == (f.OK,) and tuple(then) == (f.OK,):
                otherwise = EMPTY
            return cat("if ", self.expression(test), " do", nest(2, HARD, self.body(then)), otherwise, HARD, "end")
        branches = [self._arrow(self.expression(test), body) for test, body in form.branches]
        return self._block("cond do", [*branches, self._arrow("true", form.otherwise)])

    def _receive(self, clauses: Sequence[f.Clause], after: tuple[Form, tuple[Form, ...]] | None) -> Doc:
        shown = nest(2, HARD, self._clauses(map(self._clause, clauses))) if clauses else EMPTY
        late: Doc = EMPTY
        if after is not None:
            late = cat(HARD, "after", nest(2, HARD, self._arrow(self.expression(after[0]), after[1])))
        return cat("receive do", shown, late, HARD, "end")

    def _try(self, form: f.Try) -> Doc:
        head = cat("try do", nest(2, HARD, self.body(form.body)))
        if form.catches:
            head = cat(head, HARD, "catch", nest(2, HARD, self._clauses(map(self._catch, form.catches))))
        if form.clauses:
            head = cat(head, HARD, "else", nest(2, HARD, self._clauses(map(self._clause, form.clauses))))
        if form.after:
            head = cat(head, HARD, "after", nest(2, HARD, self.body(form.after)))
        return cat(head, HARD, "end")

    def _catch(self, catch: f.Catch) -> Doc:
        kind = self.names[catch.kind] if isinstance(catch.kind, f.Var) else atom(catch.kind)
        head = cat(f"{kind}, ", self.pattern(catch.pattern))
        if catch.guard is not None:
            head = cat(head, " when ", self.expression(catch.guard))
        if catch.stack is None:
            return self._arrow(head, catch.body)
        first = cat(self.names[catch.stack], " = __STACKTRACE__", HARD)
        return cat(head, " ->", nest(2, HARD, first, self.body(catch.body)))

    # -- patterns

    def pattern(self, form: Form) -> Doc:
        """A pattern."""
        match form:
            case f.Wild():
                return cat("_")
            case f.Pin(var=var):
                return cat("^", self.expression(var))
            case f.Alias(pattern=inner, var=var):
                if self.names[var].startswith("_"):
                    return self.pattern(inner)
                return cat(self.pattern(inner), " = ", self.names[var])
            case f.Tuple(items=items):
                return self.listed("{", [self.pattern(each) for each in items], "}")
            case f.List():
                return self._list(form, patterns=True)
            case f.Map(pairs=pairs):
                return self.listed("%{", self._map_parts([(self._key(k), k, self.pattern(v)) for k, v in pairs]), "}")
            case f.Record(name=name, pairs=pairs):
                return self.listed(f"%{name}{{", [cat(f"{key}: ", self.pattern(value)) for key, value in pairs], "}")
        return self.expression(form)


def _is_options(form: Form) -> bool:
    return isinstance(form, f.List) and form.tail is None and bool(form.items) and all(map(_is_pair, form.items))


def _is_pair(form: Form) -> bool:
    match form:
        case f.Tuple(items=(f.Atom(name=name), _)):
            return _WORD.fullmatch(name) is not None and name not in ("true", "false", "nil")
    return False


def _is_block(form: Form) -> bool:
    """Whether it is written with `do` and `end`, on several lines."""
    if isinstance(form, f.Match):
        return _is_block(form.value)
    if isinstance(form, f.Commented):
        return True
    return isinstance(form, f.Case | f.If | f.Receive | f.Try)


def _is_long(fun: Form) -> bool:
    """Whether a fun has more in it than an expression."""
    assert isinstance(fun, f.Fun)
    (clause,) = fun.clauses
    (first, *rest) = clause.body
    return bool(rest) or _is_block(first) or isinstance(first, f.Hole | f.Match)


def binary(value: bytes) -> str:
    """A binary: as text where it is ASCII."""
    if value and all(32 <= each < 127 for each in value):
        return string(value.decode("ascii"))
    return '""' if not value else f"<<{', '.join(map(str, value))}>>"


__all__ = ["KERNEL", "WIDTH", "Printer", "atom", "string", "variable"]
