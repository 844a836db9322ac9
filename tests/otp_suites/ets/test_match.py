"""ets_SUITE: patterns and match specifications."""

import itertools

import pytest

from erlsim import erlang, ets
from erlsim.terms import chars, cons
from tests.otp_suites.ets.kit import (
    END,
    SETS,
    TYPES,
    case,
    every_kind_of_term,
    fails,
    fill,
    fill_int,
    in_portions,
    make,
    options,
    sorted_rows,
    text,
)

pytestmark = pytest.mark.usefixtures("sim")


@case("select_fail")
@options(*TYPES)
def test_select_fail(opts):
    tab = make("x", opts, [("a", "a")])
    for key in ("a", "b"):
        assert fails(ets.select, tab, [((key, "_"), [], [("snuffla",)])])


@case("select_bound_chunk")
@options(*TYPES)
def test_select_bound_chunk(opts):
    tab = make("x", opts, [("key", 1)])
    assert ets.select(tab, [(("key", 1), [], ["$_"])], 100000) == ([("key", 1)], END)


@case("match1")
@options(*SETS)
def test_match1(opts):
    tab = ets.new("foo", opts)
    fill(tab, "foo")
    assert ets.match(tab, ()) == []
    for key, value in [(("one", 4), 4), (("one", 5), 5), (("two", 4), 4), (("two", 5), 6)]:
        ets.insert(tab, (key, value))
    for pattern, matches in [
        ((("one", "_"), "$0"), [[4], [5]]),
        ((("two", "$1"), "$0"), [[4, 4], [6, 5]]),
        ((("two", "$9"), "$4"), [[4, 4], [6, 5]]),
        ((("two", "$9"), "$22"), [[4, 4], [5, 6]]),
        ((("two", "$0"), "$0"), [[4]]),
    ]:
        assert sorted(ets.match(tab, pattern)) == matches
    assert len(ets.match(tab, "$0")) == len(ets.match(tab, "_")) == 8


@case("match2")
@options()
def test_match2(opts):
    rows = [("value1", "key1"), ("value2_1", "key2"), ("value2_2", "key2"), ("value3_1", "key3"), ("value3_2", "key3")]
    tab = make("foobar", ["bag", "named_table", ("keypos", 2), *opts], [*rows, ("value2_1", "key2_wannabe")])
    assert len(ets.match(tab, "$1")) == 6
    assert ets.match(tab, ("$1", "key3")) == [["value3_1"], ["value3_2"]]
    assert ets.match(tab, ("value1", "$1")) == [["key1"]]
    assert sorted(ets.match(tab, ("value2_1", "$2"))) == [["key2"], ["key2_wannabe"]]
    for pattern in (("$1", "nosuchkey"), ("$1", "kgY2"), ("nosuchvalue", "$1")):
        assert ets.match(tab, pattern) == []


WAZZUP, HI, LEET = ("wazzup",), ("hi",), ("1337",)
MAPS = [
    ({"camembert": "cabécou"}, 7),
    ({HI: "hello", WAZZUP: "awesome", LEET: "42"}, 8),
    ({HI: "hello", ("deep", WAZZUP): "awesome", LEET: "42"}, 9),
    ({HI: "hello", WAZZUP: {"awesome": 3}, LEET: "42"}, 10),
    ({number: number for number in range(1, 101)}, 11),
    (dict.fromkeys(range(1, 101), "hi"), 12),
]


@case("match_object")
@options(*SETS)
def test_match_object(opts):
    tab = ets.new("foobar", opts)
    fill(tab, "foo")
    for key, value in [(("one", 4), 4), (("one", 5), 5), (("two", 4), 4), (("two", 5), 6), *MAPS]:
        ets.insert(tab, (key, value))
    assert sorted(ets.match_object(tab, (("one", "_"), "$0"))) == [(("one", 4), 4), (("one", 5), 5)]
    for pattern in ((("two", "$1"), "$0"), (("two", "$9"), "$4"), (("two", "$9"), "$22")):
        assert sorted(ets.match_object(tab, pattern)) == [(("two", 4), 4), (("two", 5), 6)]

    def found(pattern):
        return sorted(value for _, value in ets.match_object(tab, pattern))

    assert found(({"camembert": "_"}, 7)) == [7]
    assert found(({("deep", WAZZUP): "awesome", HI: "hello", LEET: "42"}, 9)) == [9]
    assert found(({("deep", WAZZUP): "awesome", HI: "hello", LEET: "_"}, "_")) == [9]
    assert found(({WAZZUP: "_", HI: "_", LEET: "_"}, 10)) == [10]
    clause = (({("deep", WAZZUP): "awesome", HI: "hello", LEET: "_"}, "$1"), [("is_integer", "$1")], ["$_"])
    assert ets.select(tab, [clause] * 4) == [MAPS[2]]
    assert found(({HI: "hello", WAZZUP: "_", LEET: "42"}, "_")) == [8, 10]
    assert found(({HI: "_"}, "_")) == [8, 9, 10]
    assert found((MAPS[4][0], 11)) == [11] and found((MAPS[5][0], 12)) == [12]
    assert found(({1: "_", 2: "_"}, "_")) == found((dict.fromkeys(range(1, 101), "_"), "_")) == [11, 12]
    assert fails(ets.match_object, tab, ({"$1": "_"}, 7))
    assert fails(ets.match_object, tab, ({f"${number}": "_" for number in range(1, 101)}, 11))
    assert ets.match_object(tab, (("three", "$0"), "$92")) == []
    assert len(ets.match_object(tab, "$0")) == len(ets.match_object(tab, "_")) == 14


@case("match_object2")
@options(*TYPES)
def test_match_object2(opts):
    tab = ets.new("foo", [("keypos", 2), *opts])
    for number, item in zip(range(1300), itertools.cycle(["atom", ("tu", "ple"), 1.5, b"bin", [1]])):
        ets.insert(tab, (item, number))
    assert ets.match_object(tab, ("hej", "$1")) == []


@case("ordered_match")
@options("ordered_set")
def test_ordered_match(opts):
    def row(number):
        return (number, text(number), number % 10, number % 100, number % 1000)

    tab = make("xxx", opts, map(row, range(3000, 0, -1)))
    assert ets.match(tab, ("_", "_", "$1", "$2", 3)) == [[3, 3]] * 3
    for rest in (2, 3):
        rows = [row(number) for number in range(1, 3001) if number % 100 == rest]
        assert ets.match_object(tab, ("_", "_", "_", rest, "_")) == rows
        assert ets.match_delete(tab, ("_", "_", "_", rest, "_")) is True
        assert ets.match_object(tab, ("_", "_", "_", rest, "_")) == []


def agree(rows, spec, values):
    """`match_spec_run` gives `values`, and `select` from a bag gives the same."""
    assert ets.match_spec_run(rows, ets.match_spec_compile(spec)) == values
    tab = make("xxx", ["bag"], rows)
    assert sorted_rows(ets.select(tab, spec)) == sorted_rows(values)
    ets.delete(tab)


def rows_around(term):
    return [
        (term, chars("0"), chars("v-element")),
        (chars("=hidden_node"), chars("0"), term),
        (chars("0"), term, term),
        (chars("something"), term, chars("something else")),
        (chars("guard and res"), term, 872346),
        *[(term, ("and", term, "again"), last) for last in (3.14, chars("m&g"), chars("m&g&r"))],
        ([("second", term), "and", chars("tail")], term, ["and", chars("tail")]),
    ]


def clauses_around(term):
    const, zero = ("const", term), ("const", chars("0"))
    head = ("$1", ("and", "$1", "again"), "$2")
    return [
        (("$1", "$2", "$3"), [("=:=", "$1", const), ("=:=", "$2", zero)], [(("guard for $1", "$3"),)]),
        (("$3", "$1", "$4"), [("=:=", "$3", chars("=hidden_node")), ("=:=", "$1", zero)], [(("result for $4", "$4"),)]),
        (("$2", "$1", "$1"), [("=:=", "$2", zero)], [(("match for $1", "$2"),)]),
        (("$2", term, cons(["$3"], "_")), [("is_list", "$2"), ("=:=", "$3", ord("s"))], [(("matching", "$2"),)]),
        (("$1", "$2", 872346), [("=:=", "$2", const), ("is_list", "$1")], [(("guard and result", "$2"),)]),
        (head, [("is_float", "$2")], [(("match and result", "$1"),)]),
        (head, [("=:=", "$1", const), ("=:=", "$2", chars("m&g"))], [(("match and guard", "$2"),)]),
        ((*head[:2], chars("m&g&r")), [("=:=", "$1", const)], [(("all three", "$1"),)]),
        (("$1", "$2", "$3"), [("=:=", "$1", cons([(("second", "$2"),)], "$3"))], [(("building",),)]),
    ]


def values_around(term):
    return [
        *[("guard for $1", chars("v-element")), ("result for $4", term), ("match for $1", chars("0"))],
        *[("matching", chars("something")), ("guard and result", term), ("match and result", term)],
        *[("match and guard", chars("m&g")), ("all three", term), ("building",)],
    ]


@case("t_match_spec_run")
def test_t_match_spec_run():
    agree([(1,), (2,), (3,)], [(("$1",), [(">", "$1", 1)], ["$1"])], [2, 3])
    many, last = [(number,) for number in range(1, 2501)], range(2476, 2501)
    agree(many, [(("$1",), [(">", "$1", 2475)], ["$1"])], list(last))
    bigger = [(("$1",), [(">", "$1", 2475)], [((("*", "$1", 0xFFFFFFF),),)])]
    agree(many, bigger, [(number * 0xFFFFFFF,) for number in last])
    agree(many, [(("$1",), [("=:=", ("rem", "$1", 500), 0)], ["$1"])], [500, 1000, 1500, 2000, 2500])
    for term in every_kind_of_term():
        if not isinstance(term, dict):  # a map in a pattern stands for more than itself
            clauses = clauses_around(term)
            for turned in (clauses, clauses[4:] + clauses[:4], clauses[::-1]):
                agree(rows_around(term), turned, values_around(term))


@case("t_test_ms")
def test_t_test_ms():
    row = ("a", "b")
    assert ets.test_ms(row, [(("$1", "$2"), [("<", "$1", "$2")], ["$$"])]) == ("ok", ["a", "b"])
    assert ets.test_ms(row, [(("$1", "$2"), [(">", "$1", "$2")], ["$$"])]) == ("ok", False)
    nested = ("a", (0, "nil"))
    assert ets.test_ms(nested, [(("_", "_"), [], ["$_"])]) == ("ok", nested)
    kind, [(error, explanation)] = ets.test_ms(row, [(("$1", "$2"), [("flurp", "$1", "$2")], ["$$"])])
    assert (kind, error) == ("error", "error") and isinstance(explanation, list)


@case("t_select_reverse")
def test_t_select_reverse():
    spec = [(("$1", "_"), [(">", ("rem", "$1", 5), 2)], ["$_"])]
    ordered = fill_int(ets.new("xxx", ["ordered_set"]), 1000)
    backwards = ets.select(ordered, spec)[::-1]
    assert len(backwards) == 400
    assert ets.select_reverse(ordered, spec) == backwards
    assert in_portions(ets.select_reverse(ordered, spec, 3), ets.select_reverse) == backwards
    for type in ("set", "bag", "duplicate_bag"):
        tab = fill_int(ets.new("xxx", [type]), 1000)
        assert ets.select(tab, spec) == ets.select_reverse(tab, spec) != []


@case("t_named_select")
@options("set")
def test_t_named_select(opts):
    rows = [(1, 11), (2, 22), (3, 33)]
    spec = [(("$1", 22), [], ["$1"])]
    tab = make("tab", ["named_table", *opts], rows)
    values, continuation = ets.select(tab, spec, 1)
    assert values == [2]
    ets.delete(tab)
    assert fails(ets.select, continuation)
    ets.new(tab, ["named_table", *opts])
    assert fails(ets.select, continuation)
    for key in (1, 2, 4):
        assert ets.insert_new(tab, (key, 22)) is True
    values, continuation = ets.select(tab, spec, 2)
    ets.rename(tab, "abcd")
    more, end = ets.select(continuation)
    assert (sum(values + more), end) == (7, END)


@case("t_bucket_disappears", partial="buckets")
@options()
def test_t_bucket_disappears(opts):
    tab = make("abcd", ["named_table", "public", ("keypos", 2), *opts], [("abcd", key, 2) for key in (1, 2, 3)])
    _, continuation = ets.select(tab, [(("_", "$1", "_"), [("<", "$1", ("const", 10))], ["$1"])], 1)
    ets.delete(tab, 2)
    assert ets.select(continuation)[0] == [3]


@case("t_repair_continuation", partial="external form")
@options(*TYPES)
def test_t_repair_continuation(opts):
    everything, some = [("_", [], [True])], [((("$1", "_"), "_"), [], ["$1"])]
    place = 4 if opts[0] == "ordered_set" else 3
    for key_of, spec in [(int, everything), (text, everything), (lambda number: (text(number), number), some)]:
        tab = make("x", opts, [(key_of(number), number) for number in range(1000, 0, -1)])
        _, continuation = ets.select(tab, spec, 5)
        broken = (*continuation[:place], b"", *continuation[place + 1 :])
        assert fails(ets.select, broken)
        for good in (ets.repair_continuation(broken, spec), continuation):
            values, _ = ets.select(good)
            assert len(values) == 5
        _, end = ets.select(tab, spec, 1001)
        assert end == ets.select(ets.repair_continuation(end, spec)) == ets.select(end) == END
    assert ets.is_compiled_ms(b"") is False
    assert ets.is_compiled_ms(ets.match_spec_compile(everything)) is True


@case("select_fixtab_owner_change", partial="a select that yields midway")
@options(*TYPES)
async def test_select_fixtab_owner_change(opts):
    tab = make("xxx", ["protected", *opts], [(number, number % 8) for number in range(1, 201)])
    me, spec = erlang.self(), [(("$1", 7), [], ["$1"])]

    async def buddy():
        state = None
        for step in range(4):
            _, _, papa, _ = await erlang.receive(("ETS-TRANSFER", tab, ..., ...))
            if step == 0:
                ets.select(tab, spec)
            elif step == 1:
                assert ets.select_count(tab, [(("$1", 7), [], [False])]) == 0
            elif step == 2:
                _, state = ets.select(tab, spec, 10)
            else:
                assert len(ets.select(state)[0]) == 10
            assert ets.info(tab, "safe_fixed_monotonic_time") is False
            ets.give_away(tab, papa, "next")

    pid = erlang.spawn_link(buddy)
    for _ in range(4):
        ets.give_away(tab, pid, "catch")
        assert await erlang.receive(("ETS-TRANSFER", ..., ..., ...)) == ("ETS-TRANSFER", tab, pid, "next")
    assert ets.info(tab, "owner") == me


@case("ms_excessive_nesting", partial="a million levels; 20,000 are as far beyond what compiles")
@options(*SETS)
def test_ms_excessive_nesting(opts):
    def nested(levels):
        guard = True
        for level in range(levels):
            guard = ("orelse", ("==", level, "$1"), guard)
        return [(("$1", "$2"), [guard], [(("$1", "blipp"),)])]

    assert ets.test_ms((1, "blupp"), nested(100)) == ("ok", (1, "blipp"))
    assert ets.is_compiled_ms(ets.match_spec_compile(nested(100)))
    tab = make("tab", opts, [(1, 2)])
    assert fails(ets.match_spec_compile, nested(20_000), reason="system_limit")
    assert fails(ets.select_replace, tab, nested(20_000), reason="system_limit")
    assert ets.tab2list(tab) == [(1, 2)]
