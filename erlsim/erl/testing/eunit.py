"""EUnit's tests: what a module's functions stand for, one by one.

A test is found by the way to it: the numbers of the branches that lead there. So the tests can be listed once, and
each then be run in a simulation of its own: with the setups on its way, and behind the tests of the same function that
come before it, which may have left something behind for it.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from erlsim import code, terms
from erlsim.erl.library.io_lib import text_of
from erlsim.erl.running.calls import is_fun
from erlsim.erl.running.cells import is_list, listed
from erlsim.erl.testing.outcomes import Failed, Outcome, Passed, Stopped, called, in_process
from erlsim.terms import Term

__in_stacks__ = False

Way = tuple[int, ...]
Functions = dict[tuple[Any, int], Any]
SECOND = 1000
LIMIT = 5 * SECOND
"""So many virtual milliseconds may a test or a setup take, unless `{timeout, Seconds, Tests}` says otherwise."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One test: the way to it, its name, its description, its line and what runs."""

    way: Way
    name: str
    title: str
    line: int | None
    run: Callable[[], Awaitable[Term]]
    limit: float

    @property
    def shown(self) -> str:
        """The name with the description, or with the line, which tells tests of one generator apart."""
        if self.title:
            return f"{self.name} ({self.title})"
        return self.name if self.line is None else f"{self.name}:{self.line}"


@dataclass(frozen=True, slots=True)
class _Around:
    """What is around a test: of which function it is, and what its groups say."""

    way: Way = ()
    name: str = ""
    title: str = ""
    line: int | None = None
    limit: float = LIMIT

    def at(self, branch: int) -> _Around:
        """The same for a branch."""
        return replace(self, way=(*self.way, branch))


class BadTest(Exception):
    """A term that is no test."""

    def __init__(self, term: Term) -> None:
        super().__init__(f"no test: {terms.format('~0tp', [term])}")
        self.term = term


Visit = Callable[[Leaf], Awaitable[None]]


class Walk:
    """Goes through the tests of a module; along one way, if one is given."""

    def __init__(self, functions: Functions, visit: Visit, wanted: Way | None = None) -> None:
        """`functions` are the exported functions of the module."""
        self.functions = functions
        self.visit = visit
        self.wanted = wanted

    async def module(self) -> None:
        """The functions of the module whose names end in `_test` and `_test_`."""
        found = [name for name, arity in self.functions if arity == 0 and type(name) is str]
        for branch, name in enumerate(each for each in found if each.endswith(("_test", "_test_"))):
            around = _Around((branch,), name)
            if name.endswith("_test"):
                await self._leaf(self.functions[name, 0], around)
            else:
                await self._generated(self.functions[name, 0], around)

    def _leads_on(self, way: Way) -> bool:
        """Whether a way is that of what is wanted, or of what comes before it in its function."""
        return self.wanted is None or (way[0] == self.wanted[0] and way[: len(self.wanted)] <= self.wanted[: len(way)])

    async def _leaf(self, fun: Any, around: _Around) -> None:
        if self._leads_on(around.way):
            run = lambda: called(fun)  # noqa: E731 (it is called once)
            await self.visit(Leaf(around.way, around.name, around.title, around.line, run, around.limit))

    async def _generated(self, fun: Any, around: _Around) -> None:
        if self._leads_on(around.way):
            try:
                tests = await in_process("generator", lambda: called(fun), around.limit)
            except Stopped:
                await self._told_later(around)
            else:
                await self.walk(tests, around)

    async def _told_later(self, around: _Around) -> None:
        """What is around tests fails: when they are listed it stands for them, to fail again when it is run."""
        if self.wanted is not None:
            raise
        await self.visit(Leaf(around.way, around.name, around.title, around.line, _nothing, around.limit))

    async def walk(self, tests: Term, around: _Around) -> None:
        """The tests that a term stands for."""
        if not self._leads_on(around.way):
            return
        if is_fun(tests):
            await self._leaf(tests, around)
        elif is_list(tests):
            for branch, each in enumerate(listed(tests) or []):
                await self.walk(each, around.at(branch))
        elif type(tests) is tuple and tests:
            await self._tuple(tests, around)
        else:
            raise BadTest(tests)

    async def _tuple(self, tests: tuple[Any, ...], around: _Around) -> None:
        match tests:
            case (int(line), each) if type(line) is int:
                await self.walk(each, replace(around, line=line))
            case ("timeout", (int() | float()) as seconds, each):
                await self.walk(each, replace(around, limit=seconds * SECOND))
            case ("spawn" | "inorder" | "inparallel" | "test", each) | ("inparallel", int(), each):
                await self.walk(each, around)
            case ("generator", fun):
                await self._generated(fun, around)
            case ("generator", _, str(name)) | ("test", _, str(name)):
                await self._named(name, around)
            case ("with", value, funs):
                for branch, fun in enumerate(listed(funs) or []):
                    await self._leaf(_given(fun, value), around.at(branch))
            case ("setup", *rest):
                await self._setup(_parts(rest, tests), around)
            case ("foreach", *rest):
                place, setup, cleanup, each = _parts(rest, tests)
                for branch, one in enumerate(listed(each) or []):
                    await self._setup((place, setup, cleanup, one), around.at(branch))
            case ("foreachx", *rest):
                place, setup, cleanup, each = _parts(rest, tests)
                for branch, (value, one) in enumerate(listed(each) or []):
                    parts = (place, _given(setup, value), _given(cleanup, value), _given(one, value))
                    await self._setup(parts, around.at(branch))
            case (title, each) if is_list(title) or type(title) is bytes:
                await self.walk(each, replace(around, title=text_of(title)))
            case (title, int(line), each) if is_list(title) or type(title) is bytes:
                await self.walk(each, replace(around, title=text_of(title), line=line))
            case _:
                raise BadTest(tests)

    async def _named(self, name: str, around: _Around) -> None:
        fun = self.functions.get((name, 0))
        if fun is None:
            raise BadTest(name)
        await (self._generated if name.endswith("_") else self._leaf)(fun, replace(around, name=name))

    async def _setup(self, parts: tuple[Any, Any, Any, Any], around: _Around) -> None:
        if not self._leads_on(around.way):
            return
        _, setup, cleanup, tests = parts

        async def whole() -> None:
            value = await called(setup)
            try:
                inner = await called(_given(tests, value)) if is_fun(tests) and code.takes(tests, 1) else tests
                await self.walk(inner, around)
            finally:
                if cleanup is not None:
                    await called(cleanup, value)

        # Links of the setup's processes hold as long as its tests run.
        try:
            await in_process("setup", whole, math.inf)
        except Stopped:
            await self._told_later(around)


async def _nothing() -> Term:
    return "ok"


def _given(fun: Any, value: Term) -> Any:
    """A fun with its first argument."""
    return lambda *args: fun(value, *args)


def _parts(rest: list[Any], tests: Term) -> tuple[Any, Any, Any, Any]:
    """Where, setup, cleanup and tests of a fixture."""
    where: Any = rest.pop(0) if rest and rest[0] in ("spawn", "local") else "spawn"
    match rest:
        case [setup, tests_of]:
            return where, setup, None, tests_of
        case [setup, cleanup, tests_of]:
            return where, setup, cleanup, tests_of
    raise BadTest(tests)


async def leaves(functions: Functions) -> list[Leaf]:
    """All tests of a module. Its generators and setups run, its tests do not."""
    found: list[Leaf] = []

    async def note(leaf: Leaf) -> None:
        found.append(leaf)

    await Walk(functions, note).module()
    return found


async def run(functions: Functions, way: Way) -> Outcome:
    """Run the one test that a way leads to."""
    outcomes: list[Outcome] = []

    async def one(leaf: Leaf) -> None:
        try:
            await in_process("test", leaf.run, leaf.limit)
            outcome: Outcome = Passed()
        except Stopped as stopped:
            outcome = stopped.failure
        if leaf.way == way:
            outcomes.append(outcome)

    try:
        await Walk(functions, one, way).module()
    except Stopped as stopped:
        outcomes.append(stopped.failure)
    except BadTest as bad:
        outcomes.append(Failed("generator", "error", ("bad_test", bad.term)))
    if not outcomes:
        return Failed("generator", "error", "the generator gives another number of tests than before")
    failures = [each for each in outcomes if type(each) is Failed]
    return failures[0] if failures else outcomes[0]
