"""ets_SUITE: tables that are made, named, renamed, protected, given away and inherited."""

import pytest

from erlsim import erlang, ets, timer
from erlsim.terms import cons
from tests.otp_suites.ets.kit import SETS, TYPES, case, ended, fails, fill, make, options

pytestmark = pytest.mark.usefixtures("sim")


@case("default")
def test_default():
    tab = ets.new("def", [])
    items = ("type", "protection", "compressed", "owner", "heir", "named_table")
    expected = ["set", "protected", False, erlang.self(), "none", False]
    assert [ets.info(tab, item) for item in items] == expected


@case("setbag")
def test_setbag():
    key = ("foo", "bar")
    for type in SETS:
        tab, bag = ets.new(type, [type]), ets.new("bag", ["bag"])
        for value in ("val1", "val2"):
            ets.insert(tab, (key, value))
            ets.insert(bag, (key, value))
        assert ets.lookup(tab, key) == [(key, "val2")]
        assert ets.lookup(bag, key) == [(key, "val1"), (key, "val2")]
        assert ets.delete(tab) is ets.delete(bag) is True


@case("badnew")
@pytest.mark.parametrize(
    ("name", "opts"),
    [(12, []), (("a", "b"), []), ("name", ["foo"]), ("name", ("bag",)), ("name", "bag")],
)
def test_badnew(name, opts):
    assert fails(ets.new, name, opts)


@case("verybadnew", partial="that the emulator survives")
def test_verybadnew():
    assert fails(ets.new, "verybad", cons(["set"], "protected"))


@case("named")
def test_named():
    make("foo", ["named_table"], [("key", "val")])
    assert ets.lookup("foo", "key") == [("key", "val")]
    assert ets.delete("foo") is True


@case("keypos2")
def test_keypos2():
    for type in SETS:
        tab = make("foo", [type, ("keypos", 2)], [("val", "key"), ("val2", "key")])
        assert ets.lookup(tab, "key") == [("val2", "key")]


def may(public, protected, private):
    """The rights of a process that owns none of the three tables."""
    assert ets.lookup(public, "foo") == ets.lookup(protected, "foo") == []
    assert fails(ets.lookup, private, "foo")
    assert ets.insert(public, (1, "foo")) is True
    assert fails(ets.insert, protected, (2, "foo"))
    assert fails(ets.insert, private, (3, "foo"))
    assert ets.lookup(protected, "foo") == []


@case("privacy")
@options()
async def test_privacy(opts):
    me = erlang.self()

    async def owner():
        names = ("pub", "prot", "priv")
        for name, protection in zip(names, ("public", "protected", "private"), strict=True):
            ets.new(name, [protection, "named_table", *opts])
        erlang.send(me, names)
        while (shift := await erlang.receive()) != "die":
            names = (*names[shift:], *names[:shift])
            for name, protection in zip(names, ("public", "protected", "private"), strict=True):
                ets.setopts(name, ("protection", protection))
            erlang.send(me, names)

    pid, ref = erlang.spawn_monitor(owner)
    may(*await erlang.receive(("pub", "prot", "priv")))
    for shift in (1, 2, 0):
        erlang.send(pid, shift)
        may(*await erlang.receive((..., ..., ...)))
    erlang.send(pid, "die")
    assert await erlang.receive() == ("DOWN", ref, "process", pid, "normal")


@case("rename")
@options(*TYPES)
def test_rename(opts):
    ets.new("foobazz", ["named_table", "public", *opts])
    ets.insert("foobazz", ("foo", "bazz"))
    assert ets.rename("foobazz", "ungermanbazz") == "ungermanbazz"
    assert fails(ets.lookup, "foobazz", "foo")
    assert ets.lookup("ungermanbazz", "foo") == [("foo", "bazz")]
    assert fails(ets.rename, "ungermanbazz", list(b"no atom"))


@case("rename_unnamed")
@options(*TYPES)
def test_rename_unnamed(opts):
    tab = ets.new("bonkz", ["public", *opts])
    assert fails(ets.insert, "bonkz", ("foo", "bazz"))
    assert ets.info(tab, "name") == "bonkz"
    assert ets.rename(tab, "tjabonkz") == tab
    assert fails(ets.insert, "tjabonkz", ("foo", "bazz"))
    assert ets.info(tab, "name") == "tjabonkz"


@case("setopts")
@options(*TYPES)
async def test_setopts(opts):
    me, heir = erlang.self(), erlang.spawn(timer.sleep, [1000])
    tab = ets.new("foo", ["named_table", "private", *opts])
    assert ets.info(tab, "heir") == "none"
    for change, expected in [
        (("heir", heir, "Data"), heir),
        (("heir", me, "Data"), me),
        ([("heir", heir, "Data")], heir),
        ([("heir", me, "Data")], me),
        ([("heir", "none")], "none"),
    ]:
        assert ets.setopts(tab, change) is True
        assert ets.info(tab, "heir") == expected
    for wrong in (
        [("heir", me, "Data"), False],
        *[("heir", False), "heir", ("heir", False, "Data"), (False, me, "Data")],
        *[("protection",), ("protection", False), ("protection", "private", False), "protection"],
    ):
        assert fails(ets.setopts, tab, wrong)
    for protection in ("protected", "public", "private"):
        assert ets.setopts(tab, ("protection", protection)) is ets.setopts(tab, [("protection", protection)]) is True
        assert ets.info(tab, "protection") == protection


UPDATING = [
    (ets.delete, "key"),
    (ets.delete_all_objects,),
    (ets.delete_object, ("key", "data")),
    (ets.insert, ("key", "data")),
    (ets.insert_new, ("key", "data")),
    (ets.insert_new, [("key", "data"), ("other", "data")]),
    (ets.match_delete, ()),
    (ets.rename, "new_name"),
    (ets.select_delete, [(("key", "_"), [], ["$$"])]),
    (ets.setopts, [("heir", "none")]),
    (ets.update_counter, "key", 1),
    (ets.update_element, "key", (2, "new_data")),
]
READING = [
    *[(ets.first,), (ets.last,), (ets.tab2list,), (ets.slot, 0), (ets.safe_fixtable, True)],
    *[(ets.lookup, "key"), (ets.lookup_element, "key", 2), (ets.member, "key"), (ets.next, "key"), (ets.prev, "key")],
    *[(ets.match, ()), (ets.match, (), 17), (ets.match_object, ()), (ets.match_object, (), 17)],
    *[(ets.select, [(("key", "_"), [], ["$$"])]), (ets.select, [(("key", "_"), [], ["$$"])], 17)],
    *[(ets.select_count, [(("key", "_"), [], ["$$"])])],
]


@case("bad_table")
@options(*TYPES)
async def test_bad_table(opts):
    me = erlang.self()

    async def owner():
        for name, protection in (("priv", "private"), ("prot", "protected")):
            ets.new(name, [protection, "named_table", *opts])
        others = [ets.new("unnamed", [protection, *opts]) for protection in ("private", "protected")]
        erlang.send(me, tuple(others))
        await erlang.receive("die_please")

    pid = erlang.spawn(owner)
    private, protected = await erlang.receive((..., ...))
    ets.new("noname", opts)
    deleted = ets.new("named", ["named_table", *opts])
    gone = ets.new("noname", opts)
    ets.delete(deleted)
    ets.delete(gone)
    for function, *args in [*UPDATING, *READING, (ets.give_away, pid, "data")]:
        for tab in ("noname", gone, "named", "priv", private):
            assert fails(function, tab, *args)
    for function, *args in [*UPDATING, (ets.give_away, pid, "data")]:
        assert fails(function, "prot", *args) and fails(function, protected, *args)
    for fold in (ets.foldl, ets.foldr):
        assert all(fails(fold, lambda row, acc: row, 0, tab) for tab in ("noname", gone, "named", "priv", private))
    erlang.send(pid, "die_please")


@case("ets_all")
async def test_ets_all():
    me = erlang.self()

    def run():
        for _ in range(100):
            tab = ets.new("undefined", [])
            assert tab in ets.all()
            ets.delete(tab)
            assert tab not in ets.all()
        erlang.send(me, "done")

    for _ in range(2):
        erlang.spawn_link(run)
    for _ in range(2):
        await erlang.receive("done")


@case("whereis_table")
def test_whereis_table():
    assert ets.whereis("whereis_test") == "undefined"
    assert ets.new("whereis_test", ["named_table"]) == "whereis_test"
    tid = ets.whereis("whereis_test")
    ets.insert("whereis_test", [("hello",), ("there",)])
    for tab in ("whereis_test", tid):
        assert sorted(ets.match(tab, "$1")) == [[("hello",)], [("there",)]]
    assert ets.delete_all_objects(tid) is True
    assert ets.match("whereis_test", "$1") == ets.match(tid, "$1") == []
    assert ets.delete(tid) is True
    assert ets.info("whereis_test") == "undefined"
    assert fails(ets.match, "whereis_test", "$1")
    ets.new("whereis_test", ["named_table"])
    assert ets.match("whereis_test", "$1") == []
    assert fails(ets.match, tid, "$1")


@case("delete_tab")
@options(*TYPES)
def test_delete_tab(opts):
    for _ in range(2):
        assert ets.new("foo", ["named_table", *opts]) == "foo"
        assert ets.delete("foo") is True


@case("baddelete")
def test_baddelete():
    assert fails(ets.delete, "foo")
    tab = ets.new("foo", [])
    assert ets.delete(tab) is True
    assert fails(ets.delete, tab)


@case("misc1")
@options(*TYPES)
def test_misc1(opts):
    tab = ets.new("foo", opts)
    assert tab in ets.all()
    ets.delete(tab)
    assert tab not in ets.all()
    assert fails(ets.delete, tab)


@case("info", partial="the binaries of a table; how many locks it has")
@pytest.mark.parametrize("protection", ["private", "protected", "public"])
@options(*TYPES)
async def test_info(opts, protection):
    me = erlang.self()
    tab = ets.new("foobar", [("keypos", 2), protection, *opts])
    known = dict(ets.info(tab))
    assert isinstance(known.pop("memory"), int)
    expected = {"owner": me, "name": "foobar", "size": 0, "node": "nonode@nohost", "named_table": False, "id": tab}
    expected |= {"type": opts[0], "keypos": 2, "protection": protection}
    assert known.items() >= expected.items()
    erlang.spawn_link(lambda: erlang.send(me, ets.info(tab)))
    assert await erlang.receive() == ets.info(tab)
    for item in ("type", "node", "named_table", "safe_fixed_monotonic_time", "safe_fixed"):
        assert ets.info("non_existing_table_xxyy", item) == "undefined"
    assert ets.info("non_existing_table_xxyy") == "undefined"
    for wrong in (42, erlang.make_ref()):
        assert fails(ets.info, wrong) and fails(ets.info, wrong, "type")
    for concurrency in (True, "auto"):
        wanted = ets.new("t", [opts[0], protection, ("write_concurrency", concurrency)])
        assert ets.info(wanted, "write_concurrency") == (False if protection == "private" else concurrency)


@case("safe_fixtable")
@options(*TYPES)
async def test_safe_fixtable(opts, sim):
    me, tab = erlang.self(), ets.new("foo", opts)
    fill(tab, "foobar")
    assert ets.safe_fixtable(tab, True) is True
    await timer.sleep(1)
    assert ets.safe_fixtable(tab, False) is True
    assert ets.info(tab, "safe_fixed_monotonic_time") is ets.info(tab, "safe_fixed") is False
    ets.safe_fixtable(tab, True)
    micros = erlang.system_time("microsecond")
    fixed = (micros // 10**12, micros // 10**6 % 10**6, micros % 10**6)
    expected = [(erlang.monotonic_time(), [(me, 1)]), (fixed, [(me, 1)])]
    await timer.sleep(1)
    assert [ets.info(tab, item) for item in ("safe_fixed_monotonic_time", "safe_fixed")] == expected
    _, ref = erlang.spawn_monitor(ets.safe_fixtable, [tab, False])
    await ended(ref)
    assert ets.info(tab, "fixed") is True
    assert [ets.info(tab, item) for item in ("safe_fixed_monotonic_time", "safe_fixed")] == expected
    for still in (True, False):
        assert fails(ets.safe_fixtable, tab, "foobar")
        assert ets.info(tab, "fixed") is still
        ets.safe_fixtable(tab, False)
    ets.delete(tab)
    assert fails(ets.safe_fixtable, tab, True)
