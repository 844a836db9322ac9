"""Pictures for a first page: a plan at work, a race that loses money, a tree in which somebody has just crashed."""

import contextlib
import io

import first_plan
import pictures

import erlsim
from erlsim import erlang, testing
from erlsim.otp import gen_server


@erlsim.module(name="account")
class Account:
    def init(balance):
        return ("ok", balance)

    def handle_call(request, from_, balance):
        match request:
            case "balance":
                return ("reply", balance, balance)
            case ("set", new):
                return ("reply", "ok", new)


async def withdraw(who):
    """What everybody writes first: look, then act."""
    balance = await gen_server.call("account", "balance")
    if balance >= 70:
        await gen_server.call("account", ("set", balance - 70))
        erlang.send(who, "paid")


async def ann(who):
    await withdraw(who)


async def bob(who):
    await withdraw(who)


async def two_withdraw_at_once():
    await gen_server.start_link(("local", "account"), Account, 100, [])
    watched = [erlang.spawn_monitor(person, [erlang.self()])[1] for person in (ann, bob)]
    for ref in watched:
        await erlang.receive(("DOWN", ref, ..., ..., ...))
    paid = erlang.process_info(erlang.self(), "messages")[1].count("paid")
    assert paid == 1, f"{paid} times 70 of 100"


def race():
    """The order in which both are paid: `exhaust` tries all that anybody could tell apart, and ends."""
    found = testing.exhaust(two_withdraw_at_once, progress=False)
    sim = erlsim.Simulation(chooser=testing.Replay(found.failures[0].schedule), preempt=True)
    try:
        sim.run(two_withdraw_at_once)
    except AssertionError:
        return sim.trace.sequence(["ann", "bob", "account"])
    raise RuntimeError("the schedule does not fail")


def plan():
    """The lifelines of the program that the README shows."""
    sim = erlsim.Simulation()
    with contextlib.redirect_stdout(io.StringIO()):
        sim.run(first_plan.main)
    return sim.trace.timeline()


def shop():
    sim = erlsim.Simulation()
    sim.run(pictures.main)
    return sim


def tree():
    """The shop when a till has crashed, and its director waits before it starts the next."""
    trace = shop().trace
    crash = next(number for number, event in enumerate(trace, 1) if event.kind == "exit")
    return trace.at(crash + 5).tree


def drawn():
    """The drawings of the documentation, by the names of their files in docs/images."""
    sim = shop()
    return {
        "showcase-plan": plan().svg(),
        "showcase-race": race().svg(),
        "showcase-tree": tree().svg("down"),
        "tree": sim.tree().svg(),
        "timeline": sim.trace.timeline().svg(),
        "sequence": sim.trace.sequence(["shell", "tills", "till_1"], start=100).svg(),
    }


if __name__ == "__main__":
    for picture in (plan, race, tree):
        print(picture(), end="\n\n")
