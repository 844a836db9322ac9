"""What a function is read with: the program, its own module, what names stand for, and what is known of kinds.

`Facts` are found by reading the program again and again: each reading notes the kinds of arguments, results and states
that it sees, and the next one knows them, until nothing is new.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from erlsim.porting.drafts import kinds
from erlsim.porting.drafts.forms import Atom, Form, Tuple
from erlsim.porting.drafts.kinds import ANY, NEVER, Kind
from erlsim.porting.drafts.refusals import Refused, text_of
from erlsim.porting.drafts.sources import File, Program, Unit, dotted


@dataclass(frozen=True)
class Binding:
    """What a Python name stands for here."""

    form: Form
    kind: Kind


Env = dict[str, Binding]


_NO_TUPLES = ("atom", "boolean", "integer", "float", "number", "binary", "pid", "reference", "list", "map", "fun")

# What OTP itself sends.
_OF_OTP = {
    ("info", "DOWN", 5): kinds.tuple_of(kinds.ATOM, kinds.REFERENCE, kinds.ATOM, ANY, ANY),
    ("info", "EXIT", 3): kinds.tuple_of(kinds.ATOM, kinds.PID, ANY),
    ("info", "timeout", 3): kinds.tuple_of(kinds.ATOM, kinds.REFERENCE, ANY),
}


@dataclass
class Facts:
    """What is known of the program's functions. Keys are (module, function), with an arity or a place behind."""

    arguments: dict[tuple[str, str, int], Kind] = field(default_factory=dict)
    returned: dict[tuple[str, str], Kind] = field(default_factory=dict)
    states: dict[str, Kind] = field(default_factory=dict)
    # Messages that the program sends: how (`call`, `cast`, `info`, ...), the tag and the size of the tuple.
    messages: dict[tuple[str, str, int], Kind] = field(default_factory=dict)
    # How messages are sent of which nothing is known.
    open_messages: set[str] = field(default_factory=set)
    # What is in a table, by its name.
    tables: dict[str, Kind] = field(default_factory=dict)
    # Functions whose value a callback returns as its own.
    delegates: set[tuple[str, str]] = field(default_factory=set)
    called: set[tuple[str, str]] = field(default_factory=set)
    exported: set[tuple[str, str, int]] = field(default_factory=set)
    used: set[tuple[str, str, int]] = field(default_factory=set)
    # The last rounds: what has not been seen by now may be anything.
    is_last: bool = False

    def note(self, module: str, function: str, place: int, kind: Kind) -> None:
        """An argument of this kind was seen."""
        key = (module, function, place)
        self.arguments[key] = kinds.shallow(kinds.join(self.arguments.get(key, NEVER), kind))

    def note_returned(self, module: str, function: str, kind: Kind) -> None:
        """A function returns such a term."""
        key = (module, function)
        self.returned[key] = kinds.shallow(kinds.join(self.returned.get(key, NEVER), kind))

    def note_state(self, module: str, kind: Kind) -> None:
        """The state of a server may be such a term."""
        self.states[module] = kinds.shallow(kinds.join(self.states.get(module, NEVER), kind))

    def note_message(self, how: str, form: Form, kind: Kind) -> None:
        """Such a message is sent."""
        match form:
            case Tuple(items=[Atom(name=tag), *_]) if len(kind.items) == len(form.items):
                key = (how, tag, len(form.items))
                self.messages[key] = kinds.shallow(kinds.join(self.messages.get(key, NEVER), kind))
            case _ if kind.name not in _NO_TUPLES and (kind != NEVER or self.is_last):
                self.open_messages.add(how)

    def message(self, how: str, tag: str, size: int) -> Kind:
        """What is known of the messages with a tag that come so."""
        if (how, tag, size) in _OF_OTP:
            return _OF_OTP[how, tag, size]
        if how in self.open_messages:
            return ANY
        return self.seen(self.messages.get((how, tag, size), NEVER))

    def note_rows(self, table: str, kind: Kind) -> None:
        """Such a row is put into a table."""
        self.tables[table] = kinds.shallow(kinds.join(self.tables.get(table, NEVER), kind))

    def rows(self, table: str) -> Kind:
        """What is known of the rows of a table: tuples, at least."""
        if "" in self.tables:
            return kinds.SOME_TUPLE
        found = self.tables.get(table, NEVER)
        return found if found != NEVER or not self.is_last else kinds.SOME_TUPLE

    def seen(self, kind: Kind) -> Kind:
        """A kind as it is known by now."""
        return kinds.settled(kind) if self.is_last else kind

    def snapshot(self) -> object:
        """What is compared to see whether a round has found anything new."""
        grown = [len(each) for each in (self.called, self.exported, self.open_messages, self.delegates)]
        return (
            dict(self.arguments),
            dict(self.returned),
            dict(self.states),
            dict(self.messages),
            dict(self.tables),
            grown,
        )


@dataclass
class Here:
    """Where the reader is."""

    program: Program
    unit: Unit
    facts: Facts
    function: str = ""
    arity: int = 0
    # What is returned by the function that is read.
    returns: list[tuple[Form, Kind]] = field(default_factory=list)
    # Functions made of loops.
    helpers: list[object] = field(default_factory=list)

    @property
    def file(self) -> File:
        """The source file."""
        return self.unit.file


class Base:
    """What all parts of the reader share."""

    def __init__(self, here: Here) -> None:
        self.here = here

    def expression(self, node: ast.expr, env: Env) -> tuple[Form, Kind]:
        """The form of an expression and its kind."""
        raise NotImplementedError

    def condition(self, node: ast.expr, env: Env) -> Form:
        """An expression as a condition: its form is `true` or `false`."""
        raise NotImplementedError

    def receive(self, node: ast.Call, env: Env) -> tuple[Form, Kind]:
        """A receive whose value is the message."""
        raise NotImplementedError

    def forms(self, nodes: list[ast.expr], env: Env) -> tuple[list[Form], list[Kind]]:
        """Several expressions."""
        found = [self.expression(each, env) for each in nodes]
        return [form for form, _ in found], [kind for _, kind in found]

    def dotted(self, node: ast.AST, env: Env) -> str:
        """The dotted name that an expression is; empty for what is bound here."""
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name) and root.id in env:
            return ""
        return dotted(node, self.here.file)

    def kind_of_hint(self, hint: ast.expr | None) -> Kind:
        """The kind that a type hint says."""
        return kinds.of_hint(hint, self.named_type)

    def named_type(self, name: str) -> ast.expr | Kind | None:
        """What a name in a type hint stands for."""
        file = self.here.file
        if name in file.records:
            return Kind("record", (), name)
        if name in file.maps:
            return self._of_typed_dict(file.maps[name])
        found = file.aliases.get(name)
        if found is not None:
            return found
        target = file.imports.get(name, "")
        for other in self.here.program.files:
            if target == f"{other.dotted}.{name}":
                return other.aliases.get(name)
        return None

    def _of_typed_dict(self, node: ast.ClassDef) -> Kind:
        """The maps that a `TypedDict` tells of."""
        hints = [each for each in node.body if isinstance(each, ast.AnnAssign)]
        found = {ast.unparse(each.target): self.kind_of_hint(each.annotation) for each in hints}
        return kinds.map_with(found, sure=frozenset() if node.keywords else frozenset(found))

    # Whether what is read is a guard of a case, or the filter of a comprehension.
    in_guard = False
    in_filter = False

    def never_fails(self, node: ast.AST, what: str) -> None:
        """Refuse in a guard or a filter what may fail: Erlang takes that for false, Python does not."""
        if self.in_guard or self.in_filter:
            raise self.refuse(node, f"{what}, and a guard or a filter that fails is false in Erlang: ask before")

    def refuse(self, node: ast.AST, reason: str) -> Refused:
        """A refusal of a node, with its text."""
        return Refused(node, f"`{text_of(node)}`: {reason}")


def fresh(env: Env) -> Env:
    """An environment for a branch."""
    return dict(env)


Continuation = Callable[[Env], list[Form]]
__all__ = ["ANY", "NEVER", "Base", "Binding", "Continuation", "Env", "Facts", "Here", "fresh"]
