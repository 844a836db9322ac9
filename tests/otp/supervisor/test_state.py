"""A supervisor's state as others see it, and a new version of its callback module."""

import pytest

from erlsim.otp import supervisor, sys
from tests.otp.supervisor.kit import ids, kid, pid_of, start

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
