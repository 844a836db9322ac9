"""A supervisor's state as others see it, and a new version of its callback module."""

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.otp import supervisor, sys
from tests.otp.supervisor.kit import crash, flaky, ids, kid, pid_of, start

pytestmark = pytest.mark.usefixtures("trapping_exits")

OTHER = {"id": "other", "start": ("kit_kid", "ignore", [])}


async def upgrade(sup, answer):
    """Make the callback module's init return `answer` from now on, and change the code."""
    await sys.suspend(sup)
    await sys.replace_state(sup, lambda state: (*state[:-1], answer))
    result = await sys.change_code(sup, "kit_sup", "undefined", [])
    await sys.resume(sup)
    return result


async def test_the_state_is_otps_record():
    spec = kid("a")
    sup = await start([spec], intensity=3, period=7)
    record = ("child", await pid_of(sup, "a"), "a", spec["start"], "permanent", False, 1000, "worker", ["kit_kid"])
    answer = ("ok", ({"strategy": "one_for_one", "intensity": 3, "period": 7}, [spec]))
    assert await sys.get_state(sup) == (
        *("state", (sup, "kit_sup"), "one_for_one", (["a"], {"a": record}), "undefined", 3, 7, [], 0, "never"),
        *("kit_sup", answer),
    )


async def test_a_state_that_was_looked_at_does_not_change_afterwards():
    sup = await start([kid("a")])
    before = await sys.get_state(sup)
    await supervisor.start_child(sup, kid("b"))
    assert before[3][0] == ["a"]
    assert (await sys.get_state(sup))[3][0] == ["b", "a"]


async def test_a_state_that_was_looked_at_can_be_put_back():
    sup = await start([kid("a"), kid("b")])
    state = await sys.get_state(sup)
    await sys.replace_state(sup, lambda _: state)
    assert await ids(sup) == ["b", "a"]
    assert await supervisor.terminate_child(sup, "a") == "ok"


async def test_new_code_changes_flags_and_specs_and_leaves_the_children_alone():
    sup = await start([kid("a"), kid("b")])
    a = await pid_of(sup, "a")
    new = ("ok", ({"strategy": "one_for_all", "intensity": 9}, [kid("a", shutdown=77), OTHER]))
    assert await upgrade(sup, new) == "ok"
    assert await ids(sup) == ["b", "other", "a"]
    assert await pid_of(sup, "a") == a and await pid_of(sup, "other") == "undefined"
    assert (await supervisor.get_childspec(sup, "a"))[1]["shutdown"] == 77
    assert (await sys.get_state(sup))[2:8:3] == ("one_for_all", 9)


async def test_new_code_that_answers_badly_changes_nothing():
    sup = await start([kid("a")])
    assert await upgrade(sup, "ignore") == "ok"
    assert await upgrade(sup, "garbage") == ("error", "garbage")
    assert await upgrade(sup, ("ok", ("flags", []))) == ("error", ("error", ("bad_flags", "flags")))
    assert await upgrade(sup, ("ok", ({"period": 0}, []))) == ("error", ("error", ("invalid_period", 0)))
    assert await upgrade(sup, ("ok", ({"intensity": 9}, [{"id": 1}]))) == ("error", ("error", "missing_start"))
    assert await ids(sup) == ["a"]
    assert (await sys.get_state(sup))[5] == 1


async def test_new_code_gives_simple_one_for_one_another_template():
    sup = await start([OTHER], "simple_one_for_one")
    flags = {"strategy": "simple_one_for_one"}
    assert await upgrade(sup, ("ok", (flags, [{**OTHER, "shutdown": 77}]))) == "ok"
    assert (await supervisor.get_childspec(sup, "other"))[1]["shutdown"] == 77
    result = await upgrade(sup, ("ok", (flags, [OTHER, kid("b")])))
    assert result[1][1][0] == "ok" and result[1][1][1][0] == ["other", "b"]
    assert (await upgrade(sup, ("ok", (flags, []))))[1][1] == ("ok", ([], {}))


@pytest.mark.erlsim(crashes=True)
@pytest.mark.parametrize(("failing", "mark"), [("a", "own"), ("b", "none")])
@pytest.mark.parametrize("strategy", ["one_for_all", "rest_for_one"])
async def test_a_child_that_is_tried_again_is_marked_with_its_own_last_pid_or_none(strategy, failing, mark):
    specs = [flaky("a", range(2, 1_000_000)) if failing == "a" else kid("a"), flaky("b", range(2, 1_000_000))]
    sup = await start(specs, strategy, intensity=1_000_000)
    first = await pid_of(sup, "a")
    erlang.exit(first, "kill")
    while await pid_of(sup, failing) != "restarting":
        pass
    records = (await sys.get_state(sup))[3][1]
    await supervisor.terminate_child(sup, failing)
    assert records[failing][1] == ("restarting", first if mark == "own" else "undefined")


@pytest.mark.erlsim(crashes=True)
async def test_restarts_are_remembered_as_seconds_the_newest_first():
    sup = await start([kid("a")], intensity=9, period=2)
    for pause in (0, 1000, 1000, 1000):
        await timer.sleep(pause)
        await crash(sup, "a")
    seconds = (await sys.get_state(sup))[7]
    assert [seconds[0] - each for each in seconds] == [0, 1, 2]


async def test_a_supervisor_that_is_given_its_looked_at_dynamic_children_again_knows_them():
    template = {"id": "t", "start": ("kit_kid", "start", [erlang.self()])}
    sup = await start([template], "simple_one_for_one")
    pids = [(await supervisor.start_child(sup, [number]))[1] for number in range(3)]
    state = await sys.get_state(sup)
    assert state[4] == ("maps", {pid: [erlang.self(), number] for number, pid in enumerate(pids)})
    await sys.replace_state(sup, lambda _: state)
    assert [row[1] for row in await supervisor.which_children(sup)] == pids
    assert await sys.get_state(sup) == state
    assert await supervisor.terminate_child(sup, pids[1]) == "ok"
    assert [row[1] for row in await supervisor.which_children(sup)] == [pids[0], pids[2]]


async def test_temporary_dynamic_children_are_kept_without_their_arguments():
    sup = await start([kid("t", "temporary", options=None)], "simple_one_for_one")
    _, pid = await supervisor.start_child(sup, [])
    assert (await sys.get_state(sup))[4] == ("mapsets", {pid: []})


@pytest.mark.erlsim(crashes=True)
async def test_a_state_with_restarts_as_plain_terms_counts_on_from_them():
    sup = await start([kid("a")], intensity=2)
    now = erlang.monotonic_time("second")
    await sys.replace_state(sup, lambda state: (*state[:7], [now, now], *state[8:]))
    assert (await sys.get_state(sup))[7] == [now, now]
    assert ("EXIT", sup, "shutdown") in await crash(sup, "a", "shutdown")


@pytest.mark.erlsim(crashes=True)
async def test_new_code_keeps_how_often_children_were_started_again_in_pictures(sim):
    answers = [("ok", ({"intensity": 9}, [kid("a"), kid("b")]))]

    @erlsim.module(name="kit_changing")
    class Changing:
        def init(arg):
            return answers[-1]

    _, sup = await supervisor.start_link(Changing, [])
    for id_ in ("a", "a", "b"):
        await crash(sup, id_, "shutdown")
    answers.append(("ok", ({"intensity": 9}, [kid("b"), kid("c")])))
    await sys.suspend(sup)
    assert await sys.change_code(sup, "kit_changing", "undefined", []) == "ok"
    await sys.resume(sup)
    found = [sim.tree().find(id_) for id_ in "abc"]
    assert [(each.state, each.restarts) for each in found] == [("running", 2), ("running", 1), ("undefined", 0)]
