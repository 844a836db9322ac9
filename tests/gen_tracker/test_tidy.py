"""The option `tidy`: the setter deletes, too, so that no attribute that was set outlives its child."""

import pytest

import gen_tracker
from erlsim import Error, erlang, ets
from erlsim.otp import supervisor
from erlsim.testing import exhaust
from tests.gen_tracker.kit import ZONE, opened, spec, tracker

pytestmark = pytest.mark.usefixtures("trapping_exits")
TIDY = {"tidy": True}


def left():
    return ets.tab2list("zone_attrs")


@pytest.mark.erlsim(crashes=True)
async def test_an_option_that_nobody_knows_or_that_is_neither_true_nor_false_is_refused():
    for options in ({"tidy": 1}, {"tide": True}, {"restart": True, "tidy": "yes"}, [("tidy", True)]):
        assert await gen_tracker.start_link(ZONE, options) == ("error", ("bad_options", options))


async def test_a_start_that_fails_leaves_attributes_and_with_the_option_it_leaves_none():
    for options, stays in ((None, [(("tv", "k"), 1)]), (TIDY, [])):
        pid = await tracker(options)

        async def sets():
            await gen_tracker.setattr(ZONE, "tv", "k", 1)

        erlang.spawn(gen_tracker.find_or_open, [ZONE, spec("tv", "trk_plain", "fail_after", [5, "no"])])
        await erlang.receive(after=1)
        erlang.spawn(sets)
        await erlang.receive(after=10)
        assert (left(), gen_tracker.find(ZONE, "tv")) == (stays, "undefined")
        erlang.exit(pid, "shutdown")
        await erlang.receive(("EXIT", pid, ...))


async def test_a_death_and_a_deletion_take_the_attributes_along():
    await tracker(TIDY)
    for ends in ("crash", "delete"):
        pid = await opened("tv")
        await gen_tracker.setattr(ZONE, "tv", "k", 1)
        if ends == "crash":
            erlang.exit(pid, "kill")
            await erlang.receive(after=1)
        else:
            assert await supervisor.delete_child(ZONE, "tv") == "ok"
        assert (left(), gen_tracker.find(ZONE, "tv")) == ([], "undefined")


async def test_when_the_setter_is_dead_whoever_clears_up_deletes_himself():
    await tracker(TIDY)
    for ends in ("crash", "delete"):
        pid = await opened("tv")
        ets.insert("zone_attrs", (("tv", "k"), 1))
        setter = erlang.whereis("zone_setter")
        if setter != "undefined":
            erlang.exit(setter, "kill")
        if ends == "crash":
            erlang.exit(pid, "kill")
            await erlang.receive(after=1)
        else:
            assert await supervisor.delete_child(ZONE, "tv") == "ok"
        assert (left(), gen_tracker.find(ZONE, "tv")) == ([], "undefined")


@pytest.mark.parametrize("reason", ["shutdown", "kill", "oops"])
async def test_a_tracker_ends_as_without_the_option(reason, sim):
    pid = await tracker(TIDY)
    child = await opened("tv")
    await gen_tracker.setattr(ZONE, "tv", "k", 1)
    watched = erlang.monitor("process", child)
    erlang.exit(pid, reason)
    await erlang.receive(("DOWN", watched, ..., ..., ...), after=1000)
    await erlang.receive(("EXIT", pid, ...), after=1000)
    await erlang.receive(after=1000)
    assert not erlang.is_process_alive(child)
    assert [erlang.whereis(name) for name in (ZONE, "zone_setter")] == ["undefined", "undefined"]
    assert not [report for report in sim.reports if "gen_tracker_proxy" in str(report)]


async def test_a_late_request_to_forget_leaves_the_next_child_alone():
    await tracker(TIDY)
    await opened("tv")
    await gen_tracker.setattr(ZONE, "tv", "k", 1)
    stranger = erlang.spawn(erlang.receive)
    erlang.send("zone_setter", ("$gen_call", (stranger, "tag"), ("forget", "tv", stranger)))
    assert gen_tracker.find(ZONE, "tv") != "undefined"
    assert gen_tracker.getattr(ZONE, "tv", "k") == ("ok", 1)


# ---- every order of what a viewer, a setter, a dying child, its proxy and the tracker do ------------------


def viewed(options, ends):
    """A child ends while somebody sets an attribute of it; when all has come to rest it must have left none."""

    async def program():
        await tracker(options)
        child = await opened("tv")
        erlang.spawn(_views)
        if ends == "kill":
            erlang.exit(child, "kill")
        else:
            await supervisor.delete_child(ZONE, "tv")
        await erlang.receive(after=1000)
        assert left() == [], "an attribute has outlived its child"

    return program


async def _views():
    try:
        await gen_tracker.setattr(ZONE, "tv", "viewers", 1)
    except Error:
        pass


@pytest.mark.parametrize("ends", ["kill", "delete"])
def test_by_default_an_attribute_can_outlive_its_child_as_in_the_original(ends):
    found = exhaust(viewed(None, ends), progress=False)
    assert "an attribute has outlived its child" in found.failures[0].outcome


@pytest.mark.parametrize("ends", ["kill", "delete"])
def test_with_the_option_no_order_of_operations_leaves_an_attribute_behind(ends):
    found = exhaust(viewed(TIDY, ends), progress=False)
    assert found.complete and found.ok, str(found)
    assert found.runs > 1


def test_with_the_option_a_start_that_fails_leaves_none_in_any_order():
    async def program():
        await tracker(TIDY)
        erlang.spawn(_views)
        await gen_tracker.find_or_open(ZONE, spec("tv", "trk_plain", "fail_after", [0, "no"]))
        await erlang.receive(after=1000)
        assert left() == [], "an attribute has outlived its child"

    found = exhaust(program, progress=False)
    assert found.complete and found.ok, str(found)
