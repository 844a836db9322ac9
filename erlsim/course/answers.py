"""What a checker answers: what was tried with a solution, what was expected, what came.

A checker is a list of experiments. Each runs the solution in a fresh simulation and reports what could be observed
there, under names; the first experiment that shows something else than expected is told. A solution that raises, that
waits for ever or that never lets time pass is told in the words of its error. What is not found out: a loop of Python
that never awaits runs for ever here, too.
"""

from __future__ import annotations

import linecache
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from inspect import isclass, isfunction
from traceback import walk_tb
from typing import Any

from erlsim import hints
from erlsim.errors import ErlangException, ErlsimError, is_ours
from erlsim.reports import as_html
from erlsim.simulation import Simulation
from erlsim.terms import Term, exact_eq, matchable

# What an experiment does with a solution: what it has observed.
Run = Callable[[Any], Awaitable[dict[str, Term]]]

# A day of virtual time, and so many steps in one instant, are more than any task needs.
MAX_TIME = 24 * 60 * 60 * 1000
MAX_STEPS = 20_000
# The last crashes of a run that went wrong, and so much of each, are told.
MOST_CRASHES, LONGEST = 3, 300
FAILED = "your code"


@dataclass(frozen=True)
class Experiment:
    """One thing to try with a solution.

    `tried` says what is done, in a few words; `run(solution)` does it, as the shell of a fresh simulation, and returns
    what was observed: a value for each name in `expected`. `rule` is what to think of if something else comes: the rule
    of the lesson, and not the solution.
    """

    tried: str
    run: Run
    expected: dict[str, Term]
    rule: str = ""


@dataclass(frozen=True)
class Difference:
    """Something that was observed and not expected; `name` says what."""

    name: str
    expected: str
    came: str


@dataclass(frozen=True)
class Answer:
    """What a checker has to say; true if the solution is right.

    `passed` is what was tried with success; `failed` the experiment that went otherwise, with the `differences` and the
    `crashes` that were reported in it; `todo` what waits for a solution that is not written yet.
    """

    passed: tuple[str, ...] = ()
    failed: Experiment | None = None
    differences: tuple[Difference, ...] = ()
    crashes: tuple[str, ...] = ()
    todo: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.failed is None and not self.todo

    def __str__(self) -> str:
        """A verdict, and what it rests on."""
        if self.todo:
            return "\n".join(["Not written yet. This will be tried:", *(f"  - {each}" for each in self.todo)])
        if self.failed is None:
            count = len(self.passed)
            tried = "one thing" if count == 1 else f"{count} things"
            return "\n".join([f"Right. Tried {tried}:", *(f"  + {each}" for each in self.passed)])
        return "\n".join(self._refusal(self.failed))

    def _refusal(self, failed: Experiment) -> list[str]:
        lines = ["Not yet.", *_wrapped("tried", failed.tried)]
        for each in self.differences:
            if each.expected:
                lines += _wrapped("expected", f"{each.name}: {each.expected}")
            lines += _wrapped("came", f"{each.name}: {each.came}" if each.name else each.came)
        for crash in self.crashes:
            lines += _wrapped("a crash", crash)
        if failed.rule:
            lines += _wrapped("think of", failed.rule)
        return [*lines, *(f"  + as expected: {each}" for each in self.passed)]

    def __repr__(self) -> str:
        """The same: a checker is the last line of a cell."""
        return str(self)

    def _repr_html_(self) -> str:
        """The same for notebooks."""
        return as_html(str(self))


def check(solution: Any, experiments: Sequence[Experiment]) -> Answer:
    """Try `experiments` with `solution`, in order, up to the first that shows something else than expected."""
    if is_blank(solution):
        return Answer(todo=tuple(each.tried for each in experiments))
    passed: list[str] = []
    for each in experiments:
        differences, crashes = _tried(each, solution)
        if differences:
            return Answer(tuple(passed), each, differences, crashes)
        passed.append(each.tried)
    return Answer(tuple(passed))


def _tried(experiment: Experiment, solution: Any) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
    """What an experiment shows that was not expected, and the crashes in it."""
    sim = Simulation(max_time=MAX_TIME, max_steps_per_instant=MAX_STEPS)
    try:
        came = sim.run(experiment.run, solution)
        found = tuple(
            Difference(name, _shown(expected), _shown(came[name]))
            for name, expected in experiment.expected.items()
            if not exact_eq(came[name], expected)
        )
    except Exception as failure:
        found = (Difference("", "", _words(failure)),)
    finally:
        sim.close()
    return found, _crashes(sim) if found else ()


def _shown(value: Term) -> str:
    """A value as Python writes it: it is Python that is written here."""
    return repr(value)


def _words(failure: Exception) -> str:
    """What a failure says, and the line of the solution that it comes from."""
    if isinstance(failure, ErlsimError):
        return str(failure)
    hints.add_to(failure)
    said = (
        f"{FAILED} failed with {failure.kind}: {failure}"
        if isinstance(failure, ErlangException)
        else f"{FAILED} raised {type(failure).__name__}: {failure}"
    )
    place = _place(failure)
    return "\n".join([said + (f" ({place})" if place else ""), *getattr(failure, "__notes__", ())])


def _place(failure: Exception) -> str:
    """The last line in a traceback that is not erlsim's."""
    theirs = [
        (frame.f_code, number)
        for frame, number in walk_tb(failure.__traceback__)
        if not is_ours(frame.f_globals.get("__name__", ""))
    ]
    if not theirs:
        return ""
    code, number = theirs[-1]
    line = linecache.getline(code.co_filename, number).strip()
    return f"line {number} of {code.co_name}" + (f": {line}" if line else "")


def _crashes(sim: Simulation) -> tuple[str, ...]:
    """What was reported as an error, in a line each: who, and of what."""
    found = []
    for report in sim.reports:
        match matchable(report.report):
            case (_, [pid, reason]) if report.level == "error":
                found.append(f"{pid} ended with {_reason(reason)}")
            case {"label": ("gen_server", "terminate"), "name": name, "reason": reason}:
                found.append(f"the server {name} ended with {_reason(reason)}")
    return tuple(each if len(each) <= LONGEST else each[: LONGEST - 3] + "..." for each in found[-MOST_CRASHES:])


def _reason(reason: Term) -> str:
    """A reason; in place of its stack there is where the stack begins."""
    match matchable(reason):
        case (error, [(module, function, _, [*place]), *_]):
            line = f", line {dict(place)['line']}" if "line" in dict(place) else ""
            return f"{_shown(error)} in {module}:{function}{line}"
    return _shown(reason)


def _wrapped(title: str, text: str) -> list[str]:
    """A title and a text beside it; the text's further lines stand below its first."""
    first, *rest = text.splitlines() or [""]
    return [f"  {title:9} {first}", *(" " * 12 + line for line in rest)]


# ---- what is not written yet


def is_blank(solution: Any) -> bool:
    """Whether a task's cell stands as it was given: `...`, or functions with nothing else in them."""
    if solution is ...:
        return True
    if isclass(solution):
        functions = [each for each in vars(solution).values() if isfunction(each)]
        return all(map(is_blank, functions))
    return isfunction(solution) and solution.__code__.co_code in _BLANK and _returns_none(solution)


def _returns_none(function: Any) -> bool:
    """Whether there is no value in a function's code that it could return: its words are none."""
    return all(each is None or each == function.__doc__ for each in function.__code__.co_consts)


def _blank() -> None: ...


def _blank_with_words() -> None:
    """Nothing."""


async def _blank_async() -> None: ...


async def _blank_async_with_words() -> None:
    """Nothing."""


_BLANK = tuple(each.__code__.co_code for each in (_blank, _blank_with_words, _blank_async, _blank_async_with_words))
