"""Tables and processes: owners that die, heirs, gifts, and fixations that end with their process."""

import pytest

import erlsim
from erlsim import erlang, ets
from tests.ets.kit import BADARG, elsewhere, holder, outcome, table, within

pytestmark = pytest.mark.usefixtures("sim")


def in_a_process(body):
    """Start `body()` in a process that then waits to be killed; its pid and a monitor."""

    async def run():
        body()
        await erlang.receive("never")

    return erlang.spawn_monitor(run)


async def settled():
    await erlang.receive("never", after=1)


async def inbox():
    """Every message that has come, in order."""
    found = []
    while (message := await erlang.receive(after=1)) is not erlsim.TIMEOUT:
        found.append(message)
    return found


@pytest.mark.rule(149)
async def test_a_table_dies_with_its_owner_before_anybody_hears_of_it():
    pid, ref = in_a_process(lambda: ets.new("tab", ["named_table", "public"]))
    await settled()
    tid = ets.whereis("tab")
    assert ets.info("tab", "owner") == pid
    erlang.exit(pid, "kill")
    await erlang.receive(("DOWN", ref, ..., ..., ...))
    assert ets.info(tid) == "undefined" and ets.whereis("tab") == "undefined"
    assert outcome(ets.lookup, "tab", "k") == BADARG


@pytest.mark.rule(149)
@pytest.mark.parametrize("reason", ["bye", "kill", "normal"])
async def test_an_heir_hears_of_its_tables_before_it_hears_of_the_death(reason):
    erlang.process_flag("trap_exit", True)
    me = erlang.self()

    async def owner():
        erlang.link(me)
        for name in ("t1", "t2", "t3"):
            ets.new(name, ["named_table", ("heir", me, ["data", name])])
        unnamed.append(ets.new("t4", [("heir", me, 4)]))
        erlang.exit(await erlang.receive())

    unnamed = []
    pid, ref = erlang.spawn_monitor(owner)
    await settled()
    erlang.exit(pid, "kill") if reason == "kill" else erlang.send(pid, reason)
    died_of = "killed" if reason == "kill" else reason
    assert await inbox() == [
        *[("ETS-TRANSFER", name, pid, ["data", name]) for name in ("t1", "t2", "t3")],
        ("ETS-TRANSFER", unnamed[0], pid, 4),
        ("EXIT", pid, died_of),
        ("DOWN", ref, "process", pid, died_of),
    ]
    assert [ets.info(name, "owner") for name in ("t1", "t2", "t3")] == [me, me, me]
    assert ets.info("t1", "heir") == me


async def test_a_table_that_its_heir_gave_away_comes_back():
    me, first, second = erlang.self(), await holder(), await holder()
    await within(first, ets.new, "tab", ["named_table", ("heir", me, ["data"])])
    erlang.send(first, "stop")
    assert await erlang.receive() == ("ETS-TRANSFER", "tab", first, ["data"])
    ets.give_away("tab", second, "gift")
    assert await erlang.receive() == ("heard", ("ETS-TRANSFER", "tab", me, "gift"))
    erlang.send(second, "stop")
    assert await erlang.receive() == ("ETS-TRANSFER", "tab", second, ["data"])


@pytest.mark.rule(149)
async def test_a_dead_heir_inherits_nothing():
    heir = erlang.spawn(lambda: None)
    me = await holder()
    await settled()
    assert await within(me, lambda: ets.info(ets.new("t1", ["named_table", ("heir", heir, "x")]), "heir")) == (
        "ok",
        "none",
    )
    living = await holder()
    assert await within(me, lambda: ets.info(ets.new("t2", ["named_table", ("heir", living, "x")]), "heir")) == (
        "ok",
        living,
    )
    erlang.send(living, "stop")
    await settled()
    erlang.send(me, "stop")
    await settled()
    assert (ets.whereis("t1"), ets.whereis("t2")) == ("undefined", "undefined")


async def test_an_owner_cannot_inherit_from_itself():
    me = await holder()
    assert await within(me, lambda: ets.setopts(ets.new("tab", ["named_table"]), ("heir", me, "x"))) == ("ok", True)
    assert ets.info("tab", "heir") == me
    erlang.send(me, "stop")
    await settled()
    assert ets.whereis("tab") == "undefined"


async def test_setopts_makes_and_unmakes_an_heir():
    me = erlang.self()
    owner = await holder()
    await within(owner, ets.new, "t1", ["named_table"])
    await within(owner, ets.new, "t2", ["named_table", ("heir", me, "unwanted")])
    await within(owner, ets.setopts, "t1", ("heir", me, "wanted"))
    await within(owner, ets.setopts, "t2", [("heir", "none")])
    erlang.send(owner, "stop")
    assert await inbox() == [("ETS-TRANSFER", "t1", owner, "wanted")]
    assert ets.whereis("t2") == "undefined"


@pytest.mark.rule(149)
async def test_what_was_inherited_dies_with_the_heir():
    heir = await holder()
    owner = await holder()
    await within(owner, ets.new, "tab", ["named_table", ("heir", heir, "x")])
    erlang.send(owner, "stop")
    await settled()
    assert ets.info("tab", "owner") == heir
    erlang.send(heir, "stop")
    await settled()
    assert ets.whereis("tab") == "undefined"


async def test_an_heir_may_write_where_only_the_owner_may():
    owner = await holder()
    me = erlang.self()
    await within(owner, ets.new, "tab", ["named_table", "protected", ("heir", me, "x")])
    assert outcome(ets.insert, "tab", ("a", 1)) == BADARG
    erlang.send(owner, "stop")
    assert await erlang.receive() == ("ETS-TRANSFER", "tab", owner, "x")
    assert ets.insert("tab", ("a", 1)) is True


@pytest.mark.rule(150)
async def test_a_gift_is_announced_and_belongs_to_its_new_owner():
    other, tab, me = await holder(), table("set", [("k", 1)]), erlang.self()
    assert ets.give_away(tab, other, ["gift"]) is True
    assert await inbox() == [("heard", ("ETS-TRANSFER", tab, me, ["gift"]))]
    assert ets.info(tab, "owner") == other
    assert outcome(ets.insert, tab, ("k", 2)) == BADARG
    assert await within(other, ets.insert, tab, ("k", 2)) == ("ok", True)
    erlang.send(other, "stop")
    await settled()
    assert ets.info(tab) == "undefined"


@pytest.mark.rule(150)
async def test_a_named_gift_keeps_its_name():
    other = await holder()
    ets.new("tab", ["named_table"])
    ets.give_away("tab", other, "x")
    assert await inbox() == [("heard", ("ETS-TRANSFER", "tab", erlang.self(), "x"))]
    assert ets.info("tab", "owner") == other


@pytest.mark.rule(150)
async def test_only_the_owner_gives_and_only_to_another_living_process():
    dead, ref = erlang.spawn_monitor(lambda: None)
    await erlang.receive(("DOWN", ref, ..., ..., ...))
    other, tab = await holder(), table("set", [], "public")
    for nobody in (erlang.self(), dead, "foo", erlang.make_ref(), 1):
        assert outcome(ets.give_away, tab, nobody, "x") == BADARG
    assert await elsewhere(ets.give_away, tab, other, "x") == BADARG
    assert ets.info(tab, "owner") == erlang.self()


async def test_a_table_given_away_outlives_its_maker():
    me, maker = erlang.self(), await holder()
    assert await within(maker, lambda: ets.give_away(ets.new("tab", ["named_table"]), me, "x")) == ("ok", True)
    erlang.send(maker, "stop")
    await settled()
    assert ets.info("tab", "owner") == me


async def test_gifts_are_inherited_in_the_order_in_which_they_were_received():
    heir, owner = erlang.self(), await holder()
    for name in ("t1", "t2", "t3"):
        ets.new(name, ["named_table", ("heir", heir, name)])
    for name in ("t3", "t1", "t2"):
        ets.give_away(name, owner, "x")
    erlang.send(owner, "stop")
    transfers = [message for message in await inbox() if message[0] == "ETS-TRANSFER"]
    assert [name for _, name, _, _ in transfers] == ["t3", "t1", "t2"]


async def test_the_fixations_of_a_process_end_with_it():
    tab, other = table("set", [(1, "a")], "public"), await holder()
    await within(other, ets.safe_fixtable, tab, True)
    await within(other, ets.safe_fixtable, tab, True)
    ets.safe_fixtable(tab, True)
    assert ets.info(tab, "fixed") is True
    since, fixers = ets.info(tab, "safe_fixed_monotonic_time")
    assert fixers == [(other, 2), (erlang.self(), 1)]
    erlang.send(other, "stop")
    await settled()
    assert ets.info(tab, "safe_fixed_monotonic_time") == (since, [(erlang.self(), 1)])
    ets.safe_fixtable(tab, False)
    assert ets.info(tab, "safe_fixed_monotonic_time") is ets.info(tab, "safe_fixed") is ets.info(tab, "fixed") is False
