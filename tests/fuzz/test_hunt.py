"""The hunt finds what is planted, counts no race, and makes what it finds small."""

from __future__ import annotations

from concurrent.futures import Future

from tests.fuzz import differences, draw
from tests.fuzz.hunt import CONFIRMATIONS, Hunt
from tests.fuzz.node import NoAnswer
from tests.fuzz.shrink import Shrinker, is_bound, without


class Fake:
    """Answers as erlsim does, but for what `change(scenario, observed)` makes of that."""

    def __init__(self, change):
        self.change = change
        self.asked = 0

    def ask(self, scenario):
        self.asked += 1
        answer = Future()
        try:
            answer.set_result(self.change(scenario, differences.here(scenario).observed))
        except NoAnswer as exc:
            answer.set_exception(exc)
        return answer


def scenarios(area="process", number=12):
    return [draw.scenario(area, 5, each) for each in range(number)]


def places(scenario, function):
    return [n for n, step in enumerate(differences.observing(scenario)) if step.get("function") == function]


def planted(scenario, observed):
    """An Erlang in which nobody is alive after something has been monitored."""
    watched = places(scenario, "monitor")
    for place in places(scenario, "is_process_alive"):
        if watched and place > watched[0]:
            observed[place] = {"ok": {"a": "planted"}}
    return observed


def test_where_both_answer_alike_nothing_is_found():
    fake = Fake(lambda scenario, observed: observed)
    tally = Hunt(fake, found=lambda found: 1 / 0).run(scenarios())
    assert (tally.scenarios, tally.differences, tally.races) == (12, 0, 0)
    assert fake.asked == 12


def test_a_planted_difference_is_found_and_made_as_small_as_it_can_be():
    found = []
    tally = Hunt(Fake(planted), found.append).run(scenarios())
    assert tally.differences >= 3
    assert {str(each) for each in tally.kinds} == {
        f"erlang:is_process_alive: OTP planted, here {here}" for here in ("true", "false")
    }
    assert [each.kind for each in found] == [*tally.kinds]
    for one in found:
        functions = [step.get("function", step["op"]) for step in one.scenario["steps"]]
        assert functions[-2:] == ["monitor", "is_process_alive"] or functions[0] == "monitor"
        assert len(functions) <= 5, functions
        assert {"ok": {"a": "planted"}} in one.scenario["observed"]
        assert {"ok": {"a": "planted"}} not in one.ours


def test_what_varies_from_run_to_run_is_a_race_and_no_difference():
    runs = iter(range(10_000))

    def vary(scenario, observed):
        return [{"ok": next(runs)}, *observed[1:]]

    tally = Hunt(Fake(vary), found=lambda found: 1 / 0).run(scenarios(number=4))
    assert (tally.races, tally.differences) == (4, 0)


def test_what_is_ever_as_here_is_a_race_and_no_difference():
    count = {}

    def seldom(scenario, observed):
        count[scenario["name"]] = count.get(scenario["name"], 0) + 1
        return observed if count[scenario["name"]] == CONFIRMATIONS else [{"ok": "other"}, *observed[1:]]

    tally = Hunt(Fake(seldom), found=lambda found: 1 / 0).run(scenarios(number=4))
    assert (tally.races, tally.differences) == (4, 0)


def test_a_scenario_without_an_answer_is_counted_as_such():
    def mute(scenario, observed):
        raise NoAnswer("too long")

    tally = Hunt(Fake(mute), found=lambda found: 1 / 0).run(scenarios(number=4))
    assert (tally.silent, tally.scenarios) == (4, 0)


def test_a_hunt_ends_when_its_time_is_up():
    fake = Fake(lambda scenario, observed: observed)
    left = iter([True, True, True, False])
    Hunt(fake).run(scenarios(), lambda: next(left, False))
    assert fake.asked == 3


def test_a_failure_of_the_runner_is_a_difference():
    found = []

    def broken(scenario):
        answer = differences.here(scenario)
        return differences.Answer(answer.observed[:1], "Traceback ...\nTypeError: planted")

    tally = Hunt(Fake(lambda scenario, observed: observed), found.append, broken).run(scenarios(number=2))
    assert tally.differences == 2
    assert "TypeError: planted" in str(found[0].kind)


# ---- shrinking --------------------------------------------------------------------------


def call(function, *args, bind="_"):
    return {"op": "call", "bind": bind, "module": "m", "function": function, "args": list(args)}


def test_a_step_goes_together_with_those_that_use_what_it_bound():
    steps = [call("f", bind="a"), call("g", {"v": "a"}, bind="b"), call("h", [{"t": [{"v": "b"}]}]), call("i")]
    assert is_bound(steps)
    assert without(steps, 0, 1) == [call("i")]
    assert not is_bound(steps[1:])


def test_arguments_lose_all_that_a_difference_does_not_need():
    options = {"m": [[{"a": "k"}, [1, 2, 3, 4, 5]], [{"a": "l"}, 2]]}
    scenario = {"name": "s", "steps": [call("f", {"t": [{"a": "x"}, options]}), call("g", [{"a": "y"}, 7])]}

    def differs(candidate):
        text = str(candidate["steps"])
        return "'f'" in text and "4" in text

    [step] = Shrinker(scenario, differs).run()["steps"]
    assert step == call("f", {"t": [{"a": "x"}, {"m": [[{"a": "k"}, [4]]]}]})


def test_shrinking_gives_up_when_it_has_tried_enough():
    tries = []
    scenario = {"name": "s", "steps": [call("f", number) for number in range(50)]}
    Shrinker(scenario, lambda candidate: tries.append(candidate) is not None, tries=7).run()
    assert len(tries) == 7
