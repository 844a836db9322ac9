"""Supervision trees: what they show, what they are equal to, how they are drawn."""

from __future__ import annotations

import io
import textwrap

import pytest
from rich.console import Console

import director
import erlsim
import gen_tracker
from erlsim import erlang, supervision, terms, timer
from erlsim.otp import gen_server, supervisor, supervisor_bridge
from tests.trace.programs import Given, Worker, child, ping_pong, run, top, two_crashes
from tests.trace.xml import every, parse, words


def lines(text):
    return textwrap.dedent(text).strip("\n")


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


def test_the_states_of_a_supervisors_children_are_told_apart():
    sim = erlsim.Simulation()
    flaky = {"starts": 0}
    seen = []

    async def idle():
        await erlang.receive()

    def start():
        flaky["starts"] += 1
        return ("error", "busy") if 1 < flaky["starts"] < 4 else ("ok", erlang.spawn_link(idle))

    starts = type("Starts", (), {"flaky": staticmethod(start), "ignore": staticmethod(lambda: "ignore")})

    async def main():
        specs = [
            child("stopped"),
            {"id": "never", "start": (starts, "ignore", [])},
            {"id": "flaky", "start": (starts, "flaky", [])},
        ]
        pid = await top(specs, intensity=9)
        await supervisor.terminate_child(pid, "stopped")
        erlang.exit(sim.tree().find("flaky").pid, "kill")
        while flaky["starts"] < 4:
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
           ├─ gen_tracker:launch/4 <0.87.0> process
           └─ gen_tracker:launch/4 <0.89.0> process
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


# ---- comparing ----------------------------------------------------------------------------------------


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


# ---- drawing ------------------------------------------------------------------------------------------


def test_the_svg_has_a_box_for_each_process_joined_to_its_parent():
    root = parse(run(two_crashes).tree().svg())
    assert words(root, "bold") == ["shell", "top", "a", "sub", "b", "c"]
    assert [box.get("data-pid") for box in every(root, "g", "node")] == ["83", "85", "91", "87", "88", "89"]
    assert len(every(root, "path", "edge")) == 5
    assert any("2 restarts" in each for each in words(root, "soft"))


def test_the_svg_marks_states_by_words_and_by_class():
    async def main():
        pid = await top([child("a"), child("b")])
        await supervisor.terminate_child(pid, "a")

    root = parse(run(main).tree().svg())
    dashed = every(root, "rect", "down-line dashed")
    assert len(dashed) == 1
    assert "terminated" in words(root)


def test_the_svg_draws_links_and_monitors_as_curves():
    async def main():
        async def tie():
            erlang.link(erlang.whereis("a"))
            erlang.monitor("process", "a")
            await erlang.receive()

        await top([child("a")])
        erlang.spawn(tie)
        await timer.sleep(1)

    sim = run(main)
    root = parse(sim.tree(links=True, monitors=True).svg())
    assert len(every(root, "path", "link-line dashed")) == 1
    assert len(every(root, "path", "link-line dotted")) == 1
    assert every(parse(sim.tree().svg()), "path", "link-line") == []


def test_ids_with_markup_in_them_do_no_harm():
    async def main():
        await top([child("a") | {"id": "<script>alert(1)</script>&"}])

    tree = run(main).tree()
    assert "'<script>alert(1)</script>&'" in words(parse(tree.svg()), "bold")
    assert "<script>" not in tree.svg()
    assert "<script>" not in tree.mermaid()


def test_mermaid_has_a_flow_chart():
    assert (
        run(ping_pong).tree().mermaid()
        == lines("""
        flowchart LR
          n0["shell<br/>#lt;0.83.0#gt;"]
          n1["pong<br/>#lt;0.85.0#gt; process"]
          class n1 up
          n2["late<br/>#lt;0.86.0#gt; process"]
          class n2 up
          n0 -.- n1
          n0 -.- n2
          classDef up stroke:#2f855a,stroke-width:2px
          classDef restarting stroke:#a86a00,stroke-width:2px
          classDef waiting stroke:#3a67a8,stroke-width:2px
          classDef down stroke:#c0392b,stroke-width:2px
    """)
        + "\n"
    )


def test_every_picture_shows_itself_in_notebooks_and_on_consoles():
    sim = run(two_crashes)
    for picture in (sim.tree(), sim.trace.sequence(), sim.trace.timeline()):
        bundle = picture._repr_mimebundle_()
        assert bundle["text/plain"] == str(picture) == repr(picture) == picture.text()
        assert bundle["image/svg+xml"] == picture._repr_svg_() == picture.svg()
        assert picture.svg() in picture._repr_html_() == bundle["text/html"]
        assert "prefers-color-scheme:dark" in picture.svg()
        console = Console(record=True, width=400, color_system="truecolor", file=io.StringIO())
        console.print(picture)
        assert [line.rstrip() for line in console.export_text(clear=False).rstrip().splitlines()] == [
            line.rstrip() for line in picture.text().splitlines()
        ]
        assert "\x1b[" in console.export_text(styles=True)
