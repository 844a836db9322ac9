"""Failures of compiled code: what is raised, what a handler binds, and the stack that belongs to it.

A frame of compiled code knows which entries of a stack it stands for (`places`): the column of an instruction is the
number of a place. A frame whose call is a tail call stands for none, since on the BEAM it is gone.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import pairwise
from traceback import walk_tb
from types import CodeType, FrameType
from typing import Any

from erlsim.erl.running.cells import outward
from erlsim.erl.running.driving import callers
from erlsim.errors import (
    DEEPEST,
    ErlangException,
    ErlsimError,
    Error,
    Exit,
    Throw,
    arguments_of,
    beneath,
    pass_on,
    stack_of,
    stood_for_by,
    with_error_info,
    with_known,
)
from erlsim.terms import Term, chars

__in_stacks__ = False

Entry = tuple[Any, ...]


@dataclass(frozen=True)
class Place:
    """Where a line of generated code is: in which function, and whether the call in it is a tail call."""

    function: str
    arity: int
    is_tail: bool = False
    within: tuple[Place, int] | None = None
    """The place around a comprehension, which is a function of its own on the BEAM, and the line there."""


class Places:
    """The places of one module's code; the column of an instruction is the number of its place."""

    def __init__(self, module: str, file: str) -> None:
        """None so far."""
        self.module = module
        self.file = chars(file)
        self._numbers: dict[Place, int] = {}
        self._places: list[Place] = []

    def number(self, place: Place) -> int:
        """The number of a place."""
        known = self._numbers.get(place)
        if known is None:
            known = self._numbers[place] = len(self._places)
            self._places.append(place)
        return known

    def all(self) -> list[Place]:
        """The places in the order of their numbers."""
        return list(self._places)

    def entries(self, code: CodeType, instruction: int, line: int) -> list[Entry]:
        """The entries of a frame, the innermost first."""
        place = self._place(code, instruction)
        if place is None or place.is_tail:
            return []
        found = []
        while True:
            where = [("file", self.file), ("line", line)]
            found.append((self.module, place.function, place.arity, where))
            if place.within is None:
                return found
            place, line = place.within

    def _place(self, code: CodeType, instruction: int) -> Place | None:
        for index, position in enumerate(code.co_positions()):
            if index == instruction // 2:
                column = position[2]
                return None if column is None else self._places[column]
        return None


class Failed(Error):
    """A run-time error of compiled code. `top` is the entry of what failed, before those of the frames.

    With `instead` it takes the place of the innermost frame's entry, whose function could not even begin.
    """

    # To whoever sees a traceback it is the error that it is.
    __module__, __qualname__ = Error.__module__, Error.__qualname__

    def __init__(self, reason: Term, top: Entry | None = None, instead: bool = False) -> None:
        """Nothing is known of the stack yet."""
        super().__init__(reason)
        self.top = top
        self.instead = instead
        self.beneath: list[Entry] = []
        """The entries between `top` and those of the frames: of library functions that are Erlang on OTP."""

    @property
    def stack(self) -> list[Term]:
        """The entries of the frames that it went through, and `top`."""
        if self._stack is None:
            self._stack = self._entries()
        return self._stack

    def _entries(self) -> list[Term]:
        return with_top(self, stack_of(self))


def with_top(exc: BaseException, entries: list[Term]) -> list[Term]:
    """The entries of an exception's frames with that of what failed in front."""
    entries = with_known(entries, getattr(exc, "arguments", None), getattr(exc, "info", None))
    top = getattr(exc, "top", None)
    if top is not None:
        top = outward(top)
        if _explains_itself(exc, top):
            top = with_error_info(_as_called(exc, top), getattr(exc, "cause", None))
        entries = [top, *getattr(exc, "beneath", ()), *entries[getattr(exc, "instead", False) :]]
    return _once(entries)[:DEEPEST]


_EXPLAINED = ("badarg", "badarith", "system_limit", "badmap", "badkey")


def _explains_itself(exc: BaseException, top: Entry) -> bool:
    """Whether it is a BIF that has failed: the entry has arguments and no place, and the reason is one of theirs."""
    reason = getattr(exc, "reason", None)
    tag = reason[0] if type(reason) is tuple and reason else reason
    is_known = (type(tag) is str and tag in _EXPLAINED) or getattr(exc, "cause", None) is not None
    return type(top[2]) is list and top[3] == [] and is_known


_LIBRARY = "erlsim.erl.library."
_NOT_ITS_FUNCTIONS = (_LIBRARY + "registry", _LIBRARY + "dynamic")


def _as_called(exc: BaseException, top: Entry) -> Entry:
    """The entry of the library function that was called, where one that it calls has failed."""
    outermost: FrameType | None = None
    for frame, _ in walk_tb(exc.__traceback__):
        module = str(frame.f_globals.get("__name__", ""))
        if "__places__" in frame.f_globals:
            outermost = None
        elif outermost is None and module.startswith(_LIBRARY) and module not in _NOT_ITS_FUNCTIONS:
            outermost = frame
    if outermost is None or outermost.f_code.co_name.startswith("_") or "<locals>" in outermost.f_code.co_qualname:
        return top
    module = outermost.f_globals["__name__"].rpartition(".")[2].rstrip("_")
    if {"conversions": "erlang"}.get(module, module) != top[0]:
        return top
    return (top[0], outermost.f_code.co_name.rstrip("_"), outward(arguments_of(outermost)), [])


def _once(entries: list[Term]) -> list[Term]:
    """Entries, of those that are the same and follow each other one: so the BEAM shows a recursion.

    Those of the library have no places, and are all meant.
    """
    return entries[:2] + [each for before, each in pairwise(entries[1:]) if each != before or each[3] == []]


def full_stack(exc: BaseException) -> list[Term]:
    """The stack of an exception that compiled code catches: that of the frames in its traceback, and of those around.

    To be called by the frame that catches it.
    """
    known = getattr(exc, "_stack", None)
    if known is not None:
        return list(known)
    entries = stack_of(exc)
    inner = sys._getframe(2)
    for frame in beneath(inner.f_back):
        if len(_once(entries)) > DEEPEST:
            break
        entries += frame_entries(frame, inner)
        for each in callers(frame):
            if len(_once(entries)) > DEEPEST:
                break
            entries += frame_entries(each, None)
        inner = frame
    entries = with_top(exc, entries)
    if isinstance(exc, ErlangException):
        exc._stack = entries
    return entries


def frame_entries(frame: FrameType, inner: FrameType | None) -> list[Entry]:
    """What a frame of compiled code, which has called `inner`, stands for; nothing if it is another's."""
    places = frame.f_globals.get("__places__")
    if places is not None:
        return list(places.entries(frame.f_code, frame.f_lasti, frame.f_lineno))
    return stood_for_by(frame, inner) or []


def caught(exc: Exception) -> tuple[str, Term, list[Term]]:
    """The class, reason and stack that a handler of compiled code binds. To be called by the frame that catches."""
    pass_on(exc)
    pass_on(exc)
    if isinstance(exc, ErlsimError):
        raise exc
    if isinstance(exc, ErlangException):
        return exc.kind, exc.reason, full_stack(exc)
    if isinstance(exc, RecursionError):
        return "error", "system_limit", full_stack(exc)
    return "error", exc, full_stack(exc)


def catch_value(exc: Exception) -> Term:
    """The value of `catch Expression`. To be called by the frame that catches."""
    pass_on(exc)
    pass_on(exc)
    if isinstance(exc, ErlsimError):
        raise exc
    if isinstance(exc, Throw):
        return exc.reason
    if isinstance(exc, Exit):
        return ("EXIT", exc.reason)
    reason = exc.reason if isinstance(exc, ErlangException) else exc
    return ("EXIT", (reason, full_stack(exc)))


# ---- what generated code raises


def case_clause(value: Term) -> Failed:
    """No clause of a `case` matches."""
    return Failed(("case_clause", outward(value)))


def try_clause(value: Term) -> Failed:
    """No clause behind `of` matches."""
    return Failed(("try_clause", outward(value)))


def else_clause(value: Term) -> Failed:
    """No clause behind the `else` of a `maybe` matches."""
    return Failed(("else_clause", outward(value)))


def if_clause() -> Failed:
    """No clause of an `if` is true."""
    return Failed("if_clause")


def badmatch(value: Term) -> Failed:
    """The right side of `=` does not match."""
    return Failed(("badmatch", outward(value)))


def badrecord(value: Term) -> Failed:
    """A record was expected."""
    return Failed(("badrecord", outward(value)))


def bad_filter(value: Term) -> Failed:
    """A filter of a comprehension that is no boolean."""
    return Failed(("bad_filter", outward(value)))


def badarg(value: Term) -> Failed:
    """The left side of `andalso` or `orelse` is no boolean."""
    return Failed(("badarg", outward(value)))


def function_clause(module: str, function: str, args: list[Term], file: str, line: int) -> Failed:
    """No clause of a function matches."""
    where = [("file", chars(file)), ("line", line)]
    return Failed("function_clause", (module, function, outward(args), where), instead=True)


def no_clause(module: str, function: str, *args: Term) -> Failed:
    """A function of the library has no clause for its arguments."""
    return Failed("function_clause", (module, function, list(args), []))


def bif_failed(reason: Term, module: str, function: str, args: list[Term]) -> Failed:
    """A BIF that fails: it has an entry of its own, with its arguments."""
    return Failed(reason, (module, function, args, []))


def undef(module: Term, function: Term, args: list[Term] | int) -> Failed:
    """There is no such function."""
    exc = Failed("undef", (module, function, args, []))
    arity = len(args) if isinstance(args, list) else args
    exc.add_note(f"{module}:{function}/{arity} is not simulated, and no module that is loaded has it")
    return exc


def raised_with(kind: Term, reason: Term, stack: Any) -> Any:
    """`erlang:raise/3`; `badarg` is its value for another class or what is no stack."""
    classes: dict[Any, type[ErlangException]] = {"error": Error, "exit": Exit, "throw": Throw}
    entries = outward(stack)
    if type(kind) is not str or kind not in classes or type(entries) is not list or not all(map(_is_entry, entries)):
        return "badarg"
    raise classes[kind](outward(reason), entries[:DEEPEST])


def _is_entry(entry: Term) -> bool:
    return type(entry) is tuple and (len(entry) in (3, 4) or (len(entry) == 2 and callable(entry[0])))
