"""Lessons: the text form of each, the editions that are made of it, and running one in a real kernel.

A lesson is `notebooks/NN_name.py` in jupytext's percent format; `NN_name.ipynb` beside it is made of it and has the
outputs. Nothing random and no date gets into a notebook: cells are numbered, times are not recorded, so that running
a lesson again gives the same file.

A cell of Erlang is text in comments below `# %% active="ipynb"`, so that the file is Python all the same.

The cells of an exercise have a tag, which says in which edition they are: `task` (the cell to be filled in, which ends
with the call of its checker) in all; `solution` in the teacher's as a cell, in the lesson folded; `wrong` (what is
written often, and what the checker says then) and `teacher` (notes) in the teacher's alone.
"""

from __future__ import annotations

import json
import re
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.py"))
METADATA = {
    "jupytext": {"formats": "ipynb,py:percent"},
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
TAGS = ("task", "solution", "wrong", "teacher")
LEFT_OUT = {"lesson": ("wrong", "teacher"), "student": ("solution", "wrong", "teacher"), "teacher": ()}
# Folded wherever notebooks are shown: in Jupyter, in a browser, on a forge, in an editor.
FOLDED = "<details>\n<summary><b>A solution</b></summary>\n\n```{}\n{}\n```\n\n</details>"
NOTE = "**For the teacher.** "
DRAWN = ("image/svg+xml", "text/html")
# Addresses of Python objects, and the names that a kernel gives to cells, belong to one machine; lines in stacks may be
# those of our own files.
ADDRESS = re.compile(r"0x[0-9a-f]{8,}|\b\d{6,}(?=\.py\b)|(?<=\{line,)\d+|(?<=, line )\d+")


def kind(cell: Any) -> str:
    """What a cell is in an exercise, `plain` if it is in none."""
    return next((tag for tag in cell["metadata"].get("tags", []) if tag in TAGS), "plain")


@cache
def _parsed(text: str) -> Any:
    return jupytext.reads(text, fmt="py:percent")


def _read(lesson: Path) -> Any:
    """The cells of a lesson's text, to be changed at will: reading takes long."""
    return deepcopy(_parsed(lesson.read_text(encoding="utf-8")))


def cells(lesson: Path) -> list[Any]:
    """All cells of a lesson's text, with their tags."""
    return list(_read(lesson).cells)


def notebook(lesson: Path, edition: str = "lesson") -> Any:
    """The notebook that a lesson's text says, without outputs; `edition` is `lesson`, `student` or `teacher`."""
    made = _read(lesson)
    made.cells = [_edited(cell, edition) for cell in made.cells if kind(cell) not in LEFT_OUT[edition]]
    for number, cell in enumerate(made.cells, 1):
        cell["id"] = f"cell-{number}"
        cell["metadata"] = {}
    made.metadata = nbformat.from_dict(METADATA)
    made.nbformat, made.nbformat_minor = 4, 5
    return made


def _edited(cell: Any, edition: str) -> Any:
    if kind(cell) == "solution" and edition == "lesson":
        language = "erlang" if cell["source"].startswith("%%erlang") else "python"
        return nbformat.v4.new_markdown_cell(FOLDED.format(language, cell["source"]))
    if kind(cell) == "teacher":
        cell["source"] = NOTE + cell["source"]
    return cell


def executed(lesson: Path, edition: str = "lesson") -> Any:
    """The same, run from top to bottom in a fresh kernel; `CellExecutionError` if a cell fails."""
    made = notebook(lesson, edition)
    client = NotebookClient(
        made,
        timeout=120,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(ROOT)}},
        # Kernels remark on other transports.
        config=Config({"KernelManager": {"transport": "ipc"}}),
    )
    client.execute()
    for cell in made.cells:
        cell["metadata"] = {}
    made.metadata = nbformat.from_dict(METADATA)
    return made


def committed(lesson: Path) -> Any:
    """The notebook beside the text."""
    return nbformat.read(lesson.with_suffix(".ipynb"), as_version=4)


def sources(made: Any) -> list[tuple[str, str]]:
    """Kind and source of each cell."""
    return [(cell["cell_type"], cell["source"]) for cell in made.cells]


def outputs(made: Any) -> list[tuple[str, str]]:
    """The source of each code cell, and what it put on the screen."""
    return [(cell["source"], shown(cell["outputs"])) for cell in made.cells if cell["cell_type"] == "code"]


def shown(outputs: list[Any]) -> str:
    """What outputs put on the screen: text that was printed, then values as JSON.

    Drawings are left out: their text is there, and how they are drawn has tests of its own.
    """
    printed = "".join(each["text"] for each in outputs if each["output_type"] == "stream")
    values = [
        {kind: DRAWN if kind in DRAWN else text for kind, text in each["data"].items()}
        for each in outputs
        if "data" in each
    ]
    return ADDRESS.sub("_", printed + json.dumps(values, sort_keys=True, indent=1))


def write(made: Any, path: Path) -> None:
    """Write a notebook."""
    text = json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
