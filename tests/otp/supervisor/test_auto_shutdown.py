"""Significant children and a supervisor that stops with them."""

import pytest

from erlsim import erlang
from erlsim.otp import supervisor
from tests.otp.supervisor.kit import crash, heard, kid, pid_of, start

pytestmark = pytest.mark.usefixtures("trapping_exits")


def significant(id, restart="transient"):
    return kid(id, restart, significant=True)


@pytest.mark.rule(134)
@pytest.mark.parametrize(
    ("restart", "reason"),
    [("transient", "normal"), ("transient", ("shutdown", 1)), ("temporary", "normal"), ("temporary", "boom")],
)
@pytest.mark.erlsim(crashes=True)
async def test_any_significant_stops_the_supervisor_when_one_ends(restart, reason):
    sup = await start([kid("a"), significant("s", restart), kid("c")], auto_shutdown="any_significant")
    assert await crash(sup, "s", reason) == [
        ("stopping", "c", "shutdown"),
        ("stopping", "a", "shutdown"),
        ("EXIT", sup, "shutdown"),
    ]


@pytest.mark.rule(134)
@pytest.mark.erlsim(crashes=True)
async def test_a_crashed_significant_transient_child_is_restarted():
    sup = await start([significant("s")], auto_shutdown="any_significant")
    assert await crash(sup, "s") == [("started", "s")]


@pytest.mark.rule(135)
async def test_all_significant_waits_for_the_last_one():
    children = [significant("s1"), significant("s2"), kid("a")]
    sup = await start(children, auto_shutdown="all_significant")
    assert await crash(sup, "s1", "normal") == []
    assert await crash(sup, "s2", "normal") == [("stopping", "a", "shutdown"), ("EXIT", sup, "shutdown")]


@pytest.mark.rule(135)
async def test_terminate_child_never_triggers_the_shutdown():
    for mode in ("any_significant", "all_significant"):
        sup = await start([significant("s"), kid("a")], auto_shutdown=mode)
        assert await supervisor.terminate_child(sup, "s") == "ok"
        assert erlang.is_process_alive(sup)


@pytest.mark.rule(135)
@pytest.mark.parametrize("strategy", ["one_for_all", "rest_for_one"])
@pytest.mark.erlsim(crashes=True)
async def test_a_significant_child_that_dies_with_a_sibling_does_not_trigger_it(strategy):
    children = [kid("a"), significant("s", "temporary")]
    sup = await start(children, strategy, auto_shutdown="any_significant")
    assert await crash(sup, "a") == [("stopping", "s", "shutdown"), ("started", "a")]
    assert erlang.is_process_alive(sup)


@pytest.mark.rule(134, 135)
@pytest.mark.parametrize("mode", ["any_significant", "all_significant"])
async def test_the_children_of_simple_one_for_one_may_be_significant(mode):
    template = {
        "id": "t",
        "start": ("kit_kid", "start", [erlang.self()]),
        "restart": "temporary",
        "significant": True,
    }
    sup = await start([template], "simple_one_for_one", auto_shutdown=mode)
    pids = [(await supervisor.start_child(sup, [number]))[1] for number in range(2)]
    erlang.send(pids[0], ("exit", "normal"))
    if mode == "all_significant":
        assert all(message[0] == "started" for message in await heard())
        assert len(await supervisor.which_children(sup)) == 1
        erlang.send(pids[1], ("exit", "normal"))
    assert (await erlang.receive(("EXIT", ..., ...)))[1:] == (sup, "shutdown")


@pytest.mark.rule(136)
@pytest.mark.erlsim(crashes=True)
async def test_significant_goes_neither_with_permanent_nor_with_never():
    never = ("bad_combination", [("auto_shutdown", "never"), ("significant", True)])
    permanent = ("bad_combination", [("restart", "permanent"), ("significant", True)])
    assert await start([significant("s")]) == ("error", ("start_spec", never))
    assert await start([significant("s", "permanent")], auto_shutdown="any_significant") == (
        "error",
        ("start_spec", permanent),
    )
    sup = await start([])
    assert await supervisor.start_child(sup, significant("s")) == ("error", never)


async def test_the_end_of_a_significant_supervisor_escalates():
    inner = ("ok", ({"auto_shutdown": "any_significant"}, [significant("w")]))
    spec = {
        "id": "inner",
        "start": ("supervisor", "start_link", ["kit_sup", inner]),
        "type": "supervisor",
        "restart": "transient",
        "significant": True,
    }
    sup = await start([spec], auto_shutdown="any_significant")
    assert await crash(await pid_of(sup, "inner"), "w", "normal") == [("EXIT", sup, "shutdown")]
