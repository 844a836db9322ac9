"""Output through the caller's group leader, by Erlang's io protocol. Mirrors `io` in part.

`put_chars` sends `("io_request", from, reply_as, ("put_chars", "unicode", chars))` to the group leader
and waits for `("io_reply", reply_as, "ok")`. The group leader of the shell, `user`, prints.
"""

from __future__ import annotations

from typing import Any

from erlsim import erlang, terms
from erlsim.errors import Error
from erlsim.terms import Term


async def put_chars(text: Term, device: Term = None) -> str:
    """Write `text` (a `str`, or chars) to the group leader or another `device`: `"ok"`. Mirrors `put_chars/1,2`."""
    leader = erlang.group_leader() if device in (None, "standard_io") else device
    chars = terms.chars(text) if isinstance(text, str) else text
    ref = erlang.monitor("process", leader)
    erlang.send(leader, ("io_request", erlang.self(), ref, ("put_chars", "unicode", chars)))
    answer = await erlang.receive(("io_reply", ref, ...), ("DOWN", ref, "process", ..., ...))
    if answer[0] == "DOWN":
        raise Error("terminated")
    erlang.demonitor(ref, ["flush"])
    if answer[2] != "ok":
        raise Error("badarg")
    return "ok"


async def format(directives: Term, args: list[Term] | None = None, device: Term = None) -> str:
    """Print `terms.format(directives, args)`: `"ok"`. Mirrors `io:format/1,2,3`."""
    return await put_chars(terms.format(directives, args or []), device)


async def nl(device: Term = None) -> str:
    """A new line: `"ok"`. Mirrors `io:nl/0,1`."""
    return await put_chars("\n", device)


async def user(write: Any) -> None:
    """The body of the process `user`: obeys the io protocol, and prints with `write(text)`."""
    while True:
        message = await erlang.receive(("io_request", terms.Pid, ..., ...))
        _, sender, reply_as, request = message
        erlang.send(sender, ("io_reply", reply_as, await _obey(request, write)))


async def _obey(request: Term, write: Any) -> Term:
    match request:
        case ("put_chars", _, chars) | ("put_chars", chars):
            write(text_of(chars))
            return "ok"
        case ("put_chars", _, module, function, args):
            write(text_of(await erlang.apply(module, function, args)))
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


def text_of(chars: Term) -> str:
    """The text of chardata: binaries and code points in nested lists."""
    if isinstance(chars, str):
        return chars
    if isinstance(chars, bytes):
        return chars.decode("utf-8")
    if isinstance(chars, int):
        return chr(chars)
    if isinstance(chars, terms.Improper):
        return "".join(map(text_of, chars.items)) + text_of(chars.tail)
    return "".join(map(text_of, chars))
