"""What the emulator logs of processes that die: rule 142."""

from __future__ import annotations

from typing import Any

import pytest

import erlsim
from erlsim import erlang, terms, timer
from erlsim.otp import gen_server, proc_lib
from tests.kernel.kit import is_stack, settle, table

LOGGED = {
    "error": (lambda: erlang.error("boom"), "boom"),
    "throw": (lambda: erlang.throw("boom"), ("nocatch", "boom")),
}

SILENT = {
    "exit with a reason": lambda: erlang.exit("boom"),
    "exit normal": lambda: erlang.exit("normal"),
    "the end of its code": lambda: None,
    "a signal to itself": lambda: erlang.exit(erlang.self(), "boom"),
}


def reports_of(body) -> tuple[list[erlsim.reports.Report], erlsim.terms.Pid]:
    """The reports of a run in which a plainly spawned process runs `body`, and its pid."""
    sim = erlsim.Simulation()

    async def main() -> erlsim.terms.Pid:
        pid = erlang.spawn(body)
        await settle()
        return pid

    pid = sim.run(main)
    return list(sim.reports), pid


@pytest.mark.rule(142)
@table(LOGGED)
def test_a_process_that_dies_of_an_error_or_a_throw_is_logged(case):
    body, reason = case
    (report,), pid = reports_of(body)
    assert report.level == "error"
    assert report.pid == pid
    text, args = report.event["msg"]
    assert text == terms.chars("Error in process ~p with exit value:~n~p~n")
    assert args[0] == pid
    assert args[1][0] == reason
    assert is_stack(args[1][1])
    assert report.event["meta"]["error_logger"] == {"emulator": True, "tag": "error"}


@pytest.mark.rule(142)
@table(SILENT)
def test_a_process_that_ends_in_any_other_way_is_not_logged(case):
    assert reports_of(case)[0] == []


@pytest.mark.rule(142)
def test_a_process_that_dies_by_a_link_is_not_logged():
    async def linked() -> None:
        erlang.spawn_link(lambda: erlang.exit("boom"))
        await erlang.receive("never")

    assert reports_of(linked)[0] == []


def test_a_simulation_and_its_reports_say_in_a_line_what_is_in_them():
    sim = erlsim.Simulation()
    assert (repr(sim), repr(sim.reports)) == ("<Simulation at 0 ms: 1 process, 0 reports>", "<Reports: none>")

    async def main():
        for _ in range(2):
            erlang.spawn(lambda: erlang.error("boom"))
        erlang.spawn(lambda: erlang.receive("never"))
        await timer.sleep(1500)

    sim.run(main)
    assert (repr(sim), repr(sim.reports)) == ("<Simulation at 1,500 ms: 2 processes, 2 reports>", "<Reports: 2 error>")


class Grumpy:
    """An object that fails at whatever it is asked for."""

    def __getattr__(self, name: str) -> None:
        raise RuntimeError(name)

    def __repr__(self) -> str:
        raise RuntimeError("repr")


class GrumpyFun(Grumpy):
    """The same, taken for a fun."""

    def __call__(self) -> None:
        """Do nothing."""


def nested(levels: int) -> Any:
    """A tuple in a tuple, and so on."""
    term: Any = "bottom"
    for _ in range(levels):
        term = (term,)
    return term


@table(
    {
        "an object": (Grumpy, "#Py<Grumpy>"),
        "a fun": (GrumpyFun, "#Py<GrumpyFun>"),
        "a deep term": (lambda: nested(400), ""),
    }
)
@pytest.mark.parametrize("spawn", [erlang.spawn, proc_lib.spawn], ids=["erlang", "proc_lib"])
def test_a_reason_that_cannot_be_printed_silences_no_report(case, spawn, capsys):
    make, shown = case

    async def main() -> None:
        for reason in (make(), "the plain one"):
            spawn(lambda reason=reason: erlang.error(reason))
            await erlang.receive(after=5)

    sim = erlsim.Simulation()
    sim.reports.print = True
    sim.run(main)
    first, second = sim.reports.texts()
    assert first
    assert shown in first
    assert "the plain one" in second
    assert capsys.readouterr().out == first + second


@pytest.mark.parametrize(
    ("levels", "shape"),
    [(30_000, lambda inner: ("a", inner)), (10_000, lambda inner: [inner]), (10_000, lambda inner: {"k": inner})],
)
def test_a_reason_of_any_depth_is_reported_all_the_same(levels, shape):
    reason = "end"
    for _ in range(levels):
        reason = shape(reason)

    class Server:
        def init(argument):
            return ("ok", argument)

        def handle_cast(request, state):
            erlang.exit(reason)

    async def main():
        erlang.spawn(lambda: erlang.error(reason))
        _, server = await gen_server.start(Server, [], [])
        gen_server.cast(server, "fail")
        await erlang.receive(after=1)

    sim = erlsim.Simulation(trace=False)
    sim.run(main)
    texts = sim.reports.texts()
    beginnings = ("Error in process <0.85.0> with exit value", "** Generic server <0.86.0> terminating", "CRASH REPORT")
    assert len(texts) == len(beginnings)
    for text, beginning in zip(texts, beginnings, strict=True):
        assert beginning in text
        assert len(text) > 2 * levels
