"""What is known about the children."""

import pytest

import erlsim
import gen_tracker
from erlsim import erlang, ets, terms
from erlsim.otp import gen_server
from tests.gen_tracker.kit import ZONE, in_background, now, opened, result_of, spec, tracker

pytestmark = pytest.mark.usefixtures("trapping_exits")


async def test_attributes_are_set_one_or_many_at_a_time_and_rewritten():
    await tracker()
    await opened("tv")
    assert await gen_tracker.setattr(ZONE, "tv", [("a", 1), ("b", [2])]) == "ok"
    assert await gen_tracker.setattr(ZONE, "tv", "a", 3) == "ok"
    assert await gen_tracker.setattr(ZONE, "tv", [("c", 4), ("c", 5)]) == "ok"
    every = [("a", 3), ("b", [2]), ("c", 5)]
    assert terms.sort(gen_tracker.attrs(ZONE, "tv")) == terms.sort(gen_tracker.info(ZONE, "tv")) == every
    assert gen_tracker.getattr(ZONE, "tv", "a") == ("ok", 3)
    assert gen_tracker.getattr(ZONE, "tv", "d") == "undefined"
    assert terms.sort(gen_tracker.info(ZONE, "tv", ["c", "a", "d"])) == [("a", 3), ("c", 5)]
    assert gen_tracker.info(ZONE, "tv", []) == []


async def test_an_unknown_child_has_no_attributes_and_takes_none():
    await tracker()
    assert gen_tracker.attrs(ZONE, "tv") == gen_tracker.info(ZONE, "tv") == gen_tracker.info(ZONE, "tv", ["k"]) == []
    assert gen_tracker.getattr(ZONE, "tv", "k") == "undefined"
    with pytest.raises(erlsim.Error) as one:
        await gen_tracker.setattr(ZONE, "tv", "k", 1)
    with pytest.raises(erlsim.Error) as many:
        await gen_tracker.setattr(ZONE, "tv", [("k", 1), "passed over", ("j", 2)])
    assert one.value.reason == ("void_setting", ZONE, "tv", "k")
    assert many.value.reason == ("void_setting", ZONE, "tv", ["k", "j"])
    assert await gen_tracker.delattr(ZONE, "tv", "k") == "ok"


async def test_what_is_no_pair_is_passed_over_and_what_is_no_list_fails_in_the_caller_alone():
    await tracker()
    await opened("tv")
    assert await gen_tracker.setattr(ZONE, "tv", [("k", 1), "x", ("a", "b", "c")]) == "ok"
    assert gen_tracker.attrs(ZONE, "tv") == [("k", 1)]
    for wrong in ("k", {"k": 1}, terms.cons([("k", 2)], "tail")):
        with pytest.raises(erlsim.Error) as failure:
            await gen_tracker.setattr(ZONE, "tv", wrong)
        assert failure.value.reason[0] == "bad_generator"
    gen_server.cast("zone_setter", "strange")
    erlang.send("zone_setter", "strange")
    erlang.send("zone_setter", ("$gen_call", (erlang.self(), "tag"), "strange"))
    assert await gen_tracker.setattr(ZONE, "tv", "k", 2) == "ok"


async def test_attributes_can_be_deleted():
    await tracker()
    await opened("tv")
    await gen_tracker.setattr(ZONE, "tv", [("a", 1), ("b", 2)])
    assert await gen_tracker.delattr(ZONE, "tv", "a") == "ok"
    assert gen_tracker.attrs(ZONE, "tv") == [("b", 2)]


async def test_a_counter_that_exists_is_incremented_at_once():
    await tracker()
    await opened("tv")
    await gen_tracker.setattr(ZONE, "tv", [("n", 0), ("x", "no_number")])
    assert gen_tracker.increment(ZONE, "tv", "n", 1000) == 1000
    assert gen_tracker.increment(ZONE, "tv", "n", -1) == 999
    assert gen_tracker.increment(ZONE, "tv", "n", (2, 5, 1000, 0)) == 0
    assert gen_tracker.increment(ZONE, "tv", "n", [(2, 1), (2, 2)]) == [1, 3]
    for key, by in (("x", 1), ("missing", 1), ("n", "no_number"), ("n", 1.5)):
        with pytest.raises(erlsim.Error, match="badarg"):
            gen_tracker.increment(ZONE, "tv", key, by)


async def test_a_counter_with_a_default_needs_neither_to_exist_nor_a_child():
    await tracker()
    assert gen_tracker.increment(ZONE, "tv", "n", 1000, 5) == 1005
    assert gen_tracker.increment(ZONE, "tv", "n", 1000, 5) == 2005
    with pytest.raises(erlsim.Error, match="badarg"):
        gen_tracker.increment(ZONE, "tv", "m", 1, "no_number")
    await opened("tv")
    assert gen_tracker.getattr(ZONE, "tv", "n") == ("ok", 2005)


async def test_a_start_that_fails_leaves_counters_alone_and_a_death_does_not():
    await tracker()
    gen_tracker.increment(ZONE, "tv", "n", 1, 0)
    await gen_tracker.find_or_open(ZONE, spec("tv", function="give", args=[("error", "e")]))
    assert gen_tracker.attrs(ZONE, "tv") == [("n", 1)]
    erlang.exit(await opened("tv"), "kill")
    await gen_tracker.wait(ZONE)
    assert gen_tracker.attrs(ZONE, "tv") == []


async def test_attributes_belong_to_the_name_they_are_equal_to():
    await tracker()
    for name in (1, 1.0, True, "true"[:2]):
        await opened(name)
        await gen_tracker.setattr(ZONE, name, [(name, name)])
    assert gen_tracker.attrs(ZONE, 1) == gen_tracker.attrs(ZONE, 1.0)
    assert len(gen_tracker.attrs(ZONE, 1)) == 2
    assert terms.exact_eq(gen_tracker.attrs(ZONE, True), [(True, True)])
    assert gen_tracker.getattr(ZONE, 1, 1.0) == "undefined"


async def test_a_tuple_among_name_and_keys_is_badarg_where_keys_are_given():
    await tracker()
    pid = await opened(("t", 4))
    await gen_tracker.setattr(ZONE, ("t", 4), "k", 1)
    assert gen_tracker.attrs(ZONE, ("t", 4)) == [("k", 1)]
    assert gen_tracker.list(ZONE) == [(("t", 4), [("pid", pid), ("k", 1)])]
    for wrong in (
        lambda: gen_tracker.info(ZONE, ("t", 4), ["k"]),
        lambda: gen_tracker.list(ZONE, ["k"]),
        lambda: gen_tracker.info(ZONE, "tv", [("t", 4)]),
    ):
        with pytest.raises(erlsim.Error, match="badarg"):
            wrong()
    for keys in ("k", ("ms", True), terms.cons(["k"], "tail")):
        with pytest.raises(erlsim.Error, match="function_clause"):
            gen_tracker.info(ZONE, "tv", keys)


async def test_rows_of_another_shape_in_the_public_table_are_left_alone():
    await tracker()
    pid = await opened("tv")
    strange = [("tv", 1), (("tv",), 1), (("tv", "k", 1), 1), (("tv", "k"), 1, 2)]
    ets.insert("zone_attrs", [*strange, (("tv", "j"), 2)])
    assert gen_tracker.attrs(ZONE, "tv") == [("j", 2)]
    erlang.exit(pid, "kill")
    await gen_tracker.wait(ZONE)
    assert ets.tab2list("zone_attrs") == strange


async def test_waiting_for_an_attribute_looks_every_second():
    await tracker()
    await opened("tv")
    waiting = await in_background(gen_tracker.getattr, ZONE, "tv", "k", 5000)
    await erlang.receive(after=1500)
    await gen_tracker.setattr(ZONE, "tv", "k", 1)
    assert await result_of(waiting) == (("ok", 1), 2000)


@pytest.mark.parametrize(
    ("timeout", "until"), [(2500, 4000), (1000, 3000), (0, 2000), (-1, 1000), (-1000, 1000), (-1001, 0)]
)
async def test_waiting_for_an_attribute_ends_when_the_time_is_over_by_more_than_a_second(timeout, until):
    await tracker()
    assert await gen_tracker.getattr(ZONE, "tv", "k", timeout) == "undefined"
    assert now() == until


async def test_an_attribute_that_is_there_is_not_waited_for_unless_the_time_was_over_before():
    await tracker()
    await opened("tv")
    await gen_tracker.setattr(ZONE, "tv", "k", 1)
    assert await gen_tracker.getattr(ZONE, "tv", "k", -1000) == ("ok", 1)
    assert await gen_tracker.getattr(ZONE, "tv", "k", -1001) == "undefined"
    assert now() == 0


async def test_waiting_for_ever_is_possible():
    await tracker()
    await opened("tv")
    waiting = await in_background(gen_tracker.getattr, ZONE, "tv", "k", "infinity")
    await erlang.receive(after=3_600_500)
    await gen_tracker.setattr(ZONE, "tv", "k", 1)
    assert await result_of(waiting) == (("ok", 1), 3_601_000)


async def test_what_is_no_zone_is_badarg():
    for wrong in (
        lambda: gen_tracker.attrs(b"zone", "tv"),
        lambda: gen_tracker.getattr(1, "tv", "k"),
        lambda: gen_tracker.increment([], "tv", "k", 1),
    ):
        with pytest.raises(erlsim.Error, match="badarg"):
            wrong()
    with pytest.raises(erlsim.Error, match="badarg"):
        await gen_tracker.delattr(b"zone", "tv", "k")


async def test_no_keys_give_nothing_whatever_the_name():
    await tracker()
    for name in ("tv", ("t", 4), "$1"):
        assert gen_tracker.info(ZONE, name, []) == []


async def test_a_name_like_a_variable_of_a_match_specification_stands_for_every_child_where_keys_are_given():
    await tracker()
    for number, name in enumerate(("$1", "tv", "other")):
        await opened(name)
        await gen_tracker.setattr(ZONE, name, [("a", number), ("b", 10 * number), ("c", 0), ("$2", 5)])
    assert gen_tracker.attrs(ZONE, "$1") == [("a", 0), ("b", 0), ("c", 0), ("$2", 5)]
    found = gen_tracker.info(ZONE, "$1", ["x", "a", "b", "y"])
    assert terms.sort(found) == [("a", 0), ("a", 1), ("a", 2), ("b", 0), ("b", 10), ("b", 20)]
    assert terms.sort(gen_tracker.info(ZONE, "tv", ["$2"])) == [("$2", 5), ("a", 1), ("b", 10), ("c", 0)]


async def test_list_takes_keys_that_are_no_plain_terms_as_info_does():
    await tracker()
    assert gen_tracker.list(ZONE, [("t", 4)]) == []
    pid = await opened("tv")
    await gen_tracker.setattr(ZONE, "tv", [("a", 1), ("b", 2)])
    with pytest.raises(erlsim.Error, match="badarg"):
        gen_tracker.list(ZONE, [("t", 4)])
    assert gen_tracker.list(ZONE, ["$2"]) == [("tv", [("pid", pid), ("a", 1), ("b", 2)])]


async def test_a_name_like_a_variable_has_the_attributes_of_all_where_list_is_given_keys():
    await tracker()
    await opened("$1")
    await opened("tv")
    await gen_tracker.setattr(ZONE, "tv", "a", 1)
    assert [attributes[1:] for _, attributes in gen_tracker.list(ZONE, ["a"])] == [[("a", 1)], [("a", 1)]]
    assert [attributes[1:] for _, attributes in gen_tracker.list(ZONE)] == [[], [("a", 1)]]


async def test_names_that_are_lists_or_maps_have_attributes_like_others():
    await tracker()
    named = [[49], {"k": 1}, "tv", ("t", [1])]
    for number, name in enumerate(named):
        await opened(name)
        await gen_tracker.setattr(ZONE, name, [("n", number), ([1], name)])
    assert [(name, attributes[1:]) for name, attributes in gen_tracker.list(ZONE)] == [
        (name, [("n", number), ([1], name)]) for number, name in enumerate(named)
    ]
    assert [gen_tracker.attrs(ZONE, name)[0] for name in named] == [("n", number) for number in range(4)]
    assert gen_tracker.info(ZONE, [49], [[1]]) == [([1], [49])]


@pytest.mark.parametrize(
    "row", [(("tv", "j"),), (("tv",),), ((),), ("tv", "k", 1), ((), 1), ([1, 2], 1), (("tv", "k", 1), 1)]
)
async def test_a_row_that_is_no_attribute_is_nobodys(row):
    await tracker()
    pid = await opened("tv")
    ets.insert("zone_attrs", row)
    assert (gen_tracker.attrs(ZONE, "tv"), gen_tracker.list(ZONE)) == ([], [("tv", [("pid", pid)])])


async def test_the_setter_takes_pairs_alone_and_tells_the_rest_of_what_is_no_list():
    await tracker()
    await opened("tv")
    assert await gen_tracker.setattr(ZONE, "tv", [("one",), ["l", 1], ("a", 1), (), ("a", "b", "c")]) == "ok"
    assert gen_tracker.attrs(ZONE, "tv") == [("a", 1)]
    for wrong, told in ((terms.cons([("k", 2)], "tail"), "tail"), ("k", "k"), (("k", 1), ("k", 1))):
        with pytest.raises(erlsim.Error) as failure:
            await gen_tracker.setattr(ZONE, "tv", wrong)
        assert failure.value.reason == ("bad_generator", told)


async def test_what_is_no_atom_has_no_setter():
    for zone in (b"zone", 1, ["zone"]):
        with pytest.raises(erlsim.Error, match="badarg"):
            await gen_tracker.setattr(zone, "tv", "k", 1)
