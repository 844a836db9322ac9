"""Supervision trees as drawings, and what all pictures can do."""

from __future__ import annotations

import io

from rich.console import Console

from erlsim import erlang, timer
from erlsim.otp import supervisor
from tests.trace.programs import child, lines, ping_pong, run, top, two_crashes
from tests.trace.xml import every, parse, words


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
