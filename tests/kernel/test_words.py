"""How terms, patterns and processes are put into words where a world is stuck."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang
from erlsim._kernel import here
from erlsim._kernel.links import Monitors
from erlsim._kernel.signals import add_watcher
from erlsim._kernel.words import MOST_CHARACTERS, _asked, _show, circles, describe, the_dead
from erlsim._kernel.world import Monitor
from erlsim.otp import gen_server
from erlsim.terms import Improper, Pid, Ref
from tests.kernel.kit import hang


class Plain:
    pass


class Addressed:
    def __repr__(self):
        return "<it at 0x7f00beef and at 0x1>"


class Callable:
    def __call__(self):
        pass


def _hidden(message):
    return False


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ((), "()"),
        ((1,), "(1,)"),
        ((1, "a"), "(1, 'a')"),
        ([], "[]"),
        ([1], "[1]"),
        ([1, [2, 3], 4], "[1, [2, 3], 4]"),
        ({}, "{}"),
        ({"a": 1}, "{'a': 1}"),
        ({"a": [1], 2: {}}, "{'a': [1], 2: {}}"),
        (Improper((1, 2), "tail"), "[1, 2 | 'tail']"),
        (Improper((1,), (2,)), "[1 | (2,)]"),
        (..., "..."),
        (b"x", "b'x'"),
        (1.5, "1.5"),
        (Pid(85), "<0.85.0>"),
        (int, "int"),
        (Plain, "Plain"),
        (Plain(), "<Plain>"),
        (Callable(), "<Callable>"),
        (Addressed(), "<it and>"),
        (_hidden, "hidden"),
        (Plain.__init__, "__init__"),
        (len, "len"),
        (erlang.is_process_alive, "is_process_alive"),
        (lambda message: True, "lambda of test_words.py:"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_term_is_shown_as_python_s_without_addresses(term, text):
    shown = _show(term)
    if text.startswith("lambda"):
        assert shown.startswith(text) and int(shown.rpartition(":")[2]) > 30
    elif text == "__init__":
        assert shown.endswith("init__")
    else:
        assert shown == text


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_a_text_is_cut_where_nobody_reads_it_any_more(over):
    word = "x" * (MOST_CHARACTERS - 2 + over)
    assert _show(word) == (repr(word) if over <= 0 else repr(word)[:MOST_CHARACTERS] + "...")
    assert _show([word, "y"])[MOST_CHARACTERS:] == "..."
    many = _show(list(range(10_000)))
    assert many == repr(list(range(10_000)))[:MOST_CHARACTERS] + "..."
    mapping = dict.fromkeys(range(10_000), 0)
    assert _show(mapping) == repr(mapping)[:MOST_CHARACTERS] + "..."


def calling(alive=True, tag=None):
    """A process that watches another, with the reference, and the two patterns of a call."""
    caller, callee = (here().table[erlang.spawn(hang).number] for _ in range(2))
    ref = erlang.make_ref()
    monitor = Monitor(ref, caller, callee.pid)
    add_watcher(callee, monitor)
    caller.monitors = Monitors()
    caller.monitors[ref.number] = monitor
    callee.alive = alive
    return caller, callee, ref, ((ref if tag is None else tag, ...), ("DOWN", ref, "process", callee.pid, ...))


def test_who_waits_as_a_call_does_waits_for_the_answer_of_whom_he_watches():
    def main():
        caller, callee, ref, (reply, down) = calling()
        assert _asked(caller, (reply, down)) is callee
        assert _asked(caller, ((Improper(("alias",), ref), ...), down)) is callee
        caller.patterns = (reply, down)
        assert describe(caller) == f"{caller.pid!r} waits for the answer of {callee.pid!r}; mailbox: []"
        other = erlang.make_ref()
        for patterns in (
            (),
            (reply,),
            (reply, down, down),
            (reply, reply),
            (down, reply),
            (reply, "DOWN"),
            ("reply", down),
            ([ref, ...], down),
            ((ref, ..., ...), down),
            ((ref,), down),
            ((ref, "answer"), down),
            ((other, ...), down),
            ((Improper(("alias",), other), ...), down),
            ((ref, ...), ("DOWN", ref, "process", ...)),
            ((ref, ...), ("DOWN", ref, "process", callee.pid, ..., ...)),
            ((ref, ...), ("UP", ref, "process", callee.pid, ...)),
            ((ref, ...), ("ZOWN", ref, "process", callee.pid, ...)),
            ((ref, ...), ("DOWN", other, "process", callee.pid, ...)),
            ((other, ...), ("DOWN", other, "process", callee.pid, ...)),
            ((1, ...), ("DOWN", 1, "process", callee.pid, ...)),
        ):
            assert _asked(caller, patterns) is None, patterns
        dead, _, _, patterns = calling(alive=False)
        assert _asked(dead, patterns) is None
        dead.monitors = None
        assert _asked(dead, patterns) is None

    erlsim.run(main)


def waiting_for(*wants):
    """Processes that wait for one another: the number of whom each waits for, or several."""
    processes = [here().table[erlang.spawn(hang).number] for _ in wants]
    for process, want in zip(processes, wants, strict=True):
        named = [processes[each].pid for each in (want if isinstance(want, tuple) else () if want is None else (want,))]
        process.patterns = tuple((pid, "word") for pid in named) or (("word", int),)
    return processes


def corners(*wants):
    def main():
        processes = waiting_for(*wants)
        number = {f"{process.pid!r}": str(index) for index, process in enumerate(processes)}
        return [
            line.strip().replace("each of these waits for the next, and the last for the first:", "circle")
            if "each" in line
            else line.split()[0] + number[line.split()[1]]
            for line in circles(processes)
        ]

    return erlsim.run(main)


@pytest.mark.parametrize(
    ("wants", "found"),
    [
        ((1, 2, None), []),
        ((None, 0), []),
        ((1, 0), ["circle", "┌─▶0", "└──1"]),
        ((1, 2, 0), ["circle", "┌─▶0", "│1", "└──2"]),
        ((1, 2, 3, 1), ["circle", "┌─▶1", "│2", "└──3"]),
        ((3, 0, 0, 0), ["circle", "┌─▶0", "└──3"]),
        ((1, 0, 3, 2), ["circle", "┌─▶0", "└──1", "circle", "┌─▶2", "└──3"]),
        (((1, 2), 0, 0), []),
        (((1, 1), 0), ["circle", "┌─▶0", "└──1"]),
        ((1, 2, 3, 0), ["circle", "┌─▶0", "│1", "│2", "└──3"]),
        ((0, None), []),
    ],
    ids=str,
)
def test_a_circle_is_of_those_who_wait_for_one_another_and_of_nobody_who_waits_for_them(wants, found):
    assert corners(*wants) == found


def test_a_process_waits_for_the_one_that_its_patterns_name_wherever_they_do():
    def main():
        one, other = (here().table[erlang.spawn(hang).number] for _ in range(2))
        for pattern in (
            other.pid,
            (other.pid, ...),
            ["x", [other.pid]],
            ("x", (1, Improper((1,), other.pid))),
            (one.pid, other.pid),
            (Pid(1), other.pid),
        ):
            one.patterns = (pattern,)
            other.patterns = ((one.pid, ...),)
            assert len(circles([one, other])) == 3, pattern
        for pattern in ({"a": other.pid}, (Ref(7), "x"), "x"):
            one.patterns = (pattern,)
            assert circles([one, other]) == [], pattern

    erlsim.run(main)


def test_the_dead_are_told_of_by_the_names_that_they_had_in_the_order_of_their_pids():
    async def main():
        pids = [erlang.spawn(hang) for _ in range(3)]
        for name, pid in zip(("c", "a", "b"), pids, strict=True):
            erlang.register(name, pid)
            erlang.exit(pid, "kill")
        alive = erlang.spawn(hang)
        erlang.register("d", alive)
        erlang.unregister("d")
        await erlang.receive(after=1)
        text = f"{pids[2]!r} and {pids[0]!r}, {pids[0]!r} again, {alive!r}, <0.999.0>, <1.86.0> and <0.86.1>"
        return the_dead(here(), text)

    assert erlsim.run(main) == ["<0.85.0> was c, and has ended", "<0.87.0> was b, and has ended"]


@erlsim.module(name="words_server")
class Server:
    def init(arg):
        return ("ok", arg)


def test_a_server_is_described_by_its_beginning_and_another_process_by_nothing():
    async def main():
        _, pid = await gen_server.start(Server, 0, [])
        server = here().table[pid.number]
        found = [describe(server)]
        for call in (("m", "f"), ["m", "f", 0], None, ("words", "f", 0)):
            server.dictionary["$initial_call"] = ("$initial_call", call)
            found.append(describe(server))
        server.dictionary = None
        found.append(describe(server))
        server.patterns, server.waiting = None, None
        return [each.partition(" ")[2] for each in [*found, describe(server)]]

    assert erlsim.run(main) == [
        "waits for any message, begun by words_server:init/1; mailbox: []",
        *["waits for any message; mailbox: []"] * 3,
        "waits for any message, begun by words:f/0; mailbox: []",
        "waits for any message; mailbox: []",
        "is ready to run; mailbox: []",
    ]
