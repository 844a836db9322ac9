"""Slips of beginners: each gives a message that names the slip and the mend."""

from __future__ import annotations

import asyncio
import gc
import warnings

import pytest

import erlsim
from erlsim import erlang, ets, timer
from erlsim.otp import gen_server, supervisor

COUNTER = {"id": "counter", "start": ("slips_counter", "start_link", [1])}


def supervising(answer):
    """A callback module of a supervisor whose `init` answers so."""
    return erlsim.module(name="sup")(type("Sup", (), {"init": lambda arg: answer}))


@erlsim.module(name="slips_counter")
class Counter:
    async def start_link(n):
        return await gen_server.start_link(("local", "counter"), Counter, n, [])

    def init(n):
        return ("ok", n)

    def handle_call(request, from_, n):
        match request:
            case "get":
                return ("reply", n, n)
            case "list":
                return ["reply", n, n]
            case "nothing":
                n += 1


@erlsim.module
class Selfish:
    def init(self, n):
        return ("ok", n)


async def plain_unpacked():
    _ok, _pid = gen_server.start_link(Counter, 0, [])


async def plain_indexed():
    return gen_server.call("counter", "get")[0]


async def awaited_plain():
    await erlang.send(erlang.self(), "hello")


async def called_function():
    async def worker(n): ...

    erlang.spawn(worker(1))


async def asked(request):
    await gen_server.start(("local", "counter"), Counter, 1, [])
    await gen_server.call("counter", request)


async def taken():
    await gen_server.start(("local", "counter"), Counter, 1, [])
    erlsim.match(("ok", ...), await gen_server.start(("local", "counter"), Counter, 1, []))


async def misspelled():
    await gen_server.start(("local", "counter"), Counter, 1, [])
    await gen_server.call("countre", "get")


async def supervised(answer):
    erlang.process_flag("trap_exit", True)
    erlsim.match(("ok", ...), await supervisor.start_link(supervising(answer), "undefined"))


async def row(value):
    ets.new("table", ["named_table"])
    ets.insert("table", value)


async def unnamed():
    ets.new("table", [])
    ets.lookup("table", "key")


async def itself():
    await gen_server.call(erlang.self(), "get")


async def selfish():
    erlsim.match(("ok", ...), await gen_server.start(Selfish, 1, []))


# What was written, and what the message names and mends.
SLIPS = {
    "a missing await, unpacked": (plain_unpacked, "an await is missing before the call"),
    "a missing await, indexed": (plain_indexed, "an await is missing before the call"),
    "a missing await in an argument": (lambda: erlang.register("x", timer.sleep(1)), "await sleep(...)"),
    "an await of what does not wait": (awaited_plain, "leave out this await"),
    "the call of a function": (called_function, "give the function, not its call: worker"),
    "asyncio": (lambda: asyncio.sleep(1), "timer.sleep(ms) for asyncio.sleep(seconds)"),
    "seconds": (lambda: timer.sleep(0.5), "a whole number of milliseconds"),
    "a float as a time": (lambda: erlang.send_after(1.5, erlang.self(), "x"), "2, not 1.5"),
    "None": (lambda: erlang.register("name", None), 'the atom is "undefined"'),
    "an option without its list": (lambda: ets.new("table", "named_table"), "['named_table']"),
    "arguments that are no list": (lambda: erlang.spawn(Counter, "init", 1), "the arguments are a list: [1]"),
    "a list for a row": (lambda: row(["key", 1]), "a row is a tuple, and the first element its key: ('key', 1)"),
    "a dict for a row": (lambda: row({"key": 1}), "a row is a tuple, and the first element its key: ('key', 1)"),
    "the name of a table without one": (unnamed, 'only with the option "named_table"'),
    "a text for a boolean": (lambda: erlang.process_flag("trap_exit", "true"), 'True, not "true"'),
    "a name for a pid": (lambda: erlang.exit("counter", "kill"), "erlang.whereis('counter')"),
    "a name without its pair": (lambda: gen_server.start("counter", Counter, 1, []), '("local", "name")'),
    "a name in two arguments": (
        lambda: gen_server.start_link("local", "counter", Counter, 1, []),
        '(("local", "name")',
    ),
    "a name that nobody has": (lambda: erlang.send("nobody", "hello"), "nobody is registered as 'nobody'"),
    "a name with a slip": (misspelled, "'countre'; did you mean 'counter'?"),
    "a name that is taken": (taken, "begin anew with erlsim.shell()"),
    "a call of oneself": (itself, "call the function, or cast the request"),
    "too few arguments": (lambda: erlang.monitor(erlang.self()), "erlang.monitor takes (kind, item, options)"),
    "a list for a tuple": (lambda: asked("list"), "a list is no tuple"),
    "a return that is missing": (lambda: asked("nothing"), "or it returned nothing"),
    "self": (selfish, "write def init without it"),
    "a supervisor without flags": (lambda: supervised(("ok", [COUNTER])), "no flags are {}"),
    "a childspec without an id": (lambda: supervised(("ok", ({}, [{"start": COUNTER["start"]}]))), '{"id": "name"'),
    "start arguments that are no list": (
        lambda: supervised(("ok", ({}, [{"id": "c", "start": ("counter", "start_link", 1)}]))),
        "('counter', 'start_link', [1])",
    ),
    "a module that nobody knows": (
        lambda: supervised(("ok", ({}, [{"id": "c", "start": ("countr", "start_link", [1])}]))),
        "decorate its class with @erlsim.module",
    ),
}


@pytest.mark.filterwarnings("ignore:.*never awaited", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_named_with_its_mend(slip):
    written, mend = SLIPS[slip]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises((erlsim.ErlangException, TypeError, RuntimeError)) as failure:
            erlsim.run(written, reports=False)
        gc.collect()  # coroutines that nobody awaits complain when they go
    assert any(mend in note for note in getattr(failure.value, "__notes__", [])), failure.value.__notes__


def test_a_note_stands_once_however_often_it_is_told():
    from erlsim import hints

    with pytest.raises(erlsim.Error) as failure:
        erlsim.run(misspelled_table, reports=False)
    before = list(failure.value.__notes__)
    hints.add_to(failure.value)
    assert failure.value.__notes__ == before == list(dict.fromkeys(before))


async def misspelled_table():
    ets.lookup("table", None)
