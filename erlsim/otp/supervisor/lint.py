"""What can be told of a supervisor's flags and child specifications without running it. Beyond OTP.

OTP refuses what makes no sense (those findings are `invalid`) and takes what is only unwise. Each rule here has its
reason in OTP's documentation of supervisors or follows from what the flags mean; a sound tree has no findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from erlsim import code, terms
from erlsim.errors import Error
from erlsim.otp.supervisor.spec import Child, Flags, Invalid, check_flags, check_startspec
from erlsim.supervision import Finding
from erlsim.terms import Improper, Term

Listener = Callable[[Term, Term, Term, bool], None]
# Who looks at the specifications of the supervisors that are started in this context.
_listeners: ContextVar[tuple[Listener, ...]] = ContextVar("_listeners", default=())

FASTEST_CRASH = 10
"""A process that fails as soon as it does some work does so in a few ms: one that is restarted more often than every
so many ms for ever is never given up."""


def lint(flags: Term, specs: Term, later: bool = False) -> list[tuple[Term, Finding]]:
    """The findings about the flags and specs that a supervisor's `init` returns: `[(child's id, finding), ...]`.

    What concerns the supervisor as a whole has the id `"undefined"`; of specs that come `later`, by `start_child`,
    nothing is said about the whole. Codes: `invalid` (OTP refuses it), `never_restarts` (intensity 0), `never_gives_up`
    (an intensity that no crash loop exceeds), `temporary_among_all`, `finite_shutdown` (a supervisor that may be killed
    before its children have ended), `not_exported` (a start function that does not exist), `nobody_significant`
    (`auto_shutdown` that nothing triggers).
    """
    try:
        known = check_flags(flags)
        children = check_startspec(specs, known["auto_shutdown"])
    except Invalid as fault:
        return [("undefined", Finding("invalid", f"OTP refuses it: {_shown(fault.reason)}."))]
    except Error:
        return [("undefined", Finding("invalid", f"The specifications are no list: {_shown(specs)}."))]
    about_all = [] if later else [("undefined", finding) for finding in _about_all(known, children)]
    return [*about_all, *((child.id, finding) for child in children for finding in _about(child, known))]


@contextmanager
def linting() -> Iterator[list[tuple[Term, Term, Finding]]]:
    """While this block goes on, the specs of every supervisor that is started are looked at.

    Gives a list that fills with `(supervisor's name, child's id, finding)`, each once.
    """
    found: list[tuple[Term, Term, Finding]] = []

    def look(name: Term, flags: Term, specs: Term, later: bool) -> None:
        for id_, finding in lint(flags, specs, later):
            if (name, id_, finding) not in found:
                found.append((name, id_, finding))

    _listeners.set((*_listeners.get(), look))
    try:
        yield found
    finally:
        _listeners.set(tuple(each for each in _listeners.get() if each is not look))


def tell(name: Term, flags: Term, specs: Term, later: bool = False) -> None:
    """A supervisor has these from the beginning, or gets them `later`: tell whoever looks."""
    for listener in _listeners.get():
        listener(name[1] if type(name) is tuple and name[0] == "local" else name, flags, specs, later)


def _about_all(flags: Flags, children: list[Child]) -> Iterator[Finding]:
    intensity, period = flags["intensity"], flags["period"]
    restarted = [child for child in children if not child.is_temporary]
    if intensity == 0 and restarted:
        text = f"With intensity 0 nothing is ever restarted: the first crash of {_ids(restarted)} ends the supervisor."
        yield Finding("never_restarts", text)
    if intensity * FASTEST_CRASH > period * 1000 and restarted:
        pause = f"{period * 1000 / intensity:.3g} ms"
        text = f"{intensity} restarts in {period} s: a process that crashes every {pause} is restarted for ever."
        yield Finding("never_gives_up", text)
    if flags["auto_shutdown"] != "never" and not any(child.significant is True for child in children):
        if flags["strategy"] != "simple_one_for_one":
            text = f"auto_shutdown is {flags['auto_shutdown']}, and no child is significant: it will never happen."
            yield Finding("nobody_significant", text)


def _about(child: Child, flags: Flags) -> Iterator[Finding]:
    if child.is_temporary and flags["strategy"] in ("one_for_all", "rest_for_one"):
        text = (
            f"A temporary child under {flags['strategy']} is stopped with the others and not started again with them."
        )
        yield Finding("temporary_among_all", text)
    if child.child_type == "supervisor" and not _is(child.shutdown, "infinity"):
        text = f"A supervisor with shutdown {_shown(child.shutdown)} may be killed before its own children have ended:"
        yield Finding("finite_shutdown", f"{text} they are left without one. Give it infinity.")
    module, function, args = child.mfargs
    arity = len(args.items if isinstance(args, Improper) else args)
    if flags["strategy"] != "simple_one_for_one" and not code.function_exported(module, function, arity):
        text = f"There is no {_shown(code.name(module))}:{_shown(function)}/{arity} to start it with."
        yield Finding("not_exported", text)


def _ids(children: list[Child]) -> str:
    return ", ".join(_shown(child.id) for child in children)


def _is(term: Term, atom: str) -> bool:
    return isinstance(term, str) and term == atom


def _shown(term: Term) -> str:
    return terms.format("~0tp", [term])
