"""Patterns of Python values: what `receive` takes, what an assertion on a trace looks for.

Every message that is received comes by here, hence the care for speed.

A predicate is asked as Erlang asks a guard: it may look at the term and at who it is, and do nothing. `self()` in it
is the process that receives. Whatever else it asks of the simulation it is refused, with an error that says so: while
it runs, a `Guard` stands where the current world stands.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CoroutineType, FunctionType, MethodType
from typing import Any, Final, NoReturn

from erlsim.errors import ErlsimError, pass_on
from erlsim.terms.order import NUMBERS, exact_eq
from erlsim.terms.term import Term
from erlsim.threads import LOADED, thread

Predicate = Callable[[Term], Any]

_SCALARS: Final = frozenset({str, bytes, int, float, bool})
_NESTING: Final = frozenset({tuple, list})


def matches(pattern: Any, term: Term, ask: Callable[[Predicate, Term], bool] | None = None) -> bool:
    """Whether `term` matches `pattern`.

    `...` matches anything, a class its instances (`int` no boolean), a plain function is a predicate; tuples and
    lists match part by part, a dict what has these keys with values that match. Anything else matches what is
    `=:=` to it. A predicate that raises does not match, as a failing guard does not. Predicates are asked as guards
    unless `ask`, such as `ask_freely`, says how.
    """
    if pattern is ... or pattern is term:
        return True
    kind = type(pattern)
    if kind in _SCALARS:
        return type(term) is kind and bool(pattern == term)
    if kind is tuple or kind is list:
        if type(term) is not kind or len(term) != len(pattern):
            return False
        # They are of one length: to have `zip` check it once more would take it twice as long.
        for part, value in zip(pattern, term):  # noqa: B905
            if part is not ... and part is not value:
                try:
                    if not matches(part, value, ask):
                        return False
                except RecursionError:
                    return _matches_deep(pattern, term, ask)
        return True
    return _matches_other(pattern, term, ask or ask_as_guard)


def _matches_deep(pattern: Any, term: Term, ask: Callable[[Predicate, Term], bool] | None) -> bool:
    """The same without recursion, for patterns that are deeper than Python's stack."""
    todo = [(pattern, term)]
    while todo:
        pattern, term = todo.pop()
        if pattern is term:
            continue
        if type(pattern) in _NESTING:
            if type(term) is not type(pattern) or len(term) != len(pattern):
                return False
            todo += list(zip(pattern, term, strict=True))[::-1]
        elif isinstance(pattern, dict):
            if not isinstance(term, dict) or not all(name in term for name in pattern):
                return False
            todo += [(part, term[name]) for name, part in pattern.items()][::-1]
        elif not matches(pattern, term, ask):
            return False
    return True


def parts(pattern: Any, term: Term) -> list[Term]:
    """The parts of a term that matches where the pattern leaves them open: `...`, a class or a predicate."""
    if pattern is ... or isinstance(pattern, type | FunctionType | MethodType):
        return [term]
    if type(pattern) in (tuple, list):
        return [each for part, value in zip(pattern, term, strict=True) for each in parts(part, value)]
    if isinstance(pattern, dict):
        return [each for key, part in pattern.items() for each in parts(part, term[key])]
    return []


def _matches_other(pattern: Any, term: Term, ask: Callable[[Predicate, Term], bool]) -> bool:
    if isinstance(pattern, type):
        # True and 1 are different terms, though bool is Python's subclass of int.
        return isinstance(term, pattern) and (type(term) is not bool or pattern in (bool, object))
    if isinstance(pattern, FunctionType | MethodType):
        return ask(pattern, term)
    if isinstance(pattern, dict):
        try:
            return isinstance(term, dict) and _has_rows(pattern, term, ask)
        except RecursionError:
            return _matches_deep(pattern, term, ask)
    return exact_eq(pattern, term)


def _has_rows(pattern: dict[Any, Any], term: dict[Any, Term], ask: Callable[[Predicate, Term], bool]) -> bool:
    for name, part in pattern.items():  # noqa: SIM110 - a generator would need C's stack for a map in a map
        if name not in term or not matches(part, term[name], ask):
            return False
    return True


# ---- predicates -------------------------------------------------------------------


class NotInGuard(ErlsimError):
    """A predicate of `receive` has asked for what has an effect."""

    # Shown, and found, where users know it.
    __module__ = "erlsim"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}: a predicate of receive is a guard, which may look at the message and call self() and node(), and "
            "has no effect; receive first, then act"
        )


class _Caller:
    """The receiver, of whom a guard may know the pid."""

    __slots__ = ("pid",)

    def __init__(self, pid: Any) -> None:
        self.pid = pid

    def __getattr__(self, name: str) -> NoReturn:
        raise NotInGuard("a predicate acts on its process")


class _Extensions:
    """What the layers above keep for a world; of that guards may use the loaded modules, and nothing else."""

    __slots__ = ("_world",)

    def __init__(self, world: Any) -> None:
        self._world = world

    def get(self, name: str) -> Any:
        """What is kept under `name`."""
        if name != LOADED:
            raise NotInGuard(f"a predicate uses the simulation's {name}")
        return self._world.extensions.get(name)


class Guard:
    """Takes the place of `world` while a predicate is asked, and refuses whatever is not allowed in a guard."""

    __slots__ = ("_world", "current", "extensions")

    closing = False

    def __init__(self, world: Any) -> None:
        self._world = world
        self.current = _Caller(world.current.pid)
        self.extensions = _Extensions(world)

    def extension(self, name: str, factory: Callable[[], Any]) -> Any:
        """The numbers of opaque objects, which comparing needs, and nothing else."""
        if name != NUMBERS:
            raise NotInGuard(f"a predicate uses the simulation's {name}")
        return self._world.extension(name, factory)

    def __getattr__(self, name: str) -> NoReturn:
        raise NotInGuard("a predicate acts on the simulation")


def ask_as_guard(predicate: Predicate, term: Term) -> bool:
    """Whether `predicate` holds for `term`; one that raises does not, as a guard that fails."""
    world = thread.world
    if world is None or type(world) is Guard:
        return ask_freely(predicate, term)
    thread.world = Guard(world)
    try:
        return ask_freely(predicate, term)
    finally:
        thread.world = world


def ask_freely(predicate: Predicate, term: Term) -> bool:
    """Whether `predicate` holds for `term`, without the limits of a guard: for tests that look at a finished run."""
    try:
        answer = predicate(term)
        if type(answer) is not CoroutineType:
            return bool(answer)
    except NotInGuard:
        raise
    except Exception as failure:
        pass_on(failure)
        return False
    answer.close()
    raise NotInGuard("a predicate waits")
