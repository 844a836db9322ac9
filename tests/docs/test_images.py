"""The drawings in docs/images, which the README shows, too, are those that the code beside them makes, byte for byte.

`python -m tests.docs.test_images` draws them anew. The screenshots there are taken by `make pictures`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
SHOWN = re.compile(r"\]\(([^)#]*images/[^)]+)\)|(?:src|srcset)=\"([^\"]+)\"")


@cache
def drawn():
    """Each drawing, by its name; in a Python of its own, since the modules of examples have names that are common."""
    folder = ROOT / "docs" / "examples"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-B", "-c", "import json, showcase; print(json.dumps(showcase.drawn()))"],
        cwd=folder,
        env={"PYTHONPATH": f"{ROOT}:{folder}"},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return {IMAGES / f"{name}.svg": svg + "\n" for name, svg in json.loads(run.stdout).items()}


def write():
    """Draw all of them anew."""
    for path, svg in drawn().items():
        path.write_text(svg, encoding="utf-8")


def shown():
    """The pictures that the README and the documentation show."""
    pages = [ROOT / "README.md", *(page for page in (ROOT / "docs").rglob("*.md") if "_build" not in page.parts)]
    for page in pages:
        for found in SHOWN.findall(page.read_text(encoding="utf-8")):
            yield page, (page.parent / (found[0] or found[1])).resolve()


def test_the_drawings_are_those_that_their_code_makes():
    for path, svg in drawn().items():
        assert path.read_text(encoding="utf-8") == svg, f"{path.name}: python -m tests.docs.test_images"


def test_the_drawings_have_colours_for_light_and_for_dark_and_a_ground_of_their_own():
    for path in drawn():
        text = path.read_text(encoding="utf-8")
        assert "@media(prefers-color-scheme:dark)" in text, path.name
        assert re.search(r'</style><rect x="0" y="0" width="[\d.]+" height="[\d.]+" class="paper"', text), path.name
        assert "<script" not in text and "href=" not in text, path.name


def test_each_picture_that_is_shown_is_there_and_each_that_is_there_is_shown():
    found = list(shown())
    assert [(page.name, picture.name) for page, picture in found if not picture.exists()] == []
    assert sorted({path.name for path in IMAGES.iterdir()} - {picture.name for _, picture in found}) == []
    assert len([page for page, _ in found if page.name == "README.md"]) >= 4


if __name__ == "__main__":
    write()
