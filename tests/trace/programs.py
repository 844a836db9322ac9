"""Small programs whose pictures are known."""

from __future__ import annotations

import textwrap

import erlsim
from erlsim import erlang, timer
from erlsim.otp import gen_server, supervisor


@erlsim.module(name="worker")
class Worker:
    """A server that is registered under its argument and ends when it is told to."""

    def start_link(name):
        return gen_server.start_link(("local", name), Worker, name, [])

    def start_nameless(value):
        return gen_server.start_link(Worker, value, [])

    def init(arg):
        return ("ok", arg)

    def handle_call(request, from_, state):
        return ("reply", state, state)

    def handle_cast(reason, state):
        erlang.exit(reason)

    def handle_info(message, state):
        return ("noreply", state)


@erlsim.module(name="given")
class Given:
    """A callback module that returns its argument."""

    def init(arg):
        return arg


def child(name, **more):
    """The specification of a worker that is called `name`."""
    return {"id": name, "start": (Worker, "start_link", [name]), **more}


def subtree(name, children, strategy="one_for_one", **flags):
    """The specification of a supervisor below another."""
    arg = ("ok", ({"strategy": strategy, **flags}, children))
    start = (supervisor, "start_link", [("local", name), Given, arg])
    return {"id": name, "start": start, "type": "supervisor", "shutdown": "infinity"}


async def top(children, strategy="one_for_one", **flags):
    """Start a supervisor called `top`."""
    arg = ("ok", ({"strategy": strategy, **flags}, children))
    _, pid = await supervisor.start_link(("local", "top"), Given, arg)
    return pid


def lines(text):
    """A text that is indented where it is written."""
    return textwrap.dedent(text).strip("\n")


def run(main, *args, **options):
    """Run `main` in a fresh simulation, which is returned."""
    sim = erlsim.Simulation(**options)
    sim.run(main, *args)
    return sim


async def two_crashes():
    """A small tree: `a` is killed from outside at 100 ms and ends by itself at 400 ms."""
    erlang.process_flag("trap_exit", True)
    await top([child("a"), subtree("sub", [child("b"), child("c")], "one_for_all")], intensity=5)
    await timer.sleep(100)
    erlang.exit(erlang.whereis("a"), "kill")
    await timer.sleep(300)
    gen_server.cast("a", "enough")
    await timer.sleep(100)


async def ping_pong():
    """Two plain processes, and a message that is taken late."""

    async def pong():
        while True:
            match await erlang.receive(("ping", ...)):
                case ("ping", pid):
                    erlang.send(pid, "pong")

    async def late():
        await timer.sleep(50)
        await erlang.receive()

    other = erlang.spawn_link(pong)
    erlang.send(other, ("ping", erlang.self()))
    await erlang.receive("pong")
    erlang.spawn_monitor(late)
    erlang.send(erlang.spawn(late), "letter")
    await timer.sleep(100)


CLASS = [f"team_{number}" for number in range(1, 7)]


async def classroom(rounds=32):
    """As much as a class makes in one exercise: 60 processes in six teams, 10,000 events, and crashes."""
    erlang.process_flag("trap_exit", True)
    await top([subtree(team, [child(f"{team}_{n}") for n in range(1, 9)], intensity=1000) for team in CLASS])
    for number in range(rounds):
        for team in CLASS:
            for n in range(1, 9):
                await gen_server.call(f"{team}_{n}", ("round", number))
        await timer.sleep(10)
        gen_server.cast(f"{CLASS[number % 6]}_{number % 8 + 1}", "tired")
        await timer.sleep(10)
