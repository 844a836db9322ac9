"""The blast radius of trees whose answers are known."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.errors import ErlsimError
from erlsim.lab.blast import Lost, Saw, blast_radius
from erlsim.otp import gen_server
from tests.lab.kit import Director, LabTree, Streams, Table, made, sup, worker
from tests.lab.trees import ANSWERS, TREES


def told(blast):
    others = [name for name in blast.fallen if name != blast.victim]
    return (" ".join(others), " ".join(blast.back), blast.outcome)


@pytest.mark.parametrize("name", TREES)
def test_the_table_of_a_tree_of_supervisors_is_what_was_worked_out_by_hand(name):
    found = blast_radius(made(TREES[name]))
    assert {key: told(found[key]) for key in ANSWERS[name]} == ANSWERS[name]


def directed(**plans):
    return blast_radius(lambda: Director.start(list(plans.items())), who=list(plans), reasons=["kill"])


def test_a_director_brings_a_child_back_when_its_plan_says_so():
    found = directed(now=["restart"], later=[("restart", 5_000)], never=["wait"], gone=["delete"])
    assert told(found["now", "kill"]) == ("", "now", "recovered")
    assert found["now", "kill"].away_ms("now") == 0
    assert told(found["later", "kill"]) == ("", "later", "recovered")
    assert found["later", "kill"].away_ms("later") == 5_000
    assert found["never", "kill"].differences == ("never is waiting",)
    assert found["never", "kill"].away_ms("never") is None
    assert found["gone", "kill"].differences == ("no gone",)


def test_a_director_whose_plan_says_stop_goes_with_all_its_children():
    found = directed(other=["restart"], last=["stop"])["last", "kill"]
    assert told(found) == ("other boss", "", "down")
    assert found.gave_up == ("boss",)


def test_a_tracker_forgets_a_dead_child_and_all_of_them_when_it_dies_itself():
    found = blast_radius(lambda: Streams.start(False), reasons=["kill"])
    assert "no two" in found["two", "kill"].differences
    whole = found["streams", "kill"]
    assert {"one", "two"} <= set(whole.fallen)
    assert "streams" in whole.back
    assert {"no one", "no two"} <= set(whole.differences)


def test_a_tracker_that_restarts_brings_back_what_is_permanent():
    found = blast_radius(lambda: Streams.start(True), reasons=["kill"], who=["one", "two"])
    assert "no one" in found["one", "kill"].differences
    assert "two" in found["two", "kill"].back


def test_rows_of_a_table_are_lost_with_its_owner():
    blast = blast_radius(Table.start_link, reasons=["kill", "hang"])
    assert blast["table", "kill"].lost == (Lost("rows", "rows", 3),)
    assert blast["table", "hang"].lost == ()


def test_a_supervisor_that_gives_up_is_named_and_one_that_is_struck_is_not():
    found = blast_radius(made(TREES["nested"]), reasons=["kill"])
    assert found["r1", "kill"].gave_up == ("right",)
    assert found["right", "kill"].gave_up == ()


def test_a_fall_tells_its_time_its_reason_and_who_ended_it():
    found = blast_radius(made(TREES["rest_for_one"]), reasons=["kill"])["b", "kill"]
    assert [(each.name, each.at, each.reason, each.by) for each in found.fell] == [
        ("b", 0, "killed", None),
        ("c", 0, "shutdown", "top"),
    ]


def test_a_name_whose_first_restart_fails_is_away_until_the_second():
    @erlsim.module(name="lab_twice")
    class Twice:
        """It fails at its second start, and only then."""

        async def start():
            count = erlang.get("starts") if isinstance(erlang.get("starts"), int) else 0
            erlang.put("starts", count + 1)
            return ("error", "not_yet") if count == 1 else await gen_server.start_link("lab_worker", {}, [])

    @erlsim.module(name="lab_twice_boss")
    class Boss:
        def init(_):
            return ("ok", [{"id": "x", "start": ("lab_twice", "start"), "plan": [("restart", 100)], "count": 9}])

    import director

    found = blast_radius(lambda: director.start_link("lab_twice_boss", []), who="x", reasons=["kill"])["x", "kill"]
    assert found.away_ms("x") == 200
    assert told(found) == ("", "x", "recovered")


# ---- under load ------------------------------------------------------------------------------------


async def calling():
    for _ in range(3):
        try:
            await gen_server.call("b", "hello", 1_000)
        except erlsim.Exit:
            pass
        await timer.sleep(100)


def test_callers_see_who_is_away_who_dies_on_the_way_and_who_hangs():
    tree = made(sup("top", "one_for_one", [worker("a"), worker("b", restart="temporary")]))
    found = blast_radius(tree, calling, who="b", reasons=["kill", "hang"])
    assert found["b", "kill", "rest"].saw == ()
    # After the first call, which was answered: the two that follow find nobody.
    assert found["b", "kill", 0].saw == (Saw("calling", "b", "noproc", 100), Saw("calling", "b", "noproc", 200))
    assert found["b", "kill", 100].saw == (Saw("calling", "b", "noproc", 100),)
    first = found["b", "kill", ("message", 1)]
    assert first.saw[0] == Saw("calling", "b", "killed", 0)
    assert Lost("messages", "b", 1) in first.lost
    assert [each.what for each in found["b", "hang", 0].saw] == ["timeout", "timeout"]


def test_a_load_that_dies_of_a_strike_has_seen_it():
    async def careless():
        await timer.sleep(50)
        erlang.send("b", "hello")

    tree = made(sup("top", "one_for_one", [worker("b", restart="temporary")]))
    found = blast_radius(tree, careless, who="b", reasons=["kill"], at=0)
    (saw,) = found["b", "kill"].saw
    assert (saw.caller, saw.at, saw.what[0]) == ("careless", 50, "badarg")


def test_what_happens_without_a_strike_too_is_not_its_doing():
    async def stopping():
        await timer.sleep(10)
        await gen_server.stop("a")

    tree = made(sup("top", "one_for_one", [worker("a"), worker("b")], intensity=5))
    found = blast_radius(tree, stopping, who=["b"], reasons=["kill"], at=0)
    assert told(found["b", "kill"]) == ("", "b", "recovered")


def test_a_message_that_comes_too_late_is_lost():
    async def casting():
        b = erlang.whereis("b")
        for _ in range(4):
            gen_server.cast(b, "news")
            await timer.sleep(10)

    tree = made(sup("top", "one_for_one", [worker("b")]))
    found = blast_radius(tree, casting, who="b", reasons=["kill"], at=[0, ("message", 2)])
    assert found["b", "kill", 0].lost == (Lost("unheard", "b", 3),)
    assert found["b", "kill", ("message", 2)].lost == (Lost("messages", "b", 1), Lost("unheard", "b", 2))


def test_who_hangs_is_away_from_then_on_and_holds_up_the_others_when_they_are_to_be_restarted():
    async def killing():
        await timer.sleep(100)
        erlang.exit(erlang.whereis("a"), "kill")

    tree = made(sup("top", "rest_for_one", [worker("a"), worker("b", trap=True)]))
    found = blast_radius(tree, killing, who="b", reasons=["hang"], at=0)["b", "hang"]
    # Nobody notices until "b" is to stop; after five seconds it is killed, and both are started.
    assert [(each.name, each.at, each.reason) for each in found.fell] == [("b", 5_100, "killed")]
    assert (found.away_ms("b"), found.outcome) == (5_100, "recovered")
    # The other one is killed in any case, and would have been back at once.
    assert found.away_ms("a") == 5_000


# ---- honesty ---------------------------------------------------------------------------------------


def test_it_says_what_was_not_tried():
    found = blast_radius(made(TREES["one_for_one"]), calling, who=["a"], reasons=["kill"], limit=2, at="all")
    text = str(found)
    assert "1 of 4 processes struck (kill) in 2 runs of 60,000 ms each" in text
    assert "3 of 4 processes were not asked for" in text
    assert "nobody was struck by crash, shutdown, hang" in text
    assert "strikes are beyond the limit" in text
    assert "one schedule" in text


def test_a_restart_without_end_is_told_and_does_not_hang():
    @erlsim.module(name="lab_spinning")
    class Spinning:
        async def start():
            count = erlang.get("starts") if isinstance(erlang.get("starts"), int) else 0
            erlang.put("starts", count + 1)
            return ("error", "never_again") if count else await gen_server.start_link("lab_worker", {}, [])

        def init(_):
            plan = {"id": "x", "start": ("lab_spinning", "start"), "plan": ["restart"], "count": "infinity"}
            return ("ok", [plan])

    import director

    found = blast_radius(lambda: director.start_link("lab_spinning", []), who="x", reasons=["kill"])
    assert found["x", "kill"].outcome == "spins"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"who": "stroe"}, "nobody in the tree is called 'stroe'; there are top, a, b, c"),
        ({"at": "sometimes"}, "not 'sometimes'"),
        ({"at": 100}, "there is no load"),
        ({"window": 0}, "window is a positive number, not 0"),
        ({"limit": "all"}, "limit is a positive number, not 'all'"),
    ],
)
def test_bad_input_is_shown(options, message):
    with pytest.raises(ErlsimError, match=message):
        blast_radius(made(TREES["one_for_one"]), **options)


def test_a_tree_that_does_not_start_is_no_tree():
    tree = ("sup", "top", {"strategy": "one_for_nobody"}, {}, [])
    with pytest.raises(ErlsimError, match="there is no tree to strike"):
        blast_radius(lambda: LabTree.start(tree))


def test_a_function_that_leaves_no_process_behind_makes_no_tree():
    async def nothing():
        erlang.spawn(lambda: None)

    with pytest.raises(ErlsimError, match="nothing has left no process behind"):
        blast_radius(nothing)


def test_a_process_that_nobody_supervises_is_called_after_the_function_that_has_started_it():
    async def helpers():
        def starter():
            erlang.spawn(lambda: timer.sleep(100_000))
            return timer.sleep(100_000)

        erlang.spawn(starter)

    places = blast_radius(helpers, reasons=["kill"]).places
    assert [place.depth for place in places] == [0, 1]
    assert not any("<locals>" in place.name for place in places)


def test_the_same_strikes_give_the_same_table():
    tree = made(TREES["nested"])
    assert str(blast_radius(tree, calling, limit=60)) == str(blast_radius(tree, calling, limit=60))
