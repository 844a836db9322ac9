"""Asking a process and answering it. Mirrors `gen:call` and `gen:reply`.

A call monitors its server with an alias, so that a reply which comes too late is dropped.
"""

from __future__ import annotations

from erlsim import erlang
from erlsim.errors import ErlangException, Error
from erlsim.otp.gen.names import find
from erlsim.otp.shared import is_timeout
from erlsim.terms import Improper, Pid, Ref, Term

ALIAS = ("alias",)


async def call(process: Term, label: str, request: Term, timeout: Term = 5000) -> tuple[str, Term]:
    """Send `(label, from, request)` and wait for the reply: `("ok", reply)`.

    Exits with the reason that the server died of, `noproc`, `timeout` (after `timeout` ms), `calling_self`.
    """
    if not is_timeout(timeout):
        raise Error("function_clause", [("gen", "call", [process, label, request, timeout], [])])
    pid = process if type(process) is Pid else await find(process)
    return ("ok", await erlang.ask(pid, label, request, timeout))


def reply(from_: tuple[Term, Term], answer: Term) -> str:
    """Answer a request, from any process; `"ok"`, whether anybody still waits or not."""
    if type(from_) is not tuple or len(from_) != 2:
        raise Error("function_clause", [("gen", "reply", [from_, answer], [])])
    to, tag = from_
    if type(tag) is Improper and tag.items[0] == "alias" and type(tag.tail) is Ref:
        erlang.send(tag.tail, (tag, answer))
        return "ok"
    first = tag.items[0] if type(tag) is Improper else tag[0] if type(tag) is list and tag else None
    if type(first) is Improper and first.items == ALIAS and type(first.tail) is Ref:
        erlang.send(first.tail, (tag, answer))
        return "ok"
    try:
        erlang.send(to, (tag, answer))
    except ErlangException:
        pass
    return "ok"
