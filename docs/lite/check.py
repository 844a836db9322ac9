"""Opens the lessons of a built JupyterLite site in a headless Chromium, runs every cell, and says what came of it.

`python docs/lite/check.py [NN ...]`, after `build.py`. Chromium is asked over its own debugging protocol; the
browser gets no other network than the site. The outputs are compared with those of the committed notebooks:
text only, and names of cells aside. Of each lesson there is a picture in docs/lite/_build then.
"""

from __future__ import annotations

import base64
import http.server
import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any

import websocket

ROOT = Path(__file__).parents[2]
SITE = ROOT / "docs" / "lite" / "_build" / "site"
START_SECONDS, RUN_SECONDS = 120, 300
CELL_NAME = re.compile(r"\b[\w-]+\.py\b|<ipython-input[^>]*>|0x[0-9a-f]+")
# What the page does for us: open the lesson, wait for its kernel, run it, give back outputs.
RUN = """
(async () => {
  const app = window.jupyterapp;
  const widget = await app.commands.execute('docmanager:open', {path: PATH, factory: 'Notebook'});
  window.lesson = widget;
  await widget.context.ready;
  await widget.context.sessionContext.ready;
  await app.commands.execute('notebook:run-all-cells');
  return JSON.stringify(widget.content.model.toJSON().cells);
})()
"""


# The player's buttons, at the end of the lesson that is open: what they show before and after two steps.
PLAY = """
(async () => {
  const content = window.lesson.content, app = window.jupyterapp;
  content.activeCellIndex = content.model.cells.length - 1;
  await app.commands.execute('notebook:insert-cell-below');
  content.activeCell.model.sharedModel.setSource(SOURCE);
  await app.commands.execute('notebook:run-cell');
  const found = (selector) => [...content.activeCell.node.querySelectorAll(selector)];
  const until = async (holds) => {
    for (let waited = 0; waited < 300 && !holds(); waited++) await new Promise(done => setTimeout(done, 100));
    return holds();
  };
  const number = () => Number((found('.widget-inline-hbox input')[0] || { value: -1 }).value);
  if (!await until(() => found('button').some(each => each.textContent === '▶'))) return 'no buttons';
  const before = number();
  for (const text of ['▶', '▶']) {
    const at = number();
    found('button').find(each => each.textContent === text).click();
    if (!await until(() => number() === at + 1)) return `no step from ${at}`;
  }
  found('button').find(each => each.textContent === 'kill').click();
  const killed = () => found('pre').some(each => each.textContent.includes('player.kill'));
  return await until(killed) ? `from ${before} to ${number()}, and killed` : 'nobody was killed';
})()
"""
PLAYED = """import erlsim
from erlsim import erlang, timer

async def echo():
    while True:
        sender, what = await erlang.receive()
        erlang.send(sender, what)

async def played():
    pid = erlang.spawn(echo)
    for number in range(3):
        erlang.send(pid, (erlang.self(), number))
        await erlang.receive()
        await timer.sleep(100)

erlsim.player(played).goto(4)"""


SHOW = """
(async () => {
  const content = window.lesson.content;
  const cells = content.model.toJSON().cells;
  const at = cells.findLastIndex(cell => cell.cell_type === 'code' && cell.source.includes(TEXT));
  if (at >= 0) { content.activeCellIndex = at; await content.scrollToItem(at, 'center'); }
  await new Promise(done => setTimeout(done, 1500));
})()
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the site and says nothing."""

    def log_message(self, *args: Any) -> None:
        """Nothing."""


class Page:
    """A tab of the browser."""

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(address, timeout=RUN_SECONDS, suppress_origin=True)
        self._numbers = itertools.count(1)

    def ask(self, method: str, **parameters: Any) -> Any:
        """A command of the protocol, and its result."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == number:
                return message.get("result", message)

    def value(self, script: str) -> Any:
        """What a script comes to, promises included."""
        answer = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")


def shown(cells: list[Any]) -> list[str]:
    """The text of each output of each cell, for comparison: a line for each cell that shows anything.

    Spaces and line breaks do not count: where a term is broken goes by the length of a cell's name.
    """
    found = []
    for cell in cells:
        texts = [
            "".join(each.get("text", each.get("data", {}).get("text/plain", each.get("evalue", ""))))
            for each in cell.get("outputs", [])
        ]
        if text := "".join(CELL_NAME.sub("_", "".join(texts)).split()):
            found.append(text)
    return found


def expose(site: Path) -> None:
    """Let scripts of the page find the application."""
    settings = site / "jupyter-lite.json"
    config = json.loads(settings.read_text(encoding="utf-8"))
    config["jupyter-config-data"]["exposeAppInBrowser"] = True
    settings.write_text(json.dumps(config, indent=2), encoding="utf-8")


def check(page: Page, site: str, lesson: Path) -> bool:
    """Run one lesson in the page: whether it shows what the notebook shows."""
    page.ask("Page.navigate", url=f"{site}/lab/index.html?reset")
    until = time.monotonic() + START_SECONDS
    while not page.value(
        "!!(window.jupyterapp && window.jupyterapp.started && document.querySelector('#jp-main-dock-panel'))"
    ):
        if time.monotonic() > until:
            raise RuntimeError("JupyterLite did not start")
        time.sleep(0.5)
    began = time.monotonic()
    cells = json.loads(page.value(RUN.replace("PATH", json.dumps(lesson.name))))
    seconds = time.monotonic() - began
    here, there = shown(cells), shown(json.loads(lesson.read_text(encoding="utf-8"))["cells"])
    for line, other in itertools.zip_longest(here, there):
        if line != other:
            at = next((n for n, (a, b) in enumerate(zip(line or "", other or "", strict=False)) if a != b), 0)
            around = slice(max(at - 60, 0), at + 60)
            print(f"{lesson.stem}: differs after {seconds:.0f} s")
            print(f"  browser: {line and line[around]}\n  here:    {other and other[around]}")
            return False
    print(f"{lesson.stem}: {len(here)} cells show what they show in the notebook, {seconds:.0f} s")
    return True


def check_player(page: Page, picture: Path) -> bool:
    """Whether the player's buttons act, in a cell below the lesson that is open."""
    came = page.value(PLAY.replace("SOURCE", json.dumps(PLAYED)))
    print(f"the player's buttons: {came}")
    screenshot(page, picture, "erlsim.player(played)")
    return str(came).endswith("killed")


def screenshot(page: Page, file: Path, text: str) -> None:
    """Scroll to the cell that has `text`, and take a picture."""
    page.ask("Emulation.setDeviceMetricsOverride", width=1100, height=900, deviceScaleFactor=1, mobile=False)
    page.value(SHOW.replace("TEXT", json.dumps(text)))
    file.write_bytes(base64.b64decode(page.ask("Page.captureScreenshot", format="png")["data"]))


def main(arguments: list[str]) -> int:
    """Check the lessons whose numbers are given, or all."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        raise SystemExit("there is no Chromium on the PATH")
    expose(SITE)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site = f"http://127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
        command += [
            f"--user-data-dir={profile}",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "about:blank",
        ]
        running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            page = Page(_address(Path(profile)))
            there = {path.name for path in (SITE.parent / "lessons").iterdir()}
            lessons = sorted(path for path in (ROOT / "notebooks").glob("*.ipynb") if path.name in there)
            wanted = [each for each in lessons if not arguments or each.name.startswith(tuple(arguments))]
            passed = []
            for lesson in wanted:
                passed.append(check(page, site, lesson))
                screenshot(page, SITE.parent / f"{lesson.stem}.png", "sim.t")
            if wanted:
                passed.append(check_player(page, SITE.parent / "player.png"))
            return 0 if all(passed) else 1
        finally:
            running.terminate()
            running.wait(10)


def _address(profile: Path) -> str:
    """Where the first tab of the browser listens."""
    until = time.monotonic() + 30
    said = profile / "DevToolsActivePort"
    while not said.exists() or "\n" not in said.read_text(encoding="utf-8"):
        if time.monotonic() > until:
            raise RuntimeError("Chromium did not start")
        time.sleep(0.1)
    port = said.read_text(encoding="utf-8").split()[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
        tabs = json.load(answer)
    return next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
