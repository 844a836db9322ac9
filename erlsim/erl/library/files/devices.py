"""The process behind an open file: it obeys the io protocol, and ends with its owner. Mirrors `file_io_server`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from erlsim import erlang
from erlsim.erl.library.files.handles import Handle
from erlsim.erl.library.files.places import Places, Refusal
from erlsim.erl.library.io_lib import text_of
from erlsim.erl.library.syntax import erl_scan
from erlsim.erl.running.cells import listed, outward
from erlsim.errors import ErlangException
from erlsim.terms import Pid, Term, matchable

__in_stacks__ = False

_ENDED = "file_ended"
# What `io:read/2` and its like ask a device to call.
_SCANNING: dict[tuple[Term, Term], Callable[..., Term]] = {("erl_scan", "tokens"): erl_scan.tokens}


def start(places: Places, handle: Handle) -> Pid:
    """A process for a file that the caller has opened."""
    owner = erlang.self()
    pid: Pid = erlang.spawn(lambda: _serve(places, handle, owner))
    places.handles[pid] = handle
    return pid


async def _serve(places: Places, handle: Handle, owner: Pid) -> None:
    watched = erlang.monitor("process", owner)
    try:
        while True:
            message = await erlang.receive(
                ("io_request", Pid, ..., ...),
                ("file_request", Pid, ..., "close"),
                ("DOWN", watched, ..., ..., ...),
                _ENDED,
            )
            if message == _ENDED or message[0] == "DOWN":
                return
            _, sender, reply_as, request = message
            if message[0] == "file_request":
                places.handles.pop(erlang.self(), None)
                erlang.send(sender, ("file_reply", reply_as, "ok"))
                return
            answer, goes_on = await _obey(handle, request)
            erlang.send(sender, ("io_reply", reply_as, answer))
            if not goes_on:
                return
    finally:
        places.handles.pop(erlang.self(), None)


async def _obey(handle: Handle, request: Term) -> tuple[Term, bool]:
    """The answer to a request, and whether the device goes on."""
    try:
        return await _done(handle, request), True
    except Refusal as refusal:
        return ("error", refusal.reason), True
    except UnicodeEncodeError:
        return ("error", ("no_translation", "unicode", handle.encoding)), False
    except UnicodeDecodeError:
        return ("error", ("no_translation", handle.encoding, "unicode")), False
    except (ErlangException, TypeError, ValueError):
        return ("error", "put_chars"), True


async def _done(handle: Handle, request: Term) -> Term:
    match matchable(request):
        case ("put_chars", _, chars) | ("put_chars", chars):
            handle.put_text(text_of(chars))
            return "ok"
        case ("put_chars", _, module, function, args):
            handle.put_text(text_of(await erlang.apply(module, function, args)))
            return "ok"
        case ("get_line", _, _) | ("get_line", _):
            return _taken(handle, _line)
        case ("get_chars", _, _, int() as count) | ("get_chars", _, int() as count):
            return _taken(handle, lambda rest: rest[:count])
        case ("get_until", _, _, module, function, args) | ("get_until", _, module, function, args):
            return await _until(handle, module, function, args)
        case ("requests", requests):
            answer: Term = "ok"
            for each in requests:
                answer = await _done(handle, each)
            return answer
        case ("setopts", options):
            return _set(handle, options)
        case "getopts":
            return [("binary", handle.modes.binary), ("encoding", handle.encoding)]
        case ("get_geometry", _):
            return ("error", "enotsup")
    return ("error", "request")


def _line(rest: str) -> str:
    end = rest.find("\n")
    return rest if end < 0 else rest[: end + 1]


def _taken(handle: Handle, part: Any) -> Term:
    """A part of what is left; `eof` at the end."""
    rest = handle.rest()
    if not rest:
        return "eof"
    text = part(rest)
    handle.skip(text)
    return handle.answer_text(text.replace("\r\n", "\n"))


async def _until(handle: Handle, module: Term, function: Term, args: Term) -> Term:
    """Lines are given to a function until it has enough: `{done, Result, Rest}`."""
    more: Term = []
    while True:
        rest = handle.rest()
        line = _line(rest)
        handle.skip(line)
        given: Term = list(map(ord, line)) if rest else "eof"
        match outward(await _called(module, function, [more, given, *args])):
            case ("done", result, left):
                if left != "eof":
                    handle.place -= len(text_of(left).encode(handle.codec))
                return result
            case ("more", found):
                more = found
            case _:
                return ("error", "get_until")


async def _called(module: Term, function: Term, args: list[Term]) -> Term:
    known = _SCANNING.get((module, function)) if type(module) is str and type(function) is str else None
    return known(*args) if known is not None else await erlang.apply(module, function, args)


def _set(handle: Handle, options: Term) -> Term:
    for option in listed(options) or []:
        match matchable(option):
            case ("encoding", encoding):
                handle.encoding = "unicode" if encoding == "utf8" else encoding
            case "binary" | "list" | ("binary", True) | ("binary", False):
                handle.modes = replace(handle.modes, binary=option in ("binary", ("binary", True)))
            case _:
                return ("error", "enotsup")
    return "ok"


def end(places: Places, device: Pid) -> None:
    """Have a device end: it was asked to read or to write, and cannot."""
    places.handles.pop(device, None)
    erlang.send(device, _ENDED)


async def close(device: Pid) -> Term:
    """Ask a device to close."""
    ref = erlang.monitor("process", device)
    erlang.send(device, ("file_request", erlang.self(), ref, "close"))
    answer = await erlang.receive(("file_reply", ref, ...), ("DOWN", ref, "process", ..., ...))
    if answer[0] == "DOWN":
        return "ok"
    erlang.demonitor(ref, ["flush"])
    return answer[2]
