"""supervisor_bridge_SUITE: a server that does not comply with OTP, under a bridge."""

import functools

import pytest

import erlsim
from erlsim import TIMEOUT, ErlangException, erlang, timer
from erlsim.otp import global_, supervisor, supervisor_bridge
from tests.otp_suites.supervisor.kit import case

bridge_case = functools.partial(case, suite="supervisor_bridge_SUITE")
BRIDGE = "bridge_suite_server"
WORK = "work_bridge_suite_server"


@erlsim.module(name="bridge_suite")
class BridgeSuite:
    """init(3) starts the server; the number or ("give", term) chooses another answer."""

    async def init(arg):
        match arg:
            case 1:
                return "ignore"
            case 2:
                return ("error", "testing")
            case 3:
                worker = erlang.spawn_link(serve, [erlang.self()])
                await erlang.receive((worker, "init_done"))
                return ("ok", worker, erlang.self())
            case ("give", answer):
                return answer

    def terminate(reason, state):
        return "any"

    async def start_globally():
        return await supervisor_bridge.start_link(("global", BRIDGE), "bridge_suite", 3)


async def serve(parent):
    erlang.register(WORK, erlang.self())
    erlang.send(parent, (erlang.self(), "init_done"))
    while True:
        match await erlang.receive():
            case ("non_compliant_message", client):
                erlang.send(client, "non_compliant_answer")
            case "die":
                erlang.exit("died")


async def start(number, name=("local", BRIDGE)):
    return await supervisor_bridge.start_link(name, "bridge_suite", number)


async def mini_application(end):
    """A client talks to the server and then ends it; the reason that the bridge dies of."""
    _, bridge = await start(3)

    async def client():
        erlang.send(WORK, ("non_compliant_message", erlang.self()))
        await erlang.receive("non_compliant_answer")
        end()
        erlang.exit("fine")

    pid = erlang.spawn_link(client)
    reasons = {}
    while len(reasons) < 2:
        _, dead, reason = await erlang.receive(("EXIT", ..., ...), after=2000)
        reasons[dead] = reason
    assert reasons[pid] == "fine"
    return reasons[bridge]


@bridge_case("starting")
async def test_starting():
    assert await start(1) == "ignore"
    assert await start(2) == ("error", "testing")


@bridge_case("mini_terminate")
async def test_mini_terminate():
    assert await mini_application(lambda: erlang.exit(erlang.whereis(WORK), "kill")) == "killed"


@bridge_case("mini_die")
async def test_mini_die():
    assert await mini_application(lambda: erlang.send(WORK, "die")) == "died"


@bridge_case("badstart")
async def test_badstart():
    for name in (("xxx", BRIDGE), ("local", [102, 111, 111]), BRIDGE):
        with pytest.raises(ErlangException):
            await start(1, name)
    assert await erlang.receive(after=1) is TIMEOUT
    _, pid = await start(3)
    assert await start(3) == ("error", ("already_started", pid))
    erlang.exit(erlang.whereis(WORK), "kill")
    assert await erlang.receive(("EXIT", pid, ...)) == ("EXIT", pid, "killed")


@bridge_case("simple_global_supervisor", partial="names are global on one node only")
async def test_simple_global_supervisor():
    child = ("child", ("bridge_suite", "start_globally", []), "permanent", 2000, "worker", [])
    answer = ("ok", (("one_for_all", 3, 60), [child]))
    _, sup = await supervisor.start_link(("local", "bridge9212"), "bridge_suite", ("give", answer))
    first = global_.whereis_name(BRIDGE)
    erlang.exit(first, "kill")
    await timer.sleep(200)
    second = global_.whereis_name(BRIDGE)
    assert erlang.is_process_alive(second) and second != first
    erlang.exit(sup, "kill")
    assert (await erlang.receive(("EXIT", sup, ...)))[2] == "killed"
