"""hypothesis: strategies for terms, childspecs, plans, crashes, messages and schedules.

What they generate is plain data that the public functions accept, and it shrinks to what is simplest in
Erlang's eyes: `normal`, `permanent`, no deviation from first-in first-out. A failing example prints as code to
be pasted. Needs the extra `hypothesis`, which is why `erlsim.testing` does not import this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import strategies as st

from erlsim import terms
from erlsim.errors import ErlsimError
from erlsim.terms import Term
from erlsim.testing.choosers import Deviate

Strategy = st.SearchStrategy[Any]
Start = tuple[Any, ...]

AUTO_SHUTDOWNS = ("never", "any_significant", "all_significant")
STRATEGIES = ("one_for_one", "one_for_all", "rest_for_one", "simple_one_for_one")
RESTART_TYPES = ("permanent", "transient", "temporary")
START: Start = ("worker", "start_link", [])
# Atoms that print as they are, and some that need quotes or mean something to somebody.
ATOM_TEXTS = ("a", "b", "ok", "error", "undefined", "infinity", "true", "false", "", "two words", "Upper", "it's", "é")
# A process has nothing to do for longer than an hour that it does not do within one.
LONGEST_MS = 3_600_000
# Of a question with many options a deviation takes one of the first few.
WIDEST_CHOICE = 4
# One question in four is answered with a deviation: were it each, signals and timers would hardly ever arrive.
DEVIATING_BYTES = 64
PIECE = 4


def atoms() -> Strategy:
    """Atoms, with and without need of quotes; `true` and `false` are `True` and `False`."""
    return st.sampled_from(ATOM_TEXTS).map(lambda text: {"true": True, "false": False}.get(text, text))


def terms_(max_leaves: int = 12) -> Strategy:
    """Any term that needs no node: atoms, numbers, binaries, tuples, lists (improper too), maps with any keys."""
    numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    return st.recursive(atoms() | numbers | st.binary(max_size=8), _compound, max_leaves=max_leaves)


def _compound(inner: Strategy) -> Strategy:
    lists = st.lists(inner, max_size=4)
    pairs = st.lists(st.tuples(inner, inner), max_size=3)
    improper = st.builds(terms.cons, st.lists(inner, min_size=1, max_size=3), inner)
    return lists | lists.map(tuple) | pairs.map(terms.make_map) | improper


def reasons() -> Strategy:
    """Exit reasons: `normal`, `shutdown`, `("shutdown", term)`, then any other term."""
    return st.sampled_from(["normal", "shutdown"]) | st.tuples(st.just("shutdown"), atoms()) | terms_(4)


def supervisor_flags(
    strategies: Sequence[str] = STRATEGIES, auto_shutdowns: Sequence[str] = AUTO_SHUTDOWNS
) -> Strategy:
    """Flags of a supervisor: a map with some of the keys, or `(strategy, intensity, period)`."""
    strategy, intensity = st.sampled_from(list(strategies)), st.integers(0, 10)
    period = st.integers(1, 60)
    rest = {"intensity": intensity, "period": period, "auto_shutdown": st.sampled_from(list(auto_shutdowns))}
    return st.fixed_dictionaries({"strategy": strategy}, optional=rest) | st.tuples(strategy, intensity, period)


def child_specs(start: Start = START, auto_shutdown: str = "never", max_size: int = 4) -> Strategy:
    """Lists of child specifications for a `supervisor` whose flag `auto_shutdown` is this; no two ids are alike.

    Every child is started by `start`, `(module, function, arguments)`.
    """
    if auto_shutdown not in AUTO_SHUTDOWNS:
        raise ErlsimError(f"auto_shutdown is one of {AUTO_SHUTDOWNS}, not {auto_shutdown!r}")
    spec = st.sampled_from(RESTART_TYPES).flatmap(lambda restart: _child_spec(start, auto_shutdown, restart))
    return st.lists(spec, max_size=max_size, unique_by=lambda each: terms.key(each["id"]))


def _child_spec(start: Start, auto_shutdown: str, restart: str) -> Strategy:
    # OTP refuses a significant child that is permanent, or whose supervisor never looks at it.
    may_matter = auto_shutdown != "never" and restart != "permanent"
    optional = {
        "shutdown": st.integers(0, 10_000) | st.sampled_from(["infinity", "brutal_kill"]),
        "type": st.sampled_from(["worker", "supervisor"]),
        "significant": st.booleans() if may_matter else st.just(False),
    }
    return st.fixed_dictionaries(
        {"id": _ids(), "start": st.just(start), "restart": st.just(restart)}, optional=optional
    )


def _ids() -> Strategy:
    return st.sampled_from(["a", "b", "c", "d"]) | st.tuples(st.just("worker"), st.integers(0, 9))


def plans(max_size: int = 4, longest: int = 5_000) -> Strategy:
    """Plans of a `director`; delays are between 1 and `longest` ms."""
    element = (
        st.sampled_from(["restart", "wait", "delete", "stop"])
        | st.tuples(st.just("restart"), st.integers(1, longest))
        | st.tuples(st.just("stop"), reasons())
    )
    return st.lists(element, max_size=max_size)


def director_specs(start: Start = START, plan: Strategy | None = None) -> Strategy:
    """Childspecs of a `director`, with some of the keys. `plan` is a strategy, `plans()` if it is left out."""
    optional = {
        "count": st.integers(0, 5) | st.just("infinity"),
        "terminate_timeout": st.integers(0, 10_000) | st.just("infinity"),
        "type": st.sampled_from(["worker", "supervisor"]),
        "modules": st.just("dynamic") | st.lists(st.sampled_from(["worker", "helper"]), max_size=2),
    }
    fixed = {"id": _ids(), "start": st.just(start), "plan": plans() if plan is None else plan}
    return st.fixed_dictionaries(fixed, optional=optional)


def crash_schedules(max_size: int = 8, longest: int = LONGEST_MS) -> Strategy:
    """Lists of `(uptime in ms, reason)`, as `director.timeline` takes them."""
    return st.lists(st.tuples(st.integers(0, longest), reasons()), max_size=max_size)


def message_scripts(
    names: Iterable[Term], messages: Strategy | None = None, max_size: int = 10, longest: int = 1_000
) -> Strategy:
    """Lists of `(instant in ms, receiver, message)` in the order of time; receivers are of `names`.

    `messages` is a strategy, `terms_()` if it is left out.
    """
    message = terms_() if messages is None else messages
    step = st.tuples(st.integers(0, longest), st.sampled_from(list(names)), message)
    return st.lists(step, max_size=max_size).map(lambda steps: sorted(steps, key=lambda each: each[0]))


def schedule_choosers(questions: int = 128) -> Strategy:
    """Choosers that deviate from first-in first-out in some of the first `questions` choices of a run.

    They shrink to the fewest deviations, early and small ones, and print as code: `Deviate({12: 1})`.
    """
    if questions < 1:
        raise ErlsimError(f"questions is how many choices of a run may deviate, not {questions!r}")
    # One byte answers each question, so that any deviation can be taken back while the others stay where they are;
    # a few bytes are drawn together, as hypothesis shrinks few larger pieces much faster than many small ones.
    pieces = -(-questions // PIECE)
    piece = st.binary(min_size=PIECE, max_size=PIECE)
    answers = st.lists(piece, min_size=pieces, max_size=pieces).map(b"".join)
    return answers.map(lambda each: Deviate(_deviations(each[:questions])))


def _deviations(answers: bytes) -> dict[int, int]:
    return {at: 1 + (byte - 1) % WIDEST_CHOICE for at, byte in enumerate(answers) if 0 < byte <= DEVIATING_BYTES}
