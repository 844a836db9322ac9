"""The option `tidy`: the setter deletes, too, so that no attribute that was set outlives its child."""

import pytest

import gen_tracker
from erlsim import Error, erlang, ets
from erlsim.otp import gen_server, supervisor
from erlsim.testing import exhaust
from tests.gen_tracker.kit import ZONE, in_background, opened, proxy_of, result_of, spec, tracker

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
    crashes = [dict(each.report["report"][0]) for each in sim.reports if each.label == ("proc_lib", "crash")]
    reasons = [crash["error_info"][:2] for crash in crashes if crash["initial_call"][1] == "-launch_child/2-fun-0-"]
    assert reasons == ([("exit", "killed")] if reason == "kill" else [])


async def test_a_late_request_to_forget_leaves_the_next_child_alone():
    await tracker(TIDY)
    await opened("tv")
    await gen_tracker.setattr(ZONE, "tv", "k", 1)
    stranger = erlang.spawn(erlang.receive)
    erlang.send("zone_setter", ("$gen_call", (stranger, "tag"), ("forget", "tv", stranger)))
    assert gen_tracker.find(ZONE, "tv") != "undefined"
    assert gen_tracker.getattr(ZONE, "tv", "k") == ("ok", 1)


async def test_the_setter_forgets_for_whoever_asks_unless_the_name_is_another_proxys():
    await tracker(TIDY)
    await opened("tv")
    await gen_tracker.setattr(ZONE, "tv", "k", 1)
    strangers = [erlang.spawn(erlang.receive) for _ in range(2)]
    for name, proxy in (("tv", erlang.self()), ("tv", strangers[0]), ("nobody", strangers[1])):
        assert await gen_server.call("zone_setter", ("forget", name, proxy)) == "ok"
        assert gen_tracker.getattr(ZONE, "tv", "k") == ("ok", 1)
    assert await gen_server.call("zone_setter", ("forget", "tv", "undefined")) == "ok"
    assert (left(), gen_tracker.find(ZONE, "tv")) == ([], "undefined")
    await opened("other")
    assert await gen_server.call("zone_setter", ("forget", "other", proxy_of("other"))) == "ok"
    assert gen_tracker.which_children(ZONE) == []


async def test_the_setter_empties_both_tables_at_once():
    await tracker(TIDY)
    for name in ("a", "b"):
        await opened(name)
        await gen_tracker.setattr(ZONE, name, "k", 1)
    assert await gen_server.call("zone_setter", "forget_all") == "ok"
    assert (left(), gen_tracker.which_children(ZONE)) == ([], [])


@pytest.mark.parametrize("setter", ["alive", "dead"])
async def test_a_shutdown_by_call_leaves_nobody_with_the_option_either(setter, sim):
    pid = await tracker(TIDY)
    await opened("tv", "trk_kid3", shutdown=50)
    await gen_tracker.setattr(ZONE, "tv", "take", 1000)
    if setter == "dead":
        erlang.exit(erlang.whereis("zone_setter"), "kill")
    assert await gen_server.call(ZONE, "shutdown") == "ok"
    assert await erlang.receive(("EXIT", pid, ...)) == ("EXIT", pid, "shutdown")
    assert ("tv", "deleted") in [event.data[:2] for event in sim.trace if event.kind == "child"]
    assert list(sim.reports) == []


async def test_with_the_option_it_is_the_setter_that_deletes():
    async def deleting(options):
        tracked = await tracker(options)
        await opened("tv")
        await gen_tracker.setattr(ZONE, "tv", "k", 1)
        setter = erlang.whereis("zone_setter")
        erlang.suspend_process(setter)
        erlang.exit(gen_tracker.find(ZONE, "tv")[1], "kill")
        await erlang.receive(after=1)
        found = left()
        erlang.resume_process(setter)
        await erlang.receive(after=1)
        assert left() == []
        erlang.exit(tracked, "shutdown")
        await erlang.receive(("EXIT", tracked, ...))
        return found

    assert (await deleting(None), await deleting(TIDY)) == ([], [(("tv", "k"), 1)])


async def test_with_the_option_a_counter_that_comes_after_the_child_stays():
    await tracker(TIDY)
    pid = await opened("tv")
    proxy = proxy_of("tv")
    erlang.suspend_process(proxy)
    erlang.exit(pid, "kill")
    erlang.send("zone_setter", ("$gen_call", (erlang.self(), "tag"), ("forget", "tv", "undefined")))
    await erlang.receive(("tag", "ok"))
    gen_tracker.increment(ZONE, "tv", "n", 1, 0)
    erlang.resume_process(proxy)
    await erlang.receive(after=1)
    assert left() == [(("tv", "n"), 1)]


async def test_what_the_setter_has_forgotten_nobody_else_forgets_again():
    await tracker(TIDY)
    child = await opened("tv")

    async def counts():
        counted = 0
        for _ in range(50):
            await erlang.yield_()
            if gen_tracker.which_children(ZONE) == []:
                counted += 1
                gen_tracker.increment(ZONE, "tv", "n", 1, 0)
        return counted

    counting = await in_background(counts)
    erlang.exit(child, "kill")
    counted, _ = await result_of(counting)
    assert gen_tracker.getattr(ZONE, "tv", "n") == ("ok", counted)


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
