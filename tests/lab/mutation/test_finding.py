"""Which mutants there are of a file: each kind, what it is replaced by, and what is left alone."""

from __future__ import annotations

import ast
import textwrap

import pytest

from erlsim.lab.mutation.finding import find_mutants
from erlsim.lab.mutation.finding.own import WrongList
from erlsim.lab.mutation.finding.sources import Unreadable
from erlsim.lab.mutation.telling.equivalence import same_program


@pytest.fixture
def found(tmp_path):
    """The mutants of a text, of one kind or of all."""

    def find(text, *kinds, **others):
        for name, content in {"code": text, **others}.items():
            (tmp_path / f"{name}.py").write_text(textwrap.dedent(content))
        own = tmp_path / "mutants.toml"
        return find_mutants([tmp_path], tmp_path, kinds, own if own.exists() else None)

    return find


def words(finds):
    return [each.what for each in finds.mutants]


FLAGS = """
    def init(args):
        return ("ok", ({"strategy": "one_for_all", "intensity": 1, "period": 5, "auto_shutdown": "never"}, []))
"""


def test_a_strategy_is_replaced_by_each_other_one(found):
    assert words(found(FLAGS, "strategy")) == ["one_for_all -> one_for_one", "one_for_all -> rest_for_one"]


def test_an_intensity_is_one_more_and_one_less_a_period_twice_and_half(found):
    assert words(found(FLAGS, "intensity")) == ["1 -> 2", "1 -> 0"]
    assert words(found(FLAGS, "period")) == ["5 -> 10", "5 -> 2"]


def test_an_intensity_of_zero_is_not_made_negative(found):
    assert words(found('FLAGS = {"strategy": "one_for_one", "intensity": 0}', "intensity")) == ["0 -> 1"]


def test_auto_shutdown_is_each_other_word(found):
    assert words(found(FLAGS, "auto_shutdown")) == ["never -> any_significant", "never -> all_significant"]


def test_flags_may_be_a_tuple_and_a_name_stands_for_its_constant(found):
    finds = found(
        'MOST = 3\n\ndef init(args):\n    return ("ok", (("one_for_one", MOST, 10), []))\n', "intensity", "period"
    )
    assert [(each.line, each.what) for each in finds.mutants] == [
        (1, "3 -> 4"), (1, "3 -> 2"), (4, "10 -> 20"), (4, "10 -> 5"),
    ]  # fmt: skip


def test_what_is_computed_is_told_and_not_changed(found):
    finds = found('def init(n):\n    return {"strategy": "one_for_one", "intensity": n + 1}\n', "intensity")
    assert finds.mutants == []
    assert [str(each) for each in finds.unread] == ["code.py:2 intensity: n + 1 is computed"]


CHILDREN = """
    def init(args):
        children = [
            {"id": "a", "start": ("a", "start_link", []), "restart": "transient", "shutdown": 100},
            ("b", ("b", "start_link", []), "permanent", "brutal_kill", "worker", ["b"]),
            {"id": "c", "start": ("c", "start_link", []), "significant": True},
        ]
        return ("ok", ({"strategy": "one_for_one"}, children))
"""


def test_a_restart_type_is_each_other_one_also_where_it_is_only_the_default(found):
    assert words(found(CHILDREN, "restart")) == [
        '"a" transient -> permanent',
        '"a" transient -> temporary',
        '"b" permanent -> transient',
        '"b" permanent -> temporary',
        '"c" permanent (by default) -> transient',
        '"c" permanent (by default) -> temporary',
    ]


def test_a_shutdown_time_is_none_twice_and_half(found):
    assert words(found(CHILDREN, "shutdown")) == [
        '"a" 100 -> brutal_kill',
        '"a" 100 -> 200',
        '"a" 100 -> 50',
        '"b" brutal_kill -> 5000',
    ]


def test_neighbours_change_places_and_a_child_loses_its_significance(found):
    assert words(found(CHILDREN, "significant")) == ['"c" True -> False']
    first, second = found(CHILDREN, "order").mutants
    assert first.text.index('("b", (') < first.text.index('"id": "a"') < first.text.index('"id": "c"')
    assert second.text.index('"id": "a"') < second.text.index('"id": "c"') < second.text.index('("b", (')


def test_children_that_functions_specify_change_places_too(found):
    text = """
        def spec(id):
            return {"id": id, "start": (id, "start_link", [])}

        def init(args):
            return ("ok", ({"strategy": "one_for_one"}, [spec("a"), spec("b")]))
    """
    assert words(found(text, "order")) == ['spec("a") after spec("b")']


DIRECTED = """
    SPEC = {"id": 1, "start": ("m", "f"), "plan": ["restart", ("restart", 100), "wait"], "count": 2}
"""


def test_each_element_of_a_plan_is_another_one_is_missing_and_changes_places(found):
    assert words(found(DIRECTED, "plan")) == [
        'element 1: "restart" -> "delete"',
        "without element 1",
        'element 2: ("restart", 100) -> "restart"',
        'element 2: ("restart", 100) -> ("restart", 200)',
        'element 2: ("restart", 100) -> ("restart", 50)',
        "without element 2",
        'element 3: "wait" -> "restart"',
        "without element 3",
        '"restart" after ("restart", 100)',
        '("restart", 100) after "wait"',
    ]
    assert words(found(DIRECTED, "count")) == ["2 -> 3", "2 -> 1"]
    assert words(found(DIRECTED, "restart")) == []


def test_a_child_in_the_code_of_a_director_has_no_restart_type(found):
    text = """
        class Boss:
            async def start_link():
                return await director.start_link("boss", [])

            def init(args):
                return ("ok", [{"id": 1, "start": ("m", "f")}])
    """
    assert words(found(text, "restart")) == []


CONDUCT = """
    def init(args):
        erlang.process_flag("trap_exit", True)
        ref = erlang.monitor("process", args)
        erlang.demonitor(ref, ["flush"])
        erlang.link(args)
        pid = erlang.spawn_link(work)
        return ("ok", ref)

    def handle_call(request, from_, state):
        try:
            return ("stop", "normal", "bye", state)
        except erlsim.Exit:
            raise

    def handle_info(message, state):
        return ("stop", message, state)
"""


def test_links_monitors_and_trapped_exits_are_left_out(found):
    finds = found(CONDUCT, "trap_exit", "link", "monitor")
    changed = [
        next(line for line in each.diff.splitlines()[3:] if line.startswith("+")).strip("+ ") for each in finds.mutants
    ]
    assert changed == [
        'erlang.process_flag("trap_exit", False)',
        "True",
        "pid = erlang.spawn(work)",
        "ref = erlang.make_ref()",
        "True",
    ]


def test_exits_are_swallowed_and_handlers_catch_nothing(found):
    assert words(found(CONDUCT, "exit")) == [
        'no ("stop", "normal", "bye", state)',
        "erlsim.Exit is not caught",
        "no raise",
        'no ("stop", message, state)',
    ]


def test_times_are_followed_through_the_users_own_functions_and_constants(found):
    client = """
        from code import ask

        WAIT = 500

        async def use(server):
            await ask(server, WAIT)
            await erlang.receive(("x",), after=30)
    """
    finds = found(
        "async def ask(server, patience):\n    return await gen_server.call(server, 'x', patience)\n", client=client
    )
    assert [(each.place, each.what) for each in finds.mutants] == [
        ("client.py:4", "500 -> 1000"),
        ("client.py:4", "500 -> 250"),
        ("client.py:8", "30 -> 60"),
        ("client.py:8", "30 -> 15"),
    ]
    [(source, lines), *_] = finds.mutants[0].uses
    assert (source.name, lines) == ("client.py", (7, 7))


def test_every_mutant_is_python_and_differs_in_one_place(found):
    for finds in (found(FLAGS), found(CHILDREN), found(DIRECTED), found(CONDUCT)):
        for mutant in finds.mutants:
            ast.parse(mutant.text)
            hunks = [line for line in mutant.diff.splitlines() if line.startswith("@@")]
            assert len(hunks) == 1, mutant


def test_text_that_is_not_ascii_does_not_shift_the_places(found):
    [more, _] = found(
        'X = {"strategy": "one_for_one", "note": 1}\nY = {"ä": 1}; F = ("one_for_one", 2, 3)  # ö\n', "intensity"
    ).mutants
    assert more.text.splitlines()[1] == 'Y = {"ä": 1}; F = ("one_for_one", 3, 3)  # ö'


def test_tests_and_hidden_folders_are_left_alone(tmp_path):
    for name in ("tests/helper.py", "test_code.py", ".venv/code.py", "conftest.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(textwrap.dedent(FLAGS))
    assert find_mutants([tmp_path], tmp_path).files == 0


def test_the_kinds_that_there_is_nothing_of_are_told(found):
    assert found(FLAGS, "strategy", "plan").nothing_of == ["plan"]


def test_a_file_that_is_no_python_is_told(found):
    with pytest.raises(Unreadable, match=r"code\.py is no Python"):
        found("def (:\n")


# ---- a list of one's own -------------------------------------------------------------


def test_a_mistake_of_ones_own_is_a_mutant_with_its_reason(found, tmp_path):
    (tmp_path / "mutants.toml").write_text(
        '[[mutant]]\nfile = "code.py"\nold = "return 1"\nnew = "return 2"\nwhy = "too many"\n'
    )
    [mutant] = found("def one():\n    return 1\n", "own").mutants
    assert (str(mutant), mutant.lines) == ("code.py:2 own: return 1 - too many", (2, 2))


def test_a_mistake_that_is_systematic_too_is_one_mutant_of_both_kinds(found, tmp_path):
    (tmp_path / "mutants.toml").write_text(
        """[[mutant]]\nfile = "code.py"\nold = '"intensity": 1'\nnew = '"intensity": 2'\nwhy = "too late"\n"""
    )
    [mutant] = found(FLAGS, "own").mutants
    assert str(mutant) == "code.py:3 intensity: 1 -> 2 - too late"


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('file = "nowhere.py"\nold = "a"', "no file 'nowhere.py' is looked at"),
        ('file = "code.py"\nold = "absent"', "has 0 times 'absent', and not once"),
        ('file = "code.py"\nold = "a"\nwhat = "b"', "has 'what'"),
        ('old = "a"', "says no file or nothing to replace"),
    ],
)
def test_a_list_that_does_not_fit_is_refused(found, tmp_path, entry, complaint):
    (tmp_path / "mutants.toml").write_text(f"[[mutant]]\n{entry}\n")
    with pytest.raises(WrongList, match=complaint):
        found("x = 1\n")


# ---- the same program in other words ---------------------------------------------------


def reasons(finds):
    return [same_program(each) for each in finds.mutants]


def test_with_an_intensity_of_zero_every_period_is_the_same(found):
    text = 'X = {"strategy": "one_for_one", "intensity": 0, "period": 10}'
    assert all("first restart is one too many" in each for each in reasons(found(text, "period")))
    assert not any(reasons(found(text.replace("0,", "1,"), "period")))


def test_behind_delete_a_plan_is_never_run(found):
    text = 'X = {"id": 1, "start": ("m", "f"), "plan": ["restart", "delete", ("restart", 100)], "count": 2}'
    finds = found(text, "plan")
    behind = {each.what for each in finds.mutants if "never runs" in same_program(each)}
    assert behind == {
        'element 3: ("restart", 100) -> "restart"',
        'element 3: ("restart", 100) -> ("restart", 200)',
        'element 3: ("restart", 100) -> ("restart", 50)',
        "without element 3",
    }
    assert all("never comes to its end" in each for each in reasons(found(text, "count")))


def test_a_tracker_does_not_look_at_restart_types(found):
    text = """
        def spec(name):
            return (name, ("m", "f", [name]), "temporary", 200, "worker", ["m"])

        def find(name):
            return gen_tracker.find_or_open("gates", spec(name))
    """
    assert all("forgets a dead child" in each for each in reasons(found(text, "restart")))
    assert not any(reasons(found(text.replace("gen_tracker.find_or_open", "supervisor.start_child"), "restart")))


def test_what_is_compiled_to_the_same_is_the_same(found, tmp_path):
    (tmp_path / "mutants.toml").write_text('[[mutant]]\nfile = "code.py"\nold = "1000"\nnew = "1_000"\n')
    assert reasons(found("x = 1000\n", "own")) == ["both are compiled to the same code"]
