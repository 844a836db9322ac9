"""Programs whose processes race for whole tables: their names, owners and heirs."""

from __future__ import annotations

from functools import partial

from erlsim import Error
from tests.search.programs.kit import block, erlang, ets, go, matched, program, write


def _public(name):
    return ets.new(name, ["named_table", "public"])


def _tried(function, *arguments):
    try:
        return function(*arguments)
    except Error:
        return None


@program("basic_tests/ets_delete:ets_delete")
async def deleted_while_written():
    """A table is deleted while a child writes into it."""
    _public("table")
    erlang.spawn(partial(write, "key", "value"))
    ets.delete("table")
    await block()


@program("basic_tests/ets_delete_2:ets_delete_2")
async def owner_gone():
    """A table's owner tells that it is there, and ends."""
    me = erlang.self()

    def owner():
        _public("table")
        erlang.send(me, "ok")

    erlang.spawn(owner)
    await erlang.receive("ok")
    write("key", "value")
    await block()


@program("basic_tests/ets_delete_all:race_delete_all_read")
async def emptied_while_read():
    """All rows are deleted while one is read."""
    ets.new("table", ["named_table"])
    ets.insert("table", [("x", 1), ("y", 2)])
    erlang.spawn_monitor(partial(ets.lookup, "table", "x"))
    ets.delete_all_objects("table")
    await erlang.receive(("DOWN", ..., ..., ..., "normal"))
    matched(ets.lookup("table", "x"), [])
    matched(ets.lookup("table", "y"), [])


@program("basic_tests/ets_delete_all:race_delete_all_write")
async def emptied_while_written():
    """All rows are deleted while one is written."""
    _public("table")
    ets.insert("table", [("x", 1), ("y", 2)])
    erlang.spawn_monitor(partial(write, "x", 2))
    ets.delete_all_objects("table")
    await erlang.receive(("DOWN", ..., ..., ..., "normal"))
    matched(ets.lookup("table", "y"), [])


@program("basic_tests/ets_give_away:give_away_good")
async def given_and_returned():
    """A table is given to a child, and comes back when that ends."""
    me = erlang.self()
    ets.new("table", ["private", "named_table", ("heir", me, "returned")])

    async def owner():
        await erlang.receive(("ETS-TRANSFER", "table", me, "given"))
        write("x", 2)

    child = erlang.spawn(owner)
    write("x", 1)
    ets.give_away("table", child, "given")
    await erlang.receive(("ETS-TRANSFER", "table", child, "returned"))
    write("x", 3)


def _reads_and_throws():
    ets.lookup("table", "x")
    erlang.throw("too_bad")


@program("basic_tests/ets_heir:ets_heir")
async def heir_may_be_dead():
    """A table's owner ends while it is read; its heir may live."""
    heir = erlang.spawn(lambda: None)
    ets.new("table", ["named_table", ("heir", heir, "heir")])
    erlang.spawn(_reads_and_throws)


@program("basic_tests/ets_heir_2:ets_heir_2")
async def table_not_there_yet():
    """A table is read that may not be there yet, or no more."""
    erlang.spawn(_reads_and_throws)
    heir = erlang.spawn(lambda: None)
    ets.new("table", ["named_table", ("heir", heir, "heir")])


@program("basic_tests/ets_heir:test")
async def inherited():
    """A child makes a table and ends: its parent inherits it."""
    me = erlang.self()
    child = erlang.spawn(lambda: ets.new("foo", ["named_table", ("heir", me, "fan")]))
    await erlang.receive(("ETS-TRANSFER", "foo", child, "fan"))


@program("basic_tests/ets_heir:test1")
async def given_at_once():
    """A child makes a table and gives it to its parent."""
    me = erlang.self()

    def child():
        ets.new("foo", ["named_table"])
        ets.give_away("foo", me, "fan")

    giver = erlang.spawn(child)
    await erlang.receive(("ETS-TRANSFER", "foo", giver, "fan"))


@program("basic_tests/ets_heir:test2")
async def own_heir():
    """A process is its table's heir itself: the table ends with it, while a child reads."""
    ets.new("table", ["named_table", ("heir", erlang.self(), "bad")])
    erlang.spawn(partial(ets.lookup, "table", "x"))


@program("basic_tests/ets_new_failure_2:ets_new_failure_2")
async def two_make_one_table():
    """Two children make a table of one name: one fails."""
    me = erlang.self()

    async def child():
        _public("table")
        erlang.send(me, "ok")
        await erlang.receive("wait")
        erlang.send(me, "ok")

    first, second = go(child, child)
    await erlang.receive("ok")
    await erlang.receive("ok")
    erlang.send(first, "ok")
    erlang.send(second, "ok")
    await erlang.receive("ok")
    await erlang.receive("ok")


@program("basic_tests/ets_new_failure_3:ets_new_failure_3")
async def two_make_one_table_and_end():
    """The same; a table goes with its owner, so that both may make it."""
    go(partial(_public, "table"), partial(_public, "table"))


@program("basic_tests/ets_unguarded:test")
async def three_write_while_the_owner_ends():
    """Three children write into a table whose owner does not wait."""
    _public("table")

    def child():
        write(1, erlang.self())

    go(child, child, child)


@program("basic_tests/ets_rename:rename_public")
async def renamed_by_another():
    """A public table may be renamed by anyone."""
    _public("table")
    erlang.spawn_monitor(partial(ets.rename, "table", "bad"))
    await erlang.receive(("DOWN", ..., ..., ..., "normal"))


# ---- two operations on the names of tables -----------------------------------------------------------------


def _make():
    _tried(_public, "table")


def _rename():
    _tried(ets.rename, "table", "new_name")


def _told_and_waiting(me, *steps):
    """A process that does something, tells, and keeps its tables until it is told to end."""

    async def child():
        for step in steps:
            step()
        erlang.send(me, erlang.self())
        await erlang.receive("ok")

    return child


async def _until_both_are_done(first, second):
    await erlang.receive(first)
    await erlang.receive(second)
    erlang.send(first, "ok")
    erlang.send(second, "ok")


@program("basic_tests/ets_global_global:new_new")
async def new_and_new():
    """Two make a table of one name and keep it."""
    child = _told_and_waiting(erlang.self(), _make)
    await _until_both_are_done(*go(child, child))


@program("basic_tests/ets_global_global:new_delete")
async def new_and_delete():
    """A table is deleted while another of its name is made."""
    _make()
    erlang.spawn(_make)
    _tried(ets.delete, "table")


@program("basic_tests/ets_global_global:new_exit")
async def new_and_exit():
    """A table's owner ends while another table of its name is made."""
    _make()
    erlang.spawn(_make)
    erlang.exit("normal")


def _make_new_name():
    _tried(_public, "new_name")


@program("basic_tests/ets_global_global:new_rename_free")
async def new_and_rename_to_it():
    """One makes a table and renames it; another makes one of the new name."""
    me = erlang.self()
    await _until_both_are_done(
        *go(_told_and_waiting(me, _make, _rename), _told_and_waiting(me, _make_new_name)),
    )


@program("basic_tests/ets_global_global:new_rename_taken")
async def new_and_rename_away():
    """One makes a table, tells, and renames it; another makes one of the old name."""
    me = erlang.self()
    first = erlang.spawn(_told_and_waiting(me, _make, lambda: erlang.send(me, erlang.self()), _rename))
    await erlang.receive(first)
    await _until_both_are_done(first, erlang.spawn(_told_and_waiting(me, _make)))


def _make_and_rename_to_table():
    _public("new_name")
    _tried(ets.rename, "new_name", "table")


@program("basic_tests/ets_global_global:rename_delete")
async def rename_and_delete():
    """A table is deleted while another is renamed to its name."""
    _make()
    erlang.spawn(_make_and_rename_to_table)
    _tried(ets.delete, "table")


@program("basic_tests/ets_global_global:rename_exit")
async def rename_and_exit():
    """A table's owner ends while another table is renamed to its name."""
    _make()
    erlang.spawn(_make_and_rename_to_table)
    erlang.exit("normal")


def _make_other_and_rename():
    _public("other_name")
    _tried(ets.rename, "other_name", "new_name")


@program("basic_tests/ets_global_global:rename_rename_free")
async def two_renames_to_one_name():
    """Two rename their tables to one name."""
    me = erlang.self()
    await _until_both_are_done(
        *go(_told_and_waiting(me, _make, _rename), _told_and_waiting(me, _make_other_and_rename)),
    )


# ---- a table by its name and by its reference --------------------------------------------------------------


async def _flip(one, other):
    """Either, as a child is fast or slow."""
    erlang.spawn(partial(erlang.send, erlang.self(), "coin"))
    if await erlang.receive("coin", after=0) == "coin":
        return one
    await erlang.receive("coin")
    return other


def _by_name_and_reference():
    table = ets.new("table", ["public", "named_table"])
    return table, ets.whereis("table")


async def _both_told(*steps):
    me = erlang.self()

    def told(step):
        _tried(step)
        erlang.send(me, (erlang.self(), "ok"))

    for child in go(*(partial(told, step) for step in steps)):
        await erlang.receive((child, "ok"))


@program("basic_tests/ets_whereis:whereis_race_wr")
async def write_and_read_by_reference():
    """One writes, one reads, each by the name or the reference of the table."""
    both = _by_name_and_reference()
    one, other = await _flip(*both), await _flip(*both)
    await _both_told(partial(ets.insert, one, ("x", 1)), partial(ets.lookup, other, "x"))


@program("basic_tests/ets_whereis:whereis_race_ww")
async def two_writes_by_reference():
    """Two write, each by the name or the reference."""
    both = _by_name_and_reference()
    one, other = await _flip(*both), await _flip(*both)
    await _both_told(partial(ets.insert, one, ("x", 1)), partial(ets.insert, other, ("x", 2)))


@program("basic_tests/ets_whereis:whereis_race_exit")
async def write_by_reference_and_exit():
    """One writes by the name or the reference while the owner ends."""
    one = await _flip(*_by_name_and_reference())
    erlang.spawn(partial(_tried, ets.insert, one, ("x", 1)))


@program("basic_tests/ets_whereis:race_whereis_r")
async def whereis_and_read():
    """A table's reference is asked for while it is read."""
    _public("table")
    erlang.spawn_monitor(partial(ets.lookup, "table", "x"))
    ets.whereis("table")
    await erlang.receive()


# ---- matching beside changes -------------------------------------------------------------------------------


async def _beside(spawned, told):
    """`spawned` in a child and `told` in its parent, on a table of ten numbers, even or odd, and three atoms."""
    table = ets.new("table", ["public", "ordered_set"])
    ets.insert(table, [(number, number % 2) for number in range(1, 11)])
    ets.insert(table, [(name, name) for name in ("foo", "bar", "baz")])
    child, ref = erlang.spawn_monitor(spawned[0], [table, *spawned[1:]])
    told[0](table, *told[1:])
    await erlang.receive(("DOWN", ref, "process", child, ...))
    await block()


EVEN = ("_", 0)


def _even(result):
    return [(("$1", "$2"), [("andalso", ("is_integer", "$1"), ("=:=", "$2", 0))], [result])]


@program("basic_tests/ets_select:match_against_matching_keys")
async def match_and_delete():
    """Even numbers are matched while one of them is deleted."""
    await _beside((ets.match, EVEN), (ets.delete, 2))


@program("basic_tests/ets_select:match_against_different_tuples")
async def match_and_insert_another():
    """Even numbers are matched while an odd one is inserted: no race."""
    await _beside((ets.match, EVEN), (ets.insert, (21, 1)))


@program("basic_tests/ets_select:match_object_against_matching_tuples")
async def match_object_and_insert():
    """Rows are matched while another is inserted that matches."""
    await _beside((ets.match_object, EVEN), (ets.insert, (20, 0)))


@program("basic_tests/ets_select:select_against_matching_matchspec")
async def select_and_select_delete():
    """Rows are selected while they are deleted."""
    await _beside((ets.select, _even("$_")), (ets.select_delete, _even(True)))


@program("basic_tests/ets_select:select_delete_against_matching_keys")
async def select_delete_and_lookup():
    """Rows are deleted while one of them is read."""
    await _beside((ets.select_delete, _even(True)), (ets.lookup, 2))


@program("basic_tests/ets_select:select_delete_against_matching_any")
async def select_delete_and_next():
    """Rows are deleted while somebody walks through the table."""
    await _beside((ets.select_delete, _even(True)), (ets.next, 1))
