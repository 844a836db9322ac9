"""The module `os`: a system of its own for each world, with an environment that nobody else has."""

from __future__ import annotations

from erlsim import erlang
from erlsim.erl.library.files.names import NoName, wide
from erlsim.erl.library.files.places import HOME
from erlsim.erl.library.values import clock
from erlsim.erl.running.failures import Failed
from erlsim.simulation import storage
from erlsim.terms import ABSENT, Term, chars

__in_stacks__ = False


def _environment() -> dict[str, str]:
    found: dict[str, str] = storage("environment", lambda: {"HOME": HOME, "USER": "erlsim"})
    return found


def _badarg(function: str, *args: Term) -> Failed:
    return Failed("badarg", ("os", function, list(args), []))


def _text(term: Term, function: str, *args: Term) -> str:
    try:
        if type(term) is not bytes and type(term) is not str:
            return wide(term)
    except NoName:
        pass
    raise _badarg(function, *args)


def getenv(name: Term = ABSENT, default: Term = False) -> Term:
    """`getenv/0,1,2`."""
    if name is ABSENT:
        return [chars(f"{key}={value}") for key, value in _environment().items()]
    found = _environment().get(_text(name, "getenv", name))
    return default if found is None else chars(found)


def env() -> list[Term]:
    """`env/0`."""
    return [(chars(key), chars(value)) for key, value in _environment().items()]


def putenv(name: Term, value: Term) -> bool:
    """`putenv/2`."""
    key = _text(name, "putenv", name, value)
    if "=" in key:
        raise _badarg("putenv", name, value)
    _environment()[key] = _text(value, "putenv", name, value)
    return True


def unsetenv(name: Term) -> bool:
    """`unsetenv/1`."""
    key = _text(name, "unsetenv", name)
    if not key or "=" in key:
        raise _badarg("unsetenv", name)
    _environment().pop(key, None)
    return True


def type_() -> Term:
    """`type/0`."""
    return ("unix", "linux")


def version() -> Term:
    """`version/0`."""
    return (6, 1, 0)


def getpid() -> Term:
    """`getpid/0`."""
    return chars("1")


def find_executable(name: Term, path: Term = ABSENT) -> bool:
    """`find_executable/1,2`: there are no programs."""
    _text(name, "find_executable", name)
    return False


def timestamp() -> Term:
    """`timestamp/0`."""
    return clock.timestamp()


def system_time(unit: Term = "native") -> int:
    """`system_time/0,1`."""
    return int(erlang.system_time(unit))


def perf_counter(unit: Term = "native") -> int:
    """`perf_counter/0,1`."""
    return int(erlang.monotonic_time(unit))
