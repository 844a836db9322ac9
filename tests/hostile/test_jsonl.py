"""Hostile JSON lines: a text is a trace, which can be drawn then, or it is refused."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

import erlsim
from erlsim import ErlsimError, erlang, timer
from erlsim.trace import Trace
from tests.hostile.kit import attacked


async def _worker(parent):
    erlang.monitor("process", parent)
    erlang.send(parent, ("hello", [1, 2.5, b"x", {"k": erlang.self()}]))
    erlang.register("worker", erlang.self())
    await erlang.receive("stop")


async def _program():
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(_worker, [erlang.self()])
    erlang.start_timer(5, erlang.self(), "tick")
    await timer.sleep(10)
    erlang.exit(pid, "kill")
    await erlang.receive(("EXIT", ..., ...))


def _lines():
    sim = erlsim.Simulation()
    sim.run(_program)
    return sim.trace.to_jsonl().splitlines()


LINES = _lines()
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["a", "f", "b", "n", "t", "m", "i", "s", "pid", "ref", "fun", "py", "deep", "external", "l", "x"]
            ),
            inner,
            max_size=2,
        )
    ),
    max_leaves=6,
)


@attacked
@given(st.data())
def test_a_trace_in_which_something_was_changed_is_read_and_drawn_or_refused(data):
    lines = [json.loads(line) for line in LINES]
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "twice", "swap", "change", "change", "change"])):
            case "drop":
                del lines[place]
            case "twice":
                lines.insert(place, lines[place])
            case "swap":
                lines[place], lines[-1] = lines[-1], lines[place]
            case _ if isinstance(lines[place], list) and lines[place]:
                index = data.draw(st.integers(0, len(lines[place]) - 1))
                lines[place] = [*lines[place][:index], data.draw(values), *lines[place][index + 1 :]]
            case _ if isinstance(lines[place], dict):
                name = data.draw(st.sampled_from(["erlsim", "version", "now", "present"]))
                lines[place] = {**lines[place], name: data.draw(values)}
        if not lines:
            break
    _read_and_draw("\n".join(map(json.dumps, lines)))


@attacked
@given(st.text(max_size=60) | st.lists(values, max_size=4).map(lambda rows: "\n".join(map(json.dumps, rows))))
def test_any_other_text_is_refused_or_read(text):
    _read_and_draw(text)
    _read_and_draw(LINES[0] + "\n" + text)


def _read_and_draw(text):
    try:
        trace = Trace.from_jsonl(text)
    except ErlsimError as error:
        assert len(str(error)) < 1_000
        return
    assert trace.text() is not None
    assert trace.sequence().svg()
    assert trace.timeline().svg()
    assert trace.to_chrome()
    assert trace.at(len(trace) - 1).tree.text()
    assert Trace.from_jsonl(trace.to_jsonl()).to_jsonl() == trace.to_jsonl()
