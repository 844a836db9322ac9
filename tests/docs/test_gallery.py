"""The pictures of the gallery are those of its trees; what it prints is checked with the other examples.

`python -m tests.docs.test_gallery` draws them anew.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
# In a Python of its own: the modules of an example have names that are common.
DRAW = """
import json, gallery
print(json.dumps({name: gallery.blast(name).svg(victim) for name, victim in gallery.VICTIMS.items()}))
"""


def drawn():
    """The picture of each tree, by its name."""
    folder = DOCS / "examples"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-B", "-c", DRAW],
        cwd=folder,
        env={"PYTHONPATH": f"{DOCS.parent}:{folder}"},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return json.loads(run.stdout)


def image(name):
    return DOCS / "images" / f"gallery-{name}.svg"


def test_the_pictures_of_the_gallery_are_up_to_date():
    for name, svg in drawn().items():
        assert image(name).read_text(encoding="utf-8") == svg, name


if __name__ == "__main__":
    for each, picture in drawn().items():
        image(each).write_text(picture, encoding="utf-8")
