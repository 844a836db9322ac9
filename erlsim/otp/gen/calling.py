"""Asking a process and answering it. Mirrors `gen:call` and `gen:reply`.

A call monitors its server with an alias, so that a reply which comes too late is dropped.
"""

from __future__ import annotations

from erlsim import erlang
from erlsim.errors import ErlangException, Error, Exit
from erlsim.otp.gen.names import find
from erlsim.otp.shared import is_timeout, stack_here
from erlsim.otp.standing import is_waiting, standing
from erlsim.terms import Improper, Pid, Ref, Term

__in_stacks__ = False
__stands_for__ = standing("gen", {"call": lambda _frame, inner: "do_call/4" if is_waiting(inner) else ""})

ALIAS = ("alias",)


async def call(process: Term, label: str, request: Term, timeout: Term = 5000) -> tuple[str, Term]:
    """Send `(label, from, request)` and wait for the reply: `("ok", reply)`.

    Exits with the reason that the server died of, `noproc`, `timeout` (after `timeout` ms), `calling_self`,
    and with `("nodedown", node)` if it was on another node that is not there, or not any more.
    """
    if not is_timeout(timeout):
        raise Error("function_clause", [("gen", "call", [process, label, request, timeout], [])])
    if type(process) is Pid:
        return ("ok", await erlang.ask(process, label, request, timeout))
    found = await find(process)
    if not isinstance(found, Pid):
        return ("ok", await erlang.ask_by_steps(found, label, request, timeout))
    try:
        return ("ok", await erlang.ask(found, label, request, timeout))
    except Exit as failure:
        if type(process) is tuple and failure.reason == ("nodedown", erlang.node(found)):
            # `global` would have known soon.
            raise Exit("noproc", stack_here("do_for_proc/2", "gen")) from None
        raise


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
