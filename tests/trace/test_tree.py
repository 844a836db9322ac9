"""Supervision trees: what they show, what they are equal to, how they are drawn."""

from __future__ import annotations

import director
import erlsim
import gen_tracker
from erlsim import erlang, supervision, terms, timer
from erlsim.otp import gen_server, supervisor, supervisor_bridge
from tests.trace.programs import Given, Worker, child, lines, ping_pong, run, top, two_crashes
from tests.trace.xml import parse, words

# ---- what they show ---------------------------------------------------------------------------------


def test_a_tree_shows_ids_pids_behaviours_states_and_restarts():
    assert run(two_crashes).tree().text() == lines("""
        shell <0.83.0>
        └─ top <0.85.0> supervisor one_for_one
           ├─ a <0.91.0> running, 2 restarts
           └─ sub <0.87.0> supervisor one_for_all
              ├─ b <0.88.0> running
              └─ c <0.89.0> running
    """)


def test_links_and_monitors_are_shown_when_they_are_asked_for():
    assert run(ping_pong).tree(links=True, monitors=True).text() == lines("""
        shell <0.83.0>
        │  monitors: late <0.86.0>
        ├─ pong <0.85.0> process
        └─ late <0.86.0> process, not linked
    """)


def test_a_link_beside_the_tree_is_shown_at_both_of_its_ends():
    async def linked():
        await top([child("a"), child("b")])

        async def tie():
            erlang.link(erlang.whereis("a"))
            await erlang.receive()

        erlang.spawn(tie)
        await timer.sleep(1)

    assert run(linked).tree(links=True).text() == lines("""
        shell <0.83.0>
        ├─ top <0.85.0> supervisor one_for_one
        │  ├─ a <0.86.0> running
        │  │     links: tie <0.88.0>
        │  └─ b <0.87.0> running
        └─ tie <0.88.0> process, not linked
              links: a <0.86.0>
    """)


def test_messages_that_nobody_has_taken_are_counted():
    async def main():
        async def deaf():
            await erlang.receive("never")

        pid = erlang.spawn(deaf)
        for each in ("one", "two"):
            erlang.send(pid, each)

    assert run(main).tree().text() == lines("""
        shell <0.83.0>
        └─ deaf <0.85.0> process, 2 messages
    """)


# More than a supervisor makes before it gives way to others.
TRIES = 100


def test_the_states_of_a_supervisors_children_are_told_apart():
    sim = erlsim.Simulation()
    flaky = {"starts": 0}
    seen = []

    async def idle():
        await erlang.receive()

    def start():
        flaky["starts"] += 1
        return ("error", "busy") if 1 < flaky["starts"] < TRIES else ("ok", erlang.spawn_link(idle))

    starts = type("Starts", (), {"flaky": staticmethod(start), "ignore": staticmethod(lambda: "ignore")})

    async def main():
        specs = [
            child("stopped"),
            {"id": "never", "start": (starts, "ignore", [])},
            {"id": "flaky", "start": (starts, "flaky", [])},
        ]
        pid = await top(specs, intensity=TRIES)
        await supervisor.terminate_child(pid, "stopped")
        erlang.exit(sim.tree().find("flaky").pid, "kill")
        while flaky["starts"] < TRIES:
            seen.append(sim.tree().find("flaky").state)
            await erlang.yield_()

    sim.run(main)
    assert list(dict.fromkeys(seen)) == ["running", "exited", "restarting"]
    assert sim.tree() == ("top", [("stopped", "terminated"), ("never", "undefined"), ("flaky", "running", 1)])


def test_a_child_that_has_died_unnoticed_is_shown_as_exited():
    async def main():
        pid = await top([child("a")])
        erlang.suspend_process(pid)
        erlang.exit(erlang.whereis("a"), "kill")
        await timer.sleep(1)

    assert run(main).tree() == ("top", [("a", "exited", 0)])


def test_children_without_ids_are_shown_by_pid_and_keep_their_place_when_restarted():
    async def main():
        arg = ("ok", ({"strategy": "simple_one_for_one"}, [child("any") | {"start": (Worker, "start_nameless", [])}]))
        _, pid = await supervisor.start_link(("local", "pool"), Given, arg)
        for value in (1, 2, 3):
            await supervisor.start_child(pid, [value])
        _, second = sorted(each[1].number for each in await supervisor.which_children(pid))[:2]
        erlang.exit(terms.Pid(second), "kill")
        for each in await supervisor.which_children(pid):
            if each[1].number == second:
                erlang.exit(each[1], "kill")
        await timer.sleep(1)

    tree = run(main).tree()
    assert tree == ("pool", [("undefined", 0), ("undefined", 0), ("undefined", "running", 1)])
    assert tree.text() == lines("""
        shell <0.83.0>
        └─ pool <0.85.0> supervisor simple_one_for_one
           ├─ <0.86.0> running
           ├─ <0.88.0> running
           └─ <0.89.0> running, 1 restart
    """)


def test_a_director_shows_who_is_restarting_and_who_waits():
    async def main():
        specs = [
            child("later") | {"plan": [("restart", 1000)]},
            child("waits") | {"plan": ["wait"]},
            child("stopped"),
            child("runs"),
        ]
        _, pid = await director.start_link(("local", "dir"), Given, ("ok", specs))
        gen_server.cast("later", "oops")
        gen_server.cast("waits", "oops")
        await timer.sleep(1)
        await director.terminate_child(pid, "stopped")

    assert run(main).tree().text() == lines("""
        shell <0.83.0>
        └─ dir <0.85.0> director
           ├─ later restarting
           ├─ waits waiting
           ├─ stopped terminated
           └─ runs <0.89.0> running
    """)


def test_a_tracker_shows_its_children_by_name_and_its_helpers_below_them():
    async def main():
        await gen_tracker.start_link("zone", {"restart": True})
        for name in ("z", "a"):
            spec = (name, (Worker, "start_link", [name]), "permanent")
            await gen_tracker.find_or_open("zone", spec)
        gen_server.cast("a", "oops")
        await timer.sleep(1)

    assert run(main).tree().text() == lines("""
        shell <0.83.0>
        └─ zone <0.85.0> gen_tracker
           ├─ a <0.91.0> running, 1 restart
           ├─ z <0.88.0> running
           ├─ zone_setter <0.86.0> process
           ├─ gen_tracker:-launch_child/2-fun-0-/0 <0.87.0> process
           └─ gen_tracker:-launch_child/2-fun-0-/0 <0.89.0> process
    """)


def test_a_bridge_shows_the_process_that_it_guards():
    class System:
        __erlang_module__ = "system"

        @staticmethod
        def init(arg):
            async def engine():
                await erlang.receive()

            return ("ok", erlang.spawn(engine), arg)

        @staticmethod
        def terminate(reason, state):
            return "ok"

    async def main():
        await supervisor_bridge.start_link(("local", "bridge"), System, 0)

    assert run(main).tree() == ("bridge", [("system", "running")])


def test_whatever_publishes_its_children_is_a_supervisor():
    async def keeper():
        children = [supervision.Child("one", "waiting", 3)]
        supervision.publish(lambda: children, "keeper", "of one")
        await erlang.receive()

    async def main():
        erlang.register("k", erlang.spawn(keeper))
        await timer.sleep(1)

    sim = run(main)
    assert sim.tree().text().splitlines()[1:] == ["└─ k <0.85.0> keeper of one", "   └─ one waiting, 3 restarts"]
    assert sim.tree() == ("k", [("one", "waiting", 3)])


def test_what_a_process_has_published_is_forgotten_when_it_dies():
    async def main():
        pid = await top([child("a")])
        erlang.unlink(pid)
        erlang.exit(pid, "kill")
        await timer.sleep(1)

    sim = run(main)
    assert sim.tree() == []
    assert sim.tree().text() == "shell <0.83.0>"


# ---- that it only looks -------------------------------------------------------------------------------


def test_looking_at_the_tree_moves_nothing_and_leaves_no_trace():
    sim = run(two_crashes)
    before = (len(sim.trace), sim.now, sim.env.peek(), sim.describe())
    sim.tree(links=True, monitors=True)
    assert (len(sim.trace), sim.now, sim.env.peek(), sim.describe()) == before


def test_signals_that_are_on_their_way_stay_there():
    async def main():
        async def idle():
            await erlang.receive()

        pid = erlang.spawn(idle)
        await timer.sleep(1)
        erlang.exit(pid, "kill")

    sim = run(main)
    assert sim.tree() == ("idle", "running")
    sim.run_until_idle()
    assert sim.tree() == []


def test_a_tree_needs_no_trace():
    with_trace, without = run(two_crashes).tree(), run(two_crashes, trace=False).tree()
    assert with_trace == without
    assert with_trace.text() == without.text()


def test_processes_that_have_spawned_one_another_in_a_row_make_a_deep_tree():
    async def link(left):
        if left:
            erlang.spawn(link, [left - 1])
        await erlang.receive("never")

    async def main():
        erlang.spawn(link, [3000])
        await timer.sleep(1)

    sim = run(main)
    assert len(sim.tree().text().splitlines()) == 3002
    assert sim.tree() == sim.tree()


def test_many_children_are_folded_in_pictures_and_all_there_in_comparisons():
    async def main():
        pid = await top([child(f"w{number}") for number in range(50)])
        await supervisor.terminate_child(pid, "w30")

    tree = run(main).tree()
    assert tree.text().splitlines()[-1] == "   └─ … 30 more: 29 running, 1 terminated"
    assert tree == ("top", [(f"w{n}", "terminated" if n == 30 else "running") for n in range(50)])
    assert "… 30 more: 29 running, 1 terminated" in words(parse(tree.svg()))
