"""What is seen of a scenario, and when two runs differ."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang, ets, timer
from erlsim.lab.mutation.telling.observing import ANSWERS, KEPT, LIVES, Line
from erlsim.lab.mutation.telling.pairs import Pair, Player, compare
from erlsim.lab.mutation.telling.playing import play
from erlsim.lab.mutation.telling.reducing import smaller
from erlsim.otp import gen_server, supervisor

TILL = ["name", "till"]


@erlsim.module
class Shop:
    async def start_link():
        return await supervisor.start_link(("local", "shop"), "shop", [])

    def init(args):
        child = {"start": ("till", "start_link", [])}
        children = [{"id": "till", "shutdown": 100, **child}, {"id": "nameless", "start": ("till", "start_other", [])}]
        return ("ok", ({"strategy": "one_for_one", "intensity": 5, "period": 10}, children))


@erlsim.module
class Till:
    async def start_link():
        return await gen_server.start_link(("local", "till"), "till", [], [])

    async def start_other():
        return await gen_server.start_link("till", [], [])

    def init(args):
        return ("ok", 0)

    def handle_call(request, from_, state):
        return ("reply", ("answer", erlang.self(), erlang.make_ref()), state)


async def load():
    erlang.process_flag("trap_exit", True)
    await Shop.start_link()
    await timer.sleep(20)


def played(*actions, body=load, settle=50):
    with erlsim.Simulation() as sim:
        sim.reports.print = False
        given = [{"after": 0, **each} for each in actions]
        return play(sim, body, {"actions": given, "settle": settle})


def lives(answer):
    return [(time, text) for time, level, text in answer["lines"] if level == LIVES]


def test_processes_are_called_by_their_names_and_places_and_by_how_often_there_was_one():
    answer = played({"do": "kill", "who": TILL, "after": 10})
    assert lives(answer) == [
        (0, "shop starts"),
        (0, "till starts"),
        (0, "nameless of shop starts"),
        (10, "till ends: killed"),
        (10, "till (2) starts"),
    ]
    assert answer["who"] == [["name", "shop"], TILL, ["child", "shop", "nameless"]]


def test_those_without_a_name_are_found_under_their_supervisor():
    answer = played({"do": "kill", "who": ["child", "shop", "nameless"], "after": 10, "times": 2, "gap": 3})
    ends = [time for time, text in lives(answer) if "ends: killed" in text]
    assert ends == [10, 13]


@pytest.mark.parametrize(
    ("action", "ending"),
    [
        ({"do": "crash", "reason": "crashed"}, "till ends: crashed"),
        ({"do": "quit", "reason": "normal"}, "till ends: normal"),
        ({"do": "exit", "reason": "crashed"}, "till ends: crashed"),
        ({"do": "stop", "reason": "shutdown"}, "till ends: shutdown"),
    ],
)
def test_each_way_to_end_is_another_reason(action, ending):
    assert (10, ending) in lives(played({**action, "who": TILL, "after": 10}))


def test_who_is_deaf_ends_when_his_supervisors_patience_does():
    answer = played(
        {"do": "deaf", "who": TILL, "after": 10},
        {"do": "stop", "who": ["name", "shop"], "reason": "normal"},
        settle=200,
    )
    assert (110, "till ends: killed") in lives(answer)


async def asks():
    await load()
    erlang.put("answer", await gen_server.call("till", "ask", 40))


def test_who_is_suspended_answers_nobody_until_he_is_resumed():
    asked = [{"do": "suspend", "who": TILL, "after": 10}]
    [_, ended] = [text for _, _, text in played(*asked, body=asks)["lines"] if text.startswith("the test")][:2]
    assert "fails with Exit" in str(played(*asked, body=asks)["lines"])
    assert "fails" not in str(played(*asked, {"do": "resume", "who": TILL, "after": 20}, body=asks)["lines"])
    assert ended


def test_answers_are_seen_without_pids_and_references():
    texts = [text for _, level, text in played(body=asks)["lines"] if level == ANSWERS]
    assert any(text.startswith("the test gets {") and "{answer,<till>,<ref>}" in text for text in texts), texts


async def keeps():
    ets.new("rows", ["named_table"])
    ets.insert("rows", ("one", erlang.self()))
    erlang.monitor("process", erlang.spawn(lambda: timer.sleep("infinity")))


def test_tables_children_links_and_monitors_are_looked_at_in_the_end():
    lines = played(body=keeps)["lines"]
    assert [each.text for each in lines if "rows" in each.text] == ["table rows has 1 rows: [{one,<the test>}]"]
    lines = played()["lines"]
    assert "shop lists [till <till>, nameless <nameless of shop>]" in [each.text for each in lines]
    assert [each.text for each in lines if each.level == KEPT] == [
        "shop has 3 links, 0 monitors, 0 unread messages",
        "till has 1 links, 0 monitors, 0 unread messages",
        "nameless of shop has 1 links, 0 monitors, 0 unread messages",
    ]


def test_the_experiment_itself_is_not_seen():
    answer = played({"do": "stop", "who": TILL, "after": 10, "reason": "normal"})
    assert not [text for _, text in lives(answer) if "sabotage" in text or "lambda" in text]


# ---- comparing ------------------------------------------------------------------------


def test_the_first_instant_that_differs_is_told_with_what_only_each_side_has():
    ours = [Line(0, LIVES, "a starts"), Line(5, LIVES, "a ends"), Line(5, ANSWERS, "x"), Line(9, LIVES, "b")]
    theirs = [Line(0, LIVES, "a starts"), Line(5, ANSWERS, "x"), Line(5, LIVES, "a falls")]
    found = compare(ours, theirs, ANSWERS)
    assert (found.at, found.level, found.original, found.mutant) == (5, LIVES, ["a ends"], ["a falls"])


def test_the_order_within_an_instant_does_not_count_but_how_often_does():
    first, second = Line(0, LIVES, "a"), Line(0, LIVES, "b")
    assert compare([first, second], [second, first], KEPT) is None
    assert compare([first, first], [first], KEPT).original == ["a"]


def test_what_is_above_the_level_does_not_count():
    assert compare([Line(0, KEPT, "links")], [], ANSWERS) is None
    assert compare([Line(0, KEPT, "links")], [], KEPT).level == KEPT


# ---- two players ------------------------------------------------------------------------


class Told:
    """An agent that has its answers ready, and keeps what it is sent."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sent = []

    def send(self, what):
        self.sent.append(what)

    def answer(self, seconds):
        return self.answers.pop(0) if self.answers else None

    def close(self):
        self.sent.append("closed")


def seen(*texts):
    return {"lines": [[0, LIVES, each] for each in texts]}


def test_what_the_original_has_played_for_one_mutant_it_does_not_play_for_the_next():
    agent, known, scenario = Told(seen("a")), {}, {"test": "t", "actions": []}
    for mutants in (seen("a"), seen("b")):
        pair = Pair(Player(agent), Player(Told(mutants)), known)
        found = pair.difference(scenario, ANSWERS)
    assert (found.original, found.mutant) == (["a"], ["b"])
    assert agent.sent == [{"do": "play"}, scenario]


@pytest.mark.parametrize(("again", "does"), [("a", True), ("a second time", False)])
def test_a_difference_counts_if_both_show_the_same_again(again, does):
    pair = Pair(Player(Told(seen("a"), seen(again))), Player(Told(seen("b"), seen("b"))), {})
    scenario = {"test": "t", "actions": []}
    assert pair.difference(scenario, ANSWERS).original == ["a"]
    assert pair.repeats(scenario) is does


def test_who_does_not_come_back_differs_and_is_not_asked_again():
    agent = Told()
    pair = Pair(Player(Told(seen("a"))), Player(agent), {})
    scenario = {"test": "t", "actions": []}
    assert pair.difference(scenario, ANSWERS).mutant == ["it does not"]
    assert not pair.is_whole
    assert pair.repeats(scenario)
    assert agent.sent == [{"do": "play"}, scenario, "closed"]


# ---- making small -----------------------------------------------------------------------


def deaths(times, after=0):
    return {"do": "kill", "who": TILL, "after": after, "times": times, "gap": 50}


def test_of_a_scenario_nothing_is_left_that_need_not_be_there():
    drawn = ("t", [{"do": "stop", "who": TILL, "after": 500}, deaths(9, 777), deaths(3)])
    shown = []

    def differs(scenario):
        shown.append(scenario)
        return any(each["do"] == "kill" and each["times"] >= 2 for each in scenario[1])

    found = smaller(drawn, differs)
    assert found == ("t", [{**deaths(2), "gap": 1, "after": 1}])
    assert len(shown) < 20


def test_what_cannot_be_made_smaller_stays_as_it_was_drawn():
    drawn = ("t", [deaths(3, 20), deaths(2)])
    assert smaller(drawn, lambda scenario: scenario == drawn) == drawn
