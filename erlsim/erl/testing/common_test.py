"""Common Test's suites: the cases that `all/0` and `groups/0` name, each with the configuration that it is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from erlsim import terms
from erlsim.erl.library import proplists
from erlsim.erl.library.io_lib import text_of
from erlsim.erl.running.cells import listed
from erlsim.erl.testing.outcomes import Failed, Outcome, Passed, Skipped, Stopped, called, in_process
from erlsim.errors import ErlangException
from erlsim.otp import net_kernel
from erlsim.terms import Term, matchable

__in_stacks__ = False

Functions = dict[tuple[Any, int], Any]
NODE = "ct"
"""What the node is called in a case, as `ct_run` calls it; its host is `localhost`."""
LIMIT = 30 * 60 * 1000
"""So many virtual milliseconds may a case take, unless its suite says otherwise."""


@dataclass(frozen=True, slots=True)
class TestCase:
    """One case, and the groups that it is in, the outermost first: `(Name, Properties)`."""

    name: str
    groups: tuple[tuple[Any, Term], ...]
    before: tuple[str, ...] = ()
    """In a group with the property `sequence`, the cases before it, which run first."""

    @property
    def shown(self) -> str:
        """The name behind those of its groups."""
        return ".".join([*(str(name) for name, _ in self.groups), self.name])


class BadSuite(Exception):
    """What `all/0` or `groups/0` gives is not understood."""


async def cases(functions: Functions) -> list[TestCase]:
    """The cases of a suite, in its order."""
    if ("all", 0) not in functions:
        raise BadSuite("it exports no all/0")
    groups: Term = []
    if _has(functions, "groups", 0):
        groups = await in_process("groups", lambda: called(functions["groups", 0]), LIMIT)
    every = await in_process("all", lambda: called(functions["all", 0]), LIMIT)
    match matchable(every):
        case ("skip", reason):
            raise BadSuite(f"all/0 skips the suite: {terms.format('~0tp', [reason])}")
    return list(_members(every, {name: (properties, members) for name, properties, members in map(_group, groups)}))


def _has(functions: Functions, name: str, arity: int) -> bool:
    return (name, arity) in functions


def _group(term: Term) -> tuple[Any, Term, Term]:
    match matchable(term):
        case (name, properties, members):
            return name, properties, members
        case (name, members):
            return name, [], members
    raise BadSuite(f"groups/0 has {terms.format('~0tp', [term])}")


def _members(found: Term, groups: dict[Any, tuple[Term, Term]], around: tuple[Any, ...] = ()) -> Iterator[TestCase]:
    before: tuple[str, ...] = ()
    for each in listed(found) or []:
        match matchable(each):
            case str(name) | ("testcase", str(name), _) | ("testcase", str(name)):
                yield TestCase(name, around, before)
                if around and "sequence" in (listed(around[-1][1]) or []):
                    before = (*before, name)
            case ("group", name, *rest):
                if name not in groups:
                    raise BadSuite(f"there is no group {terms.format('~0tp', [name])}")
                properties, members = groups[name]
                if rest and rest[0] != "default":
                    properties = rest[0]
                yield from _members(members, groups, (*around, (name, properties)))
            case (name, properties, members):
                yield from _members(members, groups, (*around, (name, properties)))
            case _:
                raise BadSuite(f"no case: {terms.format('~0tp', [each])}")


class Run:
    """One case with all that is around it."""

    def __init__(self, functions: Functions, case: TestCase, folder: str) -> None:
        """`folder` is where the suite's `_data` folder is."""
        self.functions = functions
        self.case = case
        self.folder = folder
        self.limit: float = LIMIT

    async def outcome(self, suite: str) -> Outcome:
        """Run the case."""
        net_kernel.start([NODE, "shortnames"])
        config: Term = [("data_dir", terms.chars(f"{self.folder}/{suite}_data/")), ("priv_dir", terms.chars("/priv/"))]
        try:
            if _has(self.functions, "suite", 0):
                self._timetrap(await in_process("suite", lambda: called(self.functions["suite", 0]), LIMIT))
            return await self._within(["suite", *self.case.groups], config)
        except _Skip as skip:
            return Skipped(skip.reason)
        except Stopped as stopped:
            return _skipped(stopped.failure) or stopped.failure

    def _timetrap(self, info: Term) -> None:
        found = proplists.get_value("timetrap", info)
        if found != "undefined":
            self.limit = milliseconds(found)

    async def _within(self, around: list[Any], config: Term) -> Outcome:
        """The case inside of what is around it: the suite, then each group."""
        if not around:
            for name in self.case.before:
                await self._case(name, config)
            return await self._case(self.case.name, config)
        first, *rest = around
        name, before, after = ("suite", (), ()) if first == "suite" else ("group", (first[0],), (first[0],))
        if first != "suite":
            config = [("tc_group_properties", [("name", first[0]), *(listed(first[1]) or [])]), *(listed(config) or [])]
        found = await self._init(f"init_per_{name}", *before, config=config)
        try:
            return await self._within(rest, found)
        finally:
            if _has(self.functions, f"end_per_{name}", len(after) + 1):
                end = self.functions[f"end_per_{name}", len(after) + 1]
                await in_process(f"end_per_{name}", lambda: called(end, *after, found), self.limit)

    async def _init(self, function: str, *args: Term, config: Term) -> Term:
        if not _has(self.functions, function, len(args) + 1):
            return config
        init = self.functions[function, len(args) + 1]
        return _config(function, await in_process(function, lambda: called(init, *args, config), self.limit))

    async def _case(self, name: str, config: Term) -> Outcome:
        """In one process: `init_per_testcase`, the case, `end_per_testcase`."""
        if not _has(self.functions, name, 1):
            return Failed("test", "error", ("undef", name))
        if _has(self.functions, name, 0):
            self._timetrap(await in_process("info", lambda: called(self.functions[name, 0]), LIMIT))

        async def whole() -> Term:
            given = config
            if _has(self.functions, "init_per_testcase", 2):
                init = self.functions["init_per_testcase", 2]
                given = await called(init, name, config)
                if _refuses(given):
                    return given
            try:
                value = await called(self.functions[name, 1], given)
            finally:
                after = await self._end(name, given)
            return after if _refuses(after) else value

        return _verdict(await in_process("test", whole, self.limit))

    async def _end(self, name: str, config: Term) -> Term:
        """`end_per_testcase` says by its value alone that a case has failed: its own failure is passed over."""
        if not _has(self.functions, "end_per_testcase", 2):
            return "ok"
        try:
            return await called(self.functions["end_per_testcase", 2], name, config)
        except ErlangException:
            return "ok"


class _Skip(Exception):
    def __init__(self, reason: Term) -> None:
        super().__init__(reason)
        self.reason = reason


def _refuses(found: Term) -> bool:
    """Whether an init function gives a word on the case in place of a configuration."""
    return type(found) is tuple and bool(found) and found[0] in ("skip", "skipped", "skip_and_save", "fail", "failed")


def _config(function: str, found: Term) -> Term:
    """The configuration that an init function gives; it may skip or fail instead."""
    match matchable(found):
        case ("skip" | "skipped", reason) | ("skip_and_save", reason, _):
            raise _Skip(reason)
        case ("fail" | "failed", reason):
            raise Stopped(Failed(function, "failed", reason))
        case ("return_group_result", _) | ("comment", _):
            return []
    return found


def _verdict(value: Term) -> Outcome:
    match matchable(value):
        case ("skip" | "skipped", reason) | ("skip_and_save", reason, _):
            return Skipped(reason)
        case ("fail" | "failed", reason):
            return Failed("test", "failed", reason)
        case ("comment", text):
            return Passed(text_of(text))
    return Passed()


def _skipped(failure: Failed) -> Skipped | None:
    match (failure.kind, failure.reason):
        case ("exit" | "throw", ("skip" | "skipped", reason)):
            return Skipped(reason)
    return None


def milliseconds(time: Term) -> float:
    """What a timetrap says."""
    match matchable(time):
        case "infinity":
            return float("inf")
        case ("hours", count):
            return float(count * 3_600_000)
        case ("minutes", count):
            return float(count * 60_000)
        case ("seconds", count):
            return float(count * 1000)
        case int() | float():
            return float(time)
    return LIMIT
