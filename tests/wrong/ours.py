"""The same cases, asked of erlsim: what `wrong.erl` does, in Python."""

from __future__ import annotations

import erlsim
from erlsim import code, erlang, ets, io, terms
from erlsim.errors import ErlangException
from erlsim.terms import Improper, Pid, Ref, Term
from tests.wrong import cases

PATIENCE_MS = 15


def answers(function: cases.Function) -> list[str]:
    """What comes of every case of a function."""
    sim = erlsim.Simulation(trace=False)
    sim.reports.print = False
    return sim.run(_ask, function)


async def _ask(function: cases.Function) -> list[str]:
    return [await _outcome(function, each) for each in cases.combinations(function.arity)]


async def _outcome(function: cases.Function, names: tuple[Term, ...]) -> str:
    me, mute, leader = erlang.self(), erlang.spawn(_mute), erlang.spawn(_leader)

    async def case() -> None:
        erlang.group_leader(leader, erlang.self())
        ets.new("wrong_t", ["named_table", "public"])
        ets.insert("wrong_t", (1, "x"))
        args = [_argument(name, mute) for name in names]
        try:
            came: Term = ("value", await code.call(function.module, function.name, list(args)))
        except ErlangException as exc:
            came = (exc.kind, exc.reason)
        except Exception as exc:
            came = ("python", f"{type(exc).__name__}: {exc}")
        erlang.send(me, (erlang.self(), _text(came, args)))

    pid, ref = erlang.spawn_monitor(case)
    told = await erlang.receive((pid, ...), ("DOWN", ref, "process", pid, ...), after=PATIENCE_MS)
    if told is erlsim.TIMEOUT:
        text = "parks"
    else:
        text = told[1] if len(told) == 2 else _text(("died", told[4]), [])
    for each in (pid, mute, leader):
        gone = erlang.monitor("process", each)
        erlang.exit(each, "kill")
        await erlang.receive(("DOWN", gone, ..., ..., ...))
    while await erlang.receive(after=0) is not erlsim.TIMEOUT:
        pass
    return text


async def _mute() -> None:
    await erlang.receive("never")


async def _leader() -> None:
    await io.user(lambda text: None)


def _identity(term: Term) -> Term:
    return term


def _argument(name: Term, mute: Pid) -> Term:
    if name is cases.MUTE:
        return mute
    if name is cases.REF:
        return erlang.make_ref()
    return _identity if name is cases.FUN else terms.copy(name)


# ---- outcomes in words ----------------------------------------------------------------


def _text(came: Term, args: list[Term]) -> str:
    kind, value = came
    if kind == "value":
        if not (isinstance(value, tuple) and len(value) == 2 and value[0] == "error"):
            return "returns"
        came = ("returns", value)
    return terms.format("~0tp", [_plain(came, args)])


def _plain(term: Term, args: list[Term]) -> Term:
    """A term without what differs from run to run, and with `$1` in the place of the first argument."""
    for number, each in enumerate(args, 1):
        if each is term or terms.exact_eq(each, term):
            return f"${number}"
    match term:
        case tuple():
            return tuple(_plain(each, args) for each in term)
        case [(str() | bool(), str() | bool(), int() | list() as arity, list()), *_] if type(arity) is not bool:
            return "$stack"
        case list():
            return [_plain(each, args) for each in term]
        case Improper(items, tail):
            return terms.cons([_plain(each, args) for each in items], _plain(tail, args))
        case Pid():
            return "$pid"
        case Ref():
            return "$ref"
    return "$fun" if callable(term) else term
