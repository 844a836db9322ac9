"""Twin of `scn_funs`: the funs that arguments name with `{"plan": name}`."""

from __future__ import annotations

from erlsim import code, erlang, terms
from erlsim.terms import Term


def by_count(_reason: Term, count: int) -> Term:
    match count:
        case 1:
            return "restart"
        case 2:
            return ("restart", 60)
        case 3:
            return "wait"
    return "delete"


def by_reason(reason: Term, _count: int) -> Term:
    match reason:
        case "normal" | "bye":
            return "delete"
        case "killed":
            return "restart"
        case "oops":
            return ("restart", 60)
        case "damn":
            return "wait"
    return ("stop", ("why", reason))


def bad_return(_reason: Term, _count: int) -> Term:
    return "nonsense"


def bad_time(_reason: Term, _count: int) -> Term:
    return ("restart", -1)


def crash(_reason: Term, _count: int) -> Term:
    return erlang.error("plan_boom")


def throws(_reason: Term, _count: int) -> Term:
    return erlang.throw("restart")


def always_restart(_reason: Term, _count: int) -> Term:
    return "restart"


def nested(_reason: Term, _count: int) -> Term:
    return always_restart


def arity1(_reason: Term) -> Term:
    return "restart"


def stop(_reason: Term, _count: int) -> Term:
    return "stop"


def identity(term: Term) -> Term:
    return term


def cons(head: Term, tail: Term) -> Term:
    return terms.cons([head], tail)


def crash1(_term: Term) -> Term:
    return erlang.error("fun_boom")


def next_b(term: Term) -> Term:
    match term:
        case (_, data) if isinstance(term, tuple):
            return ("b", data)
    return term


def put_x(term: Term) -> Term:
    match term:
        case dict():
            return {**term, "x": 1}
        case (state, {**data}) if isinstance(term, tuple):
            return (state, {**data, "x": 1})
        case (module, id_, {**state}) if isinstance(term, tuple):
            return (module, id_, {**state, "x": 1})
    return term


def swap(term: Term) -> Term:
    match term:
        case (one, other) if isinstance(term, tuple):
            return (other, one)
    return term


PLANS = (by_count, by_reason, bad_return, bad_time, crash, throws, nested, arity1, stop)
FUNS = {fun.__name__: fun for fun in (*PLANS, identity, cons, crash1, next_b, put_x, swap)}


@code.module(name="scn_funs")
class ScnFuns:
    """The module `scn_funs`."""

    def get(name: Term) -> Term:
        """The fun `name`; `error:function_clause` if there is none."""
        return FUNS[name] if name in FUNS else erlang.error("function_clause")
