"""The page of a run in a real Chromium: what it shows at every event, by keyboard, in the dark, on a narrow screen."""

from __future__ import annotations

import sys

import pytest
from click.testing import CliRunner

from erlsim import cli, erlang, timer
from erlsim.otp import gen_server
from erlsim.trace.facts import show
from tests.trace.programs import child, ping_pong, run, subtree, top

TREE = "[...document.querySelectorAll('#tree .node')].map(each => each.textContent)"
DEPTHS = """[...document.querySelectorAll('#tree .node')].map(each => {
  let depth = -1;
  for (let up = each; up.id !== 'tree'; up = up.parentElement) depth += up.tagName === 'UL';
  return depth;
})"""
BOXES = """[...document.querySelectorAll('#mailboxes section')].map(each =>
  [each.querySelector('h3').textContent, ...[...each.querySelectorAll('li')].map(item => item.textContent)])"""
SHOWN_AT_EACH_EVENT = f"""(slider, last) => {{
  const shown = [];
  for (let number = 0; number <= last; number++) {{
    slider.value = number;
    slider.dispatchEvent(new Event('input'));
    shown.push([{TREE}, {DEPTHS}, {BOXES}]);
  }}
  return shown;
}}"""
CONTRASTS = """() => {
  const curve = (part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const channel = (value) => curve(value / 255);
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let up = element; up; up = up.parentElement) {
      const colour = parse(getComputedStyle(up).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const box = element.getBoundingClientRect();
    if (!own || !box.width || element.closest('script, style, title, desc, noscript, button:disabled')) continue;
    const svg = element.closest('svg');
    const front = parse(svg ? getComputedStyle(element).fill : getComputedStyle(element).color);
    const pair = [light(front), light(behind(element))].sort((a, b) => b - a);
    found.push([(pair[0] + 0.05) / (pair[1] + 0.05), element.textContent.slice(0, 40), element.getAttribute('class')]);
  }
  return found;
}"""


async def lesson():
    """Restarts, a mailbox that fills, a supervisor that gives up."""
    erlang.process_flag("trap_exit", True)
    await top(
        [child("a"), subtree("sub", [child("b"), child("c") | {"id": ("c", 1)}], intensity=1, period=5)], intensity=3
    )

    async def slow():
        while True:
            await timer.sleep(200)
            await erlang.receive()

    pid = erlang.spawn(slow)
    for number in range(3):
        erlang.send(pid, ("letter", number))
    await timer.sleep(100)
    erlang.exit(erlang.whereis("a"), "kill")
    await timer.sleep(100)
    for _ in range(2):
        gen_server.cast("b", "oops")
        await timer.sleep(50)
    await timer.sleep(400)


class Page:
    """A page that is open, and everything that it has asked for or complained about."""

    def __init__(self, browser, path, **options):
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page = self.context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(path.as_uri())

    def event(self):
        return int(self.page.evaluate("document.body.dataset.event"))

    def until(self, condition):
        """Wait for what the page does by itself; its policy forbids what Playwright would do."""
        for _ in range(100):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never: {condition}")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        return self.event()


@pytest.fixture(scope="module")
def sim():
    return run(lesson)


@pytest.fixture(scope="module")
def path(sim, tmp_path_factory):
    found = tmp_path_factory.mktemp("page") / "lesson.html"
    sim.to_html(found, title="A lesson")
    return found


@pytest.fixture
def opened(browser, path):
    """`opened(**options)` opens the page; it must be content to the end."""
    pages = []

    def open_page(where=path, **options):
        pages.append(Page(browser, where, **options))
        return pages[-1]

    yield open_page
    for each in pages:
        assert each.complaints == []
        each.context.close()


# ---- what it shows ------------------------------------------------------------------------------------


def test_the_page_asks_for_nothing_but_itself(opened, path):
    opened_page = opened()
    opened_page.press("Home", "ArrowRight", "End")
    assert opened_page.requests == [path.as_uri()]


def test_tree_and_mailboxes_are_those_of_the_trace_at_every_event(opened, sim):
    everything = opened().page.eval_on_selector("#slider", SHOWN_AT_EACH_EVENT, len(sim.trace))
    assert len(everything) == len(sim.trace) + 1
    for number, (tree, depths, boxes) in enumerate(everything):
        moment = sim.trace.at(number - 1)
        lines = [line for line in moment.tree.text().splitlines() if "links:" not in line]
        assert tree == [line.lstrip("│├└─ ") for line in lines]
        assert depths == [(len(line) - len(line.lstrip("│├└─ "))) // 3 for line in lines]
        shown = {box.pid.number: [show(message, 300) for message in box.messages] for box in moment.mailboxes}
        assert [messages for _, *messages in boxes] == [shown[pid] for pid in sorted(shown)]
        assert all(f"<0.{pid}.0>" in title for pid, (title, *_) in zip(sorted(shown), boxes, strict=True))


def test_stepping_back_and_forth_ends_where_it_began(opened):
    page = opened()
    page.press("Home", *["ArrowRight"] * 40)
    before = page.page.evaluate(TREE)
    page.press(*["ArrowRight"] * 7, *["ArrowLeft"] * 7)
    assert page.page.evaluate(TREE) == before


def test_the_page_opens_at_the_end_or_at_the_event_in_its_address(opened, sim, path):
    page = opened()
    assert page.event() == len(sim.trace)
    for address, event in (("#12", 12), ("#event=30", 30)):
        page.page.goto(path.as_uri() + address)
        page.page.reload()
        assert page.event() == event
    page.page.evaluate("location.hash = '#event=7'")
    page.until("document.body.dataset.event === '7'")


def test_the_address_follows_the_event_so_that_it_can_be_sent_to_somebody(opened):
    page = opened()
    page.press("Home", *["ArrowRight"] * 9)
    page.until("location.hash === '#event=9'")


def test_charts_reports_and_the_log_are_there_and_follow_the_event(opened, sim):
    page = opened()
    assert page.page.locator("#events li").first.get_attribute("aria-setsize") == str(len(sim.trace))
    assert page.page.locator("#reports details").count() == len(sim.reports)
    assert page.page.locator("#sequence .row").count() > 10
    cursor = page.page.locator("#timeline [data-axis=time] .cursor")
    x = float(cursor.get_attribute("x1"))
    page.press("Home", *["ArrowRight"] * 30)
    assert page.page.locator("#events li[aria-current]").count() == 1
    assert page.page.locator("#events li[data-event='30']").get_attribute("aria-current") == "step"
    assert page.page.locator("#sequence .row.now").count() == 1
    assert page.page.locator("#sequence .row.future").count() > 5
    assert float(cursor.get_attribute("x1")) < x
    page.page.locator("#events li[data-event='28']").click()
    assert page.event() == 28


def test_a_report_leads_to_its_instant(opened):
    page = opened()
    first = page.page.locator("#reports details").first
    first.locator("summary").click()
    first.get_by_role("button", name="Go to").click()
    assert page.page.locator("#clock").inner_text().endswith("· 100 ms")


# ---- by keyboard ----------------------------------------------------------------------------------------


def test_keys_step_through_events_and_instants(opened, sim):
    page = opened()
    last = len(sim.trace)
    assert page.press("ArrowLeft") == last - 1
    assert page.press("Home") == 0
    assert page.press("ArrowLeft") == 0
    assert page.press("ArrowRight", "ArrowRight") == 2
    times = [event.time for event in sim.trace]
    assert page.press("Shift+ArrowRight") == len([time for time in times if time == 0])
    assert page.press("Shift+ArrowRight") == len([time for time in times if time <= 100])
    assert page.press("Shift+ArrowLeft") == len([time for time in times if time == 0])
    assert page.press("End") == last


def test_the_slider_moves_by_one_event_for_one_key(opened):
    page = opened()
    page.page.focus("#slider")
    assert page.press("Home", "ArrowRight", "ArrowRight", "ArrowRight") == 3
    assert page.page.locator("#slider").get_attribute("aria-valuetext").startswith("event 3 of ")


def test_everything_that_can_be_clicked_can_be_reached_and_used_by_keyboard(opened):
    page = opened()
    page.press("Home")
    seen = []
    for _ in range(80):
        page.page.keyboard.press("Tab")
        seen.append(page.page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert seen[:7] == ["play", "forward", "turn", "later", "millisecond", "crash", "last"]
    assert seen[7:9] == ["slider", "speed"]
    assert {"tree", "process", "mailboxes", "events", "search", "timeline", "sequence", "SUMMARY"} <= set(seen)
    page.page.focus("#forward")
    assert page.press("Enter") == 1
    assert page.press(" ") == 2


def test_space_plays_and_stops(opened):
    page = opened()
    page.press("Home")
    page.press(" ")
    assert page.page.locator("#play").get_attribute("aria-pressed") == "true"
    for _ in range(100):
        if page.event() >= 2:
            break
        page.page.wait_for_timeout(50)
    assert page.event() >= 2
    page.press(" ")
    assert page.page.locator("#play").get_attribute("aria-pressed") == "false"


def test_the_focus_can_be_seen(opened):
    page = opened()
    page.page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.page.evaluate(outline) == "solid"


def test_a_screen_reader_finds_names_for_everything(opened, sim):
    page = opened()
    page.press("Home", *["ArrowRight"] * 3)
    assert page.page.locator(".player").aria_snapshot().splitlines() == [
        '- region "Moment":',
        '  - group "Steps":',
        '    - button "To the start"',
        '    - button "Previous crash or restart"',
        '    - button "Previous instant"',
        '    - button "Previous event"',
        '    - button "Play"',
        '    - button "Next event"',
        '    - button "Until another process runs"',
        '    - button "Next instant"',
        '    - button "One millisecond on": +1 ms',
        '    - button "Next crash or restart"',
        '    - button "To the end"',
        '  - slider "Event": "3"',
        "  - text: speed",
        '  - combobox "speed":',
        '    - option "1 a second"',
        '    - option "3 a second" [selected]',
        '    - option "10 a second"',
        '    - option "30 a second"',
        f"  - text: 3 / {len(sim.trace)} · 0 ms",
        '  - status: "top <0.85.0> label {supervisor,given,1}"',
    ]
    named = "each => each.ariaLabel || each.getAttribute('aria-labelledby') || each.textContent || each.labels?.length"
    names = page.page.evaluate(f"[...document.querySelectorAll('[role], button, input')].map({named})")
    assert all(names)


# ---- to be read -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read_in_light_and_in_dark(opened, scheme):
    page = opened(color_scheme=scheme)
    page.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    background = page.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 25, 29)"}[scheme]
    contrasts = page.page.evaluate(CONTRASTS)
    assert len(contrasts) > 100
    assert [each for each in contrasts if each[0] < 4.5] == []


def test_a_narrow_screen_needs_no_scrolling_sideways(opened):
    page = opened(viewport={"width": 360, "height": 740}, has_touch=True)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 360
    left = "[...document.querySelectorAll('main > section')].map(each => each.getBoundingClientRect().left)"
    panels = page.page.evaluate(left)
    assert len(set(panels)) == 1
    heights = page.page.evaluate("[...document.querySelectorAll('.player button')].map(each => each.offsetHeight)")
    assert min(heights) >= 40
    assert page.page.evaluate("document.querySelector('.player').getBoundingClientRect().height") < 160


def test_the_lanes_heads_stay_in_sight(opened):
    page = opened()
    page.press("End")
    top_of = "document.querySelector('%s').getBoundingClientRect().top"
    gap = f"{top_of % '#sequence-heads'} - {top_of % '#sequence'}"
    assert page.page.evaluate("document.getElementById('sequence').scrollTop") > 100
    assert abs(page.page.evaluate(gap)) < 8


def test_every_picture_is_drawn_by_itself_in_its_own_colours(browser, sim, tmp_path):
    for name, picture in (("tree", sim.tree()), ("sequence", sim.trace.sequence()), ("timeline", sim.trace.timeline())):
        path = tmp_path / f"{name}.svg"
        path.write_text(picture.svg(), encoding="utf-8")
        fills = []
        for scheme in ("light", "dark"):
            context = browser.new_context(color_scheme=scheme)
            page = context.new_page()
            page.goto(path.as_uri())
            fills.append(page.evaluate("getComputedStyle(document.querySelector('rect.paper')).fill"))
            context.close()
        assert fills == ["rgb(255, 255, 255)", "rgb(22, 25, 29)"]


def test_a_notebooks_own_theme_wins_over_the_systems(browser, sim):
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.set_content(f'<body data-jp-theme-light="false">{sim.tree()._repr_html_()}</body>')
    assert page.evaluate("getComputedStyle(document.querySelector('rect.paper')).fill") == "rgb(22, 25, 29)"
    context.close()


# ---- from the command line --------------------------------------------------------------------------------

SCRIPT = """
from erlsim import erlang, timer

async def main():
    async def victim():
        await timer.sleep(50)
        erlang.error("oops")

    erlang.spawn(victim)
    await timer.sleep(100)
    {ending}
"""


@pytest.mark.parametrize("ending", ["return 1", "erlang.error('the_end')"])
def test_erlsim_run_writes_a_page_however_the_script_ends(opened, tmp_path, monkeypatch, ending):
    monkeypatch.setattr(sys, "path", list(sys.path))
    script, out = tmp_path / "watched.py", tmp_path / "out.html"
    script.write_text(SCRIPT.replace("{ending}", ending), encoding="utf-8")
    sys.modules.pop("watched", None)
    done = CliRunner().invoke(cli.main, ["run", str(script), "--no-reports", "--html", str(out)])
    assert done.exit_code == (0 if ending.startswith("return") else 1)
    page = opened(where=out)
    assert page.page.title() == "watched.py"
    assert "oops" in page.page.locator("#reports").inner_text()
    assert page.press("Home") == 0


def test_a_page_of_nothing_is_a_page(opened, tmp_path):
    out = tmp_path / "empty.html"
    run(ping_pong, trace=False).to_html(out)
    page = opened(where=out)
    assert page.press("End", "Home", "ArrowRight", "Shift+ArrowRight", " ") == 0
    assert "shell <0.83.0>" in page.page.locator("#tree").inner_text()
