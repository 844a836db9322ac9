"""Ready-made filters: `(fun, extra)` pairs for handlers and for the primary configuration. Mirrors `logger_filters`.

Each takes an event and returns it (log), `"stop"` or `"ignore"` (no opinion); `badarg` for a bad extra.
"""

from __future__ import annotations

from erlsim.errors import Error
from erlsim.terms import Term, matchable

Event = dict[str, Term]
_ORDER = ("emergency", "alert", "critical", "error", "warning", "notice", "info", "debug")


def domain(event: Event, extra: Term) -> Term:
    """`(action, compare, domain)`: by the event's domain; compare super, sub, equal, not_equal, undefined."""
    match matchable(extra):
        case ("log" | "stop" as action, "super" | "sub" | "equal" | "not_equal" | "undefined" as compare, list(wanted)):
            own = event["meta"].get("domain")
            return _verdict(action, event, _domain_matches(compare, own, wanted))
    raise Error("badarg", [("logger_filters", "domain", [event, extra], [])])


def level(event: Event, extra: Term) -> Term:
    """`(action, operator, level)`: by the event's level; operator neq, eq, lt, gt, lteq, gteq."""
    match matchable(extra):
        case ("log" | "stop" as action, "neq" | "eq" | "lt" | "gt" | "lteq" | "gteq" as operator, str(wanted)) if (
            wanted in _ORDER
        ):
            # A level is greater than another when it is more severe.
            severity = _ORDER.index(wanted) - _ORDER.index(event["level"])
            holds = {
                "neq": severity != 0,
                "eq": severity == 0,
                "lt": severity < 0,
                "gt": severity > 0,
                "lteq": severity <= 0,
                "gteq": severity >= 0,
            }
            return _verdict(action, event, holds[operator])
    raise Error("badarg", [("logger_filters", "level", [event, extra], [])])


def progress(event: Event, action: Term) -> Term:
    """Progress reports, as supervisors and applications log them."""
    _check(action, event, "progress")
    match matchable(event["msg"]):
        case ("report", {"label": (_, "progress")}):
            return _verdict(action, event, True)
    return "ignore"


def remote_gl(event: Event, action: Term) -> Term:
    """Events of processes whose group leader is on another node: there are none."""
    _check(action, event, "remote_gl")
    return "ignore"


def _check(action: Term, event: Event, name: str) -> None:
    if action not in ("log", "stop"):
        raise Error("badarg", [("logger_filters", name, [event, action], [])])


def _verdict(action: str, event: Event, matches: bool) -> Term:
    if not matches:
        return "ignore"
    return event if action == "log" else "stop"


def _domain_matches(compare: str, own: Term, wanted: list[Term]) -> bool:
    if own is None:
        return compare in ("undefined", "not_equal")
    if compare == "equal":
        return bool(own == wanted)
    if compare == "not_equal":
        return bool(own != wanted)
    if type(own) is not list or compare == "undefined":
        return False
    return wanted[: len(own)] == own if compare == "super" else own[: len(wanted)] == wanted
