"""Programs of nothing but readers and writers of rows, as the literature on partial orders has them."""

from __future__ import annotations

from functools import partial

from tests.search.programs.kit import block, erlang, ets, go, program, read, shared, write


def write_twice(key, one, two):
    """A process that writes a row twice."""

    def writer():
        write(key, one)
        write(key, two)

    return writer


def read_all(*keys):
    """A process that reads rows, one after the other."""

    def reader():
        for key in keys:
            read(key)

    return reader


def read_while(*keys):
    """A process that reads rows as long as they are not 0."""

    def reader():
        for key in keys:
            if read(key) == 0:
                return

    return reader


def write_unless(key, stop, then, value):
    """A process that reads `key`, and writes `value` to `then` unless it was `stop`."""

    def writer():
        if read(key) != stop:
            write(then, value)

    return writer


@program("dpor_tests/POPL_optimal_example:test")
async def chain_of_conditions():
    """Each of two processes writes what the next one looks at."""
    shared(x=0, y=0, z=0)

    def last():
        if read("z") == 1 and read("y") == 0:
            write("x", 2)

    go(partial(write, "x", 1), partial(write, "y", 1), write_unless("y", 1, "z", 1), last)
    await block()


@program("dpor_tests/combination_lock_1:combination_lock_1")
async def combination_lock():
    """A reader gets through only if four writers were fast in one order."""
    shared(v=0, w=0, x=0, y=0, z=0)

    def opens_w():
        write("x", 1)
        if read("y") == 1:
            write("w", 1)

    def opens_y():
        if read("x") == 1:
            write("y", 1)
            if read("v") == 1:
                read("z")

    go(partial(write, "z", 1), opens_w, opens_y, write_unless("w", 0, "v", 1))
    await block()


@program("dpor_tests/complete_test_1:complete_test_1")
async def three_writers_and_a_conditional_reader():
    """One reader looks at y only if it has seen no x."""
    shared(x=0, y=0)

    def careful():
        if read("x") == 0:
            read("y")

    go(partial(write, "y", 1), partial(write, "x", 1), careful, read_all("x", "y"), partial(write, "x", 2))
    await block()


@program("dpor_tests/complete_test_2:complete_test_2")
async def three_writers_and_a_following_reader():
    """One reader looks at y only if it has seen an x."""
    shared(x=0, y=0)
    go(
        partial(write, "y", 1),
        partial(write, "x", 1),
        read_while("x", "y"),
        read_all("x", "y"),
        partial(write, "x", 2),
    )
    await block()


def _first_come(key, then):
    """Read `then` and take `key` if nobody has."""

    def taker():
        if read(key) == 0:
            then()
            write(key, 1)

    return taker


@program("dpor_tests/conditional_readers:conditional_readers")
async def conditional_readers():
    """Two processes look whether they are the first; both may find that they are."""
    shared(x=0, y=0)
    first = _first_come("y", partial(read, "x"))
    go(partial(write, "x", 1), first, first)
    await block()


@program("dpor_tests/conditional_readers_2:conditional_readers_2")
async def conditional_readers_2():
    """As before, and the flag is only taken if x has been seen."""
    shared(x=0, y=0)

    def taker():
        if read("y") == 0 and read("x") == 1:
            write("y", 1)

    go(partial(write, "x", 1), taker, taker)
    await block()


@program("dpor_tests/conditional_readers_3:conditional_readers_3")
async def conditional_readers_3():
    """One looks at y and then x, another at x and then writes y."""
    shared(x=0, y=0)

    def looks():
        if read("y") == 0:
            read("x")

    def takes():
        read("x")
        write("y", 1)

    go(partial(write, "x", 1), looks, takes)
    await block()


@program("dpor_tests/depend_1:depend_1")
async def depend_1():
    """Readers follow chains of rows: x, y, z and y, z."""
    shared(x=0, y=0, z=0)
    writers = [partial(write, key, 1) for key in ("z", "x", "y")]
    go(*writers, read_while("x", "y", "z"), read_while("y", "z"))
    await block()


@program("dpor_tests/depend_2:depend_2")
async def depend_2():
    """The same rows, the readers between the writers."""
    shared(x=0, y=0, z=0)
    go(
        partial(write, "z", 1),
        partial(write, "y", 1),
        read_while("y", "z"),
        partial(write, "x", 1),
        read_while("x", "y", "z"),
    )
    await block()


@program("dpor_tests/depend_3:depend_3")
async def depend_3():
    """The same rows, y written twice."""
    shared(x=0, y=0, z=0)
    go(
        partial(write, "z", 1),
        partial(write, "x", 1),
        write_twice("y", 1, 2),
        read_while("x", "y", "z"),
        read_while("y", "z"),
    )
    await block()


@program("dpor_tests/depend_4:depend_4")
async def depend_4():
    """The same rows, x written by two; a reader follows only the first's."""
    shared(x=0, y=0, z=0)

    def follows():
        if read("x") == 1 and read("y") == 1:
            read("z")

    writers = [partial(write, key, 1) for key in ("z", "x", "y")]
    go(*writers, follows, read_while("y", "z"), partial(write, "x", 2))
    await block()


@program("dpor_tests/depend_5:depend_5")
async def depend_5():
    """y is written twice, and x is read by two."""
    shared(x=0, y=0, z=0)
    go(
        partial(write, "z", 1),
        partial(write, "x", 1),
        write_twice("y", 1, 2),
        read_while("x", "y", "z"),
        partial(read, "x"),
    )
    await block()


@program("dpor_tests/depend_6:depend_6")
async def depend_6():
    """Two readers, one of them of two rows; one row is written twice."""
    shared(y=0, z=0)
    go(read_all("y", "z"), partial(read, "y"), partial(write, "z", 1), write_twice("y", 1, 2))
    await block()


@program("dpor_tests/diff_dep_1:diff_dep_1")
async def different_dependencies_1():
    """Two readers may both come to x, each by a row of its own."""
    shared(x=0, y=0, z=0)
    writers = [partial(write, key, 1) for key in ("x", "y", "z")]
    go(*writers, read_while("z", "x"), read_while("y", "x"))
    await block()


@program("dpor_tests/diff_dep_3:diff_dep_3")
async def different_dependencies_3():
    """One reader comes to x by z, another at once."""
    shared(x=0, z=0)
    go(partial(write, "x", 1), partial(write, "z", 1), read_while("z", "x"), partial(read, "x"))
    await block()


@program("dpor_tests/difficult_readers:difficult_readers")
async def two_writers_two_readers():
    """Everybody is at one row."""
    shared(x=0)
    go(partial(write, "x", 1), partial(write, "x", 2), partial(read, "x"), partial(read, "x"))
    await block()


@program("dpor_tests/ets_cross:test")
async def crossing_writers():
    """Two write the same two rows in opposite orders."""
    shared()

    def there():
        write("x", 1)
        write("y", 1)

    def back():
        write("y", 2)
        write("x", 2)

    go(there, back)
    await block()


def _write_and_read(mine, value, other):
    def both():
        write(mine, value)
        read(other)

    return both


@program("dpor_tests/ets_dependencies:ets_dependencies")
async def one_writer_two_readers():
    """Each reader first writes a row that nobody else looks at."""
    shared()
    go(partial(write, "x", 1), _write_and_read("y", 2, "x"), _write_and_read("z", 3, "x"))
    await block()


def _readers(number):
    shared()
    go(partial(write, "x", 42), *(read_all(which, "x") for which in range(1, number + 1)))


@program("dpor_tests/ets_dependencies_n:ets_dependencies_n")
async def readers_3():
    """One writer, three readers."""
    _readers(3)
    await block()


@program("dpor_tests/readers:test")
async def readers_6():
    """One writer, six readers: 64 orders that differ."""
    ets.new("tab", ["public", "named_table"])
    go(lambda: ets.insert("tab", ("x", 42)))

    def reader(which):
        ets.lookup("tab", which)
        ets.lookup("tab", "x")

    go(*(partial(reader, which) for which in range(1, 7)))
    await block()


@program("dpor_tests/readers_basic:readers_basic")
async def readers_basic():
    """One writer, two readers of its row."""
    shared(x=0, y=0)
    go(partial(write, "x", 1), partial(read, "x"), partial(read, "x"))
    await block()


@program("dpor_tests/readers_rrw:readers_rrw")
async def readers_rrw():
    """Readers first: they and the writer read another row before."""
    shared(x=0, y=0)
    go(read_all("y", "x"), read_all("y", "x"), _look_and_write)
    await block()


def _look_and_write():
    read("y")
    write("x", 1)


@program("dpor_tests/readers_rwr:readers_rwr")
async def readers_rwr():
    """The writer between the readers."""
    shared(x=0, y=0)
    go(read_all("y", "x"), _look_and_write, read_all("y", "x"))
    await block()


@program("dpor_tests/readers_wrr:readers_wrr")
async def readers_wrr():
    """The writer before the readers."""
    shared(x=0, y=0)
    go(_look_and_write, read_all("y", "x"), read_all("y", "x"))
    await block()


@program("dpor_tests/ets_writing_same:ets_writing_same")
async def writing_the_same():
    """A child and its parent write the same row; a reader that sees it may not see what the parent wrote before."""
    shared()

    def looks():
        if read("x") == 42 and read("y") is None:
            erlang.throw("yes")

    go(partial(write, "x", 42), looks)
    write("y", 1)
    write("x", 42)
    await block()


@program("dpor_tests/etsi:etsi")
async def ring_of_rows_left_open():
    """The ring of three rows; nobody ends."""
    shared(x=0, y=0, z=0)

    async def link(mine, if_0, if_1):
        if read(mine) == 0:
            write(if_0, 1)
        else:
            write(if_1, 0)
        await block()

    go(*(partial(link, *keys) for keys in ("xyz", "yzx", "zxy")))
    await block()


async def _then_block(step):
    step()
    await block()


@program("dpor_tests/etsi_2:etsi_2")
async def crossed_reads():
    """Two write; one of them and a third read what the others wrote."""
    shared(x=0, y=0)
    steps = (partial(write, "x", 1), _write_and_read("y", 1, "x"), read_while("x", "y"))
    go(*(partial(_then_block, step) for step in steps))
    await block()


@program("dpor_tests/etsi_3:etsi_3")
async def reader_between_writers():
    """The reader looks at y only if it has not seen x."""
    shared(x=0, y=0, z=0)

    def reader():
        read("z")
        if read("x") == 0:
            read("y")

    go(partial(write, "y", 1), reader, partial(write, "x", 1))
    await block()


@program("dpor_tests/etsi_8:etsi_8")
async def crossed_reads_and_one_more():
    """As `crossed_reads`, and somebody else reads x."""
    shared(x=0, y=0)
    steps = (partial(write, "x", 1), _write_and_read("y", 1, "x"), read_while("x", "y"))
    go(*(partial(_then_block, step) for step in steps), partial(read, "x"))
    await block()


@program("dpor_tests/hairbrush_teeth_1:hairbrush_teeth_1")
async def teeth_of_two():
    """Two writes and two reads of one row."""
    shared(x=0)
    go(write_twice("x", 1, 2), read_all("x", "x"))
    await block()


def _write_thrice():
    for value in (1, 2, 3):
        write("x", value)


@program("dpor_tests/hairbrush_teeth_2:hairbrush_teeth_2")
async def teeth_of_three():
    """Three writes and three reads of one row."""
    shared(x=0)
    go(_write_thrice, read_all("x", "x", "x"))
    await block()


@program("dpor_tests/hairbrush_teeth_3:hairbrush_teeth_3")
async def teeth_of_two_and_two_readers():
    """Two writes, twice two reads."""
    shared(x=0)
    go(write_twice("x", 1, 2), read_all("x", "x"), read_all("x", "x"))
    await block()


@program("dpor_tests/hairbrush_teeth_4:hairbrush_teeth_4")
async def teeth_of_three_and_two_readers():
    """Three writes, twice three reads: 400 orders."""
    shared(x=0)
    go(_write_thrice, read_all("x", "x", "x"), read_all("x", "x", "x"))
    await block()


async def _last_zero(number):
    shared()
    for which in range(number + 1):
        write(which, 0)

    def reader():
        for which in range(number, 0, -1):
            if read(which) == 0:
                return

    def writer(which):
        write(which, read(which - 1) + 1)

    go(reader, *(partial(writer, which) for which in range(1, number + 1)))
    await block()


@program("dpor_tests/last_zero:test")
async def last_zero_5():
    """Each of five writers builds on its neighbour's row; a reader looks for the last 0."""
    await _last_zero(5)


@program("dpor_tests/sleeping_races_8:sleeping_races_8")
async def last_zero_4():
    """The same with four."""
    await _last_zero(4)


@program("dpor_tests/long_chain:long_chain")
async def long_chain():
    """Rows are handed on from x to z, and two readers may come in late."""
    shared(x=0, y=0, z=0, a=0, b=0, c=0, w=0)

    def start():
        write("x", 1)
        write("w", 1)

    def hand_on(key, then):
        if read(key) == 1:
            write(then, 1)

    chain = [partial(hand_on, *keys) for keys in ("xy", "ya", "ab", "bc", "cz")]
    go(start, *chain, read_while("a", "w"), read_while("z", "w"))
    await block()


@program("dpor_tests/many_initials:many_initials")
async def many_initials():
    """x is looked at only if y and z have both been written."""
    shared(x=0, y=0, z=0)

    def reader():
        if (read("y"), read("z")) == (1, 1):
            read("x")

    go(*(partial(write, key, 1) for key in ("x", "y", "z")), reader)
    await block()


@program("dpor_tests/manywrite:manywrite")
async def four_writers():
    """Two rows, two writers each; nobody looks."""
    shared(x=0, y=0)
    rows = (("x", 1), ("x", 2), ("y", 1), ("y", 2))
    go(*(partial(_then_block, partial(write, *row)) for row in rows))
    await block()


@program("dpor_tests/manywrite_2:manywrite_2")
async def eight_writers():
    """Four rows, two writers each."""
    shared(w=0, x=0, y=0, z=0)
    rows = (("w", 1), ("x", 1), ("y", 1), ("x", 2), ("y", 2), ("z", 1), ("z", 2), ("w", 2))
    go(*(partial(write, *row) for row in rows))
    await block()


@program("dpor_tests/not_prerequisite_1:not_prerequisite_1")
async def not_prerequisite():
    """Two processes may write the y that a reader waits for, one of them after x."""
    shared(x=0, y=0)

    def both():
        write("x", 1)
        write("y", 1)

    go(both, read_while("y", "x"), partial(write, "y", 1))
    await block()


@program("dpor_tests/sleeping_races_1:sleeping_races_1")
async def sleeping_races_1():
    """y is looked at if x has been seen."""
    shared(x=0, y=0)
    go(partial(write, "y", 1), partial(write, "x", 1), read_while("x", "y"))
    await block()


@program("dpor_tests/sleeping_races_2:sleeping_races_2")
async def sleeping_races_2():
    """The reader writes y itself before it looks."""
    shared(x=0, y=0)

    def reader():
        write("y", 2)
        if read("x") == 1:
            read("y")

    go(partial(write, "y", 1), partial(write, "x", 1), reader)
    await block()


@program("dpor_tests/sleeping_races_3_read:sleeping_races_3_read")
async def sleeping_races_3_read():
    """Somebody else reads x, too."""
    shared(x=0, y=0)
    go(partial(write, "y", 1), partial(write, "x", 1), partial(read, "x"), read_while("x", "y"))
    await block()


@program("dpor_tests/sleeping_races_3_write:sleeping_races_3_write")
async def sleeping_races_3_write():
    """Somebody else writes x, too."""
    shared(x=0, y=0)
    go(partial(write, "y", 1), partial(write, "x", 1), partial(write, "x", 2), read_while("x", "y"))
    await block()


@program("dpor_tests/sleeping_races_4:sleeping_races_4")
async def sleeping_races_4():
    """Two writers, and readers of x, of y, and of both."""
    shared(x=0, y=0)
    writers = (partial(write, "y", 1), partial(write, "x", 1))
    go(*writers, partial(read, "x"), read_while("x", "y"), partial(read, "y"))
    await block()


@program("dpor_tests/sleeping_races_5:sleeping_races_5")
async def sleeping_races_5():
    """As before; the first reader reads both as well, whatever it sees."""
    shared(x=0, y=0)
    writers = (partial(write, "y", 1), partial(write, "x", 1))
    go(*writers, read_all("x", "y"), read_while("x", "y"), partial(read, "y"))
    await block()


@program("dpor_tests/sleeping_races_6:sleeping_races_6")
async def sleeping_races_6():
    """A reader follows y, z, x, w; z is written by one that has looked at y."""
    shared(w=0, x=0, y=0, z=0)

    def looks():
        read("y")
        write("z", 1)

    go(*(partial(write, key, 1) for key in ("w", "x", "y")), looks, read_while("y", "z", "x", "w"))
    await block()


@program("dpor_tests/two_writers_readers_1:two_writers_readers_1")
async def two_writes_and_two_readers():
    """One process writes twice, two read."""
    shared(x=0, y=0)
    go(write_twice("x", 1, 2), read_all("y", "x"), read_all("y", "x"))
    await block()


@program("dpor_tests/two_writers_readers_2:two_writers_readers_2")
async def two_writers_and_two_readers():
    """Two processes write, two read."""
    shared(x=0, y=0)
    go(partial(write, "x", 1), partial(write, "x", 2), read_all("y", "x"), read_all("y", "x"))
    await block()


@program("dpor_tests/wakeup_many:wakeup_many")
async def three_writers():
    """Two children and their parent write one row."""
    shared()
    go(partial(write, "x", 1), partial(write, "x", 0))
    write("x", 1)
    await block()


@program("dpor_tests/writeread:writeread")
async def write_and_read():
    """A child and its parent write a row and read it; another child only writes."""
    shared()
    go(partial(write, "x", 1), _write_and_read("x", 1, "x"))
    write("x", 0)
    read("x")
    await block()
