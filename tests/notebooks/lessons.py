"""Lessons: the text form of each, what a notebook makes of it, and running that in a real kernel.

A lesson is `notebooks/NN_name.py` in jupytext's percent format; `NN_name.ipynb` beside it has the same
cells and their outputs. Nothing random and no date gets into a notebook: cells are numbered, times are
not recorded, so that running a lesson again gives the same file.
"""

from __future__ import annotations

import json
import re
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
DRAWN = ("image/svg+xml", "text/html")
# Addresses of Python objects, and the names that a kernel gives to cells, belong to one machine; lines in stacks may be
# those of our own files.
ADDRESS = re.compile(r"0x[0-9a-f]{8,}|\b\d{6,}(?=\.py\b)|(?<=\{line,)\d+|(?<=, line )\d+")


def notebook(lesson: Path) -> Any:
    """The notebook that a lesson's text says, without outputs."""
    made = jupytext.read(lesson)
    for number, cell in enumerate(made.cells, 1):
        cell["id"] = f"cell-{number}"
        cell["metadata"] = {}
    made.metadata = nbformat.from_dict(METADATA)
    made.nbformat, made.nbformat_minor = 4, 5
    return made


def executed(lesson: Path) -> Any:
    """The same, run from top to bottom in a fresh kernel; `CellExecutionError` if a cell fails."""
    made = notebook(lesson)
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
    """The source of each code cell, and what it put on the screen as JSON."""
    return [
        (
            cell["source"],
            ADDRESS.sub("_", json.dumps([_plain(each) for each in cell["outputs"]], sort_keys=True, indent=1)),
        )
        for cell in made.cells
        if cell["cell_type"] == "code"
    ]


def _plain(output: Any) -> Any:
    """An output whose drawings are left out: their text is there, and how they are drawn has tests of its own."""
    data = output.get("data", {})
    return {**output, "data": {kind: DRAWN if kind in DRAWN else text for kind, text in data.items()}}


def write(lesson: Path) -> None:
    """Run a lesson and write its notebook."""
    made = executed(lesson)
    text = json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True)
    lesson.with_suffix(".ipynb").write_text(text + "\n", encoding="utf-8")
