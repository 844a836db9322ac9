"""The names of nodes and modules, and what is there before and after a node has its name."""

from __future__ import annotations

import pytest

from erlsim import ErlsimError, Exit, erlang, otp, terms, timer
from erlsim.otp import distribution, gen_server, init, net_adm, net_kernel, peer, sys


@pytest.mark.parametrize(
    ("arguments", "node"),
    [
        ((["mine", "shortnames"],), "mine@localhost"),
        ((["mine"],), "mine@localhost"),
        ((["mine@there", "longnames"],), "mine@there"),
        (("mine", {}), "mine@localhost"),
        (("mine",), "mine@localhost"),
    ],
)
def test_a_name_without_a_host_is_of_localhost(sim, arguments, node):
    assert sim.run(lambda: (net_kernel.start(*arguments)[0], erlang.node(), erlang.is_alive())) == ("ok", node, True)


@pytest.mark.parametrize("arguments", [([],), ([5],), (5,), (["mine"], {}), ((),), ({},)])
def test_what_names_no_node_is_shown(sim, arguments):
    with pytest.raises(ErlsimError) as failure:
        sim.run(lambda: net_kernel.start(*arguments))
    assert str(failure.value).endswith(f"not {arguments[0]!r}")
    with pytest.raises(ErlsimError, match="the name of a node is an atom, not 5"):
        net_kernel.full_name(5)


def test_a_node_is_named_once_until_its_name_is_taken_away(sim):
    def main():
        told = [net_kernel.stop(), net_kernel.connect_node("x@localhost"), net_adm.ping("x@localhost")]
        started = net_kernel.start(["mine"])
        pid = erlang.whereis("net_kernel")
        again = net_kernel.start(["other"])
        told += [started == ("ok", pid), again == ("error", ("already_started", pid)), erlang.node()]
        return [*told, net_kernel.connect_node("mine@localhost"), net_kernel.stop(), erlang.node(), net_kernel.stop()]

    assert sim.run(main) == [
        *[("error", "not_found"), "ignored", "pang"],
        *[True, True, "mine@localhost"],
        *[True, "ok", "nonode@nohost", ("error", "not_found")],
    ]
    assert net_adm.localhost() == terms.chars("localhost")


def test_a_node_with_a_name_has_its_services_until_it_is_without(sim):
    async def main():
        names = ("net_kernel", "rex", "global_name_server")
        before = [erlang.whereis(name) for name in names]
        net_kernel.start(["mine"])
        there = [type(erlang.whereis(name)) is terms.Pid for name in names]
        otp.global_.register_name("me", erlang.self())
        info = await gen_server.call("global_name_server", "info")
        erlang.send("net_kernel", "anything")
        erlang.send("rex", "anything")
        erlang.send("global_name_server", "anything")
        await timer.sleep(1)
        still = [type(erlang.whereis(name)) is terms.Pid for name in names]
        net_kernel.stop()
        await timer.sleep(1)
        first = erlang.whereis("net_kernel")
        return before, there, info, still, first, net_kernel.start(["again"])[0]

    before, there, info, still, first, again = sim.run(main)
    assert (before, there, still, first, again) == (["undefined"] * 3, [True] * 3, [True] * 3, "undefined", "ok")
    assert info == ("state", ["me"])


def test_a_program_that_stops_its_first_node_ends_with_the_status(sim):
    async def main():
        init.stop(3)
        await timer.sleep(1)

    with pytest.raises(SystemExit) as end:
        sim.run(main)
    assert end.value.code == 3


def test_a_program_that_stops_without_a_status_ends_well(sim):
    async def main():
        init.stop()
        await timer.sleep(1)

    with pytest.raises(SystemExit) as end:
        sim.run(main)
    assert end.value.code in (0, None)


def test_calls_through_the_controller_of_a_node_wait_five_seconds(sim):
    async def main():
        net_kernel.start(["mine"])
        _, pid, _ = await peer.start({"name": "other"})
        await sys.suspend(pid)
        start = erlang.monotonic_time("millisecond")
        with pytest.raises(Exit) as failure:
            await peer.call(pid, "erlang", "node", [])
        return erlang.monotonic_time("millisecond") - start, failure.value.reason[0]

    assert sim.run(main) == (5000, "timeout")


@pytest.mark.parametrize("package", [otp, distribution])
def test_a_package_loads_its_modules_when_they_are_asked_for_and_no_others(package):
    for name in package.__all__:
        module = package.__getattr__(name)
        assert module.__name__.rpartition(".")[2] == name
    with pytest.raises(AttributeError, match="nothing"):
        package.__getattr__("nothing")


def test_a_package_lists_its_modules_before_they_are_loaded():
    assert dir(otp) == sorted(dir(otp))
    assert set(otp.__all__) < set(dir(otp))
