"""Output through the caller's group leader, by Erlang's io protocol. Mirrors `io` in part.

`put_chars` sends `("io_request", from, reply_as, ("put_chars", "unicode", chars))` to the group leader or another
device and waits for `("io_reply", reply_as, "ok")`; `format` has the device do the formatting, as OTP does. The group
leader of the shell, `user`, prints.
"""

from __future__ import annotations

from typing import Any

from erlsim import erlang, terms
from erlsim.errors import ErlangException, Error
from erlsim.terms import ABSENT, Pid, Term, matchable


async def put_chars(device: Term, chars: Term = ABSENT) -> str:
    """`put_chars(chars)` or `put_chars(device, chars)`: write `chars` (a `str`, or Erlang's): `"ok"`.

    `device` is a pid, a registered name or `"standard_io"`, the group leader. `badarg` for what holds no characters
    and for a name that nobody has, `terminated` for a device that has ended. Mirrors `io:put_chars/1,2`.
    """
    if chars is ABSENT:
        device, chars = "standard_io", device
    return await _request(device, ("put_chars", "unicode", terms.chars(chars) if isinstance(chars, str) else chars))


async def format(device: Term, directives: Term = ABSENT, args: Term = ABSENT) -> str:
    """`format(directives)`, `format(directives, args)` or `format(device, directives, args)`: `"ok"`.

    Writes what `terms.format(directives, args)` is. Mirrors `io:format/1,2,3`.
    """
    if args is ABSENT:
        device, directives, args = "standard_io", device, [] if directives is ABSENT else directives
    if isinstance(directives, str):
        directives = terms.chars(directives)
    return await _request(device, ("put_chars", "unicode", "io_lib", "format", [directives, args]))


async def nl(device: Term = "standard_io") -> str:
    """A new line: `"ok"`. Mirrors `io:nl/0,1`."""
    return await put_chars(device, "\n")


async def request(device: Term, request: Term) -> Term:
    """`request(device, request)`: ask a device, and wait for its answer, which is given back as it is.

    `badarg` for a name that nobody has, `terminated` for a device that has ended. Mirrors `io:request/2`, which gives
    these as `{error, Reason}`.
    """
    pid = _pid(device)
    ref = erlang.monitor("process", pid)
    erlang.send(pid, ("io_request", erlang.self(), ref, request))
    answer = await erlang.receive(("io_reply", ref, ...), ("DOWN", ref, "process", ..., ...))
    if answer[0] == "DOWN":
        raise Error("terminated")
    erlang.demonitor(ref, ["flush"])
    return answer[2]


async def _request(device: Term, wanted: Term) -> str:
    """Have a device do something."""
    match matchable(await request(device, wanted)):
        case "ok":
            return "ok"
        case ("error", ("no_translation", _, _)):
            raise Error("no_translation")
    raise Error("badarg")


def _pid(device: Term) -> Pid:
    if isinstance(device, bool):
        raise Error("badarg")  # the name of nobody
    if isinstance(device, str):
        device = erlang.group_leader() if device == "standard_io" else erlang.whereis(device)
        if type(device) is not Pid:
            raise Error("badarg")
    if type(device) is not Pid:
        raise Error("function_clause", [("io", "request", [device], [])])
    return device


async def user(write: Any) -> None:
    """The body of the process `user`: obeys the io protocol, and prints with `write(text)`."""
    while True:
        message = await erlang.receive(("io_request", terms.Pid, ..., ...))
        _, sender, reply_as, request = message
        erlang.send(sender, ("io_reply", reply_as, await _obey(request, write)))


async def _obey(request: Term, write: Any) -> Term:
    try:
        return await _done(request, write)
    except (ErlangException, UnicodeError) as failure:
        return ("error", ("format", str(failure)))


async def _done(request: Term, write: Any) -> Term:
    match matchable(request):
        case ("put_chars", _, chars) | ("put_chars", chars):
            write(_of_chardata(chars))
            return "ok"
        case ("put_chars", _, module, function, args):
            write(_of_chardata(await erlang.apply(module, function, args)))
            return "ok"
        case ("requests", requests):
            answers = [await _obey(each, write) for each in requests]
            return answers[-1] if answers else "ok"
        case ("get_geometry", _):
            return ("error", "enotsup")
        case ("setopts", _):
            return "ok"
        case "getopts":
            return []
        case ("get_until", *_) | ("get_chars", *_) | ("get_line", *_) | ("get_password", *_):
            return "eof"
    return ("error", "request")


def _of_chardata(chars: Term) -> str:
    """The text of what was asked to be written: a single number or atom is none."""
    if not isinstance(chars, bytes | list | terms.Improper):
        raise Error("badarg")
    return text_of(chars)


def text_of(chars: Term) -> str:
    """The text of chardata: binaries and code points in nested lists; `badarg` for what is none."""
    if isinstance(chars, str):
        return chars
    if isinstance(chars, bytes):
        return chars.decode("utf-8")
    if type(chars) is int and 0 <= chars < 0x110000:
        return chr(chars)
    if isinstance(chars, terms.Improper) and isinstance(chars.tail, bytes):
        return "".join(map(text_of, chars.items)) + text_of(chars.tail)
    if not isinstance(chars, list):
        raise Error("badarg")
    return "".join(map(text_of, chars))
