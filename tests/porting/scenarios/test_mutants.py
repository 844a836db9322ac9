"""Planted faults in a port: each is caught, by the name of the first step that shows it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from erlsim.porting.scenarios import compare, load, run_on_erlang, run_on_python

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "port"
SOURCES = EXAMPLE / "erlang" / "src"
LENT, REPLACED, RESTARTED, SERVED = range(4)

# What is wrong, in which module; the scenario and the step by which it is caught.
MUTANTS = [
    (
        "pool_sup",
        "rest_for_one",
        "one_for_one",
        RESTARTED,
        "step 11, [{'DOWN', Monitor, process, Pool2, shutdown}] = flush()",
    ),
    ("pool_sup", "rest_for_one", "one_for_all", RESTARTED, "step 5, Conns = whereis(conn_sup)"),
    ("pool_sup", "intensity => 2", "intensity => 3", RESTARTED, "step 16, {'EXIT', Sup, shutdown} = message(100)"),
    (
        "pool_sup",
        "intensity => 2",
        "intensity => 1",
        RESTARTED,
        "step 11, [{'DOWN', Monitor, process, Pool2, shutdown}] = flush()",
    ),
    ("pool_sup", "period => 5", "period => 0", LENT, "step 1, {ok, Sup} = pool_sup:start_link(2)"),
    ("pool_sup", "[Conns, Pool]", "[Pool, Conns]", LENT, "step 1, {ok, Sup} = pool_sup:start_link(2)"),
    ("pool_sup", "type => supervisor", "type => worker", LENT, "step 2, tree(Sup)"),
    ("pool_sup", "id => pool, start", "id => the_pool, start", LENT, "step 2, tree(Sup)"),
    (
        "pool_sup",
        "id => conn_sup, start",
        "restart => temporary, id => conn_sup, start",
        RESTARTED,
        "step 11, [{'DOWN', Monitor, process, Pool2, shutdown}] = flush()",
    ),
    ("conn_sup", "restart => temporary", "restart => permanent", REPLACED, "step 8, reports()"),
    ("conn_sup", "id => conn, start", "type => supervisor, id => conn, start", LENT, "step 2, tree(Sup)"),
    ("conn_sup", "[Conn]}}", "[Conn#{modules => [pool]}]}}", LENT, "step 2, tree(Sup)"),
    (
        "conn",
        "{shutdown, idle}",
        "normal",
        SERVED,
        "step 22, [{'DOWN', Monitor, process, Conn2, {shutdown, idle}}] = flush()",
    ),
    (
        "conn",
        "define(IDLE, 2000)",
        "define(IDLE, 20000)",
        SERVED,
        "step 22, [{'DOWN', Monitor, process, Conn2, {shutdown, idle}}] = flush()",
    ),
    (
        "conn",
        "{crashed, Name}, {error, lost}",
        "{crashed, Name}, {error, gone}",
        REPLACED,
        "step 5, {error, lost} = conn:query(Conn1, crash)",
    ),
    (
        "conn",
        "{stop, {crashed, Name}",
        "{stop, normal",
        REPLACED,
        "step 6, [{'DOWN', Ref, process, Conn1, {crashed, 1}}, {Client1, {ok, {ok, Conn2}}}] = flush()",
    ),
    (
        "conn",
        "{Name, Count + 1}, ?IDLE}",
        "{Name, Count + 1}}",
        SERVED,
        "step 22, [{'DOWN', Monitor, process, Conn2, {shutdown, idle}}] = flush()",
    ),
    (
        "conn",
        "{ok, {Name, What, Count + 1}}",
        "{ok, {Name, What, Count}}",
        LENT,
        "step 5, {ok, {_, hello, 1}} = conn:query(Conn1, hello)",
    ),
    (
        "conn",
        "handle_call({query, crash}, _From",
        "handle_call({query, never}, _From",
        REPLACED,
        "step 5, {error, lost} = conn:query(Conn1, crash)",
    ),
    ("pool", "define(WAIT, 200)", "define(WAIT, 2000)", LENT, "step 7, {error, busy} = pool:checkout()"),
    (
        "pool",
        "    process_flag(trap_exit, true),\n",
        "",
        REPLACED,
        "step 6, [{'DOWN', Ref, process, Conn1, {crashed, 1}}, {Client1, {ok, {ok, Conn2}}}] = flush()",
    ),
    (
        "pool",
        "    link(Conn),\n",
        "",
        REPLACED,
        "step 6, [{'DOWN', Ref, process, Conn1, {crashed, 1}}, {Client1, {ok, {ok, Conn2}}}] = flush()",
    ),
    ("pool", "lists:seq(1, Size)", "lists:seq(0, Size)", LENT, "step 2, tree(Sup)"),
    ("pool", "next = Size + 1", "next = Size", REPLACED, "step 7, {ok, {2, hello, 1}} = conn:query(Conn2, hello)"),
    (
        "pool",
        "{length(Idle), length(Lent), length(Waiting)}",
        "{length(Lent), length(Idle), length(Waiting)}",
        LENT,
        "step 3, {2, 0, 0} = pool:status()",
    ),
    (
        "pool",
        "Waiting ++ [{Timer, From}]",
        "[{Timer, From} | Waiting]",
        SERVED,
        "step 7, {First, {ok, {ok, Conn1}}} = message(10)",
    ),
    ("pool", "gen_server:reply(From, {error, busy})", "ok", LENT, "step 7, {error, busy} = pool:checkout()"),
    ("pool", "{error, busy}", "{error, timeout}", LENT, "step 7, {error, busy} = pool:checkout()"),
    (
        "pool",
        "    gen_server:reply(From, {ok, Conn}),\n",
        "",
        LENT,
        "step 11, {Client1, {ok, {ok, Conn1}}} = message(10)",
    ),
    (
        "pool",
        "{noreply, give(Conn, State#state{lent = Others})}\n    end.\n\nhandle_info({timeout",
        "{noreply, State#state{lent = Others}}\n    end.\n\nhandle_info({timeout",
        LENT,
        "step 11, {Client1, {ok, {ok, Conn1}}} = message(10)",
    ),
    ("pool", "lists:delete(Conn, Idle)", "Idle", REPLACED, "step 13, {1, 0, 0} = pool:status()"),
    ("pool", "lent = without(Conn, Lent), next", "lent = Lent, next", REPLACED, "step 9, {0, 1, 0} = pool:status()"),
    (
        "pool",
        "next = Next + 1}",
        "next = Next}",
        SERVED,
        "step 24, {ok, {Number, hello, 1}} = conn:query(Conn3, hello)",
    ),
    (
        "pool",
        "{noreply, give(Fresh, Left)}",
        "{noreply, Left}",
        REPLACED,
        "step 6, [{'DOWN', Ref, process, Conn1, {crashed, 1}}, {Client1, {ok, {ok, Conn2}}}] = flush()",
    ),
    (
        "pool",
        "waiting = Others}.",
        "waiting = [hd(element(5, State)) | Others]}.",
        LENT,
        "step 12, {0, 2, 0} = pool:status()",
    ),
    (
        "pool",
        "idle = [Conn | Idle]};",
        "idle = Idle ++ [Conn]};",
        SERVED,
        "step 13, {Third, {ok, {ok, Conn2}}} = message(10)",
    ),
    (
        "pool",
        "Ref = monitor(process, Client),\n    {reply",
        "Ref = make_ref(),\n    {reply",
        SERVED,
        "step 15, {2, 0, 0} = pool:status()",
    ),
    (
        "pool",
        "    Ref = monitor(process, Client),\n    State#state{lent = [{Ref, Client, Conn} | Lent], waiting",
        "    Ref = make_ref(),\n    State#state{lent = [{Ref, Client, Conn} | Lent], waiting",
        LENT,
        "step 17, {2, 0, 0} = pool:status()",
    ),
]
SCENARIOS = load(EXAMPLE / "pool.scenario")


@pytest.fixture(scope="module")
def prototype():
    """What the prototype shows in each scenario."""
    return [run_on_python(each) for each in SCENARIOS]


@pytest.mark.parametrize(("module", "old", "new", "number", "step"), MUTANTS)
def test_a_fault_in_a_port_is_caught_by_the_step_that_shows_it(module, old, new, number, step, prototype, tmp_path):
    shutil.copytree(SOURCES, tmp_path / "src")
    source = tmp_path / "src" / f"{module}.erl"
    text = source.read_text(encoding="utf-8")
    assert text.count(old) == 1
    source.write_text(text.replace(old, new), encoding="utf-8")
    for at, (scenario, there) in enumerate(zip(SCENARIOS, prototype, strict=True)):
        difference = compare(scenario, there, run_on_erlang(scenario, tmp_path / "src"))
        if difference is not None:
            assert (at, difference.name) == (number, step)
            return
    pytest.fail("nothing shows it")
