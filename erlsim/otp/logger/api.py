"""The functions that log, and those for a process's metadata."""

from __future__ import annotations

from erlsim import code, erlang
from erlsim.errors import Error, pass_on
from erlsim.otp.logger.backend import LEVELS, State, dispatch, state
from erlsim.terms import ABSENT, Pid, Term, chars, matchable

META_KEY = "$logger_metadata$"


def log(level: str, what: Term, args: Term = ABSENT, meta: Term = ABSENT) -> str:
    """`log(level, string_or_report[, meta])`, `log(level, format, args[, meta])` or `log(level, fun, arg[, meta])`.

    A report is a map or a list of pairs, a string a list of code points or a `str`; `fun(arg)` is
    called only when the level is logged. `"ok"`.
    """
    if args is ABSENT:
        return _do_log(level, what, {})
    if meta is ABSENT and isinstance(args, dict) and not callable(what):
        return _do_log(level, what, args)
    return _do_log(level, (what, args), {} if meta is ABSENT else meta)


def emergency(what: Term, args: Term = ABSENT, meta: Term = ABSENT) -> str:
    """`log` at this level."""
    return log("emergency", what, args, meta)


def alert(what: Term, args: Term = ABSENT, meta: Term = ABSENT) -> str:
    """`log` at this level."""
    return log("alert", what, args, meta)


def critical(what: Term, args: Term = ABSENT, meta: Term = ABSENT) -> str:
    """`log` at this level."""
    return log("critical", what, args, meta)


def error(what: Term, args: Term = ABSENT, meta: Term = ABSENT) -> str:
    """`log` at this level."""
    return log("error", what, args, meta)


def warning(what: Term, args: Term = ABSENT, meta: Term = ABSENT) -> str:
    """`log` at this level."""
    return log("warning", what, args, meta)


def notice(what: Term, args: Term = ABSENT, meta: Term = ABSENT) -> str:
    """`log` at this level."""
    return log("notice", what, args, meta)


def info(what: Term, args: Term = ABSENT, meta: Term = ABSENT) -> str:
    """`log` at this level."""
    return log("info", what, args, meta)


def debug(what: Term, args: Term = ABSENT, meta: Term = ABSENT) -> str:
    """`log` at this level."""
    return log("debug", what, args, meta)


def allow(level: str, module: Term) -> bool:
    """Whether `module` (`None`: nobody in particular) may log at `level` now."""
    if module is not None and not code.is_module(module):
        raise Error("function_clause", [("logger", "allow", [level, module], [])])
    return state().allows(level, module)


def macro_log(location: dict[str, Term], level: str, what: Term, args: Term = ABSENT, meta: Term = ABSENT) -> str:
    """What the macros of `logger.hrl` call where `allow` says so: `log` with the place that they stand at."""
    if args is ABSENT:
        args, meta = {}, ABSENT
    if meta is ABSENT and isinstance(args, dict) and not callable(what):
        meta = args
    else:
        what, meta = (what, args), {} if meta is ABSENT else meta
    _log_allowed(state(), level, what, meta, location)
    return "ok"


def timestamp() -> int:
    """The simulation's time in microseconds since 1970."""
    now: int = erlang.system_time("microsecond")
    return now


def set_process_metadata(meta: Term) -> str:
    """Metadata for everything that the caller logs; `"ok"`."""
    _check_map(meta, "set_process_metadata")
    erlang.put(META_KEY, meta)
    return "ok"


def update_process_metadata(meta: Term) -> str:
    """Add to the caller's metadata; `"ok"`."""
    _check_map(meta, "update_process_metadata")
    old = get_process_metadata()
    erlang.put(META_KEY, {**(old if isinstance(old, dict) else {}), **meta})
    return "ok"


def get_process_metadata() -> Term:
    """The caller's metadata, or `"undefined"`."""
    return erlang.get(META_KEY)


def unset_process_metadata() -> str:
    """Forget the caller's metadata; `"ok"`."""
    erlang.erase(META_KEY)
    return "ok"


def compare_levels(first: str, second: str) -> str:
    """`"lt"`, `"eq"` or `"gt"`: is `first` less severe than `second`?"""
    if first not in LEVELS or second not in LEVELS:
        raise Error("badarg", [("logger", "compare_levels", [first, second], [])])
    if first == second:
        return "eq"
    return "gt" if LEVELS[first] < LEVELS[second] else "lt"


def _check_map(meta: Term, function: str) -> None:
    if not isinstance(meta, dict):
        raise Error("badarg", [("logger", function, [meta], [])])


def _do_log(level: str, what: Term, meta: Term) -> str:
    config = state()
    match matchable(meta):
        case {"mfa": (module, _, _)}:
            allowed = config.allows(level, module)
        case _:
            allowed = config.allows(level, None)
    if allowed:
        _log_allowed(config, level, what, meta)
    return "ok"


def _log_allowed(config: State, level: str, what: Term, meta: Term, location: dict[str, Term] | None = None) -> None:
    if not isinstance(meta, dict):
        raise Error("function_clause", [("logger", "log_allowed", 4, [])])
    if type(what) is tuple and len(what) == 2 and callable(what[0]):
        what, meta = _call_fun(what, meta)
        if isinstance(what, str) and what == "ignore":
            return
    process_meta = get_process_metadata()
    defaults = {"pid": erlang.self(), "gl": erlang.group_leader(), "time": timestamp()}
    given = process_meta if isinstance(process_meta, dict) else {}
    whole = {**defaults, **(location or {}), **config.primary["metadata"], **given, **meta}
    if type(whole["gl"]) is not Pid:
        raise Error("badarg", [("erlang", "node", [whole["gl"]], [])])
    dispatch(config, {"level": level, "msg": _message(what), "meta": whole})


def _call_fun(what: tuple[Term, Term], meta: dict[str, Term]) -> tuple[Term, dict[str, Term]]:
    fun, arg = what
    try:
        result = fun(arg)
    except Exception as failure:
        pass_on(failure)
        kind = getattr(failure, "kind", "error")
        return ("LAZY_FUN CRASH: ~tp; Reason: ~tp", [what, (kind, getattr(failure, "reason", failure))]), meta
    if type(result) is tuple and len(result) == 2 and isinstance(result[1], dict):
        result, meta = result[0], {**meta, **result[1]}
    if isinstance(result, str) or _is_message(result):
        return result, meta
    return ("LAZY_FUN ERROR: ~tp; Returned: ~tp", [what, result]), meta


def _is_message(what: Term) -> bool:
    return isinstance(what, (dict, list, bytes)) or _is_format(what)


def _is_format(what: Term) -> bool:
    return type(what) is tuple and len(what) == 2 and isinstance(what[0], (str, list, bytes)) and type(what[1]) is list


def _message(what: Term) -> tuple[Term, Term]:
    """An event's `msg`: a report, a string, or a format and its arguments."""
    if _is_format(what):
        return (chars(what[0]) if isinstance(what[0], str) else what[0], what[1])
    if isinstance(what, dict) or (type(what) is list and what and type(what[0]) is tuple):
        return ("report", what)
    if isinstance(what, str):
        return ("string", chars(what))
    if isinstance(what, (list, bytes)):
        return ("string", what)
    raise Error("function_clause", [("logger", "do_log_allowed", 5, [])])
