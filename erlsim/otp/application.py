"""Applications: a tree of processes with a name, an environment and a callback module. Mirrors `application`.

The callback module has

    start(type, args)    ("ok", pid) or ("ok", pid, state) of its top supervisor, or ("error", reason)
    stop(state)          after the processes have ended
    prep_stop(state)     before they do; optional: the new state

An application is known by its specification, `("application", name, [(key, value), ...])`: `load` takes one, and
`learn` tells what `load(name)` and `start(name)` then find, as a `.app` file on the path does in Erlang.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from erlsim import code, erlang, supervision, terms
from erlsim.errors import Error, caught, pass_on
from erlsim.otp import logger, proc_lib
from erlsim.otp.io_lib import limit_term
from erlsim.otp.reports.limits import laid_out
from erlsim.otp.shared import is_atom
from erlsim.simulation import storage
from erlsim.terms import Pid, Term, chars, key, matchable

# Running from the beginning, as far as a simulation has them: nobody need start them.
_ALWAYS = ("kernel", "stdlib", "compiler", "sasl", "crypto", "syntax_tools", "runtime_tools")
_NO_FILE = "no such file or directory"
_DEFAULTS: tuple[tuple[str, Term], ...] = (
    ("description", []),
    ("id", []),
    ("vsn", []),
    ("modules", []),
    ("maxP", "infinity"),
    ("maxT", "infinity"),
    ("registered", []),
    ("included_applications", []),
    ("optional_applications", []),
    ("applications", []),
    ("env", []),
    ("mod", []),
    ("start_phases", "undefined"),
)


@dataclass(slots=True)
class _Loaded:
    """An application that is loaded: its keys and environment; while it runs its master and how it was started."""

    name: Term
    keys: dict[str, Term]
    master: Pid | None = None
    kind: Term = None
    number: int = 0
    """The how many-th start it was."""

    @property
    def is_running(self) -> bool:
        """Whether it is started: with processes or without."""
        return self.kind is not None


@dataclass(slots=True)
class _Book:
    """What a simulation knows of applications."""

    known: dict[Any, Term] = field(default_factory=dict)
    loaded: dict[Any, _Loaded] = field(default_factory=dict)
    environments: dict[Any, dict[Any, tuple[Term, Term]]] = field(default_factory=dict)
    """Of those that are loaded, and of any other of which something is set."""
    starts: int = 0


def _book() -> _Book:
    found: _Book = storage("applications", _Book)
    return found


def learn(specification: Term) -> None:
    """Let `load(name)` and `start(name)` find this specification."""
    _book().known[key(specification[1])] = specification


def _find(name: Term) -> _Loaded | None:
    return _book().loaded.get(key(name))


# ---- loading


def load(application: Term) -> Term:
    """Load by name or by specification: `"ok"` or `("error", reason)`. `application:load/1`."""
    if is_atom(application):
        if _find(application) is not None:
            return ("error", ("already_loaded", application))
        known = _book().known.get(key(application))
        if known is None:
            return ("error", (chars(_NO_FILE), chars(f"{terms.format('~ts', [application])}.app")))
        return _loaded(application, known)
    return _loaded(application, application)


def _loaded(asked: Term, specification: Term) -> Term:
    match matchable(specification):
        case ("application", name, list(pairs)) if is_atom(name):
            if key(name) in _book().loaded:
                return ("error", ("already_loaded", asked))
            keys = dict(_DEFAULTS) | {pair[0]: pair[1] for pair in pairs if type(pair) is tuple and len(pair) == 2}
            _environment(name).update((key(each), (each, value)) for each, value in keys["env"])
            _book().loaded[key(name)] = _Loaded(name, keys)
            return "ok"
        case ("application", name, other) if is_atom(name):
            return ("error", ("invalid_options", other))
    return ("error", ("bad_application", specification))


def ensure_loaded(name: Term) -> Term:
    """Load it unless it is. `application:ensure_loaded/1`."""
    return "ok" if _find(name) is not None else load(name)


def unload(name: Term) -> Term:
    """Forget it and its environment. `application:unload/1`."""
    found = _find(name)
    if found is None:
        return ("error", ("not_loaded", name))
    if found.is_running:
        return ("error", ("running", name))
    del _book().loaded[key(name)]
    _book().environments.pop(key(name), None)
    return "ok"


def loaded_applications() -> list[Term]:
    """`[(name, description, version)]`. `application:loaded_applications/0`."""
    return [_row(each) for each in _book().loaded.values()]


def which_applications(_timeout: Term = 5000) -> list[Term]:
    """The same of those that run, the last started first. `application:which_applications/0,1`."""
    running = [each for each in _book().loaded.values() if each.is_running]
    return [_row(each) for each in sorted(running, key=lambda each: -each.number)]


def _row(found: _Loaded) -> Term:
    return (found.name, found.keys["description"], found.keys["vsn"])


# ---- starting and stopping


# DIVERGES(otp): a permanent application that ends does not take the node with it: a simulation has no other.
async def start(application: Term, kind: Term = "temporary") -> Term:
    """Start it: `"ok"` or `("error", reason)`. `application:start/1,2`.

    `kind` is what OTP calls its type: `"temporary"`, `"transient"` or `"permanent"`.
    """
    name = application if is_atom(application) else application[1]
    if _find(name) is None:
        loaded = load(application)
        if loaded != "ok":
            return loaded
    found = _find(name)
    assert found is not None
    if found.is_running:
        return ("error", ("already_started", name))
    for other in found.keys["applications"]:
        if other not in found.keys["optional_applications"] and not _runs(other):
            return ("error", ("not_started", other))
    return await _started(found, kind)


def _runs(name: Term) -> bool:
    found = _find(name)
    return name in _ALWAYS or (found is not None and found.is_running)


async def _started(found: _Loaded, kind: Term) -> Term:
    _book().starts += 1
    found.number = _book().starts
    if found.keys["mod"] == []:
        found.kind = kind
        return "ok"
    module, args = found.keys["mod"]
    controller = erlang.self()
    master = proc_lib.spawn(lambda: _master(controller, found, module, args))
    monitor = erlang.monitor("process", master)
    match matchable(await erlang.receive(("$application", master, ...), ("DOWN", monitor, "process", master, ...))):
        case ("$application", _, "started"):
            found.master, found.kind = master, kind
            erlang.demonitor(monitor, ["flush"])
            return "ok"
        case (*_, reason):
            _report_exit(found, reason, kind)
            return ("error", reason)


async def _master(controller: Pid, found: _Loaded, module: Term, args: Term) -> None:
    """The application's own process: it starts the top supervisor by another, and ends with it."""
    erlang.process_flag("trap_exit", True)
    me = erlang.self()
    starter = erlang.spawn_link(lambda: _starter(me, module, args))
    match matchable(await erlang.receive(("$application", starter, ...), ("EXIT", starter, ...))):
        case ("$application", _, ("ok", top, state)):
            supervision.publish(lambda: [supervision.Child(found.name, top)], "application")
            erlang.send(controller, ("$application", me, "started"))
            await _running(found, starter, module, state)
        case ("$application", _, ("error", reason)) | ("EXIT", _, reason):
            erlang.exit(reason)


async def _starter(master: Pid, module: Term, args: Term) -> None:
    """Call `start` of the callback module and hold on to the top supervisor."""
    erlang.process_flag("trap_exit", True)
    call = (module, "start", ["normal", args])
    match matchable(await _caught(module, "start", ["normal", args])):
        case ("ok", Pid() as top):
            state: Term = []
        case ("ok", Pid() as top, state):
            pass
        case ("error", reason):
            erlang.send(master, ("$application", erlang.self(), ("error", (reason, call))))
            return
        case other:
            erlang.send(master, ("$application", erlang.self(), ("error", ("bad_return", (call, other)))))
            return
    erlang.link(top)
    erlang.send(master, ("$application", erlang.self(), ("ok", top, state)))
    while True:
        match matchable(await erlang.receive(("EXIT", ..., ...), ("$stop", ...))):
            case ("EXIT", pid, reason) if pid == top:
                erlang.exit(reason)
            case ("$stop", reason):
                erlang.exit(top, reason)


async def _running(found: _Loaded, starter: Pid, module: Term, state: Term) -> None:
    """Until the top supervisor ends, or somebody stops the application."""
    while True:
        match matchable(await erlang.receive(("EXIT", starter, ...), ("$stop", ..., ...))):
            case ("EXIT", _, reason):
                state = await _prepared(module, state)
                await _caught(module, "stop", [state])
                kind, found.master, found.kind = found.kind, None, None
                _report_exit(found, reason, kind)
                erlang.exit("normal")
            case ("$stop", caller, ref):
                state = await _prepared(module, state)
                erlang.send(starter, ("$stop", "shutdown"))
                await erlang.receive(("EXIT", starter, ...))
                await _caught(module, "stop", [state])
                erlang.send(caller, ref)
                erlang.exit("normal")


async def _prepared(module: Term, state: Term) -> Term:
    if not code.function_exported(module, "prep_stop", 1):
        return state
    return await _caught(module, "prep_stop", [state])


async def _caught(module: Term, function: str, args: list[Term]) -> Term:
    """`catch Module:Function(Args...)`."""
    try:
        return await code.call(module, function, args)
    except Exception as exc:
        pass_on(exc)
        kind, reason, stack = caught(exc)
        return reason if kind == "throw" else ("EXIT", (reason, stack) if kind == "error" else reason)


async def stop(name: Term) -> Term:
    """Stop it and its processes: `"ok"` or `("error", ("not_started", name))`. `application:stop/1`."""
    found = _find(name)
    if found is None or not found.is_running:
        return ("error", ("not_started", name))
    kind, master = found.kind, found.master
    if master is not None:
        ref = erlang.make_ref()
        monitor = erlang.monitor("process", master)
        erlang.send(master, ("$stop", erlang.self(), ref))
        await erlang.receive(ref, ("DOWN", monitor, "process", master, ...))
        erlang.demonitor(monitor, ["flush"])
    found.master = found.kind = None
    _report_exit(found, "stopped", kind)
    return "ok"


async def ensure_started(name: Term, kind: Term = "temporary") -> Term:
    """Start it unless it runs. `application:ensure_started/1,2`."""
    answer = await start(name, kind)
    return "ok" if answer == ("error", ("already_started", name)) else answer


async def ensure_all_started(names: Term, kind: Term = "temporary") -> Term:
    """Start it, or each of a list, behind what it needs: `("ok", started)`. `application:ensure_all_started/1,2`."""
    begun: list[Term] = []
    for name in names if type(names) is list else [names]:
        failure = await _with_all_it_needs(name, kind, begun, [])
        if failure is not None:
            for each in reversed(begun):
                await stop(each)
            return ("error", failure)
    return ("ok", begun)


async def _with_all_it_needs(name: Term, kind: Term, begun: list[Term], optional: list[Term]) -> Term | None:
    """What went wrong, as `(name, reason)`; what was started is added to `begun`. `optional` ones need not be there."""
    if _runs(name):
        return None
    answer = ensure_loaded(name)
    if answer != "ok":
        return None if name in optional and answer[1][0] == chars(_NO_FILE) else (name, answer[1])
    found = _find(name)
    assert found is not None
    for other in found.keys["applications"]:
        failure = await _with_all_it_needs(other, kind, begun, found.keys["optional_applications"])
        if failure is not None:
            return failure
    answer = await start(name, kind)
    if answer != "ok":
        return (name, answer[1])
    begun.append(name)
    return None


# ---- keys and environment


def get_key(name: Term, item: Term) -> Term:
    """`("ok", value)` or `"undefined"`. `application:get_key/2`."""
    found = _find(name)
    return ("ok", found.keys[item]) if found is not None and item in found.keys else "undefined"


def get_all_key(name: Term) -> Term:
    """`("ok", [(key, value)])` or `"undefined"`. `application:get_all_key/1`."""
    found = _find(name)
    return "undefined" if found is None else ("ok", [(item, found.keys[item]) for item, _ in _DEFAULTS])


def get_env(name: Term, parameter: Term, default: Term = None) -> Term:
    """`("ok", value)` or `"undefined"`; with a default the value or that. `application:get_env/2,3`."""
    row = _book().environments.get(key(name), {}).get(key(parameter))
    if default is not None:
        return default if row is None else row[1]
    return "undefined" if row is None else ("ok", row[1])


def get_all_env(name: Term) -> list[Term]:
    """`[(parameter, value)]`. `application:get_all_env/1`."""
    return list(_book().environments.get(key(name), {}).values())


def set_env(name: Term, parameter: Term, value: Term, _options: Term = None) -> str:
    """Set a parameter; it need not have been there. `application:set_env/3,4`."""
    _environment(name)[key(parameter)] = (parameter, terms.copy(value))
    return "ok"


def unset_env(name: Term, parameter: Term, _options: Term = None) -> str:
    """Forget a parameter. `application:unset_env/2,3`."""
    _environment(name).pop(key(parameter), None)
    return "ok"


def _environment(name: Term) -> dict[Any, tuple[Term, Term]]:
    if not is_atom(name):
        raise Error("badarg", [("application", "set_env", [name], [])])
    return _book().environments.setdefault(key(name), {})


# ---- reports


def format_log(report: Term, options: Term = None) -> Term:
    """The text of a report of this module. `application_controller:format_log/1,2`."""
    return laid_out(report, options, _several_lines, _single_line, _limited)


def _several_lines(report: Term) -> tuple[str, list[Term]]:
    rows = report["report"]
    return "".join(f"    {item}: ~tp~n" for item, _ in rows), [value for _, value in rows]


def _single_line(report: Term) -> tuple[str, list[Term]]:
    return "Application: ~0tp. Exited: ~0tp. Type: ~0tp.", [value for _, value in report["report"]]


def _limited(report: Term, depth: Term) -> Term:
    """The report without what lies too deep in its terms: all but the application's name."""
    first, *others = report["report"]
    return {**report, "report": [first, *((item, limit_term(value, depth)) for item, value in others)]}


def _report_exit(found: _Loaded, reason: Term, kind: Term) -> None:
    report = [("application", found.name), ("exited", reason), ("type", kind)]
    logger.notice(
        {"label": ("application_controller", "exit"), "report": report},
        {
            "domain": ["otp"],
            "report_cb": format_log,
            "mfa": ("application_controller", "info_exited", 3),
            "error_logger": {"tag": "info_report", "type": "std_info", "report_cb": format_log},
        },
    )
