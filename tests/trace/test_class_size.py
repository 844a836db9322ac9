"""The page at the size of a class's exercise, in a real Chromium: 60 processes in six teams, 10,000 events.

Times are measured in the browser. What a step costs is the least of several: on a machine that does other things as
well the others are theirs. The limits are the ones that users were promised, 2 s and 50 ms, times what a loaded
machine needs.
"""

from __future__ import annotations

import pytest

from tests.trace.programs import classroom, run
from tests.trace.test_browser import Page

LOADED = 3
"""By so much a machine may be slower that is at work on other things."""
STEPS = """(button) => {
  const taken = [];
  for (let number = 0; number < 9; number++) {
    const start = performance.now();
    document.getElementById(button).click();
    document.body.getBoundingClientRect();
    taken.push(performance.now() - start);
  }
  return taken;
}"""
TYPE = """([id, text]) => {
  const field = document.getElementById(id);
  field.value = text;
  field.dispatchEvent(new Event('input'));
}"""
LOG = "[...document.querySelectorAll('#events li')].map(each => each.textContent)"


@pytest.fixture(scope="module")
def sim():
    return run(classroom)


@pytest.fixture(scope="module")
def path(sim, tmp_path_factory):
    found = tmp_path_factory.mktemp("class") / "class.html"
    sim.to_html(found, title="A class")
    return found


@pytest.fixture(scope="module")
def opened(browser, path):
    """One page for all tests here: opening it again and again would be most of the work."""
    page = Page(browser, path)
    yield page
    assert page.complaints == []
    page.context.close()


def number_of(page, selector):
    return page.page.locator(selector).count()


def filtered(page, search="", who=""):
    page.page.evaluate(TYPE, ["search", search])
    page.page.evaluate(TYPE, ["who", who])
    return page.page.locator("#matching").inner_text()


def test_the_run_is_as_large_as_it_is_said_to_be(sim):
    assert len(sim.trace) >= 10_000
    assert sum(event.kind == "spawn" for event in sim.trace) >= 60


def test_the_page_opens_within_two_seconds(browser, path):
    page = Page(browser, path)
    taken = page.page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert page.event() > 10_000
    assert taken < 2_000 * LOADED
    page.context.close()


def test_a_step_takes_less_than_fifty_milliseconds(opened):
    opened.page.eval_on_selector("#slider", "each => { each.value = 5000; each.dispatchEvent(new Event('input')); }")
    for button in ("forward", "back", "turn", "later", "crash", "millisecond"):
        assert min(opened.page.evaluate(STEPS, button)) < 50 * LOADED, button
    opened.page.locator("[data-tree=down]").click()
    assert min(opened.page.evaluate(STEPS, "forward")) < 50 * LOADED
    opened.page.locator("[data-tree=list]").click()


def test_a_step_lays_out_the_page_three_times_at_most(opened):
    """Whatever the machine does besides: to measure behind each thing that is drawn is what makes a step slow."""
    opened.page.eval_on_selector("#slider", "each => { each.value = 5000; each.dispatchEvent(new Event('input')); }")
    asked = opened.page.context.new_cdp_session(opened.page)
    asked.send("Performance.enable")

    def laid_out():
        return {each["name"]: each["value"] for each in asked.send("Performance.getMetrics")["metrics"]}["LayoutCount"]

    before = laid_out()
    opened.page.evaluate(STEPS, "forward")
    assert laid_out() - before <= 3 * 9
    asked.detach()


def test_nothing_is_missing_from_the_list_of_events(opened, sim):
    filtered(opened)
    opened.press("End")
    shown = opened.page.locator("#events li")
    assert shown.first.get_attribute("aria-setsize") == str(len(sim.trace))
    assert opened.page.locator("#events li[aria-current]").get_attribute("data-event") == str(len(sim.trace))
    assert opened.page.locator("#matching").inner_text() == f"{len(sim.trace):,} events"
    assert "Only the first" not in opened.page.locator("header").inner_text()


def test_the_search_finds_words_and_says_how_many_events_it_hides(opened, sim):
    wanted = [n for n, event in enumerate(sim.trace, 1) if event.kind == "exit" and "tired" in str(event)]
    opened.press("Home")
    text = filtered(opened, "kind:exit tired")
    hidden = len(sim.trace) - len(wanted)
    assert text == f"{len(wanted)} of {len(sim.trace):,} events match; {hidden:,} are hidden"
    opened.page.focus("#search")
    assert [opened.press("Enter") for _ in range(5)] == wanted[:5]
    assert opened.press("Shift+Enter") == wanted[3]
    assert filtered(opened) == f"{len(sim.trace):,} events"


def test_processes_are_chosen_by_name_pattern_pid_or_subtree(opened, sim):
    for who, lanes in (
        ("team_1_2, team_1_4", ["team_1_2", "team_1_4"]),
        ("team_?_6", ["team_1_6", *["team_2_6"] * 2, "team_3_6", *["team_4_6"] * 2, "team_5_6", *["team_6_6"] * 2]),
        ("<0.86.0>", ["team_1"]),
        ("under:team_4", ["team_4", *[f"team_4_{n}" for n in (1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8)]]),
    ):
        filtered(opened, who=who)
        rows = opened.page.locator("#processes-body tr th").all_inner_texts()
        assert sorted(set(rows)) == sorted(set(lanes)), who
        assert opened.page.locator("#chart-count").inner_text().split(" of ")[0].isdigit()
    filtered(opened, who="nobody")
    assert opened.page.locator("#who").get_attribute("aria-invalid") == "true"
    assert "no message or signal matches" in opened.page.locator("#sequence").inner_text()
    filtered(opened)


def test_the_replacement_of_a_dead_process_has_its_lane_beside_it(opened):
    filtered(opened, who="shell, under:team_1")
    lanes = opened.page.locator("#sequence-heads .lane text.bold").all_text_contents()
    assert lanes[:5] == ["shell", "team_1", "team_1_1", "team_1_1", "team_1_1"]
    filtered(opened)


def test_a_kind_of_events_can_be_left_out_and_has_its_meaning_beside_it(opened, sim):
    opened.page.evaluate("document.getElementById('kinds').parentElement.open = true")
    rows = opened.page.locator("#kinds label")
    assert len(rows.all_inner_texts()) == len({event.kind for event in sim.trace})
    assert any(text.endswith("it takes a message out of its mailbox") for text in rows.all_inner_texts())
    opened.page.locator("#kinds input[data-kind=receive]").uncheck()
    without = sum(event.kind != "receive" for event in sim.trace)
    assert opened.page.locator("#matching").inner_text().startswith(f"{without:,} of ")
    opened.page.locator("#clear").click()
    assert opened.page.locator("#matching").inner_text() == f"{len(sim.trace):,} events"
    opened.page.evaluate("document.getElementById('kinds').parentElement.open = false")


def test_a_call_and_its_answer_are_folded_into_one_arrow(opened):
    filtered(opened, who="shell, team_1_2")
    opened.press("End")
    before = opened.page.locator("#chart-count").inner_text()
    opened.page.locator("#fold").check()
    after = opened.page.locator("#chart-count").inner_text()
    assert "answers folded into their calls" in after and "folded" not in before
    assert "call {round,31} → team_1_2" in opened.page.locator("#sequence-rows").text_content()
    opened.page.locator("#fold").uncheck()
    filtered(opened)


def test_the_jump_to_the_next_crash_or_restart_finds_each_and_no_normal_end(opened, sim):
    opened.press("Home")
    stops = [opened.press("c") for _ in range(8)]
    assert [sim.trace[event - 1].kind for event in stops] == ["exit", "child"] * 4
    assert opened.press("C") == stops[-2]
    marked = [n for n, event in enumerate(sim.trace, 1) if event.kind == "exit"]
    assert stops[::2] == marked[:4]


def test_one_process_can_be_followed_through_its_events(opened, sim):
    opened.press("Home")
    pid = next(event.pid for event in sim.trace if event.kind == "register" and event.data[0] == "team_1_2")
    mine = [number for number, event in enumerate(sim.trace, 1) if event.pid == pid]
    opened.page.locator(f"#processes-body tr[data-pid='{pid.number}']").count()
    opened.press("End")
    opened.page.locator(f"#tree [data-pid='{pid.number}']").click()
    opened.press("Home")
    assert [opened.press("p") for _ in range(6)] == mine[:6]
    assert opened.press("P") == mine[4]
    assert "team_1_2" in opened.page.locator("#process h3").inner_text()
    opened.page.locator("#pin").click()


def test_a_step_of_one_process_ends_where_another_one_runs(opened, sim):
    opened.press("Home")
    event = 0
    for _ in range(10):
        event = opened.press("t")
        assert sim.trace[event].pid != sim.trace[event - 1].pid or sim.trace[event].time != sim.trace[event - 1].time


def test_one_millisecond_passes_whether_anything_happens_in_it_or_not(opened, sim):
    opened.press("Home", "Shift+ArrowRight")
    event = opened.event()
    for time in range(1, 10):
        opened.press("m")
        assert opened.page.locator("#clock").inner_text() == f"{event} / {len(sim.trace)} · {time} ms"
    assert sim.trace[opened.press("m") - 1].time == 10


def test_the_table_sorts_by_any_column(opened, sim):
    opened.press("End")
    heads = opened.page.locator("#processes-head th")
    received = "[...document.querySelectorAll('#processes-body tr')].map(each => Number(each.children[5].textContent))"
    heads.filter(has_text="Received").get_by_role("button").click()
    most = opened.page.evaluate(received)
    assert most == sorted(most, reverse=True) and most[0] > 1000
    assert heads.filter(has_text="Received").get_attribute("aria-sort") == "descending"
    heads.filter(has_text="Received").get_by_role("button").click()
    assert opened.page.evaluate(received) == sorted(most)
    assert number_of(opened, "#processes-body tr") == len({event.pid for event in sim.trace})
    heads.filter(has_text="Pid").get_by_role("button").click()


@pytest.mark.parametrize("view", ["right", "down"])
def test_the_drawn_tree_has_every_process_and_no_text_below_eleven_pixels(opened, view):
    opened.press("End")
    opened.page.locator(f"[data-tree={view}]").click()
    assert number_of(opened, "#tree svg g.node") == 56
    sizes = opened.page.evaluate(
        "[...document.querySelectorAll('#tree text')].map(each => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert len(sizes) == 112 and min(sizes) >= 11
    opened.page.locator("[data-tree=list]").click()


def test_the_tree_scrolls_to_what_happens(opened):
    opened.page.locator("[data-tree=right]").click()
    opened.press("Home")
    inside = """() => {
      const room = document.getElementById('tree').getBoundingClientRect();
      const box = document.querySelector('#tree .changed, #tree .chosen').getBoundingClientRect();
      return box.top >= room.top - 1 && box.bottom <= room.bottom + 1 && box.left >= room.left - 1;
    }"""
    for _ in range(8):
        opened.press("c")
        assert opened.page.evaluate(inside)
    opened.page.locator("[data-tree=list]").click()


def test_no_text_of_the_page_is_smaller_than_eleven_pixels(opened):
    smallest = """Math.min(...[...document.querySelectorAll('body *')]
      .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
      .filter(each => !each.closest('script, style, noscript, title'))
      .map(each => parseFloat(getComputedStyle(each).fontSize)))"""
    assert opened.page.evaluate(smallest) >= 11


def test_the_lifelines_have_an_axis_of_events_beside_that_of_time(opened, sim):
    opened.page.locator("[data-show-axis=events]").click()
    opened.press("Home")
    cursor = opened.page.locator("#timeline [data-axis=events] .cursor")
    before = float(cursor.get_attribute("x1"))
    opened.press(*["t"] * 6)
    assert opened.page.locator("#clock").inner_text().endswith("· 0 ms")
    assert float(cursor.get_attribute("x1")) > before
    opened.page.locator("[data-show-axis=time]").click()
