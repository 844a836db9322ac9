"""Supervision trees as assertions: what they equal, and what is said when they do not."""

from __future__ import annotations

import pytest

from erlsim import erlang, terms, timer
from tests.trace.programs import child, run, top, two_crashes


@pytest.mark.parametrize(
    "literal",
    [
        ("top", [("a", "running"), ("sub", [("b", "running"), ("c", "running")])]),
        ("top", [("a", "running", 2), ("sub", 0, [("b",), ("c",)])]),
        ("top", [("a", 2, "running"), "sub"]),
        ("top", ["a", ...]),
        ("top", [..., ("sub", [..., "c"])]),
        [("top", [...])],
        (terms.Pid(85), [("a",), ("sub",)]),
    ],
)
def test_a_tree_equals_a_literal_that_names_what_matters(literal):
    tree = run(two_crashes).tree()
    assert tree == literal
    assert literal == tree


@pytest.mark.parametrize(
    ("literal", "difference"),
    [
        (("top", [("a", "restarting"), ("sub",)]), "top > a: running, not restarting"),
        (("top", [("a", 1), ("sub",)]), "top > a: restarted 2 times, not restarted 1 time"),
        (("top", [("a",), ("sub", [("b", 1), "c"])]), "top > sub > b: restarted 0 times, not restarted 1 time"),
        (("top", ["a"]), "top: sub is there, too"),
        (("top", ["a", "sub", "d"]), "top: no d"),
        (("top", ["sub", "a"]), "top: in the order a, sub, not sub, a"),
        (("bottom", []), "the top: no bottom"),
        ([], "the top: top is there, too"),
    ],
)
def test_a_difference_from_a_literal_is_told_in_words(literal, difference):
    tree = run(two_crashes).tree()
    assert tree != literal
    told = tree.__explain_difference__(literal)
    assert told[0] == "the tree at 500 ms is another one"
    assert difference in told
    assert told[-6:] == tree.text().splitlines()


def test_ids_are_told_apart_as_erlang_does():
    async def main():
        await top([child("a") | {"id": 1}, child("b") | {"id": True}, child("c") | {"id": ("x", 2)}])

    tree = run(main).tree()
    assert tree == ("top", [(1, "running"), (True, "running"), (("x", 2), "running")])
    assert tree != ("top", [(1.0, "running"), (True, "running"), (("x", 2), "running")])
    assert tree != ("top", [(True, "running"), (1, "running"), (("x", 2), "running")])


def test_a_tree_equals_another_one_with_the_same_processes_in_the_same_states():
    before = run(two_crashes).tree()
    assert before == run(two_crashes).tree()

    async def longer():
        await two_crashes()
        erlang.exit(erlang.whereis("c"), "kill")
        await timer.sleep(1)

    after = run(longer).tree()
    assert before != after
    assert before.__explain_difference__(after)[1:-7] == [
        "top > sub > b: pid <0.88.0>, not <0.92.0>",
        "top > sub > b: restarts 0, not 1",
        "top > sub > c: pid <0.89.0>, not <0.93.0>",
        "top > sub > c: restarts 0, not 1",
    ]


def test_pytest_shows_how_trees_differ(pytester):
    pytester.makepyfile("""
        from tests.trace.programs import top, child

        async def test_it(sim):
            await top([child("a")])
            assert sim.tree() == ("top", [("a", "restarting")])
    """)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:asyncio")
    result.stdout.fnmatch_lines(["*the tree at 0 ms is another one*", "*top > a: running, not restarting*"])


def test_a_process_is_found_by_what_it_is_called():
    tree = run(two_crashes).tree()
    assert tree.find("c").pid == terms.Pid(89)
    assert tree.find(terms.Pid(87)).name == "sub"
    assert tree.find("nobody") is None
