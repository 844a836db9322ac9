"""`python -m tests.trace.screenshots`: takes the pictures in docs/images, of the page and of the charts of a program.

Those of a notebook were taken by hand, in JupyterLab.
"""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import erlsim
from tests import browser

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
EXAMPLE = ROOT / "docs" / "examples" / "pictures.py"
MOMENT = 52
"""The event at which the page is shown: a till is being restarted, and the stock has letters to read."""
SHOTS = {
    "page-light": {"color_scheme": "light", "viewport": {"width": 1240, "height": 1040}},
    "page-dark": {"color_scheme": "dark", "viewport": {"width": 1240, "height": 1040}},
    "page-narrow": {"color_scheme": "light", "viewport": {"width": 400, "height": 900}},
}


def example() -> ModuleType:
    """The program of docs/examples/pictures.py."""
    spec = importlib.util.spec_from_file_location("pictures", EXAMPLE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def take(running: Any, where: Path, name: str, **options: Any) -> None:
    """One picture of a page."""
    context = running.new_context(**options)
    page = context.new_page()
    page.goto(where)
    page.screenshot(path=IMAGES / f"{name}.png", scale="css")
    context.close()


def main() -> None:
    """Take them all."""
    sim = erlsim.Simulation()
    sim.run(example().main)
    IMAGES.mkdir(exist_ok=True)
    for name, picture in (("tree", sim.tree()), ("timeline", sim.trace.timeline())):
        (IMAGES / f"{name}.svg").write_text(picture.svg() + "\n", encoding="utf-8")
    chart = sim.trace.sequence(["shell", "tills", "till_1"], start=100)
    (IMAGES / "sequence.svg").write_text(chart.svg() + "\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, browser.launched() as running:
        path = Path(folder, "shop.html")
        sim.to_html(path, title="A shop")
        for name, options in SHOTS.items():
            take(running, f"{path.as_uri()}#{MOMENT}", name, **options)


if __name__ == "__main__":
    main()
