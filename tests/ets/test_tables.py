"""Tables themselves: options, names, rights, and what `info` knows."""

import pytest

import erlsim
from erlsim import erlang, ets
from erlsim.terms import Pid, Ref
from tests.ets.kit import BADARG, TYPES, elsewhere, outcome, table, term

pytestmark = pytest.mark.usefixtures("sim")

GOOD_OPTIONS = """
[] [set] [ordered_set] [bag] [duplicate_bag] [public] [protected] [private] [{keypos,1}] [{keypos,1000000}]
[{heir,none}] [compressed] [{write_concurrency,true}] [{write_concurrency,auto}] [{read_concurrency,true}]
[{decentralized_counters,true}] [set,bag,ordered_set] [public,private,{keypos,2},{keypos,3}]
""".split()
BAD_OPTIONS = """
foo [foo] [{keypos,0}] [{keypos,-1}] [{keypos,1.0}] [{keypos,a}] [{keypos,1,2}] [{keypos,1000000000000000000}]
[{heir,foo,x}] [{heir,some}] [{heir,none,x}] [{write_concurrency,foo}] [{read_concurrency,auto}]
[{decentralized_counters,auto}] [public|foo] [{compressed,true}] [{named_table,true}] [1] ["set"] [{}] {set} 1
""".split()


@pytest.mark.parametrize("options", GOOD_OPTIONS)
def test_the_options_of_otp_are_taken(options):
    assert isinstance(ets.new("tab", term(options)), Ref)


@pytest.mark.parametrize("options", BAD_OPTIONS)
def test_any_other_option_is_badarg(options):
    assert outcome(ets.new, "tab", term(options)) == BADARG


@pytest.mark.parametrize("name", [1, [97], ("tab",), b"tab"], ids=repr)
def test_a_name_is_an_atom(name):
    assert outcome(ets.new, name, []) == BADARG
    assert outcome(ets.rename, table(), name) == BADARG
    assert outcome(ets.whereis, name) == BADARG


def test_of_contrary_options_the_last_one_counts():
    tab = ets.new("tab", ["set", "public", "bag", "private"])
    assert (ets.info(tab, "type"), ets.info(tab, "protection")) == ("bag", "private")


@pytest.mark.rule(148)
def test_a_named_table_is_known_by_its_name_and_by_its_reference():
    assert ets.new("tab", ["named_table"]) == "tab"
    tid = ets.whereis("tab")
    assert isinstance(tid, Ref)
    ets.insert(tid, ("a", 1))
    assert ets.lookup("tab", "a") == [("a", 1)]
    assert ets.info("tab", "id") == tid and ets.info(tid, "name") == "tab"
    assert outcome(ets.new, "tab", ["named_table"]) == BADARG
    assert ets.new("tab", []) != tid
    assert ets.delete("tab") is True
    assert ets.whereis("tab") == "undefined"
    assert ets.new("tab", ["named_table"]) == "tab"
    assert outcome(ets.lookup, tid, "a") == BADARG


def test_any_atom_can_name_a_table():
    assert ets.new(True, ["named_table"]) == "true"
    ets.insert(True, ("a", 1))
    assert ets.lookup(True, "a") == [("a", 1)]


EVERYTHING = [
    *[(function, ("k",)) for function in (ets.lookup, ets.member, ets.take, ets.delete, ets.next, ets.prev)],
    *[(function, ()) for function in (ets.first, ets.last, ets.tab2list, ets.delete, ets.delete_all_objects)],
    *[(function, (("k", 1),)) for function in (ets.insert, ets.insert_new, ets.delete_object)],
    *[(function, ("_",)) for function in (ets.match, ets.match_object, ets.match_delete)],
    *[(function, ([("_", [], [True])],)) for function in (ets.select, ets.select_reverse, ets.select_count)],
    *[(function, ([("_", [], ["$_"])],)) for function in (ets.select_delete, ets.select_replace)],
    (ets.select, ([("_", [], ["$_"])], 1)),
    (ets.lookup_element, ("k", 1)),
    (ets.update_counter, ("k", 1)),
    (ets.update_element, ("k", (2, 1))),
    (ets.slot, (0,)),
    (ets.safe_fixtable, (True,)),
    (ets.rename, ("new",)),
    (ets.setopts, ([],)),
    (ets.init_table, (lambda read: "end_of_input",)),
]
WRITING = {
    *(ets.take, ets.delete, ets.delete_all_objects, ets.insert, ets.insert_new, ets.delete_object),
    *(ets.match_delete, ets.select_delete, ets.select_replace, ets.update_counter, ets.update_element),
    *(ets.rename, ets.init_table),
}
GOVERNING = {ets.setopts}
named = pytest.mark.parametrize(("function", "args"), EVERYTHING, ids=lambda each: getattr(each, "__name__", ""))


@pytest.mark.rule(148)
@named
def test_everything_wants_a_table_that_is_there(function, args):
    gone = table()
    ets.delete(gone)
    for name in ("nope", gone, erlang.make_ref(), 1, [], erlang.self()):
        assert outcome(function, name, *args) == BADARG


@pytest.mark.rule(148)
@pytest.mark.parametrize("protection", ["public", "protected", "private"])
@named
async def test_others_may_do_what_the_protection_lets_them(protection, function, args):
    tab = table("set", [("k", 1)], protection)
    result = await elsewhere(function, tab, *args)
    allowed = protection == "public" or (protection == "protected" and function not in WRITING)
    assert (result != BADARG) == (allowed and function not in GOVERNING)


def test_the_stack_of_a_failure_names_the_function_of_ets():
    with pytest.raises(erlsim.Error) as caught:
        ets.update_counter("nope", "k", 1)
    why = ("error_info", {"cause": "id", "module": "erl_stdlib_errors"})
    assert caught.value.stack[0] == ("ets", "update_counter", ["nope", "k", 1], [why])
    assert caught.value.stack[1][:2] == ("test_tables", "test_the_stack_of_a_failure_names_the_function_of_ets")


@pytest.mark.rule(148)
async def test_folding_is_reading():
    count = lambda row, acc: acc + 1  # noqa: E731
    for protection, expected in [("public", ("ok", 1)), ("protected", ("ok", 1)), ("private", BADARG)]:
        tab = table("set", [("k", 1)], protection)
        assert await elsewhere(ets.foldl, count, 0, tab) == expected
        assert ets.foldr(count, 0, tab) == 1


@pytest.mark.rule(148)
async def test_a_private_table_is_no_secret():
    tab = ets.new("tab", ["private", "named_table"])
    assert await elsewhere(ets.info, tab, "size") == ("ok", 0)
    assert await elsewhere(ets.whereis, "tab") == ("ok", ets.whereis("tab"))


# ---- info -----------------------------------------------------------------------------------


@pytest.mark.rule(148)
def test_info_of_what_was_a_table_is_undefined_and_of_what_never_was_is_badarg():
    gone = table()
    ets.delete(gone)
    for name in ("nope", gone):
        assert ets.info(name) == "undefined"
        assert ets.info(name, "size") == "undefined"
        assert ets.info(name, "nonsense") == "undefined"
    for name in (1, [120], erlang.make_ref(), erlang.self()):
        assert outcome(ets.info, name) == BADARG
        assert outcome(ets.info, name, "size") == BADARG


@pytest.mark.rule(148)
@pytest.mark.parametrize("item", ["nonsense", 1, [120], ("size",), True], ids=repr)
def test_info_of_an_unknown_item_is_badarg(item):
    assert outcome(ets.info, table(), item) == BADARG


def test_info_lists_its_items_in_otps_order():
    tab = ets.new("tab", ["bag", "public", ("keypos", 2)])
    ets.insert(tab, ("a", "k"))
    assert [pair for pair in ets.info(tab) if pair[0] != "memory"] == [
        ("id", tab),
        ("decentralized_counters", False),
        ("read_concurrency", False),
        ("write_concurrency", False),
        ("compressed", False),
        ("owner", erlang.self()),
        ("heir", "none"),
        ("name", "tab"),
        ("size", 1),
        ("node", "nonode@nohost"),
        ("named_table", False),
        ("type", "bag"),
        ("keypos", 2),
        ("protection", "public"),
    ]


@pytest.mark.parametrize("type", TYPES)
def test_size_and_memory_follow_the_rows(type):
    tab = table(type)
    empty = ets.info(tab, "memory")
    ets.insert(tab, [("a", 1), ("b", [1, 2])])
    assert ets.info(tab, "size") == 2
    assert ets.info(tab, "memory") > empty
    ets.delete(tab, "a")
    assert ets.info(tab, "size") == 1
    ets.delete_all_objects(tab)
    assert (ets.info(tab, "size"), ets.info(tab, "memory")) == (0, empty)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{a}", 6),
        ("{a,1,2}", 8),
        ("{a,1.0}", 9),
        ('{a,"ab"}', 11),
        ("{a,{x}}", 9),
        ("{a,#{}}", 10),
        ("{a,#{a => 1,b => 2}}", 15),
        ("{a,<<>>}", 9),
        ("{a,123456789012345678901234567890}", 10),
    ],
)
def test_a_row_takes_as_many_words_as_on_otp(row, words):
    tab = table("set")
    assert ets.info(tab, "memory") == 305
    ets.insert(tab, term(row))
    assert ets.info(tab, "memory") == 305 + words


@pytest.mark.parametrize(
    ("type", "options", "write", "decentralized"),
    [
        ("set", [], False, False),
        ("set", [("write_concurrency", True)], True, False),
        ("set", [("write_concurrency", "auto")], "auto", True),
        ("set", [("decentralized_counters", True)], False, False),
        ("set", [("write_concurrency", True), ("decentralized_counters", True)], True, True),
        ("ordered_set", [("write_concurrency", True)], True, True),
        ("ordered_set", [("write_concurrency", True), ("decentralized_counters", False)], True, False),
        ("ordered_set", ["private", ("write_concurrency", True)], False, False),
    ],
)
def test_options_of_speed_are_remembered(type, options, write, decentralized):
    tab = ets.new("tab", [type, *options, ("read_concurrency", True), "compressed"])
    assert ets.info(tab, "write_concurrency") == write
    assert ets.info(tab, "decentralized_counters") is decentralized
    assert ets.info(tab, "read_concurrency") is ets.info(tab, "compressed") is True


# ---- names ----------------------------------------------------------------------------------


def test_a_renamed_table_goes_by_its_new_name_only():
    ets.new("old", ["named_table"])
    ets.new("taken", ["named_table"])
    tid = ets.whereis("old")
    for name in ("old", "taken"):
        assert outcome(ets.rename, "old", name) == BADARG
    assert ets.rename("old", "new") == "new"
    assert (ets.whereis("old"), ets.whereis("new"), ets.info("new", "name")) == ("undefined", tid, "new")
    assert ets.rename(tid, "newer") == "newer"
    assert outcome(ets.rename, "new", "x") == BADARG


def test_an_unnamed_table_takes_any_name_and_is_known_by_its_reference():
    ets.new("taken", ["named_table"])
    tab = table()
    assert ets.rename(tab, "taken") == tab
    assert ets.info(tab, "name") == "taken" and ets.whereis("taken") != tab


def test_all_lists_every_table_by_its_handle():
    assert ets.all() == []
    unnamed, gone, name = table(), table(), ets.new("tab", ["named_table"])
    ets.delete(gone)
    assert ets.all() == [unnamed, name]


def test_every_simulation_has_its_own_tables():
    ets.new("tab", ["named_table"])
    assert erlsim.run(lambda: (ets.whereis("tab"), ets.all())) == ("undefined", [])
    assert isinstance(ets.info("tab", "owner"), Pid)


# ---- setopts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    ["[]", "{heir,none}", "[{heir,none},{protection,public}]", "{protection,private}", "[{protection,public}]"],
)
def test_setopts_takes_one_option_or_a_list(options):
    assert ets.setopts(table(), term(options)) is True


@pytest.mark.parametrize(
    "options",
    """
    {protection,foo} foo [foo] {heir,foo,x} {heir,some} {heir,none,x} [{heir,none},{heir,none}] {keypos,2} public
    [{protection,public},{protection,public}] [{heir,none}|foo] [[{heir,none}]] [{protection,public},foo]
    """.split(),
)
def test_setopts_takes_nothing_else_and_then_changes_nothing(options):
    tab = table()
    assert outcome(ets.setopts, tab, term(options)) == BADARG
    assert ets.info(tab, "protection") == "protected"


async def test_a_change_of_protection_counts_at_once():
    tab = table("set", [("k", 1)])
    assert await elsewhere(ets.lookup, tab, "k") == ("ok", [("k", 1)])
    ets.setopts(tab, ("protection", "private"))
    assert await elsewhere(ets.lookup, tab, "k") == BADARG
    assert ets.lookup(tab, "k") == [("k", 1)]
    ets.setopts(tab, ("protection", "public"))
    assert await elsewhere(ets.insert, tab, ("k", 2)) == ("ok", True)
