"""What was recorded beside the events, on the page in a real Chromium: a process's line, variables, state; tables."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erl, erlang, ets, timer
from erlsim.otp import gen_server
from tests.trace.programs import child, run, top
from tests.trace.test_browser import Page

COUNTER = """\
-module(counter_of_states).
-export([start/0, loop/1]).

start() -> spawn(counter_of_states, loop, [0]).

loop(Total) ->
    receive
        {add, Number} ->
            New = Total + Number,
            erlang:send(self(), {added, New}),
            loop(New);
        {added, _} ->
            loop(Total)
    end.
"""


async def lesson():
    """A server that is restarted, a table that two write, and a loop in Erlang."""
    await top([child("a")], intensity=3, period=2)
    ets.new("t", ["named_table", "public"])
    ets.insert("t", ("row", 1))

    async def writer():
        ets.insert("t", ("row", 2))

    erlang.spawn(writer)
    pid = await erlang.apply("counter_of_states", "start", [])
    erlang.send(pid, ("add", 5))
    await timer.sleep(1)
    gen_server.cast("a", "tired")
    await timer.sleep(1)
    await gen_server.call("a", "get")


@pytest.fixture(scope="module")
def sim(tmp_path_factory):
    path = tmp_path_factory.mktemp("erl") / "counter_of_states.erl"
    path.write_text(COUNTER, encoding="utf-8")

    async def main():
        erl.load(str(path))
        await lesson()

    return run(main, trace="states")


@pytest.fixture(scope="module")
def opened(browser, sim, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "states.html"
    sim.to_html(path)
    page = Page(browser, path)
    yield page
    assert page.complaints == []
    page.context.close()


def go(page, number):
    page.page.evaluate(f"location.hash = '#event={number + 1}'")
    page.until(f"document.body.dataset.event === '{number + 1}'")
    return page.page.locator("#process").inner_text()


def first(sim, kind, text):
    return next(n for n, event in enumerate(sim.trace) if event.kind == kind and text in str(event))


def test_a_line_of_erlang_has_erlangs_variables(opened, sim):
    words = go(opened, first(sim, "send", "{added,5}"))
    assert "loop (counter_of_states.erl:10)" in words
    assert "erlang:send(self(), {added, New})," in words
    assert "Total\t0" in words and "Number\t5" in words and "New\t5" in words


def test_a_line_of_python_has_its_variables(opened, sim):
    words = go(opened, first(sim, "send", "{add,5}"))
    assert "lesson (test_states_page.py:" in words
    assert 'erlang.send(pid, ("add", 5))' in words


def test_a_supervisor_has_its_restarts_and_a_server_its_state(opened, sim):
    opened.press("End")
    opened.page.locator("#tree .node", has_text="top").first.click()
    assert "1 of at most 3 in the last 2 s" in opened.page.locator("#process").inner_text()
    go(opened, first(sim, "exit", "tired"))
    assert "0 of at most 3 in the last 2 s" in opened.page.locator("#process").inner_text()
    opened.page.locator("#pin").click()
    opened.press("End")
    opened.page.locator("#tree .node", has_text="a <").click()
    assert "state\na\n" in opened.page.locator("#process").inner_text()
    opened.page.locator("#pin").click()


def test_a_table_has_its_rows_and_who_has_written_last(opened, sim):
    writes = [n for n, e in enumerate(sim.trace) if e.kind == "ets" and e.data[0] == "insert"]
    go(opened, writes[0])
    words = opened.page.locator("#ets").inner_text()
    assert "t set, public, 1 row, last written by shell" in words and "{row,1}" in words
    go(opened, writes[1] - 1)
    assert "{row,1}" in opened.page.locator("#ets").inner_text()
    go(opened, writes[1])
    assert "{row,2}" in opened.page.locator("#ets").inner_text()
    assert "last written by writer" in opened.page.locator("#ets").inner_text()
    go(opened, 0)
    assert opened.page.locator("#ets").inner_text() == "no table"


def test_a_page_without_states_has_no_place_for_them():
    async def main():
        ets.new("t", [])

    sim = erlsim.Simulation()
    sim.run(main)
    assert 'id="ets"' not in sim.to_html()
