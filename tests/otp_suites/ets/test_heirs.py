"""ets_SUITE: tables that are inherited and given away."""

import pytest

from erlsim import erlang, ets
from tests.otp_suites.ets.kit import case, ended, fails, make, options

pytestmark = pytest.mark.usefixtures("sim")


async def founder(master, data, opts):
    """Makes a table for the heir that it is told of, and lives until it is told to die."""
    _, heir = await erlang.receive()
    tab = ets.new(
        "foo", ["named_table", "private", ("heir", "none") if heir == "none" else ("heir", heir, data), *opts]
    )
    ets.insert(tab, ("key", 1))
    assert ets.lookup(tab, "key") == [("key", 1)] and ets.info(tab, "owner") == erlang.self()
    if ets.info(tab, "heir") == "none":
        assert heir == "none" or not erlang.is_process_alive(heir)
        erlang.send(master, ("no heir", erlang.self()))
        return
    assert ets.info(tab, "heir") == heir and erlang.is_process_alive(heir)
    erlang.send(heir, ("table", tab, data))
    assert await erlang.receive() == "die_please"


async def heir_of(pid, mode):
    """Inherits: the transfer comes before what it hears of the founder's death."""
    _, tab, data = await erlang.receive()
    assert fails(ets.lookup, tab, "key")
    if data == "the dying heir":
        return
    ref = None
    if mode == "link":
        erlang.process_flag("trap_exit", True)
        erlang.link(pid)
    elif mode == "monitor":
        ref = erlang.monitor("process", pid)
    erlang.send(pid, "die_please")
    assert await erlang.receive() == ("ETS-TRANSFER", tab, pid, data)
    assert ets.info(tab, "owner") == ets.info(tab, "heir") == erlang.self()
    assert ets.lookup(tab, "key") == [("key", 1)]
    ets.insert(tab, ("key", 2))
    assert ets.lookup(tab, "key") == [("key", 2)]
    if mode == "link":
        assert await erlang.receive() == ("EXIT", pid, "normal")
    elif mode == "monitor":
        assert await erlang.receive() == ("DOWN", ref, "process", pid, "normal")


@case("heir")
@options()
async def test_heir(opts):
    me = erlang.self()
    for mode in ("none", "link", "monitor"):
        for data in ("foo_data", b"binary", list(range(1, 11)), (17, len, me), "the busy heir"):
            pid, founded = erlang.spawn_monitor(founder, [me, data, opts])
            heir, inherited = erlang.spawn_monitor(heir_of, [pid, mode])
            erlang.send(pid, ("go", heir))
            await ended(founded)
            await ended(inherited)
    dead, died = erlang.spawn_monitor(lambda: None)
    await ended(died)
    for nobody in ("none", dead):
        pid, founded = erlang.spawn_monitor(founder, [me, "foo_data", opts])
        erlang.send(pid, ("go", nobody))
        assert await erlang.receive(("no heir", ...)) == ("no heir", pid)
        await ended(founded)
        assert ets.info("foo") == "undefined"
    pid, founded = erlang.spawn_monitor(founder, [me, "the dying heir", opts])
    heir, inherited = erlang.spawn_monitor(heir_of, [pid, "none"])
    erlang.send(pid, ("go", heir))
    await ended(inherited)
    # Whoever comes after the heir, even under its number, inherits nothing.
    other, lived = erlang.spawn_monitor(lambda: erlang.receive("die_please"))
    erlang.send(pid, "die_please")
    await ended(founded)
    assert ets.info("foo") == "undefined"
    assert erlang.process_info(other, "message_queue_len") == ("message_queue_len", 0)
    erlang.send(other, "die_please")
    await ended(lived)


async def receiver(tab, giver):
    assert fails(ets.lookup, tab, "key")
    erlang.send(giver, "give_me")
    if await erlang.receive() == "no_soup_for_you":
        return
    assert ets.lookup(tab, "key") == [("key", 1)]
    ets.insert(tab, ("key", 2))
    if await erlang.receive() == "give_back":
        assert ets.give_away(tab, giver, "back") is True
        assert fails(ets.lookup, tab, "key")


@case("give_away")
@options()
async def test_give_away(opts):
    me = erlang.self()

    async def given(tab):
        pid, ref = erlang.spawn_monitor(receiver, [tab, me])
        await erlang.receive("give_me")
        assert ets.give_away(tab, pid, "here_you_are") is True
        assert fails(ets.lookup, tab, "key")
        return pid, ref

    tab = make("foo", ["named_table", "private", *opts], [("key", 1)])
    gone, ref = await given(tab)
    erlang.send(gone, "give_back")
    assert await erlang.receive() == ("ETS-TRANSFER", tab, gone, "back")
    assert ets.lookup(tab, "key") == [("key", 2)]
    await ended(ref)

    ets.insert(tab, ("key", 1))
    pid, ref = await given(tab)
    erlang.send(pid, "die_please")
    await ended(ref)
    assert ets.info(tab) == "undefined"

    tab = make("foo", ["private", *opts], [("key", 1)])
    ets.setopts(tab, ("heir", me, "data"))
    pid, ref = await given(tab)
    erlang.send(pid, "die_please")
    assert await erlang.receive() == ("ETS-TRANSFER", tab, pid, "data")
    assert ets.lookup(tab, "key") == [("key", 2)]
    await ended(ref)

    for nobody in (gone, me, list(b"not a pid")):
        assert fails(ets.give_away, tab, nobody, "x")
    ets.delete(tab)
    await nothing_is_given_wrongly(tab, opts)


async def nothing_is_given_wrongly(tab, opts):
    me = erlang.self()
    pid, ref = erlang.spawn_monitor(receiver, [tab, me])
    await erlang.receive("give_me")
    assert fails(ets.give_away, tab, pid, "a deleted table")
    public = ets.new("foo", ["public", *opts])
    erlang.spawn_link(lambda: erlang.send(me, fails(ets.give_away, public, pid, "from a non-owner")))
    assert await erlang.receive() is True
    erlang.send(pid, "no_soup_for_you")
    await ended(ref)
