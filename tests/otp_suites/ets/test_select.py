"""ets_SUITE: rows deleted and replaced by match specifications."""

import pytest

from erlsim import erlang, ets
from erlsim.terms import chars, cons
from tests.otp_suites.ets.kit import (
    BAGS,
    FILLERS,
    SETS,
    TYPES,
    case,
    check,
    fails,
    options,
    text,
)

pytestmark = pytest.mark.usefixtures("sim")

COUNT = 1000
EVERYTHING = [("_", [], [True])]


@case("t_select_delete")
@options(*TYPES)
def test_t_select_delete(opts):
    tab, fill = ets.new("xxx", opts), FILLERS[opts[0]]
    fill(tab, COUNT)
    spec = [(("$1", "_"), [(">", ("rem", "$1", 5), 2)], [True])]
    assert ets.select_count(tab, spec) == ets.select_delete(tab, spec) == COUNT * 2 // 5
    check(tab, lambda row: row[0] % 5 <= 2, COUNT * 3 // 5)
    assert ets.select_delete(tab, EVERYTHING) == COUNT * 3 // 5
    for bound in (True, False):
        for numbers in (range(1, 201), range(200, 0, -1)):
            fill(tab, 200)
            for number in numbers:
                head, body = ((number, "_"), True) if bound else (("$1", "_"), ("==", "$1", number))
                expected = 1 if opts[0] in SETS else 2 * (number % 2 == 0)
                assert ets.select_delete(tab, [(head, [], [body])]) == expected
            assert ets.info(tab, "size") == 0


@options(*TYPES)
def test_t_select_delete_of_strings(opts):
    """The second half of the case above: keys that are partly given, and several clauses."""
    tab = ets.new("xxx", opts)
    several = 2 if opts[0] in BAGS else 1

    def fill():
        ets.delete_all_objects(tab)
        for number in range(4000, 0, -1):
            ets.insert(tab, (text(number), number))
            if several == 2:
                ets.insert(tab, (text(number), number + (opts[0] == "bag")))

    def both(spec):
        count = ets.select_count(tab, spec)
        assert ets.select_delete(tab, spec) == count
        return count // several

    from_three = cons([ord("3")], "$1")
    fill()
    assert both([((from_three, "_"), [("==", ("length", "$1"), 3)], [True])]) == 1000
    check(tab, lambda row: not (len(row[0]) == 4 and row[0][0] == ord("3")), 3000 * several)
    assert both([((chars("7"), "_"), [], [False]), ((["_"], "_"), [], [True])]) == 8
    check(tab, lambda row: len(row[0]) > 1 or row[0] == chars("7"), 2992 * several)
    fill()
    spec = [(([ord(digit), "_", "_"], "_"), [], [True]) for digit in "31"]
    for result in (
        *[ets.select(tab, spec), ets.select(tab, spec, 1000)[0]],
        *[ets.select_reverse(tab, spec), ets.select_reverse(tab, spec, 1000)[0]],
    ):
        assert len(result) == 200 * several
    assert both(spec) == 200
    assert both(spec) == 0
    check(tab, lambda row: len(row[0]) != 3 or row[0][0] not in (ord("3"), ord("1")), 3800 * several)


def filled(type, opts):
    """Keys that are tuples of a number and its text; in a duplicate_bag two rows each."""
    tab = ets.new("xxx", [type, *opts])
    for number in range(COUNT, 0, -1):
        key = number if type in SETS else number + number % 2
        ets.insert(tab, ((key, text(key)), text(key)))
    return tab


def spec(guards, body, head=(("$1", "$3"), "$2")):
    return [(head, guards, [body])]


KEY = (("$1", "$3"),)
THREE_OF_FOUR = ("=:=", ("band", "$1", 3), 3)
NOT_X = ("=/=", ("hd", "$2"), ord("x"))


@case("t_select_replace")
@pytest.mark.parametrize("type", [*SETS, "duplicate_bag"])
@options()
def test_t_select_replace(opts, type):
    tab = filled(type, opts)
    for wrong in (
        spec([THREE_OF_FOUR, NOT_X], (((("$2", "$3"),), "$1"),)),
        spec([THREE_OF_FOUR], ((((("+", "$1", 0), "$3"),), "$2"),)),
        spec([THREE_OF_FOUR, NOT_X], ((((("*", "$1", 1.0), "$3"),), "$2"),)),
        spec([], ((("element", 2, "$_"), "$2"),)),
    ):
        assert fails(ets.select_replace, tab, wrong)
    longer = spec([("<", ("rem", "$1", 5), 2)], ((KEY, cons([ord("x")], "$2"), "stuff"),))
    shorter = spec([], ((KEY, "$2"),), head=(("$1", "$3"), "$2", "_"))
    assert ets.select_replace(tab, longer) == ets.select_replace(tab, shorter) == COUNT * 2 // 5
    for same in ("$_", ((KEY, "$2"),), ((("element", 1, "$_"), "$2"),)):
        assert ets.select_replace(tab, spec([(">", ("rem", "$1", 5), 3)], same)) == COUNT // 5
    check(tab, lambda row: (row[1][0] == ord("x")) == (row[0][0] % 5 < 2), COUNT)
    ranges = {"above": [(">", "$1", 700)], "below": [("<", "$1", 300)]}
    ranges["within"] = [(">=", "$1", 301), ("<", "$1", 700)]
    replaced = {
        name: ets.select_replace(tab, spec(guards, ((KEY, ((name, "$2"),)),))) for name, guards in ranges.items()
    }
    assert list(replaced.values()) == ([300, 299, 399] if type in SETS else [300, 298, 398])
    clauses = [spec([("==", "$1", number)], ((KEY, ((number, "$2"),)),))[0] for number in (300, 700)]
    assert ets.select_replace(tab, clauses) == (2 if type in SETS else 4)

    def holds(row):
        (number, _), (where, _) = row
        if isinstance(where, int):
            return number == where
        return {"above": number > 700, "below": number < 300, "within": 301 <= number < 700}[where]

    check(tab, holds, COUNT)
    assert ets.select_delete(tab, EVERYTHING) == COUNT


def terms_():
    """Values that a key may be made of."""
    return ["a", chars("hej"), 123, 1.23, 123 << 123, b"123", bytes(range(65)), len, erlang.self()]


def kept(x, y):
    """Keys in heads, and expressions that surely build the same."""
    prefix = cons(chars("prefix"), "$1")
    return [
        *[("$1", "$1"), ((x, y), ((x, y),)), (("$1", y), (("$1", y),)), (((x, y),), ((((x, y),),),)), ((x,), ((x,),))],
        *[(x, ("const", x)), ((x, y), ("const", (x, y))), ((x,), ("const", (x,))), ((x, y), ((x, ("const", y)),))],
        ((x, (y, "$1")), ((("const", x), ((y, "$1"),)),)),
        *[(cons([x, y], "$1"),) * 2, ([(x, "$1"), y], [((x, "$1"),), y]), (prefix, prefix)],
        (cons([(x, y)], "$1"), cons([("const", (x, y))], "$1")),
        *[(([(x, y)],), (([((x, y),)],),)), (([(x, y)],), ((("const", [(x, y)]),),))],
        (([(x, y)],), (([("const", (x, y))],),)),
    ]


def lost(x, y):
    """Keys in heads, and expressions that build something else, or might."""
    other = cons(chars("prefIx"), "$1")
    return [
        *[("$1", "$2"), ((x, y), (x, y)), (((x, y),), (((x, y),),)), ((x,), (((x,),),)), (("const", x), ("const", x))],
        *[(("const", (x, y)), ("const", (x, y))), ("$1", ("const", "$1")), ((x,), ("const", ((x,),)))],
        *[((x, (y, "$1")), ((("const", x), (y, "$1")),)), (cons([x, y], "$1"), [x, y])],
        *[([x, y], cons([x, y], "$1")), ([(x, "$1"), y], [(x, "$1"), y]), (cons(chars("prefix"), "$1"), other)],
        *[(([(x, y)],), (([(x, y)],),)), (([(x, y)],), ((("const", [((x, y),)]),),))],
        *[(([(x, y)],), (([("const", ((x, y),))],),)), ("_", "_"), ("$_", "$_"), ("$$", "$$"), ({}, {})],
        ({"k": "$1"}, {"k": "$1"}),
    ]


def test_t_select_replace_of_keys_that_are_kept_and_lost():
    """The second half of the case above: which specifications are taken at all."""
    tab, values = ets.new("x", []), terms_()
    for x in values:
        for y in values:
            for head, body in kept(x, y):
                assert ets.select_replace(tab, [((head, "$2", "$3"), [], [((body, "$3", "$2"),)])]) == 0
            for head, body in lost(x, y):
                assert fails(ets.select_replace, tab, [((head, "$2", "$3"), [], [((body, "$3", "$2"),)])])
    for key in [(1, "tuple"), ("nested", ("tuple", ("a", "b"))), *values]:
        for new in [(key, 1, 2), (key, 3, 4), (key, 1), (key, 1, 2, 3), (key,)]:
            ets.insert(tab, (key, 1, 2))
            assert ets.select_replace(tab, [((key, 1, 2), [], [("const", new)])]) == 1
            assert ets.take(tab, key) == [new]
    for key in ({"a": 1}, ("nested", {"a": 1}), "$1"):
        for new in [(key, 1, 2), (key, 3, 4), (key,)]:
            assert fails(ets.select_replace, tab, [((key, 1, 2), [], [("const", new)])])


@case("t_select_replace_next_bug", partial="memory that is used after it was freed")
def test_t_select_replace_next_bug():
    tab = ets.new("k", ["ordered_set"])
    for number in range(1, 11):
        ets.insert(tab, (number, "value"))
    assert ets.first(tab) == 1
    assert ets.select_replace(tab, [((2, "value"), [], [((2, chars("new_value")),)])]) == 1
    assert ets.next(tab, 1) == 2
    assert ets.lookup(tab, 2) == [(2, chars("new_value"))]
