"""What can be told of a childspec without running it: what its documentation warns of, and what can be proved.

A fun may return anything, so nothing is proved that a fun could prevent. Findings of level `"warning"` are
mistakes in all likelihood; those of level `"note"` are consequences that are easily overlooked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from director import checks, defaults
from director.checks import KEYS, Spec
from director.child import Child
from director.elements import BadSpec, is_fun
from erlsim.supervision import Finding
from erlsim.terms import ABSENT, Term
from erlsim.terms import format as io_format


def lint(childspec: Term, default_childspec: Term = ABSENT, notes: bool = False) -> list[Finding]:
    """The findings about a childspec, in the order of the plan; `[]` for a sound one.

    `default_childspec` is what a child with `append` is added to. With `notes` what is merely worth knowing is
    told too. Codes: `invalid`, `unknown_key`, `empty_plan`, `count_zero`, `restart_spins`, `restart_at_once`,
    `unreachable`, and as notes `stops_at_crash`, `count_unused`, `appends_nothing`.
    """
    try:
        default = defaults.NOTHING if default_childspec is ABSENT else checks.default_childspec(default_childspec)
        child = defaults.add(checks.childspec(childspec, default), default)
    except BadSpec as bad:
        return [Finding("invalid", io_format("The childspec is refused: ~p.", [bad.term]))]
    found = [*_keys(childspec), *_plan(child), *_notes(child, childspec, default)]
    return [finding for finding in found if notes or finding.level == "warning"]


@contextmanager
def linting(notes: bool = False) -> Iterator[list[tuple[Term, Finding]]]:
    """While this block goes on in this thread, every childspec that a director takes is looked at.

    Whatever simulations run inside the block are looked at, and none that run outside of it. Gives a list that
    fills with `(id, finding)`, each finding once: `with director.linting() as found: run()`.
    """
    found: list[tuple[Term, Finding]] = []

    def look(spec: Term, default: Term) -> None:
        id_ = spec.get("id", "undefined") if isinstance(spec, dict) else spec
        for finding in lint(spec, default, notes):
            if (id_, finding) not in found:
                found.append((id_, finding))

    checks.listeners.set((*checks.listeners.get(), look))
    try:
        yield found
    finally:
        checks.listeners.set(tuple(each for each in checks.listeners.get() if each is not look))


def _keys(spec: Spec) -> Iterator[Finding]:
    for key in spec:
        if not (isinstance(key, str) and key in KEYS):
            yield Finding("unknown_key", io_format("The key ~p means nothing to a director.", [key]))


def _plan(child: Child) -> Iterator[Finding]:
    if not child.plan:
        yield Finding("empty_plan", "There is no plan: the first end of the process, of any kind, stops the director.")
    if child.count == 0:
        yield Finding("count_zero", "The plan is run 0 times: the first end of the process stops the director.")
    final = _final(child)
    if child.count == "infinity" and final is None:
        yield from _restarts(child.plan)
    if final is not None:
        what = io_format("~p", [child.plan[final - 1]])
        for position in range(final + 1, len(child.plan) + 1):
            yield Finding("unreachable", f"Nothing behind {what} (element {final}) can ever run.", position)


def _restarts(plan: list[Term]) -> Iterator[Finding]:
    """Immediate restarts that come again for ever."""
    spins = all(_is(element, "restart") for element in plan)
    for position, element in enumerate(plan, 1):
        if not _is(element, "restart"):
            continue
        if spins:
            text = "A process that cannot start is tried for ever, with no pause: the director hangs."
            yield Finding("restart_spins", text + " Give the restart a time.", position)
        else:
            text = "With count infinity a restart should wait: a process that cannot start is tried again at once."
            yield Finding("restart_at_once", text + " Give the restart a time.", position)


def _notes(child: Child, spec: Spec, default: Spec) -> Iterator[Finding]:
    crash, position = _certain_stop(child)
    if crash:
        yield Finding("stops_at_crash", f"The director stops at the latest at crash {crash}.", position, "note")
    if _final(child) is not None and "count" in spec and child.count != 1:
        yield Finding("count_unused", "The plan never comes to its end, so count never matters.", None, "note")
    if child.append and not any(value for key, value in default.items() if key != "type"):
        yield Finding("appends_nothing", "The child appends, and the default childspec is empty.", None, "note")


def _certain_stop(child: Child) -> tuple[int, int | None]:
    """At which crash the director must stop, and because of which element; 0 if it need not."""
    if child.count == 0 or not child.plan:
        return 1, None
    for position, element in enumerate(child.plan, 1):
        if is_fun(element) or _is(element, "delete"):
            return 0, None
        if _stops(element):
            return position, position
    return (0, None) if child.count == "infinity" else (len(child.plan) * child.count + 1, None)


def _final(child: Child) -> int | None:
    """The position of the first element behind which the plan cannot go on."""
    if child.count == 0:
        return None
    for position, element in enumerate(child.plan, 1):
        if _is(element, "delete") or _stops(element):
            return position
    return None


def _is(element: Term, atom: str) -> bool:
    return isinstance(element, str) and element == atom


def _stops(element: Term) -> bool:
    return _is(element, "stop") or (type(element) is tuple and element[0] == "stop")
