"""Flags and child specifications of a supervisor: their defaults, their checks, the record they become.

Mirrors the check_* functions of OTP's supervisor. A refused value raises `Invalid` with OTP's own error
term, and the order of the checks is OTP's, so that a spec with two faults is refused for the same one.
Nothing here starts, stops or remembers a child.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from erlsim import code, terms
from erlsim.errors import Error
from erlsim.terms import Improper, Pid, Term, TermMap

FLAG_DEFAULTS: Final[dict[Term, Term]] = {
    "strategy": "one_for_one",
    "intensity": 1,
    "period": 5,
    "auto_shutdown": "never",
}
CHILD_DEFAULTS: Final[dict[Term, Term]] = {"restart": "permanent", "type": "worker", "significant": False}
SHUTDOWN_DEFAULTS: Final[dict[Term, Term]] = {"worker": 5000, "supervisor": "infinity"}

STRATEGIES: Final = ("simple_one_for_one", "one_for_one", "one_for_all", "rest_for_one")
AUTO_SHUTDOWNS: Final = ("never", "any_significant", "all_significant")
RESTART_TYPES: Final = ("permanent", "temporary", "transient")
CHILD_TYPES: Final = ("supervisor", "worker")


Flags = dict[Term, Term]


class Invalid(Exception):
    """A flag or a specification is refused; `reason` is OTP's error term."""

    def __init__(self, reason: Term) -> None:
        super().__init__(reason)
        self.reason = reason


class Child(NamedTuple):
    """OTP's `#child{}`. `pid` is a pid, `"undefined"` or `("restarting", pid or "undefined")`."""

    tag: Term
    pid: Term
    id: Term
    mfargs: Term
    restart_type: Term
    significant: Term
    shutdown: Term
    child_type: Term
    modules: Term

    @property
    def is_temporary(self) -> bool:
        return bool(self.restart_type == "temporary")

    @property
    def is_permanent(self) -> bool:
        return bool(self.restart_type == "permanent")

    @property
    def is_restarting(self) -> bool:
        return is_restarting(self.pid)

    def with_pid(self, pid: Term) -> Child:
        # Twice in the life of every child: as `_replace`, which takes twice as long.
        return tuple.__new__(Child, (self[0], pid, *self[2:]))


def is_restarting(pid: Term) -> bool:
    """Whether `pid` is the mark of a child whose restart failed and is tried again."""
    return type(pid) is tuple and len(pid) == 2 and bool(pid[0] == "restarting")


def restarting(pid: Term) -> Term:
    """The mark for `pid`; what is a mark already, or no pid at all, stays as it is."""
    return ("restarting", pid) if isinstance(pid, Pid) else pid


# -- flags -----------------------------------------------------------------------------------------


def check_flags(flags: Term) -> dict[Term, Term]:
    """The four flags of a map or of `(strategy, intensity, period)`, defaults filled in."""
    if isinstance(flags, tuple) and len(flags) == 3:
        flags = {"strategy": flags[0], "intensity": flags[1], "period": flags[2], "auto_shutdown": "never"}
    if not isinstance(flags, (dict, TermMap)):
        raise Invalid(("invalid_type", flags))
    known: dict[Term, Term] = {name: flags.get(name, default) for name, default in FLAG_DEFAULTS.items()}
    _one_of(known["strategy"], STRATEGIES, "invalid_strategy")
    _demand(_is_integer(known["intensity"]) and known["intensity"] >= 0, "invalid_intensity", known["intensity"])
    _demand(_is_integer(known["period"]) and known["period"] > 0, "invalid_period", known["period"])
    _one_of(known["auto_shutdown"], AUTO_SHUTDOWNS, "invalid_auto_shutdown")
    return known


# -- child specifications --------------------------------------------------------------------------


def check_startspec(specs: Term, auto_shutdown: Term) -> list[Child]:
    """The records of `specs`, in their order; two specs with one id are refused."""
    children: list[Child] = []
    seen: set[Any] = set()
    for spec in specs.items if isinstance(specs, Improper) else _proper(specs):
        child = check_childspec(spec, auto_shutdown)
        name = terms.key(child.id)
        if name in seen:
            raise Invalid(("duplicate_child_name", child.id))
        seen.add(name)
        children.append(child)
    if isinstance(specs, Improper):
        raise Error("function_clause")
    return children


def check_childspec(spec: Term, auto_shutdown: Term) -> Child:
    """The record of one spec: a map, or `(id, start, restart, shutdown, type, modules)`."""
    if isinstance(spec, tuple) and len(spec) == 6:
        names = ("id", "start", "restart", "shutdown", "type", "modules")
        spec = {**dict(zip(names, spec, strict=True)), "significant": False}
    if not isinstance(spec, (dict, TermMap)):
        raise Invalid(("invalid_child_spec", spec))
    return _child_of(spec, auto_shutdown)


def child_to_spec(child: Child) -> Term:
    """The full map that `get_childspec` answers with."""
    return {
        "id": child.id,
        "start": child.mfargs,
        "restart": child.restart_type,
        "significant": child.significant,
        "shutdown": child.shutdown,
        "type": child.child_type,
        "modules": child.modules,
    }


def _child_of(spec: Any, auto_shutdown: Term) -> Child:
    if "id" not in spec:
        raise Invalid("missing_id")
    if "start" not in spec:
        raise Invalid("missing_start")
    start = spec["start"]
    restart = spec.get("restart", CHILD_DEFAULTS["restart"])
    significant = spec.get("significant", CHILD_DEFAULTS["significant"])
    if not _is_mfa(start):
        raise Invalid(("invalid_mfa", start))
    if "restart" in spec:
        _one_of(restart, RESTART_TYPES, "invalid_restart_type")
    if significant is not False:
        _check_significant(significant, restart, auto_shutdown)
    child_type = spec.get("type", CHILD_DEFAULTS["type"])
    if "type" in spec:
        _one_of(child_type, CHILD_TYPES, "invalid_child_type")
    shutdown = spec.get("shutdown", SHUTDOWN_DEFAULTS[child_type])
    if type(shutdown) is not int or shutdown < 0:
        _check_shutdown(shutdown)
    if "modules" in spec:
        modules = spec["modules"]
        _check_modules(modules)
    else:
        # It has been looked at as a part of `start`.
        modules = [start[0]]
    return Child("child", "undefined", spec["id"], start, restart, significant, shutdown, child_type, modules)


def _check_significant(significant: Term, restart: Term, auto_shutdown: Term) -> None:
    """The same of any other value than `False`, which is the default."""
    if significant is True and auto_shutdown == "never":
        raise Invalid(("bad_combination", [("auto_shutdown", "never"), ("significant", True)]))
    if significant is True and restart == "permanent":
        raise Invalid(("bad_combination", [("restart", "permanent"), ("significant", True)]))
    _demand(isinstance(significant, bool), "invalid_significant", significant)


def _check_shutdown(shutdown: Term) -> None:
    """The same of what is no integer from 0 up."""
    if isinstance(shutdown, str) and shutdown in ("infinity", "brutal_kill"):
        return
    _demand(_is_integer(shutdown) and shutdown >= 0, "invalid_shutdown", shutdown)


def _check_modules(modules: Term) -> None:
    if isinstance(modules, str) and modules == "dynamic":
        return
    _demand(isinstance(modules, (list, Improper)), "invalid_modules", modules)
    for name in modules.items if isinstance(modules, Improper) else modules:
        if not code.is_module(name):
            raise Invalid(("invalid_module", name))
    if isinstance(modules, Improper):
        # lists:foreach fails on the tail, and the check runs under a `catch`.
        raise Invalid(("EXIT", ("function_clause", [("lists", "foreach", 2, [])])))


def _is_mfa(term: Term) -> bool:
    return (
        isinstance(term, tuple)
        and len(term) == 3
        and code.is_module(term[0])
        and isinstance(term[1], (str, bool))
        and isinstance(term[2], (list, Improper))
    )


def _is_integer(term: Term) -> bool:
    return isinstance(term, int) and not isinstance(term, bool)


def _one_of(term: Term, allowed: tuple[str, ...], fault: str) -> None:
    if not isinstance(term, str) or term not in allowed:
        raise Invalid((fault, term))


def _demand(holds: bool, fault: str, term: Term) -> None:
    if not holds:
        raise Invalid((fault, term))


def _proper(specs: Term) -> list[Term]:
    if not isinstance(specs, list):
        raise Error("function_clause")
    return specs
