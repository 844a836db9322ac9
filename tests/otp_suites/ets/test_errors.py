"""ets_SUITE: which calls fail, and which that look as if they would do not."""

import pytest

from erlsim import erlang, ets
from erlsim.terms import cons
from tests.otp_suites.ets.kit import END, SETS, case, check, fails, make

pytestmark = pytest.mark.usefixtures("sim")

SPEC = [(("$1", "$2", "$3"), [], ["$$"])]


def bad_calls(tab, row, bag):
    """Calls with arguments that are wrong for an empty table, one with a row, or a bag."""
    return [
        *[(ets.delete_object, tab, "bad_object"), (ets.insert, tab, [("a", "b", "c"), "a"]), (ets.insert, tab, ())],
        *[(ets.insert, tab, cons(["a"], "b")), (ets.insert_new, tab, "bad_object")],
        *[(ets.lookup_element, tab, "no_key", position) for position in (0, 1, "bad_pos")],
        *[(ets.lookup_element, row, "one", 4), (ets.match, "bad_continuation"), (ets.match, tab, b"\1\2\3", 0)],
        *[(ets.new, "name", opts) for opts in ("not_list", cons(["a"], "b"), ["a", "b"])],
        *[(ets.rename, tab, ("bad", "name")), (ets.safe_fixtable, tab, "not_boolean"), (ets.slot, tab, -1)],
        *[(ets.select, tab, "bad_spec"), (ets.select, tab, SPEC, 0), (ets.select, tab, "bad_spec", 1)],
        *[(ets.select_count, tab, "bad_spec"), (ets.select_delete, tab, "bad_spec"), (ets.setopts, tab, "bad_opts")],
        *[(ets.select_replace, table, [(("$1", "$2", "$3"), [], [(("gone",),)])]) for table in (tab, bag)],
        *[(ets.update_counter, tab, "no_key", operation) for operation in (1, "bad", (1, 42), (1, "bad"))],
        *[(ets.update_counter, row, "one", operation) for operation in ((2, 1), (3, "bad"), (4, 1))],
        *[(ets.update_counter, tab, "no_key", operation, ("tag", 0)) for operation in ("bad", (1, 42), (3, 42))],
        *[(ets.update_counter, bag, "key", 1), (ets.update_element, bag, "no_key", (2, "bagged"))],
        *[(ets.update_element, row, "one", change) for change in ("bad", (0, "new"), (1, "new"), (4, "new"))],
        *[(ets.whereis, ("bad", "name")), (ets.info, tab, "invalid_item"), (ets.give_away, tab, erlang.self(), "x")],
    ]


def good_calls(tab):
    return [
        *[(ets.delete, tab, "no_key"), (ets.delete_object, tab, ("tag", "none")), (ets.is_compiled_ms, "bad_ms")],
        *[(ets.insert, tab, [(number, "b", "c") for number in range(1000)]), (ets.match, tab, b"\1\2\3")],
        *[(ets.select_count, tab, SPEC), (ets.take, tab, "no_key"), (ets.update_counter, tab, "key", 2, ("key", 0))],
        *[(ets.update_element, tab, "no_key", (2, "new")), (ets.match_delete, tab, b"\1\2\3")],
        (ets.select_replace, tab, [(("$1", "$2", "$3"), [], [(("$1", "$3", "$2"),)])]),
    ]


@case("error_info", partial="the explanations that come with a failure")
@pytest.mark.parametrize("type", SETS)
def test_error_info(type):
    tab = ets.new("table", [type, "private"])
    row = make("table", [type, "private"], [("one", "two", 3)])
    bag = ets.new("table", ["bag", "private"])
    for function, *args in bad_calls(tab, row, bag):
        assert fails(function, *args), (function, args)
    for function, *args in good_calls(tab):
        assert not fails(function, *args), (function, args)
    assert fails(ets.next, ets.new("t", ["set"]), "no_key") and ets.next(ets.new("t", ["ordered_set"]), "k") == END
    check(row, lambda each: each == ("one", "two", 3), 1)
