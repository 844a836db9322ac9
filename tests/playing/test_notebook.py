"""The player in a notebook: a frame that leaks no style, and buttons that act in the kernel."""

from __future__ import annotations

import sys

import nbformat
import pytest
from nbclient import NotebookClient

import erlsim
from erlsim import ErlsimError, timer
from erlsim.playing import widget
from tests import browser as browsers
from tests.trace.programs import child, top


async def one_worker():
    await top([child("a")], intensity=5)
    await timer.sleep(300)


@pytest.fixture
def buttons():
    return widget.Buttons(erlsim.player(one_worker))


def press(buttons, *names):
    for name in names:
        buttons.buttons[name].click()
    return buttons.player.event


# ---- buttons ------------------------------------------------------------------------------------------


def test_the_buttons_move_the_player_and_show_where_it_is(buttons):
    assert press(buttons, "step", "step", "step", "back") == 2
    assert buttons.place.value == 2
    assert f"of {len(buttons.player.trace)} · 0 ms" in buttons.clock.value
    assert "player.goto(2)" in buttons.picture.value
    assert press(buttons, "last") == len(buttons.player.trace)
    assert press(buttons, "rewind") == 0
    buttons.place.value = 7
    assert buttons.player.event == 7
    press(buttons, "turn", "millisecond")
    assert buttons.player.time == 1


def test_the_buttons_act_at_the_event_and_show_the_code(buttons):
    buttons.place.value = len(buttons.player.trace) - 1
    buttons.who.value = dict(buttons.who.options)["a <0.86.0>"]
    press(buttons, "kill")
    assert buttons.player.sim.tree() == ("top", [("a", 1)])
    assert "player.kill(&#x27;&lt;0.86.0&gt;&#x27;)" in buttons.picture.value
    assert press(buttons, "crash") and buttons.player.last.kind == "exit"
    press(buttons, "undo")
    assert buttons.player.sim.tree() == ("top", ["a"])


def test_a_term_is_written_as_in_erlang(buttons):
    buttons.place.value = len(buttons.player.trace) - 1
    buttons.who.value = dict(buttons.who.options)["a <0.86.0>"]
    buttons.term.value = '{too,[1,"x"]}'
    press(buttons, "exit")
    assert any('{too,[1,"x"]}' in str(event) for event in buttons.player.trace if event.kind == "exit")


def test_what_cannot_be_done_is_said_beside_the_buttons(buttons):
    buttons.term.value = "{not a term"
    buttons.place.value = len(buttons.player.trace) - 1
    press(buttons, "send")
    assert "color:#c0392b" in buttons.failed.value
    press(buttons, "undo")
    assert "nothing was done" in buttons.failed.value
    press(buttons, "step")
    assert buttons.failed.value == ""


def test_without_ipywidgets_there_is_the_page_and_the_reason(monkeypatch):
    player = erlsim.player(one_worker)
    monkeypatch.setattr(widget, "is_there", lambda: False)
    assert set(player._repr_mimebundle_()) == {"text/plain", "text/html"}
    with pytest.raises(ErlsimError, match="erlsim\\[widgets\\]"):
        player.widget()


def test_a_cell_shows_the_buttons_and_they_act_in_the_kernel():
    cells = [
        "import erlsim\nfrom tests.playing.test_notebook import one_worker\nplayer = erlsim.player(one_worker)\nplayer",
        "from erlsim.playing.widget import Buttons\nb = Buttons(player)\nb.place.value = 25\n"
        "b.who.value = b.who.options[-1][1]\nb.buttons['kill'].click()\nprint(player.sim.tree())",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python", "language": "python"}
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": "."}}).execute()
    data = notebook.cells[0].outputs[0]["data"]
    assert {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"} <= set(data)
    assert "a <0.86.0>" not in notebook.cells[1].outputs[0]["text"]
    assert "1 restart" in notebook.cells[1].outputs[0]["text"]
    assert sys.modules["erlsim"] is erlsim


# ---- the frame ----------------------------------------------------------------------------------------

AROUND = """<html><body data-jp-theme-light="{light}" style="margin: 0; font: 20px serif; color: rgb(1, 2, 3)">
<h2 id="heading">A heading</h2><button id="button">A button</button>{player}</body></html>"""
STYLES = """['heading', 'button'].map(id => {
  const style = getComputedStyle(document.getElementById(id));
  return [style.fontSize, style.color, style.display, style.minHeight, style.backgroundColor];
})"""


@pytest.fixture(scope="module")
def browser():
    browsers.require()
    with browsers.launched() as running:
        yield running


@pytest.mark.parametrize("light", ["true", "false"])
def test_an_embedded_page_leaks_no_style_and_takes_the_notebooks_theme(browser, light):
    player = erlsim.player(one_worker).goto(9)
    page = browser.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_content(AROUND.format(light=light, player=""))
    before = page.evaluate(STYLES)
    page.set_content(AROUND.format(light=light, player=player._repr_html_()))
    inside = page.frame_locator("iframe.erlsim-page")
    assert inside.locator("#clock").inner_text() == f"9 / {len(player.trace)} · 0 ms"
    inside.locator("#forward").click()
    assert inside.locator("#clock").inner_text().startswith("10 / ")
    assert page.evaluate(STYLES) == before
    paper = {"true": "rgb(255, 255, 255)", "false": "rgb(22, 25, 29)"}[light]
    assert inside.locator("body").evaluate("each => getComputedStyle(each).backgroundColor") == paper
    assert complaints == []
    page.close()


def test_the_page_shows_the_code_that_would_do_what_its_buttons_say(browser, tmp_path):
    player = erlsim.player(one_worker).goto(15)
    player.to_html(tmp_path / "page.html")
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    page.locator(".act summary").click()
    assert page.locator("#code").inner_text().startswith("# the shell is the program:")
    page.locator("#tree .node", has_text="top").first.click()
    assert page.locator("#code").inner_text() == (
        'player = erlsim.player(one_worker)\nplayer.goto(15)\nplayer.kill("<0.85.0>")  # top\nplayer'
    )
    page.locator("#act").select_option("exit")
    page.locator("#act-term").fill('("shutdown", 1)')
    code = page.locator("#code").inner_text()
    assert 'player.exit("<0.85.0>", ("shutdown", 1))' in code
    names = {"erlsim": erlsim, "one_worker": one_worker}
    exec(code, names)
    assert any("{shutdown,1}" in str(event) for event in names["player"].trace)
    page.close()
