"""`make pictures`: the pictures in docs/images, and, to be looked at, those in docs/_build/pictures.

In docs/images are the page and the charts of the documentation's example, and the page of a class's exercise. In
docs/_build/pictures are the same and more: every drawing of every lesson, in light and in dark, and the buttons' code.
Those of a notebook were taken in a JupyterLab by hand.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import erlsim
from tests import browser
from tests.docs import test_images
from tests.trace.programs import classroom

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
LOOK = ROOT / "docs" / "_build" / "pictures"
EXAMPLE = ROOT / "docs" / "examples" / "pictures.py"
MOMENT = 48
"""The event at which the page is shown: a till has just crashed, and the stock has letters to read."""
WIDE = {"width": 1240, "height": 1040}
SHOTS = {
    "page-light": {"color_scheme": "light", "viewport": WIDE},
    "page-dark": {"color_scheme": "dark", "viewport": WIDE},
    "page-narrow": {"color_scheme": "light", "viewport": {"width": 400, "height": 900}},
}
SCHEMES = ("light", "dark")
SHEET = """<html><body style="margin: 16px; background: {paper}; color: {ink}; font: 15px sans-serif">{parts}</body>"""
PAPERS = {"light": ("#ffffff", "#1f2933"), "dark": ("#111111", "#e4e9ee")}


def example() -> ModuleType:
    """The program of docs/examples/pictures.py."""
    spec = importlib.util.spec_from_file_location("pictures", EXAMPLE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def take(running: Any, where: str, path: Path, prepare: str = "", full: bool = False, **options: Any) -> None:
    """One picture of a page, after `prepare`, some JavaScript, was run in it."""
    context = running.new_context(**options)
    page = context.new_page()
    page.goto(where)
    if prepare:
        page.evaluate(prepare)
        page.wait_for_timeout(200)
    page.screenshot(path=path, scale="css", full_page=full)
    context.close()


# What is done on the page of a class before its picture is taken.
CLASS = {
    "class": "",
    "class-tree": "document.querySelector('[data-tree=down]').click()",
    "class-tree-right": "document.querySelector('[data-tree=right]').click()",
    "class-chart": """() => {
        const who = document.getElementById('who');
        who.value = 'shell, under:team_1';
        who.dispatchEvent(new Event('input'));
        document.getElementById('fold').click();
        document.getElementById('sequence').scrollIntoView({ block: 'center' });
    }""",
    "class-lifelines": "document.getElementById('timeline').scrollIntoView({ block: 'center' })",
    "class-events": """() => {
        document.querySelector('[data-show-axis=events]').click();
        document.getElementById('timeline').scrollIntoView({ block: 'center' });
    }""",
    "class-legend": "document.getElementById('kinds').parentElement.open = true",
    "class-processes": "document.getElementById('processes').scrollIntoView()",
    "class-code": """() => {
        document.querySelector('#tree [data-pid="88"]').click();
        document.querySelector(".act").open = true;
    }""",
}


def of_the_example(running: Any, folder: Path) -> None:
    """Its charts, and its page."""
    test_images.write()
    player = erlsim.player(example().main)
    path = folder / "shop.html"
    player.goto(MOMENT).to_html(path, title="A shop")
    for name, options in SHOTS.items():
        take(running, path.as_uri(), IMAGES / f"{name}.png", **options)


def of_a_class(running: Any, folder: Path) -> None:
    """The page of a run of 60 processes and 10,000 events, in all its views."""
    sim = erlsim.Simulation()
    sim.run(classroom)
    path = folder / "class.html"
    sim.to_html(path, title="A class")
    for name, prepare in CLASS.items():
        for scheme in SCHEMES:
            where = f"{path.as_uri()}#event=4003"
            take(running, where, LOOK / f"{name}-{scheme}.png", prepare, color_scheme=scheme, viewport=WIDE)
    take(running, f"{path.as_uri()}#event=4003", IMAGES / "page-class.png", CLASS["class-tree"], viewport=WIDE)


def of_the_lessons(running: Any, folder: Path) -> None:
    """Every drawing of every lesson, as its cells make them now."""
    from tests.notebooks.lessons import LESSONS, executed

    for lesson in LESSONS:
        parts = list(_drawings(executed(lesson)))
        for scheme in SCHEMES if parts else ():
            paper, ink = PAPERS[scheme]
            path = folder / f"{lesson.stem}-{scheme}.html"
            path.write_text(SHEET.format(paper=paper, ink=ink, parts="<hr>".join(parts)), encoding="utf-8")
            out = LOOK / f"lesson-{lesson.stem[:2]}-{scheme}.png"
            take(running, path.as_uri(), out, full=True, color_scheme=scheme, viewport={"width": 1240, "height": 120})


def _drawings(made: Any) -> Iterator[str]:
    for cell in made.cells:
        for output in cell.get("outputs", ()):
            if drawn := output.get("data", {}).get("text/html"):
                yield drawn


PARTS = {"example": of_the_example, "class": of_a_class, "lessons": of_the_lessons}


def main() -> None:
    """Take them all, or those of the parts that are named."""
    IMAGES.mkdir(exist_ok=True)
    LOOK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browser.launched() as running:
        for name in sys.argv[1:] or PARTS:
            PARTS[name](running, Path(folder))
    print(f"{IMAGES.relative_to(ROOT)} and {LOOK.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
