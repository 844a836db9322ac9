"""The steps of a scenario as data: calls, clients, sleeps, looks, and what each is expected to show.

Arguments and patterns are terms that may hold `Var` (a value by name, bound by the first pattern that has it and
compared by later ones, as Erlang's variables are), `SELF` (whoever takes the steps), `Ms` (milliseconds that are
scaled with the sleeps), `Module` (a module by its name
there) and, in patterns, `...` for anything. Operations:

    call      M:F(A...) by the driver; observed: its value, or the class and reason of its failure
    client    a process of its own makes the calls one after another and sends `{Client, {ok, Value}}` or
              `{Client, {Class, Reason}}` for each; it lives on until it is killed. Observed: its pid
    race      several clients at once, nobody waits between them; observed: `{Client, Outcome}` of each in the order
              in which they were started, `waiting` for who has no answer after `ms`
    receive   the first message that matches, for at most `ms`; observed: the message, or `timeout`, which is
              expected only by the pattern `timeout`: no message is to come
    flush     all messages in the driver's mailbox
    reports   reports of the logger since the last look: `{Level, {Label, Report}}`
    tree      the children of a supervisor all the way down: `{Id, Pid, Type, Modules, Children}`
    sleep     `ms` pass; nothing is observed

After each but `sleep` the driver waits for the others to come to rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from erlsim import terms
from erlsim.errors import ErlsimError
from erlsim.terms import Term

CALL, CLIENT, RACE, RECEIVE = "call", "client", "race", "receive"
FLUSH, REPORTS, TREE, SLEEP = "flush", "reports", "tree", "sleep"
OPERATIONS = (CALL, CLIENT, RACE, RECEIVE, FLUSH, REPORTS, TREE, SLEEP)
CLASSES = ("ok", "exit", "error", "throw")
# What a step shows is under such a word when all went well.
KINDS = {CLIENT: "ok", CALL: "ok", RACE: "race", RECEIVE: "received", FLUSH: "flush", REPORTS: "reports", TREE: "tree"}


@dataclass(frozen=True, slots=True)
class Var:
    """A value by name. `Var("_")` is anything, like `...`."""

    name: str

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Ms:
    """Milliseconds, scaled where sleeps are scaled."""

    ms: int


@dataclass(frozen=True, slots=True)
class Module:
    """The module that has this name in the Erlang port, by the name that it has where the scenario runs."""

    name: str


class Self:
    """`self()`: the process that takes the steps."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "self()"


SELF = Self()


class Call(NamedTuple):
    """`module:function(args...)`."""

    module: str
    function: str
    args: tuple[Term, ...] = ()


class Expected(NamedTuple):
    """What a step must show: a class (`ok`, `exit`, `error`, `throw`) and a pattern."""

    kind: str
    pattern: Term


@dataclass(frozen=True, slots=True)
class Step:
    """One step; which fields count depends on the operation. `label` is what a reader calls it, `line` its place."""

    op: str
    calls: tuple[Call, ...] = ()
    ms: int = 0
    subject: Term = None
    """Whose children a `tree` shows."""
    expected: Expected | None = None
    is_sorted: bool = False
    """The order of a call's result, a list, does not count."""
    label: str = ""
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if self.op not in OPERATIONS:
            raise ErlsimError(f"no step is called {self.op!r}; there are {', '.join(OPERATIONS)}")
        if self.expected is not None and self.expected.kind not in CLASSES:
            raise ErlsimError(f"a step shows one of {', '.join(CLASSES)}, not {self.expected.kind!r}")
        if type(self.ms) is not int or self.ms < 0:
            raise ErlsimError(f"a step takes a number of milliseconds, not {self.ms!r}")

    @property
    def is_silent(self) -> bool:
        """Whether nothing is observed."""
        return self.op == SLEEP


def walk(term: Any) -> Iterator[Any]:
    """A term and all of its parts, from left to right."""
    yield term
    if isinstance(term, tuple | list):
        for each in term:
            yield from walk(each)
    elif isinstance(term, dict | terms.TermMap):
        for name, value in term.items():
            yield from walk(name)
            yield from walk(value)
    elif isinstance(term, terms.Improper):
        for each in [*term.items, term.tail]:
            yield from walk(each)


def rebuilt(term: Any, leaf: Callable[[Any], Any]) -> Any:
    """A term with `leaf(part)` in the place of each part that has no parts."""
    if isinstance(term, tuple):
        return tuple(rebuilt(each, leaf) for each in term)
    if isinstance(term, list):
        return [rebuilt(each, leaf) for each in term]
    if isinstance(term, dict | terms.TermMap):
        return terms.make_map((rebuilt(name, leaf), rebuilt(value, leaf)) for name, value in term.items())
    if isinstance(term, terms.Improper):
        return terms.cons([rebuilt(each, leaf) for each in term.items], rebuilt(term.tail, leaf))
    return leaf(term)


def variables(term: Any) -> list[str]:
    """The names in a term, each once, in the order in which they first appear."""
    return list(dict.fromkeys(each.name for each in walk(term) if isinstance(each, Var) and each.name != "_"))


def used(step: Step) -> list[str]:
    """The names whose values a step needs."""
    found = [name for call in step.calls for name in variables(list(call.args))]
    return list(dict.fromkeys([*found, *variables(step.subject)]))
