"""What can go wrong, in two families that never mix.

`ErlangException` is a failure *inside* the simulated world: `erlang.exit/1`, `erlang.error/1` and
`erlang.throw/1` raise its three subclasses, as the classes `exit`, `error` and `throw` of Erlang.
`ErlsimError` is a misuse of the library, or a world that cannot go on (`Deadlock`, `Livelock`).
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterable, Iterator
from traceback import walk_tb
from typing import Any, ClassVar

from erlsim.threads import given_name

Term = Any
Stack = list[Term]


class ErlangException(Exception):
    """A failure with Erlang's class (`kind`), `reason` and `stack`."""

    kind = "error"
    # Whether what is known of the stack is one entry: of what could not even be called.
    is_of_caller = False
    printed: ClassVar[Callable[[Term], str]] = repr

    def __init__(self, reason: Term, stack: Stack | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self._stack = stack
        if type(reason) is tuple:
            self.__cause__ = python_cause(reason)

    def __str__(self) -> str:
        """The reason in Erlang's notation (`terms` puts its printer in)."""
        return type(self).printed(self.reason)

    @property
    def stack(self) -> Stack:
        """Erlang's shape: `[(module, function, arity, [("file", f), ("line", n)]), ...]`, innermost first."""
        if self._stack is None:
            self._stack = stack_of(self)
        return self._stack


class Error(ErlangException):
    """`erlang:error(Reason)`: a run-time error; it ends a process with `(reason, stack)`.

    `arguments`, what the failing function was called with, stand in the stack in place of its arity if they are known.
    """

    kind = "error"
    arguments: Term = None
    # What a function itself knows of why it has failed, such as `id` for a table that does not exist.
    cause: Term = None
    # Who explains it, as `error/3` was told: the `error_info` of the first entry of the stack.
    info: Term = None
    # The explanation of a stack, line by line (`explanations` puts itself in).
    explained: ClassVar[Callable[[Term, Stack], list[str]] | None] = None
    _notes: list[str] | None = None
    _is_explained = False

    @classmethod
    def known(cls, reason: Term, arguments: Term = None, cause: Term = None, info: Term = None) -> Error:
        """An error of which that is known, to be raised where it is made.

        A function that raises what it has in a variable is a circle with it, which only Python's collector takes apart.
        """
        error = cls(reason)
        error.arguments = arguments
        error.cause = cause
        error.info = info
        return error

    @property
    def stack(self) -> Stack:
        """As every exception's, with the arguments."""
        if self._stack is None:
            self._stack = with_known(stack_of(self), self.arguments, self.info)
        return self._stack

    def _entries(self) -> Stack:
        return stack_of(self)

    @property
    def __notes__(self) -> list[str]:
        """What `add_note` has added, and before it what OTP says of arguments that are wrong."""
        if not self._is_explained and Error.explained is not None and self.__traceback__ is not None:
            self._is_explained = True
            # The stack is not kept: the exception may still be on its way up.
            lines = Error.explained(self.reason, self._stack or self._entries())
            if lines:
                self._notes = [*lines, *(self._notes or ())]
        if self._notes is None:
            raise AttributeError("__notes__")
        return self._notes

    @__notes__.setter
    def __notes__(self, notes: list[str]) -> None:
        # As it is: `add_note` gives a list, and then adds to it.
        self._notes = notes


class Exit(ErlangException):
    """`exit(Reason)`: a process says that it ends with `reason`."""

    kind = "exit"


class Throw(ErlangException):
    """`throw(Term)`: a non-local return; uncaught it ends a process with `(("nocatch", term), stack)`."""

    kind = "throw"


class ErlsimError(Exception):
    """The library is misused, or the simulated world cannot go on."""

    # Whether it says something of the whole run, and so is nothing that a process could fail with.
    ends_run: ClassVar[bool] = False


class Deadlock(ErlsimError):
    """Somebody waits and nothing can happen any more; the message lists every process."""

    ends_run = True


class Livelock(ErlsimError):
    """Time stands still: more steps in one instant than `max_steps_per_instant` allows."""

    ends_run = True


class Overtime(Livelock):
    """Time goes on and on: longer than `max_time` allows; the message names who keeps it going."""


class NotPortable(ErlsimError):
    """Strict mode has found what does not port to Erlang: `findings`, of which the message has a line each.

    `value` is what the program gave that was run.
    """

    ends_run = True

    def __init__(self, findings: list[Any], value: Any = None) -> None:
        super().__init__("\n  ".join(["what does not port to Erlang was seen in this run:", *map(str, findings)]))
        self.findings = findings
        self.value = value


class Interrupted(ErlsimError):
    """The simulation was interrupted in the middle of something, by Ctrl-C for instance, and is closed."""

    ends_run = True

    def __init__(self, by: str, now: Term) -> None:
        super().__init__(
            f"this simulation was interrupted by {by} at {now} ms, in the middle of something, and is closed: what it "
            "has recorded can be looked at, but nothing runs in it any more; go on with a new one (erlsim.shell())"
        )


class ForeignPid(ErlsimError):
    """A pid of one simulation is used in another, where it means nothing."""

    def __init__(self, pid: Term) -> None:
        super().__init__(
            f"{pid!r} is a process of another simulation than the one that is current: pids mean nothing outside "
            "the simulation that they were made in"
        )


class WrongThread(ErlsimError):
    """A simulation is used in a thread in which it is not current, or in two threads at a time."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}: one thread runs a simulation, and others reach its processes with sim.inject(pid, message)"
        )


class ProcessKilled(BaseException):
    """Unwinds a process that is dead already; never to be caught, hence no `Exception`."""


# What debuggers and test frameworks end a run with although it is an `Exception`, by module and name: nobody who runs
# erlsim without them should have to import them.
_VERDICTS = frozenset(
    {
        ("_pytest.outcomes", "Exit"),
        ("bdb", "BdbQuit"),
        ("hypothesis.errors", "HypothesisException"),
        ("unittest.case", "SkipTest"),
    }
)


def is_verdict(exc: BaseException) -> bool:
    """Whether `exc` is how somebody outside of the simulation ends a run.

    So is Ctrl-C, and all else that is no `Exception` (the outcomes of pytest and of pytest-timeout, hypothesis'
    StopTest), and what `_VERDICTS` lists.
    """
    if isinstance(exc, ErlangException | ProcessKilled):
        return False
    if not isinstance(exc, Exception):
        return True
    return any((each.__module__, each.__qualname__) in _VERDICTS for each in type(exc).__mro__)


def ends_run(exc: BaseException) -> bool:
    """Whether `exc` ends the run, whoever raised it: a verdict, or that the world itself cannot go on."""
    return exc.ends_run if isinstance(exc, ErlsimError) else is_verdict(exc)


def pass_on(exc: BaseException) -> None:
    """Raise `exc` again if it ends the run. Whoever catches `Exception` for a process calls this first."""
    if ends_run(exc):
        raise exc


def python_cause(reason: Term) -> BaseException | None:
    """The Python exception that a reason like `((exception, stack), call)` began with: shown as the cause."""
    while type(reason) is tuple and reason:
        reason = reason[0]
    return reason if isinstance(reason, BaseException) and not isinstance(reason, ErlangException) else None


OURS = ("erlsim", "erlsim_pytest", "director", "gen_tracker", "simpy")
"""The packages whose frames say nothing to the author of a program."""


def is_ours(module: str) -> bool:
    """Whether a module is part of the simulation, or what it stands on."""
    return module.partition(".")[0] in OURS


def users_failure(exc: BaseException) -> BaseException | None:
    """The first of an exception and those behind it that has come through code which is not ours; `None` if none has.

    Behaviours and proc_lib catch what a callback raises and end with an exception of their own.
    """
    seen: list[BaseException] = []
    at: BaseException | None = exc
    while at is not None and all(at is not each for each in seen):
        if any(not is_ours(str(frame.f_globals.get("__name__", ""))) for frame, _ in walk_tb(at.__traceback__)):
            return at
        seen.append(at)
        at = at.__cause__ or at.__context__
    return None


COMPREHENSIONS = frozenset({"<listcomp>", "<dictcomp>", "<setcomp>"})
"""Frames of their own before Python 3.12 only: their lines count as those of the function that they are in."""

_NOT_SHOWN = frozenset({"error", "throw", "exit", "badarg", "local", "plain_list"})


def stack_of(exc: BaseException) -> Stack:
    """The traceback of `exc` as an Erlang stack, innermost frame first; erlsim's own frames are left out."""
    entries: Stack = []
    within = ""
    called: types.FrameType | None = None
    # Code of another language sees the function of ours that it has called, and nothing within.
    compiled = ""
    tb: types.TracebackType | None = exc.__traceback__
    while tb is not None:
        within_now = ""
        code = tb.tb_frame.f_code
        module = tb.tb_frame.f_globals.get("__name__", "undefined")
        if code.co_name in COMPREHENSIONS:
            if entries and entries[-1][3]:
                *who, (file, _) = entries[-1]
                entries[-1] = (*who, [file, ("line", tb.tb_lineno)])
            tb = tb.tb_next
            continue
        places = tb.tb_frame.f_globals.get("__places__")
        stood_for = stood_for_by(tb.tb_frame, tb.tb_next and tb.tb_next.tb_frame)
        if places is not None:
            # Code that was made of another language knows what its frames stand for.
            entries += reversed(places.entries(code, tb.tb_lasti, tb.tb_lineno))
            called, compiled = None, "calls"
        elif stood_for is not None:
            entries += reversed(stood_for)
        elif module.startswith("erlsim._bifs"):
            # One entry for all of a call of a BIF: the function that was called.
            if within != "erlang" and _is_shown(code.co_name, exc):
                called, within_now = tb.tb_frame, "erlang"
                entries.append(("erlang", code.co_name.rstrip("_"), code.co_argcount, []))
            elif within == "erlang":
                within_now = within
        elif module.startswith("erlsim.ets"):
            # So of a call into ETS.
            within_now = "ets"
            if within != "ets":
                called = tb.tb_frame
                entries.append(("ets", code.co_name, code.co_argcount, []))
        elif compiled and is_ours(module):
            if compiled == "calls":
                entries.append((_module_of(tb.tb_frame), code.co_name.rstrip("_"), len(arguments_of(tb.tb_frame)), []))
            compiled = "is within"
        elif not module.startswith(("erlsim._kernel", "erlsim.code", "erlsim.simulation")):
            compiled = ""
            where = [("file", [ord(c) for c in code.co_filename.rpartition("/")[2]]), ("line", tb.tb_lineno)]
            entries.append((_module_of(tb.tb_frame), code.co_name, code.co_argcount, where))
            called = None
        within = within_now
        tb = tb.tb_next
    entries.reverse()
    if called is not None and type(exc) is Error and exc.reason in _OF_BIFS:
        entries[:1] = _failed_bif(entries[0], arguments_of(called), exc.cause)
    return entries


def _is_shown(name: str, exc: BaseException) -> bool:
    return name[0] != "_" and (name not in _NOT_SHOWN or (name == "exit" and type(exc) is Error))


_OF_BIFS = ("badarg", "system_limit", "noproc")
# Functions of ETS that are Erlang there: the BIF that they call, with what arguments, and what they call it through.
_WITHIN: dict[str, tuple[str, Callable[[list[Term]], list[Term]], tuple[tuple[str, int], ...]]] = {
    "delete_all_objects": ("internal_delete_all", lambda args: [args[0], "undefined"], ()),
    "foldl": ("safe_fixtable", lambda args: [args[2], True], ()),
    "foldr": ("safe_fixtable", lambda args: [args[2], True], ()),
    "match_spec_run": ("match_spec_run_r", lambda args: [*args, []], ()),
    "init_table": ("internal_delete_all", lambda args: [args[0], "undefined"], (("delete_all_objects", 1),)),
    "match_delete": (
        "internal_select_delete",
        lambda args: [args[0], [(args[1], [], [True])]],
        (("select_delete", 2),),
    ),
    "select_delete": ("internal_select_delete", list, ()),
    "tab2list": ("match_object", lambda args: [args[0], "_"], ()),
}


def _failed_bif(entry: Term, args: list[Term], cause: Term) -> list[Term]:
    """The entries of a BIF that has failed, in the place of `entry`."""
    module, function, _, where = entry
    if module == "ets" and function in _WITHIN:
        inner, given, through = _WITHIN[function]
        outer: Stack = [("ets", name, arity, []) for name, arity in (*through, (function, len(args)))]
        return [with_error_info((module, inner, given(args), where), cause), *outer]
    return [with_error_info((module, function, args, where), cause)]


# As `inspect.CO_VARARGS`, which takes long to import.
_VARARGS = 0x04


def arguments_of(frame: types.FrameType) -> list[Term]:
    """What a function was called with; parameters that were left out are none."""
    code = frame.f_code
    names, found = code.co_varnames, frame.f_locals
    args = [found[name] for name in names[: code.co_argcount]]
    if code.co_flags & _VARARGS:
        return args + list(found[names[code.co_argcount + code.co_kwonlyargcount]])
    defaults = getattr(frame.f_globals.get(code.co_name), "__defaults__", None) or ()
    while defaults and args[-1] is defaults[-1]:
        args, defaults = args[:-1], defaults[:-1]
    return args


def with_known(entries: Stack, arguments: Term, info: Term) -> Stack:
    """The entries, the first with what `error/2,3` was told: its caller's arguments, and who explains the error."""
    if not entries or (arguments is None and info is None):
        return entries
    module, function, given, where = entries[0]
    where = where if info is None else [*where, (ERROR_INFO, info)]
    return [(module, function, given if arguments is None else arguments, where), *entries[1:]]


def info_of(options: Term) -> Term:
    """The `error_info` in the options of `error/3`; `None` if there is none, or it is none."""
    pairs = [each for each in options if type(each) is tuple and len(each) == 2] if type(options) is list else []
    info = dict(pairs).get(ERROR_INFO)
    return info if isinstance(info, dict) else None


ERROR_INFO = "error_info"
_EXPLAINED_IN = {
    **dict.fromkeys(("atomics", "counters", "erlang", "persistent_term"), "erl_erts_errors"),
    **dict.fromkeys(("binary", "ets", "io", "lists", "maps", "math", "re", "unicode"), "erl_stdlib_errors"),
}


def with_error_info(entry: Term, cause: Term = None) -> Term:
    """The first entry of a stack with what leads to an explanation, if the function explains its failures."""
    module, function, args, where = entry
    explained_in = _EXPLAINED_IN.get(module)
    if explained_in is None:
        return entry
    info = {"module": explained_in} if cause is None else {"cause": cause, "module": explained_in}
    return (module, function, args, [*where, (ERROR_INFO, info)])


def _module_of(frame: types.FrameType) -> str:
    """The atom of the module that a function belongs to: its class's if that has one, else its file's."""
    owner = frame.f_globals.get(frame.f_code.co_qualname.rpartition(".")[0])
    name = given_name(owner)
    return name if isinstance(name, str) else module_atom(str(frame.f_globals.get("__name__", "undefined")))


def module_atom(path: str) -> str:
    """The atom of the Python module `path`.

    It is what the file says in `__erlang_module__`; else what the package says that it is a part of (a behaviour may
    fill a folder and is one module still); else the last part of its name.
    """
    module = sys.modules.get(path)
    package = sys.modules.get(path.rpartition(".")[0])
    given = given_name(module) or given_name(package)
    return given if isinstance(given, str) else path.rpartition(".")[2]


def caught(exc: BaseException) -> tuple[str, Term, Stack]:
    """`(class, reason, stack)` of anything a process may raise, as `try ... catch C:R:S` binds them.

    An ordinary Python exception is an error whose reason is the exception itself.
    """
    if isinstance(exc, ErlangException):
        return exc.kind, exc.reason, exc.stack
    return "error", exc, stack_of(exc)


def stood_for_by(frame: types.FrameType, inner: types.FrameType | None) -> Stack | None:
    """What code stands for in stacks that is Erlang there, the innermost entry first; `None` if it stands for itself.

    `inner` is what the frame has called. A module says it with `__stands_for__(frame, inner)`, which gives the same;
    if it has `__in_stacks__ = False` it stands for nothing else.
    """
    names = frame.f_globals
    stands_for = names.get("__stands_for__")
    found: Stack | None = stands_for(frame, inner) if stands_for is not None else None
    return [] if found is None and not names.get("__in_stacks__", True) else found


_NO_PART = ("erlsim._kernel", "erlsim._bifs", "erlsim.code", "erlsim.simulation")


def entries_of(frame: types.FrameType, line: int, inner: types.FrameType | None) -> Stack:
    """What a frame, which is at `line` and has called `inner`, is in a stack, the innermost entry first."""
    code = frame.f_code
    places = frame.f_globals.get("__places__")
    if places is not None:
        return list(places.entries(code, frame.f_lasti, line))
    module = str(frame.f_globals.get("__name__", "undefined"))
    found = stood_for_by(frame, inner)
    if found is not None or module.startswith(_NO_PART):
        return found or []
    where = [("file", [ord(c) for c in code.co_filename.rpartition("/")[2]]), ("line", line)]
    return [(module_atom(module), code.co_name, code.co_argcount, where)]


DEEPEST = 8
"""So many entries has a stack at most where Erlang collects it (`erlang:system_flag(backtrace_depth, _)`)."""


# What runs a process, and the first function of a shell.
_RUNS = ("erlsim._kernel.scheduler", "erlsim.simulation")
_OUTERMOST = ("<module>", "<cell line")


def stack_from(frame: types.FrameType | None, inner: types.FrameType | None = None) -> Stack:
    """The stack of the process that runs, from `frame`, which has called `inner`, down to its first function."""
    return stack_through(beneath(frame), inner)


def beneath(frame: types.FrameType | None) -> Iterator[types.FrameType]:
    """`frame` and what has called it, up to the first function of the process that runs."""
    while frame is not None and frame.f_globals.get("__name__") not in _RUNS:
        if frame.f_code.co_name.startswith(_OUTERMOST):
            break
        yield frame
        frame = frame.f_back


def stack_through(frames: Iterable[types.FrameType], inner: types.FrameType | None = None) -> Stack:
    """The entries of frames, the innermost first, which has called `inner`."""
    entries: Stack = []
    line: int | None = None
    for frame in frames:
        if frame.f_code.co_name in COMPREHENSIONS:
            line = frame.f_lineno if line is None else line
        else:
            entries += entries_of(frame, frame.f_lineno if line is None else line, inner)
            line = None
        inner = frame
    return entries


def caught_within(exc: BaseException) -> tuple[str, Term, Stack]:
    """As `caught`, where a function catches that is Erlang on OTP: the stack goes on beneath it, as it does there."""
    is_known = isinstance(exc, ErlangException) and exc._stack is not None
    kind, reason, stack = caught(exc)
    tb = exc.__traceback__
    if isinstance(exc, ErlangException) and exc.is_of_caller:
        stack, is_known, exc.is_of_caller = [*stack, *stack_of(exc)], False, False
    if tb is not None and not is_known and len(stack) < DEEPEST:
        stack = [*stack, *stack_from(tb.tb_frame.f_back, tb.tb_frame)][:DEEPEST]
        if isinstance(exc, ErlangException):
            exc._stack = stack
    return kind, reason, stack


def exit_reason(kind: str, reason: Term, stack: Stack) -> Term:
    """The exit reason of a process that does not catch `kind:reason`."""
    if kind == "exit":
        return reason
    if kind == "throw":
        return (("nocatch", reason), stack)
    return (reason, stack)
