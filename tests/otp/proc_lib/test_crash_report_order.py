"""A crash report asks the neighbours first, and each question waits for its answer: who logs before whom."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.otp import gen_server, logger, proc_lib, supervisor

ALWAYS = ["links", "dictionary", "current_function", "current_stacktrace", "messages", ["registered_name", "links"]]
ELSE = ["trap_exit", "registered_name", "initial_call", "message_queue_len", "status", "heap_size", ["trap_exit"]]

pytestmark = pytest.mark.usefixtures("trapping_exits")


@pytest.fixture
def modules():
    """A server whose init refuses, and a supervisor's callback module that takes what it is given."""

    class Refusing:
        def init(arg):
            return ("stop", "no")

    class Sup:
        def init(arg):
            return arg

    return Refusing, Sup


def logged(sim):
    """What was logged as an error: the first part of its label, of a supervisor the context too."""
    errors = [report for report in sim.reports if report.level == "error"]
    return [
        (name, dict(each.report["report"])["errorContext"]) if name == "supervisor" else (name,)
        for each in errors
        for name in each.label[:1]
    ]


async def order_of(item, state):
    """Who goes first, the one who asks (`p`) or another that has something to do (`r`) and the one asked (`q`)."""
    log = []

    async def asked():
        erlang.process_flag("trap_exit", True)
        while True:
            if await erlang.receive() == "hello":
                log.append("q")

    async def other():
        await erlang.receive()
        log.append("r")

    async def asking():
        erlang.send(busy, "go")
        if state == "message":
            erlang.send(target, "hello")
        await erlang.ask_process_info(target, item)
        log.append("p")

    target, busy = erlang.spawn(asked), erlang.spawn(other)
    await timer.sleep(1)
    erlang.spawn(asking)
    await timer.sleep(1)
    return log


@pytest.mark.parametrize("item", ALWAYS, ids=str)
async def test_what_only_the_other_can_say_is_asked_and_others_run_before_the_answer(item):
    assert await order_of(item, "idle") == ["r", "p"]
    assert await order_of(item, "message") == ["r", "q", "p"]


@pytest.mark.parametrize("item", ELSE, ids=str)
async def test_the_rest_is_read_at_once_unless_something_waits_in_the_others_signal_queue(item):
    assert await order_of(item, "idle") == ["p", "r"]
    assert await order_of(item, "message") == ["r", "q", "p"]


async def test_who_asks_a_process_that_ends_meanwhile_hears_undefined():
    target = erlang.spawn(lambda: erlang.receive())
    answers = []

    async def asking():
        erlang.exit(target, "kill")
        answers.append(await erlang.ask_process_info(target, "links"))
        answers.append(await erlang.ask_process_info(target, "links"))

    erlang.spawn(asking)
    await timer.sleep(1)
    assert answers == ["undefined", "undefined"]


async def test_a_bad_item_is_badarg_before_anybody_is_asked():
    with pytest.raises(erlsim.Error, match="badarg"):
        await erlang.ask_process_info(erlang.self(), "no_such_item")


@pytest.mark.erlsim(crashes=True)
def test_under_a_supervisor_that_starts_a_refused_init_leaves_the_start_error_alone(modules, sim):
    refusing, sup = modules
    spec = {"id": "x", "start": (gen_server, "start_link", [refusing, 0, []])}

    async def main():
        erlang.process_flag("trap_exit", True)
        await supervisor.start_link(sup, ("ok", ({}, [spec])))
        await timer.sleep(1)

    sim.run(main)
    assert logged(sim) == [("supervisor", "start_error")]


@pytest.mark.erlsim(crashes=True)
def test_a_starter_that_goes_on_reports_before_the_crash_report_of_the_refused_init(modules, sim):
    refusing, sup = modules

    async def main():
        _, pid = await supervisor.start_link(sup, ("ok", ({"intensity": 5}, [])))
        spec = {"id": "x", "start": (Starter, "start", [refusing])}
        await supervisor.start_child(pid, spec)
        await timer.sleep(1)

    class Starter:
        async def start(module):
            answer = await gen_server.start_link(module, 0, [])
            logger.error({"label": ("starter", "heard"), "report": [("answer", answer)]})
            return answer

    sim.run(main)
    assert logged(sim) == [("starter",), ("proc_lib",)]


def test_a_process_that_is_killed_while_it_asks_its_neighbours_logs_no_crash_report(sim):
    class Crashing:
        def run(neighbour):
            erlang.link(neighbour)
            erlang.send(neighbour, erlang.self())
            raise ValueError

    async def main():
        async def killing():
            erlang.exit(await erlang.receive(), "kill")

        proc_lib.spawn(Crashing, "run", [erlang.spawn(killing)])
        await timer.sleep(1)

    sim.run(main)
    assert logged(sim) == []
