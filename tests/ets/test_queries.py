"""match, match_object, select and their kin on whole tables, and in portions."""

import pytest

from erlsim import ets, terms
from tests.ets.kit import BADARG, BAGS, HASHED, SINGLE, TYPES, elsewhere, outcome, same, table, term

pytestmark = pytest.mark.usefixtures("sim")

EVERY_ROW = [("_", [], ["$_"])]
END = "$end_of_table"


@pytest.mark.parametrize("type", TYPES)
def test_the_queries_agree_on_what_matches(type):
    tab = table(type, [(1, "a"), (2, "b"), (3, "a")])
    assert terms.sort(ets.match(tab, ("$1", "a"))) == [[1], [3]]
    assert terms.sort(ets.match_object(tab, ("$1", "a"))) == [(1, "a"), (3, "a")]
    swapped = [(("$1", "$2"), [(">", "$1", 1)], [(("$2", "$1"),)])]
    assert terms.sort(ets.select(tab, swapped)) == terms.sort(ets.select_reverse(tab, swapped)) == [("a", 3), ("b", 2)]
    assert ets.select_count(tab, [(("_", "a"), [], [True])]) == 2
    assert ets.select_count(tab, [(("_", "a"), [], ["$_"])]) == 0
    assert ets.select_delete(tab, [(("_", "a"), [], ["$_"])]) == 0
    assert ets.select_delete(tab, [(("_", "a"), [], [True])]) == 2
    assert ets.tab2list(tab) == [(2, "b")]


def test_an_ordered_set_answers_in_the_order_of_its_keys():
    tab = table("ordered_set", [(key, 0) for key in (3, "b", 1, (1,), 2.0, [1])])
    keys = [1, 2.0, 3, "b", (1,), [1]]
    assert same(ets.match(tab, ("$1", 0)), [[key] for key in keys])
    assert same(ets.select_reverse(tab, [(("$1", 0), [], ["$1"])]), keys[::-1])
    assert same(ets.select(tab, [(("b", "_"), [], ["$_"]), ((3, "_"), [], ["$_"])]), [(3, 0), ("b", 0)])


@pytest.mark.parametrize("type", HASHED)
def test_other_tables_answer_in_the_order_of_insertion(type):
    tab = table(type, [(3, 0), (1, 0), (2, 0)])
    ets.delete(tab, 3)
    ets.insert(tab, (3, 0))
    assert ets.tab2list(tab) == ets.match_object(tab, ("$1", 0)) == [(1, 0), (2, 0), (3, 0)]


@pytest.mark.parametrize("type", HASHED)
def test_rows_of_keys_that_are_all_given_come_last_key_first(type):
    tab = table(type, [("a", 1), ("b", 2), ("c", 3)])
    spec = [((key, "_"), [], ["$1" if key == "none" else "$_"]) for key in ("b", "a", "c", "b")]
    assert ets.select(tab, spec) == [("c", 3), ("a", 1), ("b", 2)]


@pytest.mark.parametrize("type", BAGS)
def test_the_rows_of_one_key_come_oldest_first(type):
    tab = table(type, [("k", value) for value in range(1, 7)])
    rows = [("k", value) for value in range(1, 7)]
    assert ets.match_object(tab, ("k", "_")) == ets.match_object(tab, ("_", "_")) == rows
    assert ets.match_object(tab, ("_", "_"), 10) == (rows, END)


@pytest.mark.parametrize("type", TYPES)
def test_match_delete_deletes_what_matches(type):
    tab = table(type, [(1, "a"), (2, "b"), (3, "a")])
    assert ets.match_delete(tab, ("_", "a")) is True
    assert ets.tab2list(tab) == [(2, "b")]
    assert ets.match_delete(tab, "foo") is True
    assert ets.match_delete(tab, ("$1", "_")) is True
    assert (ets.tab2list(tab), ets.info(tab, "size")) == ([], 0)


def test_select_delete_takes_single_rows_of_a_bag():
    for type in BAGS:
        tab = table(type, [("k", 1), ("k", 2), ("j", 1), ("k", 3)])
        assert ets.select_delete(tab, [((("k"), "$1"), [("=/=", "$1", 2)], [True])]) == 2
        assert ets.tab2list(tab) == [("k", 2), ("j", 1)]
        assert ets.info(tab, "size") == 2


# ---- select_replace ---------------------------------------------------------------------------

KEEPING = """
{'$1','_','$3'} '$_' {k,l,3}
{'$1','_','$3'} {{'$1',new,'$3'}} {k,new,3}
{k,'_','$3'} {{k,new}} {k,new}
{k,'_','$3'} {const,{k,new,'$3'}} {k,new,'$3'}
{'_','_','$3'} {{{element,1,'$_'},'$3'}} {k,3}
{k,'_','_'} {{{const,k},new}} {k,new}
{'$1','_','_'} {{'$1',{'+',a,1}}} {k,'EXIT'}
{'$1','_','_'} {{'$1'}} {k}
"""
LOSING = """
{'$1','_','$3'} {{'$3',new}}
{'$1','_','$3'} {const,{'$1',new}}
{'_','_','$3'} {{{element,2,'$_'},new}}
{'_','_','_'} {{'_',b}}
'$1' '$1'
'$1' {{{element,1,'$1'},2}}
'$1' {const,foo}
{'$1','_','_'} {{}}
{'$1','_','_'} [{{'$1',1}}]
"""


def spec_of(line):
    head, body, *result = line.split()
    return [(term(head), [], [term(body)])], *map(term, result)


@pytest.mark.parametrize("type", [*SINGLE, "duplicate_bag"])
@pytest.mark.parametrize("line", KEEPING.strip().splitlines())
def test_select_replace_replaces_rows_whose_key_surely_stays(type, line):
    spec, result = spec_of(line)
    tab = table(type, [("k", "l", 3)])
    assert ets.select_replace(tab, spec) == 1
    assert ets.tab2list(tab) == [result]


@pytest.mark.parametrize("type", [*SINGLE, "duplicate_bag"])
@pytest.mark.parametrize("line", LOSING.strip().splitlines())
def test_select_replace_is_badarg_where_the_key_might_change(type, line):
    (spec,) = spec_of(line)
    tab = table(type, [("k", "l", 3)])
    assert outcome(ets.select_replace, tab, spec) == BADARG
    assert ets.tab2list(tab) == [("k", "l", 3)]


@pytest.mark.parametrize(
    ("key", "head", "built", "good"),
    [
        ("{k,1}", "{k,'$1'}", "{{k,'$1'}}", True),
        ("{k,1}", "{k,1}", "{{k,1}}", True),
        ("{k,1}", "{k,1}", "{const,{k,1}}", True),
        ("{k,1}", "{k,1}", "{k,1}", False),
        ("{k,1}", "{'$2','$1'}", "{{'$1','$2'}}", False),
        ("{k,1}", "{'_','$1'}", "{{'_','$1'}}", False),
        ("[k,1]", "['$1'|'$2']", "['$1'|'$2']", True),
        ("[k,1]", "[k,'$1']", "[k,'$1']", True),
        ("[k,1]", "[k,1]", "{const,[k,1]}", True),
        ("#{a=>1}", "#{a=>'$1'}", "#{a=>'$1'}", False),
        ("#{a=>1}", "#{a=>1}", "{const,#{a=>1}}", False),
    ],
)
def test_select_replace_looks_into_compound_keys(key, head, built, good):
    tab = table("set", [(term(key), 1)])
    result = outcome(ets.select_replace, tab, [((term(head), "_"), [], [((term(built), "new"),)])])
    assert result == (("ok", 1) if good else BADARG)
    assert ets.lookup(tab, term(key)) == [(term(key), "new" if good else 1)]


def test_select_replace_knows_no_bags_and_minds_all_clauses():
    assert outcome(ets.select_replace, table("bag"), []) == BADARG
    assert outcome(ets.select_replace, table("set"), [*EVERY_ROW, ("_", [], ["a"])]) == BADARG
    assert ets.select_replace(table("set", [("k", 1)]), []) == 0


def test_select_replace_of_a_duplicate_bag_keeps_places():
    tab = table("duplicate_bag", [("k", 1), ("k", 2), ("k", 1)])
    assert ets.select_replace(tab, term("[{{k,1},[],[{{k,z}}]}]")) == 2
    assert ets.tab2list(tab) == [("k", "z"), ("k", 2), ("k", "z")]


def test_select_replace_of_an_ordered_set_compares_keys_exactly():
    tab = table("ordered_set", [(1.0, "l")])
    assert ets.select_replace(tab, term("[{{1,'_'},[],[{{1,z}}]}]")) == 0
    assert outcome(ets.select_replace, tab, term("[{{1.0,'_'},[],[{{1,z}}]}]")) == BADARG
    assert ets.select_replace(tab, term("[{{1.0,'_'},[],[{{1.0,z}}]}]")) == 1
    assert same(ets.tab2list(tab), [(1.0, "z")])


# ---- portions -----------------------------------------------------------------------------------


def portions(answer, go_on=ets.select):
    """All portions from `answer` on, and whether the last one said that it was the last."""
    found = []
    while answer != END:
        values, continuation = answer
        found.append(values)
        if continuation == END:
            return found, True
        answer = go_on(continuation)
    return found, False


@pytest.mark.parametrize(
    ("limit", "found", "known"),
    [
        (1, [[1], [2], [3], [4]], False),
        (2, [[1, 2], [3, 4]], False),
        (3, [[1, 2, 3], [4]], True),
        (4, [[1, 2, 3, 4]], False),
        (5, [[1, 2, 3, 4]], True),
    ],
)
@pytest.mark.parametrize("type", TYPES)
def test_a_portion_that_is_full_has_a_continuation(type, limit, found, known):
    tab = table(type, [(key, 0) for key in (1, 2, 3, 4)])
    assert portions(ets.select(tab, [(("$1", "_"), [], ["$1"])], limit)) == (found, known)
    assert portions(ets.match(tab, ("$1", 0), limit), ets.match) == ([[[key] for key in each] for each in found], known)
    rows = [[(key, 0) for key in each] for each in found]
    assert portions(ets.match_object(tab, ("$1", 0), limit), ets.match_object) == (rows, known)


def test_an_ordered_set_goes_backwards_in_portions_too():
    tab = table("ordered_set", [(key, 0) for key in range(1, 7)])
    answer = ets.select_reverse(tab, [(("$1", "_"), [], ["$1"])], 4)
    assert portions(answer, ets.select_reverse) == portions(answer, ets.select) == ([[6, 5, 4, 3], [2, 1]], True)


@pytest.mark.parametrize("type", BAGS)
@pytest.mark.parametrize("head", ["k", "_"])
def test_the_rows_of_a_key_are_portioned_from_the_newest(type, head):
    tab = table(type, [("k", value) for value in range(1, 8)])
    found, known = portions(ets.select(tab, [((head, "$1"), [], ["$1"])], 3))
    assert (found, known) == ([[5, 6, 7], [2, 3, 4], [1]], True)
    ets.delete_object(tab, ("k", 7))
    assert portions(ets.select(tab, [((head, "$1"), [], ["$1"])], 3)) == ([[4, 5, 6], [1, 2, 3]], head == "k")


@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("limit", [1, 2])
def test_a_key_that_is_given_is_one_last_portion(type, limit):
    tab = table(type, [("k", 1), ("j", 1)])
    assert ets.match_object(tab, ("k", "_"), limit) == ([("k", 1)], END)
    assert ets.match_object(tab, ("none", "_"), limit) == END


@pytest.mark.parametrize("type", TYPES)
def test_nothing_ends_at_once(type):
    tab = table(type)
    assert ets.select(tab, EVERY_ROW, 1) == END
    assert ets.select(tab, [], 1) == END
    for function in (ets.select, ets.match, ets.match_object, ets.select_reverse):
        assert function(END) == END


@pytest.mark.parametrize("limit", [0, -1, "a", 1.0, True], ids=repr)
def test_a_limit_is_a_positive_integer(limit):
    for type in ("set", "ordered_set"):
        tab = table(type)
        assert outcome(ets.select, tab, EVERY_ROW, limit) == BADARG
        assert outcome(ets.match, tab, "_", limit) == BADARG
        assert outcome(ets.match_object, tab, "_", limit) == BADARG


@pytest.mark.parametrize(
    "wrong", ["foo", (), (1, 2), [], ("a", 1, [], 1, "b", [], 0, 0), (1, 1, 1, "a", [], 0)], ids=repr
)
def test_what_is_no_continuation_is_badarg(wrong):
    for function in (ets.select, ets.match, ets.match_object, ets.select_reverse):
        assert outcome(function, wrong) == BADARG


@pytest.mark.parametrize("type", TYPES)
def test_rows_may_come_and_go_between_portions(type):
    tab = table(type, [(key, 0) for key in range(1, 7)])
    ets.safe_fixtable(tab, True)
    _, continuation = ets.match(tab, ("$1", "_"), 2)
    for key in (1, 2, 3):
        ets.delete(tab, key)
    ets.insert(tab, (7, 0))
    assert portions(ets.match(continuation)) == ([[[4], [5]], [[6], [7]]], False)


@pytest.mark.parametrize("type", TYPES)
async def test_a_continuation_is_no_way_around_the_table(type):
    tab = table(type, [(key, 0) for key in range(1, 7)], "private")
    _, continuation = ets.match(tab, ("$1", "_"), 2)
    assert await elsewhere(ets.match, continuation) == BADARG
    ets.delete(tab)
    assert outcome(ets.match, continuation) == BADARG


@pytest.mark.parametrize("type", HASHED)
def test_a_continuation_outlives_a_rename(type):
    ets.new("tab", [type, "named_table"])
    ets.insert("tab", [(key, 0) for key in range(1, 4)])
    _, continuation = ets.match("tab", ("$1", "_"), 2)
    ets.rename("tab", "other")
    assert len(ets.match(continuation)[0]) == 1


def test_the_continuation_of_an_ordered_set_has_the_name_that_was_used():
    ets.new("tab", ["ordered_set", "named_table"])
    ets.insert("tab", [(key, 0) for key in range(1, 5)])
    _, continuation = ets.match("tab", ("$1", "_"), 2)
    ets.rename("tab", "other")
    assert outcome(ets.match, continuation) == BADARG
    ets.rename("other", "tab")
    assert ets.match(continuation)[0] == [[3], [4]]


@pytest.mark.parametrize("type", TYPES)
def test_a_continuation_without_its_specification_can_be_repaired(type):
    tab = table(type, [(key, 0) for key in range(1, 5)])
    spec = [(("$1", "_"), [], ["$1"])]
    _, continuation = ets.select(tab, spec, 2)
    place = 4 if type == "ordered_set" else 3
    broken = (*continuation[:place], b"lost", *continuation[place + 1 :])
    assert outcome(ets.select, broken) == BADARG
    assert ets.repair_continuation(continuation, spec) == continuation
    assert ets.select(ets.repair_continuation(broken, spec))[0] == [3, 4]
