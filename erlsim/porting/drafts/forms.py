"""What a draft is made of between reading and printing: Erlang's expressions, without a layout.

A variable is bound once and is the same by identity; its name is found when it is printed. In a pattern a `Var` binds,
and a `Pin` compares with what is bound already. What could not be translated is a `Hole` with the Python text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any


class Form:
    """An expression, or a pattern."""

    def parts(self) -> Iterator[Any]:
        """What stands inside, in the order in which it is evaluated."""
        for each in fields(self):  # type: ignore[arg-type]
            yield getattr(self, each.name)


@dataclass(frozen=True)
class Atom(Form):
    """An atom, `true` and `false` among them."""

    name: str


@dataclass(frozen=True)
class Number(Form):
    """An integer or a float."""

    value: int | float


@dataclass(frozen=True)
class Binary(Form):
    """A binary whose bytes are known."""

    value: bytes


@dataclass(frozen=True)
class Chars(Form):
    """A list of code points, written as a string."""

    text: str


@dataclass(frozen=True)
class Joined(Form):
    """Text with terms in it: pieces of text, and `(kind, expression)`; `of` is `atom` or `binary`."""

    of: str
    pieces: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Var(Form):
    """A variable: `base` is what Python called it."""

    base: str

    def parts(self) -> Iterator[Any]:
        """Nothing."""
        return iter(())


@dataclass(frozen=True)
class Pin(Form):
    """In a pattern: the value of a variable that is bound."""

    var: Form


@dataclass(frozen=True)
class Wild(Form):
    """In a pattern: anything."""


@dataclass(frozen=True)
class Alias(Form):
    """In a pattern: both."""

    pattern: Form
    var: Var


@dataclass(frozen=True)
class Tuple(Form):
    """A tuple."""

    items: tuple[Form, ...]


@dataclass(frozen=True)
class List(Form):
    """A list, or some elements before a tail."""

    items: tuple[Form, ...]
    tail: Form | None = None


@dataclass(frozen=True)
class Map(Form):
    """A map, or a map with changes; as a pattern, some of its keys."""

    pairs: tuple[tuple[Form, Form], ...]
    base: Form | None = None


@dataclass(frozen=True)
class Record(Form):
    """A record or struct: made, changed (with a base), or a pattern."""

    name: str
    pairs: tuple[tuple[str, Form], ...]
    base: Form | None = None


@dataclass(frozen=True)
class Field(Form):
    """A field of a record."""

    name: str
    base: Form
    field: str


@dataclass(frozen=True)
class Const(Form):
    """A constant of the module: a macro, or a module attribute."""

    name: str


@dataclass(frozen=True)
class ModuleName(Form):
    """A module of the program, where Erlang wants a module."""

    name: str


@dataclass(frozen=True)
class Call(Form):
    """`Module:name(Args)`."""

    module: str
    name: str
    args: tuple[Form, ...]


@dataclass(frozen=True)
class Apply(Form):
    """A fun, called."""

    fun: Form
    args: tuple[Form, ...]


@dataclass(frozen=True)
class FunOf(Form):
    """`fun module:name/arity`."""

    module: str
    name: str
    arity: int


@dataclass(frozen=True)
class Clause(Form):
    """Patterns, a guard, and what follows."""

    patterns: tuple[Form, ...]
    guard: Form | None
    body: tuple[Form, ...]


@dataclass(frozen=True)
class Fun(Form):
    """A fun."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Case(Form):
    """`case`."""

    subject: Form
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class If(Form):
    """The first branch whose condition is true, else `otherwise`."""

    branches: tuple[tuple[Form, tuple[Form, ...]], ...]
    otherwise: tuple[Form, ...]


@dataclass(frozen=True)
class Receive(Form):
    """`receive`; `after` is the time and what is done then."""

    clauses: tuple[Clause, ...]
    after: tuple[Form, tuple[Form, ...]] | None = None


@dataclass(frozen=True)
class Catch(Form):
    """One clause behind `catch`: the class is an atom's name or a variable."""

    kind: str | Var
    pattern: Form
    stack: Var | None
    guard: Form | None
    body: tuple[Form, ...]


@dataclass(frozen=True)
class Try(Form):
    """`try`, with what is done with its value, on failures, and in any case."""

    body: tuple[Form, ...]
    clauses: tuple[Clause, ...]
    catches: tuple[Catch, ...]
    after: tuple[Form, ...]


@dataclass(frozen=True)
class Generator(Form):
    """`Pattern <- List`."""

    pattern: Form
    source: Form

    def parts(self) -> Iterator[Any]:
        """The list is evaluated before the pattern is bound."""
        yield self.source
        yield self.pattern


@dataclass(frozen=True)
class Comprehension(Form):
    """A list comprehension: generators and filters."""

    item: Form
    qualifiers: tuple[Form, ...]

    def parts(self) -> Iterator[Any]:
        """Generators bind what the item uses."""
        yield self.qualifiers
        yield self.item


@dataclass(frozen=True)
class Match(Form):
    """`Pattern = Value`."""

    pattern: Form
    value: Form

    def parts(self) -> Iterator[Any]:
        """The value is evaluated first."""
        yield self.value
        yield self.pattern


@dataclass(frozen=True)
class Op(Form):
    """An operator by Erlang's name between two operands; `===` is `=:=` where it may differ from `==`."""

    name: str
    left: Form
    right: Form


@dataclass(frozen=True)
class Unary(Form):
    """`not` or `-`."""

    name: str
    value: Form


@dataclass(frozen=True)
class Hole(Form):
    """What was not translated: whose it is, why, and the Python text."""

    module: str
    function: str
    reason: str
    place: str
    text: tuple[str, ...]


@dataclass(frozen=True)
class Commented(Form):
    """An expression with the comment that stands before it."""

    lines: tuple[str, ...]
    form: Form


@dataclass(frozen=True)
class Spec:
    """Types of arguments and of the value."""

    arguments: tuple[Any, ...]
    value: Any


@dataclass(frozen=True)
class Function:
    """A function of a module, with all clauses. `state` is `whole`, `part` (some clauses are holes) or `hole`."""

    name: str
    arity: int
    clauses: tuple[Clause, ...]
    document: str
    spec: Spec | None
    exported: bool
    callback_of: str
    state: str
    reasons: tuple[str, ...] = ()
    place: str = ""
    is_added: bool = False


@dataclass(frozen=True)
class Module:
    """A module of the port. `constants`, `types` and `records` are named."""

    name: str
    behaviours: tuple[str, ...]
    document: str
    constants: tuple[tuple[str, Form], ...]
    types: tuple[tuple[str, Any], ...]
    records: tuple[tuple[str, tuple[tuple[str, Form | None, Any], ...]], ...]
    functions: tuple[Function, ...]
    source: str
    notes: tuple[str, ...] = field(default=())


TRUE, FALSE, OK = Atom("true"), Atom("false"), Atom("ok")
NIL = List(())


def rebuilt(form: Any, change: Callable[[Form], Form]) -> Any:
    """A form with `change(part)` in the place of each part, the inner ones first."""
    if isinstance(form, tuple):
        return tuple(rebuilt(each, change) for each in form)
    if not isinstance(form, Form) or isinstance(form, Var):
        return form
    inner = {each.name: rebuilt(getattr(form, each.name), change) for each in fields(form)}  # type: ignore[arg-type]
    return change(replace(form, **inner))  # type: ignore[type-var]


def within(form: Any) -> Iterator[Form]:
    """A form and every form inside it, in the order of evaluation."""
    if isinstance(form, Form):
        yield form
        for part in form.parts():
            yield from within(part)
    elif isinstance(form, (tuple, list)):
        for part in form:
            yield from within(part)


def variables(form: Any) -> list[Var]:
    """The variables in a form, each time that they stand in it."""
    return [each for each in within(form) if isinstance(each, Var)]


def holes(form: Any) -> list[Hole]:
    """The holes in a form."""
    return [each for each in within(form) if isinstance(each, Hole)]
