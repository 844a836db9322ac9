"""The page of director's divergences: every section has a test. Departures are marked in the sources, too."""

import re
from pathlib import Path

import pytest

import director
import erlsim
from director import checks, table_order
from director.defaults import NOTHING
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
        "table_order.py",
        "upgrade.py",
    ]


def children(*ids):
    return [checks.childspec({"id": id_, "start": ("m", "f")}, NOTHING) for id_ in ids]


def test_last_words_list_the_children_as_otps_table_would():
    # As `ets:tab2list/1` of OTP 25 has them, asked once.
    asked = [5, 6, 10, 1, 9, 2, 8, 4, 7, 3]
    assert [child.id for child in table_order.in_table_order(children(*range(1, 11)))] == asked
    assert [c.id for c in table_order.in_table_order(children("a", "b", b"bin", 5))] == [5, b"bin", "b", "a"]
    slots = {(): 114, (1,): 14, (1, 2): 254, (b"bin", 2): 173, -1: 4, 1000000: 74, b"hello world, longer": 120}
    for term, slot in slots.items():
        assert table_order._top(term) % 256 == slot


def test_children_are_ended_before_the_last_words():
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
