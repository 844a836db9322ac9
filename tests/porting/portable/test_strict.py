"""Strict mode: what a run shows that does not port, and that the run is otherwise as it was."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

import erlsim
from erlsim import ErlsimError, NotPortable
from erlsim.porting.portable import rules
from tests.declared import nothing_declared
from tests.porting.portable.kit import PRELUDE, marked, places

RULES = list(rules().values())
ROOT = Path(__file__).parents[3]


def watched(module, **options):
    """The findings of a run of a program's main."""
    sim = erlsim.Simulation(strict=True, **options)
    try:
        sim.run(module.main)
    except NotPortable as found:
        assert found.findings == sim.findings
    return sim.findings


@pytest.mark.parametrize("rule", [rule for rule in RULES if "strict" in rule.by], ids=lambda rule: rule.name)
def test_strict_mode_finds_what_is_not_portable_by_the_rules_name_in_its_line(rule, loaded):
    text = PRELUDE + rule.wrong
    assert places(watched(loaded(text))) == [(line, rule.name) for line in marked(text)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_strict_mode_finds_nothing_in_a_portable_form(rule, loaded):
    assert watched(loaded(PRELUDE + rule.right)) == []


SEEN = {
    "a message of a timer": ("erlang.send_after(5, erlang.self(), ('late', None))", "none_term"),
    "a message deep inside": ("erlang.send(erlang.self(), [{'a': (1, {2})}])", "set_term"),
    "a key of a map": ("erlang.send(erlang.self(), {None: 1})", "none_term"),
    "a message by itself": ("erlang.send(erlang.self(), None)", "none_term"),
    "a row of a table": ("ets.insert(ets.new('t', []), ('key', frozenset()))", "set_term"),
    "rows of a table": ("ets.insert_new(ets.new('t', []), [('key', None)])", "none_term"),
    "the dictionary of a process": ("erlang.put('key', [object()])", "object_term"),
    "the reason of a signal": ("erlang.exit(erlang.spawn(lambda: None), ('gone', None))", "none_term"),
    "a cast": ("gen_server.cast('nobody', {'set': {1}})", "set_term"),
}


@pytest.mark.parametrize(("statement", "rule"), SEEN.values(), ids=SEEN)
def test_what_is_no_term_is_seen_in(statement, rule, loaded):
    text = f"{PRELUDE}def main():\n    {statement}\n"
    (found,) = watched(loaded(text))
    assert (found.line, found.code, found.column) == (text.count("\n"), rule, 5)


def test_what_is_no_term_is_seen_in_the_reason_that_a_process_ends_with(loaded):
    text = f"""{PRELUDE}
def gone():
    erlang.exit(("gone", None))  # <-

async def main():
    pid, ref = erlang.spawn_monitor(gone)
    await erlang.receive(("DOWN", ref, ..., ..., ...))
"""
    assert places(watched(loaded(text))) == [(marked(text)[0], "none_term")]


def test_what_is_no_term_is_seen_in_the_state_of_a_server_at_the_return_that_gives_it(loaded):
    text = f"""{PRELUDE}
@erlsim.module
class Example:
    def init(arg):
        return ("ok", arg)

    async def handle_call(request, from_, state):
        kept = dict.fromkeys([request])
        match request:
            case "keep":
                return ("reply", "ok", kept)  # <-
            case "stop":
                return ("stop", "normal", "ok", state)

async def main():
    _, pid = await gen_server.start_link(Example, 0, [])
    return await gen_server.call(pid, "keep")
"""
    assert places(watched(loaded(text))) == [(marked(text)[0], "none_term")]


CHANGED = {
    "sent": """
async def main():
    items = [1]
    erlang.send(erlang.self(), items)
    items.append(2)  # <-
""",
    "sent, seen when the process ends": """
def body(items):
    erlang.send("main", items)
    items[0] = 5  # <-

async def main():
    erlang.register("main", erlang.self())
    erlang.spawn(lambda: body([1]))
    await timer.sleep(1)
""",
    "stored": """
def main():
    table = ets.new("t", [])
    row = ("key", {"a": 1})
    ets.insert(table, row)
    row[1].update({"b": 1})  # <-
""",
    "received": """
async def main():
    erlang.send(erlang.self(), ["a"])
    items = await erlang.receive()
    items.reverse()
    items += ["b"]
    del items[0]  # <-
""".replace('    items.reverse()\n    items += ["b"]\n', ""),
    "given to a callback in a map": """
@erlsim.module
class Example:
    def init(arg):
        return ("ok", arg)

    def handle_cast(request, state):
        state["seen"][request] = True  # <-
        return ("noreply", state)

async def main():
    _, pid = await gen_server.start_link(Example, {"seen": {}}, [])
    gen_server.cast(pid, "a")
    await timer.sleep(1)
""",
}


@pytest.mark.parametrize("text", CHANGED.values(), ids=CHANGED)
def test_a_change_in_place_is_seen_of_what_was(text, loaded):
    text = PRELUDE + text
    assert places(watched(loaded(text))) == [(line, "mutation") for line in marked(text)]


def test_what_is_made_anew_is_no_change(loaded):
    text = """
async def main():
    items = [1]
    erlang.send(erlang.self(), items)
    items = [*items, 2]
    erlang.send(erlang.self(), items)
    return items
"""
    assert watched(loaded(PRELUDE + text)) == []


TAKEN = {
    "in a process": """
async def echo():
    match await erlang.receive():
        case ("ok", n):  # <-
            return n

async def main():
    erlang.send(erlang.spawn(echo), ["ok", 1])
    await timer.sleep(1)
""",
    "by the shell": """
async def main():
    erlang.send(erlang.self(), ("ok", ["a", 1]))
    match await erlang.receive():
        case ("ok", ("a", n)):  # <-
            return n
""",
    "of a call": """
@erlsim.module
class Example:
    def init(arg):
        return ("ok", arg)

    def handle_call(request, from_, state):
        return ("reply", ["ok", 1], state)

async def client():
    match await gen_server.call("example", "get"):
        case ("ok", n):  # <-
            return n

async def main():
    await gen_server.start_link(("local", "example"), Example, 0, [])
    erlang.spawn(client)
    await timer.sleep(1)
""",
    "in the case of a case": """
@erlsim.module
class Example:
    def init(arg):
        return ("ok", arg)

    def handle_cast(request, state):
        match (request, state):
            case ("no", _):
                return ("noreply", state)
            case (tuple(("pair", inner)), 0) if inner != "no":
                match inner:
                    case [1, _]:  # <-
                        return ("noreply", state)

async def main():
    _, pid = await gen_server.start_link(Example, 0, [])
    gen_server.cast(pid, ("pair", (1, 2)))
    await timer.sleep(1)
""",
}


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_a_match_that_takes_the_wrong_sequence_is_seen(text, loaded):
    text = PRELUDE + text
    assert places(watched(loaded(text))) == [(line, "match_takes_list") for line in marked(text)]


@pytest.mark.parametrize(
    ("pattern", "sent", "taken"),
    [
        ("1", "1", False),
        ("1", "1.0", True),
        ("1", "True", True),
        ("0.0", "0", True),
        ("int()", "True", True),
        ("int()", "5", False),
        ("True", "1", False),
        ("('n', 1)", "('n', True)", True),
        ("tuple(('n', _))", "('n', True)", False),
        ("list([_, *_])", "['n']", False),
        ("{'n': 1}", "{'n': 1.0}", True),
        ("1 | 'one'", "'one'", False),
        ("n if n == 1", "1.0", False),
    ],
)
def test_what_a_pattern_takes_is_compared_as_erlang_would(pattern, sent, taken, loaded):
    text = f"""{PRELUDE}
async def main():
    erlang.send(erlang.self(), {sent})
    match await erlang.receive():
        case {pattern}:
            return 1
        case _:
            return 2
"""
    found = [each.code for each in watched(loaded(text))]
    assert found == (["match_takes_number"] if taken else [])


def test_run_ends_in_an_exception_that_lists_the_findings_and_has_the_value(loaded):
    main = loaded(f"{PRELUDE}def main():\n    erlang.put('a', None)\n    return 5\n").main
    with pytest.raises(
        NotPortable, match=r"portable_program.py:7:5: none_term: In the process dictionary: None is"
    ) as found:
        erlsim.run(main, strict=True)
    assert found.value.value == 5
    assert erlsim.run(main) == 5


def test_findings_are_told_once_by_run_and_kept():
    sim = erlsim.Simulation(strict=True)
    with pytest.raises(NotPortable):
        sim.run(lambda: erlsim.erlang.put("a", None))
    sim.run(lambda: erlsim.erlang.put("b", 1))
    assert [each.code for each in sim.findings] == ["none_term"]
    assert erlsim.Simulation().findings == []


def test_rules_can_be_named_and_a_comment_turns_one_off(loaded):
    text = f"{PRELUDE}def main():\n    erlang.put('a', (None, {{1}}))\n"
    main = loaded(text).main
    for wanted, expected in ((True, 2), (["set_term"], 1), ("none_term", 1), (["mutation"], 0)):
        sim = erlsim.Simulation(strict=wanted)
        if expected:
            with pytest.raises(NotPortable):
                sim.run(main)
        else:
            sim.run(main)
        assert len(sim.findings) == expected
    found = watched(loaded(text.rstrip() + "  # portable: ignore[none_term]\n", "portable_waived"))
    assert [each.code for each in found] == ["set_term"]
    with pytest.raises(ErlsimError, match="there is no rule 'all'"):
        erlsim.Simulation(strict=["all"])


@pytest.mark.parametrize("name", ["five_minutes", "first_plan", "counter"])
def test_a_run_is_the_same_with_and_without_it(name, capsys):
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "examples" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    runs = []
    with nothing_declared():
        spec.loader.exec_module(module)
        for strict in (False, True):
            sim = erlsim.Simulation(strict=strict)
            sim.run(module.main)
            runs.append(([str(event) for event in sim.trace][:5000], sim.now, capsys.readouterr().out))
    assert runs[0] == runs[1]


def test_it_is_there_under_preemption_too(loaded):
    text = f"{PRELUDE}async def main():\n    erlang.spawn(lambda: erlang.put('a', None))\n    await timer.sleep(1)\n"
    assert [each.code for each in watched(loaded(text), preempt=True)] == ["none_term"]
