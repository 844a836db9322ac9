"""The way of a log event: primary filters, `sim.reports`, then handler after handler. Mirrors `logger_backend`.

The state is one `State` a simulation, kept by its `Reports`. Invariant: an event is dispatched wholly
in the process that logs it. A filter or handler that fails is removed, as in OTP.
"""

from __future__ import annotations

from erlsim import code
from erlsim.errors import ErlsimError, Error, caught, pass_on
from erlsim.otp import logger_filters, logger_formatter
from erlsim.otp.reports.sasl import format_report
from erlsim.otp.shared import finish_now
from erlsim.reports import Event, Reports
from erlsim.simulation import storage
from erlsim.terms import Term

__erlang_module__ = "logger_backend"

_ORDER = ("none", "emergency", "alert", "critical", "error", "warning", "notice", "info", "debug", "all")
LEVELS = {level: rank for rank, level in enumerate(_ORDER)}
# The levels that an event may have.
LOGGED = {level: rank for level, rank in LEVELS.items() if level not in ("none", "all")}
OWN_KEYS = ("level", "filters", "filter_default", "handlers")


class StandardHandler:
    """The `default` handler: prints to standard output when `sim.reports.print` is on. Mirrors `logger_std_h`."""

    def __init__(self, reports: Reports) -> None:
        self.reports = reports

    def log(self, event: Event, config: dict[str, Term]) -> str:
        """Print one event."""
        self.reports.show(event)
        return "ok"


class State:
    """The logger's configuration in one simulation."""

    def __init__(self, reports: Reports) -> None:
        self.reports = reports
        self.primary = default_primary()
        self.handlers: dict[str, dict[str, Term]] = {}
        self.modules: dict[str, str] = {}
        # What the logger has to say of failing filters and handlers, as soon as the event has gone its way.
        self.own: list[Event] = []
        self.handlers["default"] = {
            **default_handler("default", StandardHandler(reports)),
            "filter_default": "stop",
            "filters": [
                ("remote_gl", (logger_filters.remote_gl, "stop")),
                ("domain", (logger_filters.domain, ("log", "super", ["otp", "sasl"]))),
                ("no_domain", (logger_filters.domain, ("log", "undefined", []))),
            ],
            "formatter": ("logger_formatter", {"legacy_header": True, "single_line": False}),
        }

    def allows(self, level: str, module: Term) -> bool:
        """Whether an event of `level` from `module` (or `None`) is to be logged at all."""
        limit = self.primary["level"]
        if module is not None:
            limit = self.modules.get(code.name(module), limit)
        try:
            return LOGGED[level] <= LEVELS[limit]
        except (KeyError, TypeError):
            raise Error("function_clause", [("logger_config", "less_or_equal_level", 2, [])]) from None


def default_primary() -> dict[str, Term]:
    """The primary configuration at the start: level notice, no filters."""
    return {"level": "notice", "metadata": {}, "filters": [], "filter_default": "log"}


def default_handler(name: str, module: Term) -> dict[str, Term]:
    """What a new handler has unless it says otherwise."""
    return {
        "id": name,
        "module": module,
        "level": "all",
        "filters": [],
        "filter_default": "log",
        "formatter": ("logger_formatter", {}),
    }


def state(reports: Reports | None = None) -> State:
    """The logger of the current simulation (or of the one that `reports` belong to)."""
    if reports is None:
        reports = storage("reports", Reports)
    config: State | None = reports.logger
    if config is None:
        config = reports.logger = State(reports)
    return config


def dispatch(config: State, event: Event) -> None:
    """Send an event that its level allows on its way."""
    _send(config, event)
    while config.own:
        _send(config, config.own.pop(0))


def callback(module: Term, function: str, args: list[Term], default: Term) -> Term:
    """Call an optional callback of a handler or a formatter."""
    if not code.function_exported(module, function, len(args)):
        return default
    try:
        return code.function(module, function, len(args))(*args)
    except Exception as failure:
        pass_on(failure)
        return ("error", ("callback_crashed", caught(failure)))


def remove(config: State, name: str) -> None:
    """Remove a handler; its module hears of it in `removing_handler(config)`."""
    handler = config.handlers[name]
    callback(handler["module"], "removing_handler", [handler], "ok")
    config.handlers.pop(name, None)


def _send(config: State, event: Event) -> None:
    passed = _filter(config, "primary", event, config.primary)
    if passed is None:
        return
    config.reports.record(passed)
    for name in list(reversed(config.handlers)):
        handler = config.handlers.get(name)
        if handler is not None and LEVELS[passed["level"]] <= LEVELS[handler["level"]]:
            _handle(config, name, handler, passed)


def _render(event: Event) -> str:
    """The text of an event as a node with SASL prints it: in SASL's layout, or under an old-style header."""
    try:
        return format_report(event) or logger_formatter.format(event, {"legacy_header": True, "single_line": False})
    except Exception as failure:
        pass_on(failure)
        return _render_anyhow(event)


def _render_anyhow(event: Event) -> str:
    """What stands in the place of an event that cannot be printed: a report always comes, as from logger_h_common."""
    try:
        return logger_formatter.format({**event, "msg": ("FORMATTER CRASH: ~tp", [event["msg"]])}, {})
    except Exception as failure:
        pass_on(failure)
        return "DEFAULT FORMATTER CRASHED\n"


def _route(reports: Reports, event: Event) -> None:
    """An event that the kernel raised: the logger logs it as if the emulator had sent it."""
    config = state(reports)
    if config.allows(event["level"], None):
        dispatch(config, event)


def _handle(config: State, name: str, handler: dict[str, Term], event: Event) -> None:
    passed = _filter(config, name, event, handler)
    if passed is None:
        return
    if type(handler["module"]) is StandardHandler and not config.reports.print:
        # Nobody is there to read it.
        return
    given = {key: value for key, value in handler.items() if key not in OWN_KEYS}
    try:
        _plain(code.function(handler["module"], "log", 2)(passed, given))
    except Exception as failure:
        pass_on(failure)
        remove(config, name)
        what = [("logger", "removed_failing_handler"), ("handler", (name, code.name(handler["module"])))]
        more = [("log_event", passed), ("config", given), ("reason", caught(failure))]
        _tell(config, passed, ("logger_backend", "call_handlers", 3), what + more)


def _filter(config: State, owner: str, event: Event, settings: dict[str, Term]) -> Event | None:
    """What the filters of `owner` make of an event; `None` when they stop it."""
    decided = False
    for entry in list(settings["filters"]):
        _, (fun, arg) = entry
        try:
            verdict = _plain(fun(event, arg))
        except Exception as failure:
            pass_on(failure)
            _remove_filter(config, owner, settings, event, entry, caught(failure))
            continue
        if isinstance(verdict, dict) and {"level", "msg", "meta"} <= verdict.keys():
            event, decided = verdict, True
        elif verdict == "stop":
            return None
        elif verdict != "ignore":
            _remove_filter(config, owner, settings, event, entry, ("bad_return_value", verdict))
    return event if decided or settings["filter_default"] == "log" else None


def _remove_filter(
    config: State, owner: str, settings: dict[str, Term], event: Event, entry: Term, reason: Term
) -> None:
    settings["filters"] = [other for other in settings["filters"] if other is not entry]
    what = [("logger", "removed_failing_filter"), ("filter", entry), ("owner", owner)]
    mfa = ("logger_backend", "handle_filter_failed", 4)
    _tell(config, event, mfa, [*what, ("log_event", event), ("reason", reason)])


def _plain(value: Term) -> Term:
    try:
        return finish_now(value)
    except ErlsimError:
        raise Error(("bad_return_value", "async")) from None


def _tell(config: State, event: Event, mfa: Term, report: list[Term]) -> None:
    """Log at level debug what the logger had to do about a failing filter or handler."""
    if "internal_log_event" in event["meta"] or not config.allows("debug", "logger_backend"):
        return
    meta = {key: event["meta"][key] for key in ("pid", "gl", "time") if key in event["meta"]}
    meta |= {"mfa": mfa, "internal_log_event": True}
    config.own.append({"level": "debug", "msg": ("report", report), "meta": meta})


Reports.route = _route
Reports.render = _render
