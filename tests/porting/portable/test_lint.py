"""What the lint knows of a value, where it looks, and what turns a rule off."""

from __future__ import annotations

from pathlib import Path

import pytest

from erlsim import ErlsimError
from erlsim.porting.portable import check
from tests.porting.portable.kit import PRELUDE, marked

DOCS = Path(__file__).parents[3] / "docs"


def codes(text, **options):
    """The rules that a program breaks."""
    return [each.code for each in check(PRELUDE + text, **options)]


@pytest.mark.parametrize(
    "body",
    [
        "def f(x: list[Term]):\n    return len(x)",
        "def f(x: tuple[int, Term]):\n    return x[1]",
        "def f(x: int, y: int):\n    return x == y",
        "def f(x: Term):\n    return x == 'up'",
        "def f(x: Term):\n    return x == ('up', 'down')",
        "def f(x: bool):\n    return 1 if x else 2",
        "def f(x: Term):\n    if type(x) is list:\n        return len(x)\n    return 0",
        "def f(x: Term):\n    if not isinstance(x, list):\n        return 0\n    return len(x)",
        "def f(x: Term):\n    return isinstance(x, list) and len(x) > 0",
        "def f(x: Term):\n    return type(x) is not list or len(x) == 0",
        "def f(x: Term):\n    match x:\n        case list() as items:\n            return len(items)",
        "def f(x: Term):\n    return x in ('up', 'down')",
        "def f(x: Term, n: int):\n    return erlang.self() == x",
        "def f(n: int):\n    return n if n > 1 else -n",
        "State = tuple[list[int], int]\n\ndef f(state: State):\n    queue, n = state\n    return len(queue) + n",
        "def f(x: Term = None):\n    return x is None",
        "def f(pairs: list[tuple[str, int]]):\n    return [name for name, n in pairs if n == 1]",
        "def f(text: Term):\n    return terms.format('~p is not there', [text])",
        "def f(what):\n    return len(what)",
    ],
)
def test_what_hints_tests_and_patterns_say_of_a_value_is_believed(body):
    assert codes(body, notes=True) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("def f(x: Term):\n    return len(x)", "length"),
        ("def f():\n    return len('abc')", "length"),
        ("async def f():\n    return len(await erlang.receive())", "length"),
        ("async def f(pid):\n    return (await gen_server.call(pid, 'get'))[0]", "element"),
        ("def f(x: list[int]):\n    return x[-1]", "element"),
        ("def f(x: list[int]):\n    return x[1:]", "element"),
        ("def g(y):\n    return len(y)\n\nasync def f():\n    return g(await erlang.receive())", "length"),
        ("def f(x: Term, y: Term):\n    return (x, 1) == (y, 1)", "equality"),
        ("def f(x: Term):\n    return not x", "truth"),
        ("def f(x: Term):\n    return [1 for each in [1] if x]", "truth"),
        ("def f(x: int | None):\n    return 1 if x else 2", "truth"),
        ("def f(x: list[Term]):\n    return max(x)", "order"),
        ("def f(x: Term):\n    return 'a' in x", "membership"),
        ("def f(x: str):\n    return 'a' in x", "atom_as_text"),
        ("def f(x: str):\n    return x.upper()", "atom_as_text"),
        ("def f(x: list[int]):\n    x += [1]", "mutation"),
        ("def f(x: dict[str, int]):\n    x['a'] = 1", "mutation"),
        ("def f(x: dict[str, int]):\n    del x['a']", "mutation"),
        ("def f():\n    rows = []\n    rows.append(1)\n    return rows", "mutation"),
        ("ROWS = []\n\ndef f():\n    ROWS.append(1)", "global_state"),
        ("from collections import deque\n\nQ = set()\n\ndef f():\n    Q.add(1)", "global_state"),
        ("def f(pid):\n    erlang.exit(pid, None)", "none_term"),
        ("def f():\n    raise erlsim.Exit(None)", "none_term"),
        ("def f(n):\n    ets.insert('t', ('key', 'a%s' % n))", "made_atom"),
        ("def f(n: int):\n    ets.insert('t', ('key', str(n)))", "made_atom"),
        ("def f(xs):\n    kept = (x for x in xs)\n    return list(kept)", "generator"),
        ("def f(xs):\n    return map(f, xs)", "generator"),
        ("def f():\n    try:\n        return 1\n    except KeyError:\n        return 2", "python_exception"),
        ("def f():\n    try:\n        return 1\n    except:\n        return 2", "python_exception"),
        ("class Full(Exception):\n    pass", "python_exception"),
        ("from dataclasses import dataclass\n\n@dataclass\nclass Row:\n    name: str", "object_state"),
        ("def f(**options):\n    return options", "star_arguments"),
        ("async def f(future):\n    return await future", "kept_coroutine"),
        ("import anyio\n\nasync def f():\n    async with anyio.open() as x:\n        return x", "foreign_await"),
    ],
)
def test_a_construct_is_found(body, code):
    assert code in codes(body)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        # A variable of the loop: the process sees the last.
        ("def f():\n    for n in [1, 2]:\n        erlang.spawn(lambda: g(n))", 1),
        # Set anew after the fun has been made.
        ("def f():\n    n = 1\n    erlang.spawn(lambda: g(n))\n    n = 2\n    return n", 1),
        # Changed in place by one of them.
        ("def f():\n    rows = []\n    erlang.spawn(lambda: rows.append(1))\n    return rows", 1),
        # Copied, as a fun of Erlang's copies it.
        ("def f():\n    n = 1\n    erlang.spawn(lambda: g(n))", 0),
        ("def f(n):\n    for each in [1, 2]:\n        erlang.spawn(g, [each, n])", 0),
        ("def f(me):\n    def body():\n        n = g(me)\n        return n\n    erlang.spawn(body)", 0),
    ],
)
def test_a_closure_is_found_if_a_process_would_see_a_variable_change(body, count):
    assert codes(body, select=["shared_closure"]) == ["shared_closure"] * count


def test_patterns_of_a_tuple_and_of_a_list_for_one_value_are_found_without_being_asked_for_notes():
    text = """
def f(x: Term):
    match x:
        case ("ok", n):
            return n
        case ["ok", n]:  # <-
            return -n
        case [first, *rest]:
            return first
"""
    found = check(PRELUDE + text)
    assert [(each.line, each.code) for each in found] == [(marked(PRELUDE + text)[0], "match_takes_list")]


def test_a_pattern_of_a_tuple_for_what_is_a_list_is_found():
    assert codes("def f(x: list[int]):\n    match x:\n        case (a, b):\n            return a") == [
        "match_takes_list"
    ]


@pytest.mark.parametrize(
    "subject",
    ["terms.matchable(x)", "await erlang.receive(('ok', ...))", "('ok', x)"],
)
def test_what_can_be_no_list_gets_no_note(subject):
    text = f"async def f(x: Term):\n    match {subject}:\n        case ('ok', n):\n            return n"
    assert codes(text, notes=True) == []


def test_what_drives_a_simulation_is_not_looked_at():
    driver = "def f():\n    kept = []\n    kept.append(1)\n    return erlsim.run(lambda: kept)\n"
    test = "def test_it():\n    kept = []\n    kept.append(1)\n"
    top = "print(len([]))\nROWS = {1}\n"
    assert codes(driver + test + top) == []


def test_a_comment_turns_rules_off_in_its_line_or_in_the_line_below():
    text = "def f():\n    erlang.put('a', None){0}\n    {1}\n    erlang.put('a b', None)\n"
    assert codes(text.format("", "")) == ["none_term", "text_atom", "none_term"]
    assert codes(text.format("  # portable: ignore[none_term]", "")) == ["text_atom", "none_term"]
    assert codes(text.format("  # portable: ignore", "")) == ["text_atom", "none_term"]
    assert codes(text.format("", "# portable: ignore[text_atom]")) == ["none_term", "none_term"]
    assert codes(text.format("", "# portable: ignore[text_atom, none_term]")) == ["none_term"]
    assert codes(text.format("  # portable: ignore[text_atom]", "")) == ["none_term", "text_atom", "none_term"]


def test_columns_count_characters():
    (found,) = check(PRELUDE + "def f():\n    return erlang.put('größe', None)\n")
    assert found.column == 32


def test_a_rule_that_is_none_is_refused():
    with pytest.raises(ErlsimError, match="there is no rule 'mutations'; did you mean 'mutation'"):
        check("x = 1\n", ignore=["mutations"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("five_minutes.py", []),
        ("counter.py", ["print", "text_atom"]),
        ("first_plan.py", ["none_term", "none_term", "print"]),
        ("gen_tracker_streams.py", ["print"] * 7),
    ],
)
def test_in_the_examples_of_the_documentation_nothing_is_found_that_ports(name, expected):
    assert [each.code for each in check(DOCS / "examples" / name)] == expected
