"""What `sys:get_status` shows of a behaviour's process. Mirrors `gen:format_status`."""

from __future__ import annotations

from erlsim import code
from erlsim.errors import pass_on
from erlsim.terms import Pid, Term, chars


def format_status_header(tag_line: str, name: Term) -> Term:
    """The heading of `sys.get_status`: chars, or a pair for a name that is no atom."""
    if isinstance(name, (Pid, str)):
        return chars(f"{tag_line} {name if isinstance(name, str) else repr(name)}")
    return (chars(tag_line), name)


async def format_status(module: Term, option: str, status: dict[str, Term], args: Term) -> dict[str, Term]:
    """Let the callback module change what is shown of its state: `format_status/1`, or the older `/2`.

    A callback that fails adds an `EXIT` entry that says so; `/2` adds `$status`.
    """
    if code.function_exported(module, "format_status", 1):
        return await _format_status_1(module, status)
    if code.function_exported(module, "format_status", 2) and type(args) is list:
        try:
            return {**status, "$status": await _called(module, [option, args])}
        except Exception as failure:
            pass_on(failure)
            if getattr(failure, "kind", None) == "throw":
                return {**status, "$status": getattr(failure, "reason", None)}
            return {**status, "EXIT": _chars(module, "/2 crashed")}
    return status


async def _format_status_1(module: Term, status: dict[str, Term]) -> dict[str, Term]:
    try:
        fresh = await _called(module, [dict(status)])
    except Exception as failure:
        pass_on(failure)
        return {**status, "EXIT": _chars(module, "/1 crashed")}
    if not isinstance(fresh, dict):
        return {**status, "EXIT": _chars(module, "/1 did not return a map")}
    # As in OTP, the test is that nothing is missing; the text says otherwise.
    if len({**status, **fresh}) != len(fresh):
        return {**status, "EXIT": _chars(module, "/1 returned a map with unknown keys")}
    return fresh


async def _called(module: Term, args: list[Term]) -> Term:
    return await code.finish(code.function(module, "format_status", len(args))(*args))


def _chars(module: Term, what: str) -> list[int]:
    return chars(f"{code.name(module)}:format_status{what}")
