"""Which crashes of a simulation nobody expected: what a test kit passes its verdict on.

A crash is a report of it: the emulator's of a process that died of an error, proc_lib's crash report, what a
behaviour says of its end, a supervisor's or a director's error report. It is expected if somebody said so (`expect`,
`allow`), or if the test did it itself: a process that an exit signal of the shell's or a fault of the test kit ended,
with those that end by their links to it, is *blamed* on the test. So is what a supervisor or a director reports of
it, and that it gives up over it. A process that merely called or monitored one of them is not: if it crashes over
that, its crash is unexpected.

Only a simulation that is watched has a `Crashes`; the others pay nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from erlsim import hints
from erlsim.errors import caught, exit_reason, users_failure
from erlsim.reports import Event, Reports
from erlsim.terms import Pid, Term, exact_eq

# How many reports the message of a failure shows: the death of one process seldom makes more.
SHOWN = 3
# What has ended processes is kept of so many.
KEPT = 20
_BEHAVIOURS = ("gen_server", "gen_statem", "gen_event")
# What a supervisor says when it ends over a child; a director has a context for each way.
_GIVES_UP = ("shutdown", "reached_max_restart_plan", "empty_plan_child_terminated")


class Crashes:
    """The crashes of one simulation so far."""

    def __init__(self, reports: Reports) -> None:
        self.reports = reports
        # Those that nobody expected: the report, or what Python says, and a hint. Most are never read.
        self._unexpected: list[tuple[Event | str, str]] = []
        self.expectations: list[Expectation] = []
        # Whether the last verdict was that all is well.
        self.was_well = False
        self._blamed: set[int] = set()
        # For a process that traps exits: the reason of the last exit signal that it got and that is blamed on the test.
        self._heard: dict[int, Term] = {}
        self._failed_starts: list[Term] = []
        # What ended the processes that ended last, and who has reported what nobody expected.
        self._failures: dict[int, BaseException] = {}
        self._reporters: list[int] = []

    # ---- what the kernel and the test kit tell ----------------------------------------

    def blame(self, pid: Pid) -> None:
        """The test ends this process."""
        self._blamed.add(pid.number)

    def blame_start(self, pid: Pid, reason: Term) -> None:
        """The test lets a start fail, in this process, with `reason`."""
        self._heard[pid.number] = reason
        self._failed_starts.append(reason)

    def died(self, process: Any, by: Any) -> None:
        """A signal of `by` has ended `process`."""
        if by.is_shell or by.pid.number in self._blamed:
            self._blamed.add(process.pid.number)

    def failed(self, process: Any, exc: BaseException) -> None:
        """`process` has ended of an exception, which is kept for whoever wants to see where."""
        self._failures[process.pid.number] = exc
        if len(self._failures) > KEPT:
            del self._failures[next(iter(self._failures))]

    def heard(self, process: Any, sender: Any, reason: Term) -> None:
        """`process` traps exits, and has an exit signal in its mailbox."""
        if sender.is_shell or sender.pid.number in self._blamed:
            self._heard[process.pid.number] = reason

    def reported(self, event: Event) -> None:
        """Something was reported: a crash or not."""
        what = _crash(event)
        if what is None:
            return
        reporter, child, context, reason = what
        blamed = self._is_blamed(reporter, child, context, reason)
        text = self.reports.text(event) if self.expectations else ""
        expected = [each for each in self.expectations if each.takes(text)]
        if not blamed and not expected:
            hint = hints.of_reason(reason)
            # The next report of the same death needs no second one.
            known = hint is None or any(hint == each for _, each in self._unexpected)
            self._reporters.append(reporter if child is None else child)
            self._unexpected.append((event, "" if known or hint is None else hint))
        elif child is None or context in _GIVES_UP:
            self._blamed.add(reporter)
        else:
            self._blamed.add(child)

    def never_awaited(self, text: str) -> None:
        """Python tells of a coroutine that nobody has awaited."""
        if not [each for each in self.expectations if each.takes(text)]:
            self._unexpected.append((text, ""))

    def _is_blamed(self, reporter: int, child: int | None, context: Term, reason: Term) -> bool:
        if child is not None:
            return child in self._blamed
        if reporter in self._blamed:
            return True
        if context in ("start_error", "start_child"):
            return any(_mentions(reason, each) for each in self._failed_starts)
        return reporter in self._heard and _mentions(reason, self._heard[reporter])

    # ---- the verdict ----------------------------------------------------------------------

    @property
    def unexpected(self) -> list[str]:
        """The texts of those that nobody expected, oldest first."""
        return [self._text(what) + (f"  ({hint})\n" if hint else "") for what, hint in self._unexpected]

    def _text(self, what: Event | str) -> str:
        return what if isinstance(what, str) else self.reports.text(what)

    def judge(self) -> None:
        """`UnexpectedCrash` if there was a crash that nobody expected."""
        self.was_well = not self._unexpected
        if self._unexpected:
            known = [self._failures[number] for number in self._reporters if number in self._failures]
            found = (users_failure(each) for each in known)
            raise UnexpectedCrash(self.unexpected) from next((each for each in found if each is not None), None)

    def failure_behind(self, reason: Term) -> BaseException | None:
        """What the program has raised in a process that ended of `reason`, or of something that `reason` tells of."""
        for exc in reversed(self._failures.values()):
            found = users_failure(exc)
            ended_of = exit_reason(*caught(exc))
            # An atom may stand in any reason by chance.
            tells = _mentions(reason, ended_of) if type(ended_of) is tuple else exact_eq(reason, ended_of)
            if found is not None and tells:
                return found
        return None

    def allow(self, match: str | None = None) -> Expectation:
        """Let crashes whose text `match` is found in (`None`: any) happen to the end of the run; none has to."""
        expectation = Expectation(match)
        self.expectations.append(expectation)
        return expectation

    # ---- what tests expect -----------------------------------------------------------------

    def __repr__(self) -> str:
        return f"<Crashes: {len(self._unexpected)} that nobody expected>"

    @contextmanager
    def expect(self, match: str | None = None) -> Iterator[Expectation]:
        """Expect crashes whose text `match` is found in; `AssertionError` if there is none."""
        expectation = Expectation(match)
        self.expectations.append(expectation)
        before = len(self._unexpected)
        try:
            yield expectation
        finally:
            self.expectations.remove(expectation)
        expectation.check(self.unexpected[before:])


class UnexpectedCrash(AssertionError):
    """A process crashed and nobody expected it; the message has the reports."""

    def __init__(self, texts: list[str]) -> None:
        count = "a process crashed" if len(texts) == 1 else f"{len(texts)} crashes were reported"
        hint = "say `with sim.expect_crash(match=...)` or mark the test `erlsim(crashes=...)` if it should"
        shown = texts[:SHOWN]
        if len(texts) > SHOWN:
            shown.append(f"... and {len(texts) - SHOWN} more; sim.crashes.unexpected has them all")
        super().__init__(f"{count}, and the test did not expect it ({hint}):\n" + "\n".join(shown))
        self.texts = texts


class Expectation:
    """Crashes that a test expects: those whose text has `match` (a regular expression), any if it is `None`."""

    def __init__(self, match: str | None) -> None:
        self.match = match
        self.taken: list[str] = []

    def takes(self, text: str) -> bool:
        """Whether this is one of them."""
        if self.match is not None and re.search(self.match, text) is None:
            return False
        self.taken.append(text)
        return True

    def __repr__(self) -> str:
        wanted = "any crash" if self.match is None else f"crashes that match {self.match!r}"
        return f"<Expectation of {wanted}: {len(self.taken)} reports>"

    def check(self, others: list[str]) -> None:
        """`AssertionError` if none has come."""
        if not self.taken:
            wanted = "no crash was reported" + ("" if self.match is None else f" that matches {self.match!r}")
            raise AssertionError(wanted + "".join(f"\nthere was:\n{each}" for each in others))


def _crash(event: Event) -> tuple[int, int | None, Term, Term] | None:
    """Who reports it, which child it is about (if it is a supervisor's report), in which context, and the reason."""
    meta = event["meta"]
    pid = meta.get("pid")
    number = pid.number if isinstance(pid, Pid) else -1
    _, body = event["msg"]
    if meta.get("error_logger", {}).get("emulator") is True and event["level"] == "error":
        return number, None, None, body[1] if type(body) is list and len(body) == 2 else body
    if event["level"] != "error" or meta.get("domain", [None])[0] != "otp" or type(body) is not dict:
        return None
    label: Term = body.get("label")
    report: Any = body.get("report")
    if type(label) is not tuple or len(label) != 2:
        return None
    if label == ("proc_lib", "crash"):
        found = dict(report[0])
        return number, None, None, found["error_info"][1]
    if label[0] in _BEHAVIOURS and label[1] == "terminate":
        return number, None, None, body.get("reason")
    if label[0] == "supervisor" or label == ("error_logger", "error_report"):
        found = dict(report)
        return number, _child(found.get("offender", [])), found.get("errorContext"), found.get("reason")
    return None


def _child(offender: Term) -> int | None:
    """The number of the child's pid; that of one that is being restarted is in a tuple."""
    pid = dict(each for each in offender if type(each) is tuple and len(each) == 2).get("pid")
    if type(pid) is tuple and len(pid) == 2:
        pid = pid[1]
    return pid.number if isinstance(pid, Pid) else None


def _mentions(term: Term, reason: Term) -> bool:
    """Whether `reason` is somewhere in `term`."""
    todo = [term]
    while todo:
        each = todo.pop()
        if exact_eq(each, reason):
            return True
        if isinstance(each, tuple | list):
            todo += each[::-1]
    return False
