"""The watch over a run: what becomes a term is judged, what was sent or stored is looked at again."""

from __future__ import annotations

import ast
import functools
import sys
from collections import deque
from collections.abc import Callable, Collection
from types import CodeType, CoroutineType, FunctionType, ModuleType
from typing import Any, NamedTuple

from erlsim import code, terms
from erlsim._kernel import Operation, Process, World
from erlsim.errors import ErlangException, is_ours, pass_on
from erlsim.porting.portable.findings import Finding, checked, rules
from erlsim.porting.portable.report import Report
from erlsim.porting.portable.strict import places
from erlsim.porting.portable.strict.judging import no_terms
from erlsim.porting.portable.strict.places import Files, Place
from erlsim.porting.portable.strict.taking import Trial
from erlsim.terms import ABSENT, ATOMIC, Term, exact_eq
from erlsim.threads import LOADED

# The wrappers of callbacks are nobody's code: Erlang's stacks are the same with them and without.
__in_stacks__ = False

# So many of the terms that a process has sent, stored or received are looked at again, the latest ones.
KEPT = 16
_CALLS = ("call",)


class Kept(NamedTuple):
    """A term that may change in place, as it was then, and what was done with it where."""

    term: Term
    before: Term
    done: str
    place: Place
    code: CodeType


class Watch:
    """What strict mode knows of one simulation, and has found."""

    def __init__(self, world: World, wanted: Collection[str] = ()) -> None:
        self._world = world
        self._rules = rules()
        self._wanted = checked(list(wanted), self._rules)
        self._report = Report(self._rules)
        self._files = Files()
        self._kept: dict[int, deque[Kept]] = {}
        self._told = 0
        self._next = world.seen
        world.seen = self.operation
        world.note_watchers()
        world.extensions[LOADED] = Callbacks(self)
        for process in world.processes():
            self._give_dictionary(process)

    # ---- what is found ------------------------------------------------------------

    def findings(self) -> list[Finding]:
        """All findings, by place."""
        for number in list(self._kept):
            self._look_again(number, exact_eq)
        return [each for each in self._report.findings() if not self._wanted or each.code in self._wanted]

    def news(self) -> list[Finding]:
        """All findings, if there are more than at the last time; none if not."""
        found = self.findings()
        told, self._told = self._told, len(found)
        return found if len(found) > told else []

    def add(self, place: Place | None, rule: str, sentence: str) -> None:
        """A finding, unless a comment in its line waives it."""
        source = None if place is None else self._files.source(place.file)
        if place is not None and source is not None:
            node = ast.Pass(lineno=place.line, col_offset=place.column)
            self._report.add(source, node, rule, sentence, "warning")

    def judge(self, term: Term, place: Place | None, where: str) -> None:
        """Something becomes a term."""
        if place is not None:
            for rule, what in no_terms(term):
                self.add(place, rule, f"In {where}: {what}")

    # ---- what the world tells -----------------------------------------------------

    def operation(self, operation: Operation, args: tuple[Any, ...]) -> None:
        """The running code is about to do something that others can notice."""
        if not self._world.closing:
            self._operation(operation.name, args)
        if self._next is not None:
            self._next(operation, args)

    def _operation(self, name: str, args: tuple[Any, ...]) -> None:
        number = self._world.current.pid.number
        self._look_again(number)
        where, term = _TAKES.get(name, ("", ABSENT))[0], ABSENT
        if where:
            term = args[_TAKES[name][1]] if len(args) > _TAKES[name][1] else ABSENT
        if (term is not ABSENT and type(term) not in ATOMIC) or term is None:
            frame = places.acting()
            if frame is not None:
                place = places.of_frame(frame)
                self.judge(term, place, where)
                self.keep(number, term, "sent" if where == "a message" else "stored", place, frame.f_code)

    def saw(self, row: tuple[Any, ...]) -> None:
        """An event: what is received, and how processes begin and end."""
        match row[1]:
            case "receive":
                self._received(row[2].home, self._world.received)
            case "spawn":
                self._give_dictionary(row[3].home)
            case "exit":
                self._ended(row[2].number, row[3])

    def _received(self, process: Process | None, message: Term) -> None:
        if process is None or (type(message) in ATOMIC and type(message) not in (bool, int, float)):
            return
        frame, waits_in = places.acting(True) if process.is_shell else None, "erlsim.receive"
        if frame is None and (found := places.waiting(process.code)) is not None:
            frame, waits_in = found
        if frame is None:
            return
        place = places.of_frame(frame)
        if waits_in in _CALLS:
            if type(message) is not tuple or len(message) != 2:
                return
            message = message[1]
        elif waits_in != "erlsim.receive":
            return
        self._try_match(place, message, frame.f_locals)
        self.keep(process.pid.number, message, "received", place, frame.f_code)

    def _ended(self, number: int, reason: Term) -> None:
        exc = sys.exc_info()[1]
        place = None if exc is None else places.of_failure(exc)
        if isinstance(exc, Exception) and not isinstance(exc, ErlangException) and place is not None:
            text = f"The process ends with {type(exc).__name__}, an exception of Python's, in its reason."
            self.add(place, "python_exception", text)
        elif place is not None:
            self.judge(reason, place, "a reason")
        self._look_again(number, exact_eq)
        self._kept.pop(number, None)

    def _give_dictionary(self, process: Process | None) -> None:
        if process is not None and process.dictionary is None:
            process.dictionary = Dictionary(self)

    # ---- what changes -------------------------------------------------------------

    def keep(self, number: int, term: Term, done: str, place: Place, code_: CodeType) -> None:
        """Remember a term that must not change any more."""
        if type(term) in ATOMIC or (before := terms.copy(term)) is term:
            return
        kept = self._kept.setdefault(number, deque())
        kept.append(Kept(term, before, done, place, code_))
        if len(kept) > KEPT:
            kept.popleft()

    def _look_again(self, number: int, same: Callable[[Term, Term], bool] | None = None) -> None:
        """Compare what a process has kept with what it was: by Python's ==, which is quick, until it is for good."""
        kept = self._kept.get(number)
        if not kept:
            return
        for each in [each for each in kept if not (same or _equal)(each.term, each.before)]:
            kept.remove(each)
            place = self._files.change(each.code, each.place.line) or each.place
            text = f"What was {each.done} in line {each.place.line} has changed since."
            self.add(place, "mutation", text)

    # ---- callbacks ----------------------------------------------------------------

    def before_call(self, function: FunctionType, args: tuple[Term, ...]) -> list[Term]:
        """A callback is called: what its patterns take of its arguments; these as they are now."""
        node = self._files.function(function.__code__)
        source = self._files.source(function.__code__.co_filename)
        if node is not None and source is not None:
            names = [each.arg for each in [*node.args.posonlyargs, *node.args.args]]
            trial = Trial(source, dict(zip(names, args, strict=False)))
            trial.block(node.body)
            self._note_wrong(trial, source.name)
        return [terms.copy(each) for each in args]

    def after_call(self, function: FunctionType, args: tuple[Term, ...], before: list[Term], value: Term) -> None:
        """A callback has returned: what it has done to its arguments, and what it gives."""
        code_ = function.__code__
        start = Place(code_.co_filename, code_.co_firstlineno)
        for index, (now, then) in enumerate(zip(args, before, strict=True)):
            if now is not then and not exact_eq(now, then):
                name = code_.co_varnames[index] if index < code_.co_argcount else "?"
                place = self._files.change(code_, 0, name) or self._files.change(code_, 0) or start
                self.add(place, "mutation", f"`{function.__qualname__}` has changed its argument `{name}` in place.")
        if value is not None:
            self.judge(value, self._returned(code_, value) or start, f"what `{function.__qualname__}` returns")

    def _returned(self, code_: CodeType, value: Term) -> Place | None:
        """The `return` that gives such a value: the only one whose text has that shape, as far as it can be told."""
        found = [each for each in self._files.returns(code_) if _may_give(each.value, value)]
        return Place(code_.co_filename, found[0].lineno, found[0].col_offset) if found else None

    def _try_match(self, place: Place, value: Term, names: dict[str, Any]) -> None:
        node, source = self._files.match_on(place), self._files.source(place.file)
        if node is not None and source is not None:
            trial = Trial(source, names)
            trial.match(node, value)
            self._note_wrong(trial, place.file)

    def _note_wrong(self, trial: Trial, file: str) -> None:
        for each in trial.wrong:
            self.add(Place(file, each.pattern.lineno, each.pattern.col_offset), each.rule, each.sentence)


# Operations that take a term: where it goes to, and its place among the arguments.
_TAKES: dict[str, tuple[str, int]] = {
    "erlang:send": ("a message", 1),
    "erlang:start_timer": ("a message", 2),
    "erlang:exit": ("a reason", 1),
    "ets:insert": ("a table", 1),
    "ets:insert_new": ("a table", 1),
}


def _equal(term: Term, before: Term) -> bool:
    """Whether two terms are equal to Python; what cannot be compared has not changed."""
    try:
        return bool(term == before)
    except Exception as failure:
        pass_on(failure)
        return True


def _may_give(node: ast.expr | None, value: Term) -> bool:
    """Whether the text of a `return` may stand for a value."""
    match node:
        case None:
            return False
        case ast.Constant(value=constant):
            return type(constant) is type(value) and bool(constant == value)
        case ast.Tuple(elts=parts):
            if type(value) is not tuple:
                return False
            if any(isinstance(each, ast.Starred) for each in parts):
                return True
            return len(parts) == len(value) and all(map(_may_give, parts, value))
        case ast.List():
            return type(value) is list
        case ast.Dict():
            return type(value) is dict
    return True


class Dictionary(dict[Any, tuple[Term, Term]]):
    """A process dictionary that tells what is put into it."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def __setitem__(self, slot: Any, pair: tuple[Term, Term]) -> None:
        super().__setitem__(slot, pair)
        frame = places.acting()
        if frame is not None:
            self._watch.judge(pair, places.of_frame(frame), "the process dictionary")


class Callbacks(code.Loaded):
    """The modules of a simulation whose functions are watched when they are called by name, as behaviours do."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch
        self.wrappers = _Wrappers()

    def wrapper(self, target: Any, function: str) -> Callable[..., Any] | None:
        """What stands for a function of a module: itself, watched, if it is the program's."""
        found = super().wrapper(target, function)
        plain = found or getattr(target, function, None)
        if type(plain) is not FunctionType or not _is_programs(target) or "__places__" in plain.__globals__:
            return found
        return watched(self._watch, plain)


class _Wrappers(dict[tuple[int, str], Any]):
    """Wrappers of functions; it says that there are some, so that it is asked."""

    def __bool__(self) -> bool:
        return True


def _is_programs(target: Any) -> bool:
    if isinstance(target, ModuleType):
        return not is_ours(target.__name__)
    return not is_ours((target if isinstance(target, type) else type(target)).__module__)


def watched(watch: Watch, function: FunctionType) -> Callable[..., Any]:
    """The function, with a look before and after."""

    @functools.wraps(function)
    def call(*args: Term) -> Any:
        before = watch.before_call(function, args)
        value = function(*args)
        if type(value) is CoroutineType:
            return finish(args, before, value)
        watch.after_call(function, args, before, value)
        return value

    async def finish(args: tuple[Term, ...], before: list[Term], coroutine: CoroutineType[Any, Any, Any]) -> Any:
        value = await coroutine
        watch.after_call(function, args, before, value)
        return value

    return call
