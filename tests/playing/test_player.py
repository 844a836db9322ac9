"""The player: moving about in a run, repeating it up to an event, and going on from there differently."""

from __future__ import annotations

from random import Random

import pytest

import erlsim
from erlsim import ErlsimError, erlang, timer
from erlsim.otp import gen_server
from tests.trace.programs import child, ping_pong, subtree, top, two_crashes


async def two_workers(wait=300):
    """A supervisor with two workers, and a call of each at the end; returns what they answer."""
    await top([child("a"), child("b")], intensity=5)
    await timer.sleep(wait)
    return [await gen_server.call(name, "get") for name in ("a", "b")]


def begins_the_same(one, other, events):
    return [str(each) for each in one][:events] == [str(each) for each in other][:events]


def number_of(player, kind, text=""):
    """The event, as a player counts, of a kind whose text has `text` in it: the first."""
    return next(n for n, event in enumerate(player.trace, 1) if event.kind == kind and text in str(event))


# ---- moving -------------------------------------------------------------------------------------------


def test_a_player_is_at_the_start_of_a_run_that_is_complete():
    player = erlsim.player(two_workers)
    assert (player.event, player.time) == (0, 0)
    assert player.value == ["a", "b"]
    assert player.trace.text() == erlsim.player(two_workers).trace.text()
    assert player.last is None and "before the first event" in repr(player)


def test_it_steps_forth_and_back_and_shows_what_has_happened():
    player = erlsim.player(two_workers)
    assert player.step().event == 1 and str(player.last) == str(player.trace[0])
    assert player.step(5).event == 6
    assert player.back(2).event == 4
    assert player.tree() == player.trace.at(3).tree
    assert player.step(10**6).event == len(player.trace)
    assert player.rewind().event == 0 and player.back().event == 0


def test_a_turn_ends_where_another_process_runs():
    player = erlsim.player(two_workers)
    player.turn()
    before, after = player.trace[player.event - 1], player.trace[player.event]
    assert (before.pid, before.time) != (after.pid, after.time)


def test_a_millisecond_passes_whether_anything_happens_in_it_or_not():
    player = erlsim.player(two_workers)
    player.advance(0)
    events = player.event
    player.advance()
    assert (player.time, player.event) == (1, events)
    assert player.advance(299).time == 300
    assert player.event > events


def test_it_jumps_to_crashes_and_restarts():
    player = erlsim.player(two_crashes)
    kinds = []
    for _ in range(4):
        player.to_crash()
        kinds.append((player.last.kind, player.time))
    assert kinds == [("exit", 100), ("child", 100), ("exit", 400), ("child", 400)]


def test_it_follows_one_process():
    player = erlsim.player(two_workers)
    assert player.follow("a").last.pid == player.follow("a").last.pid
    assert player.last.pid == next(e.pid for e in player.trace if e.kind == "register" and e.data[0] == "a")


def test_there_is_no_position_outside_of_the_run():
    player = erlsim.player(two_workers)
    with pytest.raises(ErlsimError, match=r"there is no event -1: the run has \d+"):
        player.goto(-1)
    with pytest.raises(ErlsimError, match="not back: advance\\(-1\\)"):
        player.advance(-1)


# ---- doing --------------------------------------------------------------------------------------------


def test_a_kill_lets_the_run_go_on_differently_from_that_event_on():
    player = erlsim.player(two_workers)
    before = list(player.trace)
    number = number_of(player, "receive", "{ack") + 6
    player.goto(number).kill("a")
    assert begins_the_same(before, player.trace, number)
    assert player.event == number
    assert [str(e).split()[2] for e in player.trace][number] == "exit_signal"
    assert player.sim.tree() == ("top", [("a", 1), "b"])
    assert player.value == ["a", "b"]


def test_what_is_done_is_done_at_that_event_and_by_the_shell():
    player = erlsim.player(two_workers)
    number = number_of(player, "register", "b")
    player.goto(number).kill("a")
    signal = player.trace[number]
    assert signal.kind == "exit_signal" and signal.pid == player.trace[0].pid
    assert player.trace[number - 1].kind == "register"


def test_an_exit_has_its_reason_and_a_message_comes_in():
    player = erlsim.player(two_workers)
    player.goto(len(player.trace) - 12).exit("b", "odd")
    assert any(e.kind == "exit" and e.data[0] == "odd" for e in player.trace)
    player = erlsim.player(ping_pong)
    end = len(player.trace)
    pong = next(e.pid for e in player.trace if e.kind == "label" and e.data[0] == "pong")
    player.goto(number_of(player, "receive", "pong")).send(pong, ("ping", pong))
    assert sum("{ping," in str(e) for e in player.trace) > 2
    assert len(player.trace) > end


def test_a_suspended_process_answers_no_more_until_it_is_resumed():
    player = erlsim.player(two_workers)
    player.goto(number_of(player, "register", "b")).step(4).suspend("a")
    assert isinstance(player.error, erlsim.Exit) and "timeout" in str(player.error)
    with pytest.raises(erlsim.Exit):
        _ = player.value
    player.advance(200).resume("a")
    assert player.value == ["a", "b"]


def test_time_advances_before_something_is_done():
    player = erlsim.player(two_workers)
    player.advance(120).kill("a")
    killed = next(e for e in player.trace if e.kind == "exit")
    assert killed.time == 120 and player.time == 120
    assert "player.advance(120)" in player.code


def test_time_that_the_run_has_not_is_added_at_its_end():
    async def ticks():
        async def clock():
            while True:
                await timer.sleep(10)

        erlang.spawn(clock)
        await timer.sleep(25)

    player = erlsim.player(ticks)
    assert player.sim.now == 25
    player.goto(len(player.trace)).advance(100)
    assert player.sim.now == player.time >= 100


def test_what_is_done_can_be_taken_back():
    player = erlsim.player(two_workers)
    before = player.trace.text()
    player.goto(25).kill("a").kill("b")
    assert len(player.acts) == 2
    player.undo().undo()
    assert player.trace.text() == before
    with pytest.raises(ErlsimError, match="nothing was done"):
        player.undo()


def test_what_was_done_later_is_forgotten_when_something_is_done_earlier():
    player = erlsim.player(two_workers)
    player.goto(32).kill("a")
    player.goto(28).kill("b")
    assert [act.event for act in player.acts] == [28]


def test_processes_are_meant_by_pid_text_name_or_child_id():
    async def main():
        await top([child("w") | {"id": ("c", 1)}])
        await timer.sleep(100)

    for who in ("w", ("c", 1), "<0.86.0>"):
        player = erlsim.player(main)
        player.advance(50).kill(who)
        assert player.sim.tree() == ("top", [(("c", 1), 1)]), who
    player = erlsim.player(main)
    with player.sim:
        pid = erlang.whereis("w")
    assert player.advance(50).kill(pid).sim.tree() == ("top", [(("c", 1), 1)])


def test_the_code_that_it_shows_does_the_same():
    player = erlsim.player(two_workers, 200)
    player.goto(30).kill("a")
    player.advance(50).send("b", "hello")
    player.step(3)
    names = {"erlsim": erlsim, "two_workers": two_workers}
    exec(player.code, names)
    assert names["player"].trace.text() == player.trace.text()
    assert (names["player"].event, names["player"].time) == (player.event, player.time)
    assert player.code.splitlines()[:3] == [
        "player = erlsim.player(two_workers, 200)",
        "player.goto(30)",
        "player.kill('a')",
    ]


# ---- repeating ----------------------------------------------------------------------------------------


class Dice:
    """A chooser that remembers nothing: what it draws next is never what it has drawn."""

    def __init__(self, seed):
        self.random = Random(seed)

    def choose(self, kind, options):
        return self.random.randrange(len(options))


@pytest.mark.parametrize("seed", range(5))
def test_the_schedule_is_repeated_up_to_the_event_whoever_chooses(seed):
    async def crowd():
        async def one(number):
            erlang.send("collector", number)

        erlang.register("collector", erlang.self())
        for number in range(6):
            erlang.spawn(one, [number])
        return [await erlang.receive() for _ in range(5)]

    player = erlsim.player(crowd, chooser=Dice(seed))
    before = list(player.trace)
    last = max(n for n, e in enumerate(before, 1) if e.kind == "spawn")
    player.goto(last)
    dead = [e.pid for e in before[:last] if e.kind == "exit"]
    alive = [e.data[0] for e in before[:last] if e.kind == "spawn" and e.data[0] not in dead]
    player.kill(alive[-1])
    assert begins_the_same(before, player.trace, last)
    assert player.trace[last].kind == "exit_signal"


def test_a_simulation_gives_a_player_of_what_has_run_in_it():
    sim = erlsim.Simulation(start_time=None, first_pid=200)
    sim.run(two_workers, 100)
    player = sim.player()
    assert player.trace.text() == sim.trace.text()
    assert player.goto(30).kill("a").sim.tree() == ("top", [("a", 1), "b"])


def test_a_program_that_is_not_the_same_each_time_is_refused():
    runs = []

    async def main():
        runs.append(1)
        erlang.send(erlang.self(), ("run", len(runs)))
        await timer.sleep(1)
        erlang.spawn(lambda: None)

    player = erlsim.player(main)
    player.goto(2)
    with pytest.raises(
        ErlsimError, match=r"the program does not do the same each time: event 1 was\n.*run,1.*\n.*\n.*run,2"
    ):
        player.send("<0.85.0>", "x")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: erlsim.player(42), "give it a function, not 42"),
        (lambda: erlsim.player(two_workers, preempt=True), "needs a trace"),
        (lambda: erlsim.player(two_workers, trace=False), "needs a trace"),
        (lambda: erlsim.Simulation().player(), "here it was none"),
        (lambda: erlsim.player(two_workers).kill("a"), "before the first event"),
        (lambda: erlsim.player(two_workers).goto(30).kill("aa"), "aa is no living process then; there are top, a, b"),
        (lambda: erlsim.player(two_workers).goto(30).kill("<0.83.0>"), "is the shell"),
    ],
)
def test_what_cannot_be_done_says_why(make, words):
    with pytest.raises(ErlsimError, match=words):
        make()


def test_what_fails_leaves_the_player_as_it_was():
    player = erlsim.player(two_workers).goto(30)
    before = player.trace.text()
    with pytest.raises(ErlsimError):
        player.kill("nobody")
    assert player.trace.text() == before and player.acts == () and player.event == 30


def test_a_program_that_fails_can_be_looked_at_as_well():
    async def main():
        erlang.spawn(lambda: None)
        await timer.sleep(5)
        erlang.error("oops")

    player = erlsim.player(main)
    assert "has raised" in repr(player) and player.step(3).event == 3


def test_a_restart_that_fails_too_often_is_seen_in_the_tree():
    async def main():
        erlang.process_flag("trap_exit", True)
        await top([subtree("sub", [child("a")], intensity=1)], intensity=0)
        await timer.sleep(100)

    player = erlsim.player(main)
    number = number_of(player, "register", "a") + 8
    player.goto(number).kill("a")
    player.goto(len(player.trace) - 1)
    player.kill("a")
    assert not any(n.name == "sub" for n in player.sim.tree().nodes)
