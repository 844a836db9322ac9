"""Traces in files: JSON lines and back, and Chrome's trace event format."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given

import erlsim
from erlsim import ErlsimError, erlang, terms, timer
from erlsim.terms import Bits, Improper, Pid, Ref
from erlsim.trace import Trace
from erlsim.trace.tagged import decode, encode
from tests.terms import strategies
from tests.trace.programs import ping_pong, run, two_crashes


@strategies.checked
@given(strategies.terms)
def test_a_term_comes_back_from_json_as_it_went(term):
    back = decode(json.loads(json.dumps(encode(term))))
    assert terms.exact_eq(back, term)
    assert type(back) is type(term)


@pytest.mark.parametrize(
    "term",
    [
        "",
        "ätöm",
        "\ud800",
        True,
        10**40,
        -0.0,
        1e300,
        b"\x00\xff",
        (),
        [],
        {},
        (("a", [b"", {1: 2.0}]),),
        Improper(("alias",), Ref(2**40)),
        Bits(b"\xa0", 3),
        Pid(70_000),
        terms.make_map([(1, "one"), (1.0, "float"), (True, "atom"), ([], "list")]),
        {"b": 1, "a": 2},
    ],
)
def test_odd_terms_come_back_too(term):
    back = decode(json.loads(json.dumps(encode(term))))
    assert terms.exact_eq(back, term)
    assert terms.format("~tp", [back]) == terms.format("~tp", [term])


class Thing:
    pass


@pytest.mark.parametrize("value", [lambda x, y: x, Thing(), Thing, terms, erlang.spawn, [Thing(), len]])
def test_what_is_no_term_comes_back_as_something_that_prints_the_same(value):
    back = decode(json.loads(json.dumps(encode(value))))
    assert terms.format("~tp", [back]) == terms.format("~tp", [value])
    assert encode(back) == encode(value)


def test_a_fun_that_was_read_cannot_be_called():
    with pytest.raises(ErlsimError, match="was read from a trace"):
        decode(encode(lambda: 1))()


@pytest.mark.parametrize("tree", [None, {"x": 1}, {"a": "b", "t": []}, "text", 1.5])
def test_what_is_no_tagged_term_is_refused(tree):
    with pytest.raises(ErlsimError, match="not a tagged term"):
        decode(tree)


@pytest.mark.parametrize("program", [two_crashes, ping_pong])
def test_a_trace_read_back_gives_the_same_pictures_and_the_same_file(program):
    trace = run(program).trace
    text = trace.to_jsonl()
    back = Trace.from_jsonl(text)
    assert back.to_jsonl() == text
    assert list(back) == list(trace)
    assert back.text() == trace.text()
    assert back.now == trace.now
    assert back.sequence() == trace.sequence()
    assert back.timeline() == trace.timeline()
    assert back.at(10).tree == trace.at(10).tree
    assert back.to_chrome() == trace.to_chrome()


def test_a_trace_is_read_from_a_path_as_well(tmp_path):
    trace = run(ping_pong).trace
    path = tmp_path / "run.jsonl"
    path.write_text(trace.to_jsonl(), encoding="utf-8")
    assert Trace.from_jsonl(path).text() == trace.text()


def test_the_lines_are_documented_json():
    lines = run(ping_pong).trace.to_jsonl().splitlines()
    assert lines[:3] == [
        '{"erlsim":"trace","version":1,"now":100,"present":[[83,"shell",null],[84,"system","user"]]}',
        '[0,"spawn",83,{"pid":85},{"t":[{"a":"erlang"},{"a":"apply"},2]}]',
        '[0,"label",85,{"a":"pong"}]',
    ]


HEAD = '{"erlsim":"trace","version":1,"now":9,"present":[]}\n'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "this is no trace"),
        ("hello\n", "line 1 of the trace is not JSON"),
        ('{"erlsim":"trace","version":9}\n', "version 9; this erlsim reads version 1"),
        ('{"erlsim":"trace","version":1,"now":0,"present":[]}\n[1]\n', r"line 2 of the trace is no event: \[1\]"),
        ('{"erlsim":"trace","version":1,"now":0,"present":[]}\n[1,"dance",83]\n', "line 2 .* 'dance' with 0 values"),
        (
            '{"erlsim":"trace","version":1,"now":1e308,"present":[]}\n',
            "the trace ends at 1e[+]308 ms, which is not between",
        ),
        ('{"erlsim":"trace","version":1,"now":-1,"present":[]}\n', "the trace ends at -1 ms, which is not between"),
        (
            HEAD + '[5,"register",83,{"a":"a"}]\n[4,"register",83,{"a":"b"}]\n',
            "line 3 .* of 4 ms, after 5 ms and before 9 ms",
        ),
        (HEAD + '[65536,"register",83,{"a":"a"}]\n', "line 2 .* of 65536 ms, after 0 ms and before 9 ms"),
        (HEAD + '[5,"monitor",83,{"a":"a"},{"ref":1}]\n', "line 2 of the trace: monitor of 'a'"),
        (HEAD + '[5,"arrive",83,{"a":"a"},null,1000000000]\n', "line 2 of the trace: arrive of 1000000000"),
    ],
)
def test_a_file_that_is_no_trace_is_refused_with_the_line(text, complaint):
    with pytest.raises(ErlsimError, match=complaint):
        Trace.from_jsonl(text)


# ---- Chrome's format ----------------------------------------------------------------------------------


def events(trace, **wanted):
    found = json.loads(trace.to_chrome())["traceEvents"]
    return [each for each in found if all(each.get(name) == value for name, value in wanted.items())]


def test_every_process_is_a_thread_with_a_name():
    names = [each["args"]["name"] for each in events(run(two_crashes).trace, ph="M", name="thread_name")]
    assert names[0] == "shell <0.83.0>"
    assert "top <0.85.0>" in names
    assert names.count("a <0.86.0>") == 1


def test_a_life_is_a_slice_from_birth_to_death():
    lives = {each["tid"]: each for each in events(run(two_crashes).trace, cat="life")}
    assert lives[86]["args"] == {"reason": "killed"}
    assert 100_000 < lives[86]["ts"] + lives[86]["dur"] < 101_000
    assert lives[85]["ts"] + lives[85]["dur"] == 501_000


def test_all_that_a_process_does_lies_inside_its_life():
    trace = run(two_crashes).trace
    lives = {each["tid"]: each for each in events(trace, cat="life")}
    for each in events(trace, ph="X"):
        life = lives[each["tid"]]
        assert life["ts"] <= each["ts"] and each["ts"] + each["dur"] <= life["ts"] + life["dur"]


def test_a_flow_leads_from_each_message_to_its_receipt():
    trace = run(ping_pong).trace
    starts, ends = events(trace, ph="s"), events(trace, ph="f")
    assert [each["id"] for each in starts] == [each["id"] for each in ends]
    assert len(starts) == 3
    assert all(one["ts"] < other["ts"] for one, other in zip(starts, ends, strict=True))
    assert (starts[-1]["tid"], ends[-1]["tid"]) == (83, 87)


def test_the_events_of_one_instant_keep_their_order():
    async def main():
        for number in range(2_000):
            erlang.send(erlang.self(), number)
            await erlang.receive()
        await timer.sleep(1)
        erlang.send(erlang.self(), "later")

    stamps = [each["ts"] for each in events(run(main).trace, cat="send")]
    assert stamps == sorted(set(stamps))
    assert stamps[-2] < 1_000 <= stamps[-1]


# ---- deep, large and hostile ---------------------------------------------------------


def _nested(levels, shape):
    term = "end"
    for _ in range(levels):
        term = shape(term)
    return term


SHAPES = [
    lambda inner: (1, inner),
    lambda inner: [inner],
    lambda inner: {"k": inner, 2: 3},
    lambda inner: Improper((inner, "b"), "c"),
    lambda inner: terms.make_map([(1, "one"), (1.0, inner)]),
]


@pytest.mark.parametrize("shape", SHAPES, ids=["tuples", "lists", "maps", "improper", "term maps"])
@pytest.mark.parametrize("levels", [99, 102, 5_000])
def test_deep_terms_are_written_and_read(levels, shape):
    def main():
        erlang.send(erlang.self(), _nested(levels, shape))

    sim = erlsim.Simulation()
    sim.run(main)
    text = sim.trace.to_jsonl()
    again = Trace.from_jsonl(text)
    assert again.to_jsonl() == text
    assert terms.exact_eq(again[-1].data[1], sim.trace[-1].data[1])


def test_deep_terms_are_drawn_and_cut():
    async def main():
        for levels in (10, 20_000):
            erlang.send(erlang.self(), _nested(levels, SHAPES[0]))
            await erlang.receive(after=10)
        erlang.spawn(lambda: erlang.exit(_nested(20_000, SHAPES[0])))
        await erlang.receive(after=10)

    sim = erlsim.Simulation()
    sim.run(main)
    trace = Trace.from_jsonl(sim.trace.to_jsonl())
    for each in (sim.trace, trace):
        pictures = (each.sequence(), each.timeline(), each.at(len(each) - 1).tree)
        for picture in pictures:
            assert all(len(line) < 2_000 for line in picture.text().splitlines())
            assert all(len(line) < 2_000 for line in picture.mermaid().splitlines())
            assert len(picture.svg()) < 60_000
        assert len(each.to_chrome()) < 60_000


@pytest.mark.parametrize("number", [10**1000 - 1, 10**1000, -(10**5000), 10**5000], ids=range(4))
def test_integers_of_any_size_are_written_and_read(number):
    sim = erlsim.Simulation()
    sim.run(lambda: erlang.send(erlang.self(), number))
    assert Trace.from_jsonl(sim.trace.to_jsonl())[-1].data[1] == number


HEAD = '{"erlsim":"trace","version":1,"now":0,"present":[[80,"shell",null]]}\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"erlsim":"trace","version":1,"now":0}', "who was there before"),
        ('{"erlsim":"trace","version":1,"present":[]}', "does not say when it ends"),
        ('{"erlsim":"trace","version":1,"now":0,"present":[["x"]]}', r"stands \['x'\] and not"),
        ('{"erlsim":"trace","version":1,"now":NaN,"present":[]}', "NaN is no number"),
        (HEAD + "[" * 500, "line 2 of the trace nests deeper than 400 levels"),
        (HEAD + '[0,"send","x",{"pid":80},1]', "line 2 of the trace is no event"),
        (HEAD + '[0,["send"],80,{"pid":80},1]', "line 2 of the trace is no event"),
        (HEAD + '[0,"send",80,{"pid":"x"},1]', "not a tagged term"),
        (HEAD + '[0,"send",80,{"a":"not a pid"},1]', "line 2 of the trace: send of 'not a pid'"),
        (HEAD + '[0,"receive",80,{"f":"x"}]', "not a tagged term"),
        (HEAD + '[0,"receive",80,{"b":"\\u65e5"}]', "not a tagged term"),
        (HEAD + '[0,"receive",80,{"deep":[1,{"t":5}]}]', "not a tagged term"),
        (HEAD + '[0,"receive",80,{"deep":[]}]', "not a tagged term"),
        (HEAD + '[0,"receive",80,{"n":"0xg"}]', "not a tagged term"),
        (HEAD + '[0,"receive",80,' + "1" * 5000 + "]", "line 2 of the trace is not JSON"),
        (HEAD + '[0,"receive",80,1.5]', "not a tagged term"),
    ],
)
def test_what_is_no_trace_is_refused_with_its_line(text, says):
    with pytest.raises(ErlsimError, match=says) as caught:
        Trace.from_jsonl(text)
    assert len(str(caught.value)) < 500


def test_a_trace_is_made_for_perfetto_in_little_memory():
    trace = Trace()
    pid = terms.Pid(80)
    for number in range(5_000):
        trace.record((number // 100, "send", pid, pid, ("message", number)))
    trace.begin([(pid, "shell", None)], lambda: 200)
    tracemalloc.start()
    size = len(trace.to_chrome())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The rows, the text of each event, and all of it: two thousand million bytes for a million events at most.
    assert peak < 5 * size < 2_000 * 5_000
