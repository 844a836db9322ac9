"""A scenario cut out of a recorded run."""

from __future__ import annotations

from pathlib import Path

import pytest

import erlsim
from erlsim import code, erlang, timer
from erlsim.errors import ErlsimError
from erlsim.otp import supervisor
from erlsim.porting.scenarios import check_port, cut, text
from erlsim.porting.scenarios.imports import file_module

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "port"
PLACES = {name: f"{name}.py" for name in ("pool_sup", "conn_sup", "pool", "conn")}
STARTS = [("pool_sup", "start_link", 1)]


def recorded(main):
    """The trace of a run in which the example's modules are known."""
    sim = erlsim.Simulation()
    modules = {name: file_module(EXAMPLE / place) for name, place in PLACES.items()}

    async def run():
        for name, module in modules.items():
            code.load(name, module)
        erlang.process_flag("trap_exit", True)
        await main(**modules)

    sim.run(run)
    return sim.trace


async def session(pool_sup, pool, conn, conn_sup):
    await pool_sup.start_link(1)
    _, lent = await pool.checkout()
    erlang.monitor("process", lent)
    await conn.query(lent, "hello")
    await timer.sleep(50)
    await pool.checkout()
    pool.checkin(lent)
    await timer.sleep(20)
    erlang.send(lent, ("hello", erlang.self()))
    erlang.exit(lent, "kill")
    with pytest.raises(erlsim.Exit):
        await conn.query(lent, "hello")
    await erlang.receive(("DOWN", ..., ..., ..., ...))


def test_what_the_shell_did_is_a_scenario_with_names_in_the_order_of_appearance():
    scenario = cut(recorded(session), STARTS, python=PLACES, folder=EXAMPLE)
    assert text(scenario).splitlines()[3:] == [
        "{ok, P1} = pool_sup:start_link(1).",
        "{ok, P2} = gen_server:call(pool, checkout).",
        "R1 = monitor(process, P2).",
        "{ok, {1, hello, 1}} = gen_server:call(P2, {query, hello}).",
        "sleep(43).",
        "{error, busy} = gen_server:call(pool, checkout).",
        "gen_server:cast(pool, {checkin, P2}).",
        "sleep(13).",
        "send(P2, {hello, self()}).",
        "exit(P2, kill).",
        "exit:{noproc, _} = catch gen_server:call(P2, {query, hello}).",
        "{'DOWN', R1, process, P2, killed} = message(1).",
    ]


def test_it_runs_on_the_prototype_and_on_its_port():
    report = check_port(cut(recorded(session), STARTS, python=PLACES, folder=EXAMPLE), port=EXAMPLE / "erlang")
    assert report.equal, str(report)
    assert report.counts == {"erlsim": (10, 10)}


def test_a_trace_that_was_written_and_read_again_gives_the_same():
    trace = recorded(session)
    again = type(trace).from_jsonl(trace.to_jsonl())
    assert text(cut(again, STARTS, python=PLACES)) == text(cut(trace, STARTS, python=PLACES))


def test_a_start_that_is_not_said_is_asked_for():
    with pytest.raises(ErlsimError, match=r"the shell started <0\.\d+\.0> \(pool_sup\): say how"):
        cut(recorded(session), [])
    with pytest.raises(ErlsimError, match=r"nothing was started by Call\(module='other'"):
        cut(recorded(session), [*STARTS, ("other", "start")])


def test_a_pid_from_nowhere_is_told_of():
    async def main(pool_sup, pool, **_):
        await pool_sup.start_link(1)
        hidden = erlang.whereis("conn_sup")
        child = erlang.process_info(hidden, "links")[1][-1]
        erlang.exit(child, "kill")

    with pytest.raises(ErlsimError, match="and nothing that it was told had it"):
        cut(recorded(main), STARTS)


def test_a_supervisor_is_asked_as_any_server():
    async def main(pool_sup, **_):
        await pool_sup.start_link(1)
        await supervisor.which_children("pool_sup")

    lines = text(cut(recorded(main), STARTS, python=PLACES)).splitlines()
    assert lines[-1] == (
        "[{pool, P2, worker, [pool]}, {conn_sup, P3, supervisor, [conn_sup]}] = "
        "gen_server:call(pool_sup, which_children)."
    )
