"""Changes to the logger's configuration: handlers, filters, levels. Mirrors `logger_server`.

Invariant: nothing is changed unless everything given passes its check; the answer is `"ok"` or
`("error", reason)` with OTP's reasons. Where the configuration lives is `logger_backend`.
"""

from __future__ import annotations

from collections.abc import Callable

from erlsim import code
from erlsim.otp.logger.backend import LEVELS, callback, default_handler, default_primary, remove, state
from erlsim.otp.shared import is_atom
from erlsim.terms import ABSENT, Term, exact_eq, matchable, sort

__erlang_module__ = "logger_config"

Config = dict[str, Term]


class _Refused(Exception):
    def __init__(self, reason: Term) -> None:
        super().__init__(reason)
        self.reason = reason


def add_handler(name: str, module: Term, config: Config) -> Term:
    """Add a handler: `module` has `log(event, config)` and perhaps `adding_handler(config)`."""
    try:
        _check_id(name)
        if not code.is_module(module):
            raise _Refused(("invalid_module", module))
        _check(name, config)
    except _Refused as refused:
        return ("error", refused.reason)
    logger = state()
    if name in logger.handlers:
        return ("error", ("already_exist", name))
    whole = {**default_handler(name, module), **config}
    match matchable(callback(module, "adding_handler", [whole], ("ok", whole))):
        case ("ok", given):
            pass
        case ("error", reason) | reason:
            return ("error", ("handler_not_added", reason))
    if not code.function_exported(module, "log", 2):
        return ("error", ("invalid_handler", ("function_not_exported", (code.name(module), "log", 2))))
    logger.handlers[name] = given
    return "ok"


def remove_handler(name: str) -> Term:
    """Remove a handler; its module hears of it in `removing_handler(config)`."""
    if _handler(name) is None:
        return ("error", ("not_found", name))
    remove(state(), name)
    return "ok"


def add_primary_filter(name: str, filter: tuple[Callable[..., Term], Term]) -> Term:
    """Add a filter `(fun(event, extra), extra)` for all events."""
    return _add_filter("primary", name, filter)


def remove_primary_filter(name: str) -> Term:
    """Remove a filter for all events."""
    return _remove_filter("primary", name)


def add_handler_filter(handler: str, name: str, filter: tuple[Callable[..., Term], Term]) -> Term:
    """Add a filter `(fun(event, extra), extra)` for one handler."""
    return _add_filter(handler, name, filter)


def remove_handler_filter(handler: str, name: str) -> Term:
    """Remove a filter of one handler."""
    return _remove_filter(handler, name)


def set_primary_config(config: Term, value: Term = ABSENT) -> Term:
    """`set_primary_config(map)` (what it leaves out goes back to its default) or `set_primary_config(key, value)`."""
    return _change_primary(*_changes(config, value))


def update_primary_config(config: Config) -> Term:
    """Change only what `config` names."""
    return _change_primary(config, True)


def get_primary_config() -> Config:
    """Level, metadata, filters and their default."""
    return dict(state().primary)


def set_handler_config(name: str, config: Term, value: Term = ABSENT) -> Term:
    """`set_handler_config(name, map)` (the rest goes back to its default) or `(name, key, value)`."""
    return _change_handler("set", name, *_changes(config, value))


def update_handler_config(name: str, config: Term, value: Term = ABSENT) -> Term:
    """`update_handler_config(name, map)` or `(name, key, value)`: the rest stays."""
    return _change_handler("update", name, _changes(config, value)[0], True)


def get_handler_config(name: Term = ABSENT) -> Term:
    """`get_handler_config()`: a list of all; `get_handler_config(name)`: `("ok", config)` or `("error", reason)`."""
    if name is ABSENT:
        return [get_handler_config(handler)[1] for handler in get_handler_ids()]
    config = _handler(name)
    if config is None:
        return ("error", ("not_found", name))
    if code.function_exported(config["module"], "filter_config", 1):
        return ("ok", code.function(config["module"], "filter_config", 1)(dict(config)))
    return ("ok", dict(config))


def get_handler_ids() -> list[str]:
    """The names of the handlers, the newest first."""
    return list(reversed(state().handlers))


def update_formatter_config(handler: str, config: Term, value: Term = ABSENT) -> Term:
    """Change the configuration of a handler's formatter: a map, or a key and a value."""
    config, _ = _changes(config, value)
    if not isinstance(config, dict):
        return ("error", ("invalid_formatter_config", config))
    settings = _handler(handler)
    if settings is None:
        return ("error", ("not_found", handler))
    module, old = settings["formatter"]
    try:
        _check_formatter((module, {**old, **config}))
    except _Refused as refused:
        return ("error", refused.reason)
    settings["formatter"] = (module, {**old, **config})
    return "ok"


def set_module_level(modules: Term, level: str) -> Term:
    """Let a module, or a list of them, log down to `level`, whatever the primary level is."""
    try:
        names = _names(modules)
        _check_level(level)
    except _Refused as refused:
        return ("error", refused.reason)
    state().modules.update((name, level) for name in names)
    return "ok"


def unset_module_level(modules: Term = ABSENT) -> Term:
    """`unset_module_level()` or `unset_module_level(module_or_modules)`: back to the primary level."""
    levels = state().modules
    try:
        names = list(levels) if modules is ABSENT else _names(modules)
    except _Refused as refused:
        return ("error", refused.reason)
    for name in names:
        levels.pop(name, None)
    return "ok"


def get_module_level(modules: Term = ABSENT) -> list[tuple[str, str]]:
    """`(module, level)` of all modules, or of those given, that have a level of their own."""
    levels = state().modules
    wanted = levels if modules is ABSENT else [code.name(each) for each in _listed(modules)]
    pairs: list[tuple[str, str]] = sort([pair for pair in levels.items() if pair[0] in wanted])
    return pairs


def set_application_level(application: str, level: str) -> Term:
    """No application is loaded here."""
    return ("error", ("not_loaded", application))


def unset_application_level(application: str) -> Term:
    """No application is loaded here."""
    return ("error", ("not_loaded", application))


def get_config() -> Config:
    """The whole configuration: primary, handlers, proxy, module levels."""
    return {
        "primary": get_primary_config(),
        "handlers": get_handler_config(),
        "proxy": {},
        "module_levels": get_module_level(),
    }


def _change_primary(config: Term, keep: bool) -> Term:
    try:
        _check("primary", config)
    except _Refused as refused:
        return ("error", refused.reason)
    logger = state()
    logger.primary = {**(logger.primary if keep else default_primary()), **config}
    return "ok"


def _change_handler(how: str, name: str, config: Term, keep: bool) -> Term:
    try:
        _check(name, config)
    except _Refused as refused:
        return ("error", refused.reason)
    old = _handler(name)
    if old is None:
        return ("error", ("not_found", name))
    module = old["module"]
    fresh = {**(old if keep else default_handler(name, module)), **config}
    changed = [key for key in ("id", "module") if not exact_eq(fresh[key], old[key])]
    if changed:
        return ("error", ("illegal_config_change", {k: old[k] for k in changed}, {k: fresh[k] for k in changed}))
    match matchable(callback(module, "changing_config", [how, old, fresh], ("ok", fresh))):
        case ("ok", given):
            state().handlers[name] = given
            return "ok"
        case refused:
            return refused


def _changes(config: Term, value: Term) -> tuple[Term, bool]:
    """What is to change, of a map or of a key and its value, and whether the rest stays when it is set."""
    return (config, False) if value is ABSENT else ({config: value}, True)


def _handler(name: Term) -> Config | None:
    return state().handlers.get(name) if is_atom(name) else None


def _owner(owner: Term) -> Config | None:
    return state().primary if owner == "primary" else _handler(owner)


def _listed(modules: Term) -> list[Term]:
    return modules if type(modules) is list else [modules]


def _names(modules: Term) -> list[str]:
    listed = _listed(modules)
    if not all(code.is_module(module) for module in listed):
        raise _Refused(("not_a_list_of_modules", modules))
    return [code.name(module) for module in listed]


def _add_filter(owner: str, name: str, filter: Term) -> Term:
    try:
        _check(owner, {"filters": [(name, filter)]})
    except _Refused as refused:
        return ("error", refused.reason)
    settings = _owner(owner)
    if settings is None:
        return ("error", ("not_found", owner))
    if any(other == name for other, _ in settings["filters"]):
        return ("error", ("already_exist", name))
    settings["filters"] = [(name, filter), *settings["filters"]]
    return "ok"


def _remove_filter(owner: str, name: str) -> Term:
    settings = _owner(owner)
    if settings is None:
        return ("error", ("not_found", owner))
    left = [entry for entry in settings["filters"] if not exact_eq(entry[0], name)]
    if left == settings["filters"]:
        return ("error", ("not_found", name))
    settings["filters"] = left
    return "ok"


def _check_id(name: Term) -> None:
    if not is_atom(name):
        raise _Refused(("invalid_id", name))


def _check_level(level: Term) -> None:
    if type(level) is not str or level not in LEVELS:
        raise _Refused(("invalid_level", level))


def _check(owner: Term, config: Term) -> None:
    if not isinstance(config, dict):
        raise _Refused(("invalid_config", config))
    primary = owner == "primary"
    if not primary:
        _check_id(owner)
    for key, value in config.items():
        if key == "level":
            _check_level(value)
        elif key == "filters":
            _check_filters(value)
        elif key == "filter_default":
            if value not in ("log", "stop"):
                raise _Refused(("invalid_filter_default", value))
        elif key == "formatter" and not primary:
            _check_formatter(value)
        elif primary and not (key == "metadata" and isinstance(value, dict)):
            raise _Refused(("invalid_primary_config", (key, value)))


def _check_filters(filters: Term) -> None:
    if type(filters) is not list:
        raise _Refused(("invalid_filters", filters))
    for entry in filters:
        match matchable(entry):
            case (name, (fun, _)) if is_atom(name) and callable(fun) and code.takes(fun, 2):
                continue
        raise _Refused(("invalid_filter", entry))


def _check_formatter(formatter: Term) -> None:
    match matchable(formatter):
        case (module, config):
            pass
        case _:
            raise _Refused(("invalid_formatter", formatter))
    if not code.is_module(module):
        raise _Refused(("invalid_module", module))
    match matchable(callback(module, "check_config", [config], "ok")):
        case ("error", reason):
            raise _Refused(reason)
