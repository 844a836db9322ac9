"""monitor_SUITE: what processes know of their monitors, on the local node."""

from __future__ import annotations

from itertools import permutations

from erlsim import erlang
from erlsim.terms import sort
from tests.otp_suites.kit import expect, no_message, pause, suite, wait_until
from tests.otp_suites.monitor.jeeves import ask_jeeves, monitors, start_jeeves, tell_jeeves

case = suite("monitor_SUITE")

NODE = "nonode@nohost"
LOCAL = "the other node"


@case(partial=LOCAL)
async def test_list_cleanup():
    me = erlang.self()
    erlang.register("master_bertie", me)
    butler = await start_jeeves("jeeves")
    assert monitors() == ([], [])
    assert await ask_jeeves(butler, "monitors") == ("monitors", ([], []))
    ref = erlang.monitor("process", butler)
    assert monitors() == ([("process", butler)], [])
    assert await ask_jeeves(butler, "monitors") == ("monitors", ([], [me]))
    assert erlang.demonitor(ref) is True
    await no_message()
    assert monitors() == ([], [])
    assert await ask_jeeves(butler, "monitors") == ("monitors", ([], []))
    ref = erlang.monitor("process", "jeeves")
    assert monitors() == ([("process", ("jeeves", NODE))], [])
    assert await ask_jeeves(butler, "monitors") == ("monitors", ([], [me]))
    tell_jeeves(butler, "stop")
    await expect(("DOWN", ref, "process", ("jeeves", NODE), "normal"))
    assert monitors() == ([], [])

    butler = await start_jeeves("jeeves")
    assert (await ask_jeeves(butler, ("monitor_process", "master_bertie")))[0] == "monitor_process"
    assert monitors() == ([], [butler])
    assert await ask_jeeves(butler, "monitors") == ("monitors", ([("process", ("master_bertie", NODE))], []))
    tell_jeeves(butler, ("exit", "frop"))
    await pause(2000)
    assert monitors() == ([], [])
    assert erlang.unregister("master_bertie") is True


@case(partial=LOCAL)
async def test_mixer():
    me = erlang.self()

    def is_rid() -> bool:
        return monitors() == ([], [])

    for order in permutations(range(3)):
        butlers = [await start_jeeves() for _ in range(6)]
        for number in order:
            for pid in butlers[number::3]:
                await ask_jeeves(pid, ("monitor_process", me))
        assert [sort(each) for each in monitors()] == [[], sort(butlers)]
        for pid in butlers:
            tell_jeeves(pid, ("exit", "flaff"))
        await wait_until(is_rid)

    for order in permutations(range(3)):
        butlers = [await start_jeeves() for _ in range(6)]
        theirs = [(await ask_jeeves(pid, ("monitor_process", me)))[1] for pid in butlers]
        ours = [erlang.monitor("process", pid) for pid in butlers]
        assert [sort(each) for each in monitors()] == [sort([("process", pid) for pid in butlers]), sort(butlers)]
        for number in order:
            for pid, ref in list(zip(butlers, theirs, strict=True))[number::3]:
                await ask_jeeves(pid, ("demonitor", ref))
        assert sort(monitors()[0]) == sort([("process", pid) for pid in butlers])
        assert monitors()[1] == []
        for ref in ours:
            erlang.demonitor(ref)
        assert is_rid()
        for pid in butlers:
            tell_jeeves(pid, ("exit", "flaff"))
