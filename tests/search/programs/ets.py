"""Programs that race for rows of a table and tell one another, count, or insert what is new."""

from __future__ import annotations

from functools import partial

from erlsim import Error
from tests.search.programs.kit import block, erlang, ets, go, matched, program, read, shared, write
from tests.search.programs.readers import read_all, write_unless


@program("dpor_tests/ets_dependencies_2:ets_dependencies_2")
async def ring_of_rows():
    """Three processes read one row and write another, in a ring, and tell when they are done."""
    me = erlang.self()
    shared(x=0, y=0, z=0)

    def link(mine, if_0, if_1):
        if read(mine) == 0:
            write(if_0, 1)
        else:
            write(if_1, 0)
        erlang.send(me, "ok")

    go(*(partial(link, *keys) for keys in ("xyz", "yzx", "zxy")))
    for _ in range(3):
        await erlang.receive("ok")
    erlang.throw((read("x"), read("y"), read("z")))


@program("dpor_tests/ets_dependencies_3:ets_dependencies_3")
async def rows_and_messages():
    """Readers and a writer tell when they are done."""
    me = erlang.self()
    shared()

    def told(*steps):
        for step in steps:
            step()
        erlang.send(me, "ok")

    look, change = partial(read, "x"), partial(write, "x", 1)
    go(
        partial(told, look),
        partial(told, partial(write, "y", 2), change),
        partial(told, partial(write, "z", 3), look),
    )
    for _ in range(3):
        await erlang.receive("ok")
    await block()


def _second_reader():
    write("y", 2)
    write("p2", read("x"))


def _third_reader():
    write("z", 3)
    write("p3", read("y") if read("x") == 0 else "none")


@program("dpor_tests/ets_dependencies_deeper:ets_dependencies_deeper")
async def rows_read_in_the_end():
    """What two readers saw is read by their parent when all have told that they are done."""
    me = erlang.self()
    shared(x=0, y=0)

    def told(step):
        step()
        erlang.send(me, "ok")

    go(*(partial(told, step) for step in (partial(write, "x", 1), _second_reader, _third_reader)))
    for _ in range(3):
        await erlang.receive("ok")
    erlang.throw((read("p2"), read("p3")))


@program("dpor_tests/ets_dependencies_deeper_2:ets_dependencies_deeper_2")
async def rows_read_after_a_chain():
    """As before, but the end is told along a chain: its order is no race."""
    me = erlang.self()
    shared(x=0, y=0)

    async def chained(step, then):
        step()
        await erlang.receive("ok")
        erlang.send(then, "ok")

    def last(then):
        _third_reader()
        erlang.send(then, "ok")

    first = erlang.spawn(chained, [partial(write, "x", 1), me])
    second = erlang.spawn(chained, [_second_reader, first])
    erlang.spawn(last, [second])
    await erlang.receive("ok")
    erlang.throw((read("p2"), read("p3")))


@program("dpor_tests/etsi_4:etsi_4")
async def rows_and_a_chain():
    """Two write, one reads; then a message goes from one to the next."""
    me = erlang.self()
    shared(x=0, y=0)

    async def chained(step, then):
        step()
        await erlang.receive()
        erlang.send(then, "ok")

    first = erlang.spawn(chained, [partial(write, "y", 1), me])
    second = erlang.spawn(chained, [read_all("x", "y"), first])

    def last():
        write("x", 1)
        erlang.send(second, "ok")

    erlang.spawn(last)
    await erlang.receive()
    await block()


@program("dpor_tests/etsi_5:etsi_5")
async def five_in_a_chain():
    """Five processes race for rows, then pass a message along; the parent reads what they saw."""
    me = erlang.self()
    shared(x=0, y=0, z=0, z5=0, xy=0)

    async def chained(step, then):
        step()
        await erlang.receive("ok")
        erlang.send(then, "ok")

    def fourth():
        write("xy", (read("x"), read("y")))

    def fifth(then):
        write("z5", read("z"))
        erlang.send(then, "ok")

    then = me
    for step in (partial(write, "y", 1), partial(write, "x", 1), write_unless("x", 1, "z", 1), fourth):
        then = erlang.spawn(chained, [step, then])
    erlang.spawn(fifth, [then])
    await erlang.receive("ok")
    erlang.throw([("z", read("z")), ("xy", read("xy")), ("z5", read("z5"))])


@program("dpor_tests/priorities:priorities")
async def read_after_a_message():
    """A message comes before a write; who has it reads while the write is under way."""
    ets.new("table", ["named_table", "public"])
    me = erlang.self()

    async def first():
        await erlang.receive("ok")
        erlang.send(me, "ok")
        read("y")
        read("x")

    one = erlang.spawn(first)

    def second():
        erlang.send(one, "ok")
        write("x", 42)

    erlang.spawn(second)
    await erlang.receive("ok")
    read("y")
    read("x")
    await block()


@program("dpor_tests/tricky_predecessors:tricky_predecessors")
async def three_locks():
    """Each reader sees x only if two of three locks are open; all three cannot have seen it as it was before."""
    me = erlang.self()
    shared(x=0, l1=False, l2=False, l3=False)

    async def chained(step, then):
        step()
        await erlang.receive("ok")
        erlang.send(then, "ok")

    def look(pair):
        one, other = read(pair[0]), read(pair[1])
        write(pair, read("x") if one and other else "irrelevant")

    pairs = [("l1", "l2"), ("l2", "l3"), ("l3", "l1")]
    then = me
    for lock in ("l1", "l2", "l3"):
        then = erlang.spawn(chained, [partial(write, lock, True), then])
    for pair in pairs:
        then = erlang.spawn(chained, [partial(look, pair), then])
    erlang.send(then, "ok")
    write("x", 1)
    await erlang.receive("ok")
    seen = [read(pair) for pair in pairs]
    if "irrelevant" not in seen:
        erlang.throw(seen)


@program("dpor_tests/send_it_ets:send_it_ets")
async def told_too_early():
    """Two tell that they are done; only one has written what the parent looks for then."""
    me = erlang.self()
    ets.new("table", ["named_table", "public"])

    def writes():
        write("x", 1)
        erlang.send(me, "ok")

    go(writes, partial(erlang.send, me, "ok"))
    await erlang.receive("ok")
    if read("x") is None:
        erlang.throw("boom")


@program("dpor_tests/same_messages_4:same_messages_4")
async def told_by_either():
    """Two send the same message; one has written before."""
    ets.new("table", ["named_table", "public"])
    me = erlang.self()

    def tells(writes):
        if writes:
            ets.insert("table", ("foo",))
        erlang.send(me, "unlock")

    go(partial(tells, True), partial(tells, False))
    await erlang.receive("unlock")
    matched(ets.lookup("table", "foo") != [], True)


@program("basic_tests/simple_ets:simple_ets")
async def two_rows_two_writers():
    """Two write the same two rows; the result may be of both."""
    me = erlang.self()
    ets.new("simple_ets", ["public", "named_table"])

    async def writer(rows, then):
        for row in rows:
            ets.insert("simple_ets", row)
        await erlang.receive("ok")
        erlang.send(then, "ok")

    first = erlang.spawn(writer, [[("key", "value"), ("key", "new_value"), ("clef", "souffle")], me])
    second = erlang.spawn(writer, [[("key", "eulav"), ("clef", "elffuos")], first])
    erlang.send(second, "ok")
    await erlang.receive("ok")
    key, clef = (ets.lookup("simple_ets", name)[0][1] for name in ("key", "clef"))
    if (key, clef) not in (("new_value", "souffle"), ("eulav", "elffuos")):
        erlang.error(("case_clause", (key, clef)))


def _deletes(row):
    return partial(ets.delete_object, "table", row)


def _counts(key):
    return partial(ets.update_counter, "table", key, 1)


@program("basic_tests/ets_delete_object:test1")
async def delete_object_1():
    """A row is deleted that is not there as it is said to be."""
    ets.new("table", ["named_table", "public"])
    go(_deletes(("foo", 1)), partial(read, "foo"), partial(write, "foo", 2))
    await block()


@program("basic_tests/ets_delete_object:test2")
async def delete_object_2():
    """A row is deleted if it is (bar, 1), while others write and count it."""
    ets.new("table", ["named_table", "public"])
    go(_deletes(("bar", 1)), partial(write, "bar", 2), _counts("bar"), _counts("bar"))
    await block()


@program("basic_tests/ets_exceptions:test")
async def a_table_that_ends_with_its_owner():
    """Two children write into their parent's table: it may be gone."""
    ets.new("table", ["public", "named_table"])
    go(partial(write, "key", 2), partial(write, "key", 1))
    matched(ets.lookup("table", "key") != [("key", 2)], True)


@program("basic_tests/ets_insert_new:test")
async def count_or_insert():
    """Who cannot count inserts the first row; who comes second then fails to insert."""
    ets.new("table", ["named_table", "public"])

    def child():
        try:
            ets.update_counter("table", "c", 1)
        except Error:
            ets.insert_new("table", ("c", 1))

    go(child, child, child)
    await block()


@program("basic_tests/ets_many_insert_new:ets_many_insert_new")
async def many_insert_new():
    """Three insert a row if it is new, their parent reads it."""
    ets.new("table", ["public", "named_table"])
    go(*(partial(ets.insert_new, "table", ("x", number)) for number in (1, 2, 3)))
    read("x")
    await block()


@program("basic_tests/ets_ref_keys:ets_ref_keys")
async def a_reference_as_key():
    """The key of a row is a reference."""
    me, ref = erlang.self(), erlang.make_ref()
    ets.new("table", ["named_table", "public"])

    async def first():
        await erlang.receive("continue")
        write(ref, "p1")
        erlang.send(me, "continue")

    one = erlang.spawn(first)

    def second():
        write(ref, "p2")
        erlang.send(one, "continue")

    go(second, partial(erlang.send, one, "continue"))
    await erlang.receive("continue")
    matched(ets.lookup("table", ref), [(ref, "p1")])
    await block()


@program("basic_tests/ets_update_counter:test")
async def counters():
    """One counter is read, the other written, while both are counted."""
    ets.new("table", ["named_table", "public"])
    ets.insert("table", [("a", 0), ("b", 0)])
    go(partial(read, "a"), partial(write, "b", 5), _counts("a"), _counts("b"))
    await block()


@program("basic_tests/ets_update_element:race_update_element_r")
async def update_element_and_read():
    """One element is changed while the row is read."""
    shared(x=1)
    erlang.spawn_monitor(partial(ets.update_element, "table", "x", (2, 2)))
    read("x")
    await erlang.receive()


@program("basic_tests/ets_update_element:race_update_element_w")
async def update_element_and_write():
    """One element is changed while the row is written."""
    shared(x=1)
    erlang.spawn_monitor(partial(ets.update_element, "table", "x", (2, 2)))
    write("x", 3)
    await erlang.receive()


@program("dpor_tests/sync_start:sync_start")
async def start_together():
    """Two workers wait for each other before they write."""
    me = erlang.self()

    async def worker(number):
        await erlang.receive("ok")
        others = [pid for pid in ets.lookup_element("table", "pids", 2) if pid != erlang.self()]
        for pid in others:
            erlang.send(pid, "ok")
        for _ in others:
            await erlang.receive("ok")
        write(erlang.self(), number)
        erlang.send(me, "ok")

    pids = go(partial(worker, 1), partial(worker, 2))
    ets.new("table", ["named_table", "public"])
    write("pids", pids)
    for pid in pids:
        erlang.send(pid, "ok")
    for _ in pids:
        await erlang.receive("ok")
    matched([ets.lookup_element("table", pid, 2) for pid in pids], [1, 2])
    await block()


@program("advanced_tests/indexer_example:indexer12")
async def indexer_12():
    """Twelve threads put words into a hash table: the last ones collide."""

    def thread(number):
        for message in range(1, 5):
            word = message * 11 + number
            slot = word * 7 % 128
            while not ets.insert_new("table", (slot, word)):
                slot = (slot + 1) % 128

    ets.new("table", ["public", "named_table"])
    go(*(partial(thread, number) for number in range(11, -1, -1)))
    await block()
