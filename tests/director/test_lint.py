"""What lint finds: the documentation's warnings on its own childspecs, and nothing on sound ones."""

import pytest

import director
from erlsim import erlang
from erlsim.terms import format as io_format
from tests.director.support import run, run_plain, spec

START = {"id": "foo", "start": ("bar", "baz")}
TAIL = ["wait", ("restart", 20000), "restart"]


def codes(default=None, notes=False, **values):
    more = () if default is None else (default,)
    return [(found.code, found.position) for found in director.lint({**START, **values}, *more, notes=notes)]


def test_a_restart_at_once_for_ever_is_found():
    assert codes(plan=["restart"], count="infinity") == [("restart_spins", 1)]


def test_elements_behind_delete_are_found():
    plan = ["restart", "restart", "delete", "wait", "wait", ("restart", 4000)]
    assert codes(plan=plan, count="infinity") == [("unreachable", 4), ("unreachable", 5), ("unreachable", 6)]


def test_elements_behind_stop_are_found():
    plan = ["restart", "restart", "stop", *TAIL]
    assert codes(plan=plan, count="infinity") == [("unreachable", 4), ("unreachable", 5), ("unreachable", 6)]
    assert codes(plan=[("stop", "enough"), "wait"]) == [("unreachable", 2)]


def test_a_count_of_zero_is_found():
    assert codes(plan=["restart"], count=0) == [("count_zero", None)]


def test_an_empty_plan_is_found():
    assert codes(plan=[], count="infinity") == [("empty_plan", None)]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"plan": ["restart", ("restart", 5000), "delete"]},
        {"plan": ["wait"], "count": 1, "terminate_timeout": 2000},
        {"plan": ["restart"]},
        {"plan": ["restart"], "count": 500},
        {"plan": [("restart", 5000)], "count": "infinity"},
        {"plan": ["wait"], "count": "infinity"},
    ],
)
def test_nothing_is_found_in_a_sound_childspec(values):
    assert codes(**values) == []


def test_a_function_is_trusted():
    assert codes(plan=["restart", lambda reason, count: "delete"], count=9) == []


def test_a_restart_at_once_among_others_for_ever_is_found():
    assert codes(plan=["restart", ("restart", 9)], count="infinity") == [("restart_at_once", 1)]


def test_a_childspec_that_is_refused_is_quoted():
    (found,) = director.lint({**START, "count": -1})
    assert (found.code, found.level) == ("invalid", "warning")
    assert "count_range_or_type" in found.sentence


def test_a_key_that_means_nothing_is_found():
    (found,) = director.lint({**START, "restart": "permanent"})
    assert found.code == "unknown_key"
    assert "restart" in found.sentence


def test_a_child_that_appends_is_looked_at_with_its_default():
    default = {"plan": ["delete"], "start": ("bar", "baz")}
    assert codes(default, append=True, plan=["restart"]) == [("unreachable", 2)]


def test_notes_tell_when_the_director_must_stop():
    assert codes(notes=True, plan=["restart", "wait"], count=3) == [("stops_at_crash", None)]
    (found,) = director.lint({**START, "plan": ["restart", "wait"], "count": 3}, notes=True)
    assert "crash 7" in found.sentence
    assert codes(notes=True, plan=["restart", "stop"]) == [("stops_at_crash", 2)]


def test_notes_tell_of_a_count_that_never_matters():
    assert ("count_unused", None) in codes(notes=True, plan=["restart", "delete"], count=7)


def test_what_notes_predict_is_what_happens():
    child = {**START, "plan": ["restart", "wait"], "count": 3}
    crashes = [(10, "oops")] * 9
    line = director.timeline({**child, "plan": ["restart", ("restart", 5)]}, crashes)
    assert (line.exit, len(line.rows)) == ("reached_max_restart_plan", 7)


def test_while_linting_every_childspec_that_a_director_takes_is_looked_at():
    async def main(pid):
        await director.start_child(pid, spec("b", plan=["restart"], count="infinity"))

    with director.linting() as found:
        run(main, spec("a", plan=[]))
    assert [(id_, finding.code) for id_, finding in found] == [("a", "empty_plan"), ("b", "restart_spins")]
    with director.linting() as nothing:
        run(main)
    assert [id_ for id_, _ in nothing] == ["b"]


def test_a_finding_reads_as_a_sentence_with_its_place():
    (found,) = director.lint({**START, "plan": ["delete", "wait"]})
    assert str(found) == "unreachable (element 2): Nothing behind delete (element 1) can ever run."
    (found,) = director.lint({**START, "plan": ["wait", ("restart", 5), ("stop", "enough"), "delete"]})
    assert str(found) == "unreachable (element 4): Nothing behind {stop,enough} (element 3) can ever run."


@pytest.mark.parametrize(
    ("plan", "count", "crash"), [(["restart"], 3, 4), (["restart", "wait"], 2, 5), (["wait"], 1, 2)]
)
def test_the_crash_behind_the_last_run_of_the_plan_stops_the_director(plan, count, crash):
    (note,) = director.lint({**START, "plan": plan, "count": count}, notes=True)
    assert (note.code, note.sentence) == ("stops_at_crash", f"The director stops at the latest at crash {crash}.")


def test_an_empty_default_is_one_that_gives_nothing():
    nothing = {"type": "worker", "plan": [], "count": 0, "terminate_timeout": 0, "modules": []}
    for default in (None, {}, nothing):
        assert ("appends_nothing", None) in codes(default, notes=True, append=True)
    for key, value in {"start": ("m", "f"), "plan": ["wait"], "count": 1, "modules": ["m"]}.items():
        assert ("appends_nothing", None) not in codes({**nothing, key: value}, notes=True, append=True)


def test_every_restart_at_once_for_ever_is_found_whatever_stands_between():
    plan = [("restart", 9), "restart", "wait", "restart"]
    assert codes(plan=plan, count="infinity") == [("restart_at_once", 2), ("restart_at_once", 4)]
    assert codes(plan=["restart", "restart"], count="infinity") == [("restart_spins", 1), ("restart_spins", 2)]


def test_with_a_count_of_zero_nothing_else_of_the_plan_matters():
    assert codes(plan=["delete", "wait"], count=0) == [("count_zero", None)]


@pytest.mark.parametrize(
    ("values", "crash"),
    [
        *(
            ({"plan": [element], "count": 0}, 1)
            for element in ("restart", "delete", "stop", lambda reason, count: "wait")
        ),
        ({"plan": []}, 1),
        ({"plan": ["stop"], "count": "infinity"}, 1),
        ({"plan": ["wait", "wait", ("stop", "x")], "count": 1}, 3),
        ({"plan": ["wait"], "count": "infinity"}, None),
        ({"plan": ["delete"]}, None),
        ({"plan": [lambda reason, count: "wait"], "count": 3}, None),
        ({"plan": ["wait", lambda reason, count: "wait", "stop"]}, None),
        ({"plan": ["wait", "delete", "stop"]}, None),
    ],
)
def test_at_which_crash_a_director_must_stop_is_noted_if_it_must(values, crash):
    notes = [
        found.sentence for found in director.lint({**START, **values}, notes=True) if found.code == "stops_at_crash"
    ]
    assert notes == ([] if crash is None else [f"The director stops at the latest at crash {crash}."])


@pytest.mark.parametrize(
    ("values", "noted"),
    [
        ({"count": 0}, False),
        ({"count": 1}, False),
        ({"count": 2}, True),
        ({"count": "infinity"}, True),
        ({}, False),
        ({"plan": ["wait"], "count": 2}, False),
    ],
)
def test_a_count_that_is_given_and_never_matters_is_noted(values, noted):
    assert (("count_unused", None) in codes(notes=True, **{"plan": ["delete"], **values})) is noted


@pytest.mark.parametrize("key", ["restart", 1, True, b"plan", ("plan", 1), "plans", "i"])
def test_any_key_that_means_nothing_is_found(key):
    (found,) = director.lint({**START, key: 1})
    assert found.sentence == io_format("The key ~p means nothing to a director.", [key])


def test_while_linting_a_finding_is_told_once_and_what_is_no_childspec_stands_for_itself():
    async def main():
        erlang.process_flag("trap_exit", True)
        for childspecs in (["nonsense"], [{"start": ("m", "f")}], [spec("a", plan=[])]):
            await director.start_link("dt_foo", ("ok", childspecs))
        await director.start_link("dt_foo", ("ok", [spec("a", plan=[]), spec("b", plan=["delete"])]))

    for notes, more in ((False, []), (True, [("a", "stops_at_crash")])):
        with director.linting(notes) as found:
            run_plain(main)
        told = [("nonsense", "invalid"), ("undefined", "invalid"), ("a", "empty_plan"), *more]
        assert [(id_, finding.code) for id_, finding in found] == told


def test_linting_inside_linting_ends_alone():
    async def main(pid):
        pass

    with director.linting() as outer:
        with director.linting() as inner:
            run(main, spec("a", plan=[]))
        run(main, spec("b", plan=[]))
    assert ([id_ for id_, _ in outer], [id_ for id_, _ in inner]) == (["a", "b"], ["a"])
