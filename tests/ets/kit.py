"""Shortcuts for the tests of tables. Terms are written as Erlang's text where that reads better."""

from erlsim import erlang, ets, terms
from erlsim.errors import ErlangException

BADARG = ("error", "badarg")
TYPES = ["set", "ordered_set", "bag", "duplicate_bag"]
HASHED = ["set", "bag", "duplicate_bag"]
BAGS = ["bag", "duplicate_bag"]
SINGLE = ["set", "ordered_set"]

term = terms.parse


def outcome(function, *args):
    """What a call comes to: `("ok", value)`, or the class and reason of its failure."""
    try:
        return ("ok", function(*args))
    except ErlangException as exc:
        return (exc.kind, exc.reason)


def same(left, right):
    """Whether two terms are `=:=`."""
    return terms.exact_eq(left, right)


def table(type="set", rows=(), *options):
    """An unnamed table with rows inserted one by one."""
    tab = ets.new("kit", [type, *options])
    for row in rows:
        ets.insert(tab, row)
    return tab


def content(tab):
    """The rows in standard order."""
    return terms.sort(ets.tab2list(tab))


async def elsewhere(function, *args):
    """The outcome of a call made in another process, which has ended when this returns."""
    me = erlang.self()
    pid, ref = erlang.spawn_monitor(lambda: erlang.send(me, ("came_to", outcome(function, *args))))
    _, result = await erlang.receive(("came_to", ...))
    await erlang.receive(("DOWN", ref, "process", pid, ...))
    return result


async def holder():
    """A living process that runs the functions sent to it, and ends at `"stop"`."""
    me = erlang.self()

    async def loop():
        while True:
            match await erlang.receive():
                case ("run", function):
                    erlang.send(me, ("came_to", outcome(function)))
                case "stop":
                    return
                case other:
                    erlang.send(me, ("heard", other))

    return erlang.spawn(loop)


async def within(pid, function, *args):
    """The outcome of a call made by a `holder`."""
    erlang.send(pid, ("run", lambda: function(*args)))
    return (await erlang.receive(("came_to", ...)))[1]
