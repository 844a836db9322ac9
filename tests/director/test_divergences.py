"""The page of director's divergences: every section has a test. Departures are marked in the sources, too."""

import re
from pathlib import Path

import pytest

import director
import erlsim
from erlsim import erlang
from tests.director.support import crash, ended, spec

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "director-divergences.md").read_text(encoding="utf-8")
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))


@pytest.mark.parametrize("section", re.split(r"^### ", PAGE, flags=re.M)[1:], ids=lambda text: text.split("\n")[0])
def test_every_section_names_a_test_that_is_there(section):
    named = re.findall(r"`(test_\w+)`", section)
    assert named
    for name in named:
        assert f"def {name}(" in SOURCES, name


def test_departures_are_marked_where_they_are_made():
    marked = [
        path.name for path in sorted((ROOT / "director").glob("*.py")) if "DIVERGES(director)" in path.read_text()
    ]
    assert marked == [
        "children.py",
        "reporting.py",
        "server.py",
        "supervision.py",
        "upgrade.py",
    ]


def test_the_final_message_lists_the_children_as_otps_table_would():
    sim = erlsim.Simulation(trace=False)

    async def main():
        _, pid = await director.start_link("dt_foo", ("ok", [spec(id_) for id_ in ("a", "b", b"bin", 5)]))
        await director.stop(pid)

    sim.run(main)
    (words,) = [text for text in map(sim.reports.text, sim.reports.events) if "** Children ==" in text]
    assert re.findall(r"{id,(.*?)}", words) == ["5", '<<"bin">>', "b", "a"]


def test_children_are_ended_before_the_final_message():
    sim = erlsim.Simulation(trace=False)

    async def main():
        erlang.process_flag("trap_exit", True)
        stubborn = spec("a", args=[{"trap": True, "last": ("exit", "late")}])
        _, pid = await director.start_link("dt_foo", ("ok", [stubborn, spec("b", plan=[("stop", "enough")])]))
        await crash(pid, id_="b")
        await ended(pid)

    sim.run(main)
    texts = [sim.reports.text(event) for event in sim.reports.events]
    (shutdown,) = [n for n, text in enumerate(texts) if "shutdown_error" in text]
    (last,) = [n for n, text in enumerate(texts) if "** Director" in text]
    assert shutdown < last
