"""The course as it is handed out: a student's edition, and a teacher's with solutions, frequent mistakes and notes."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.notebooks.lessons import LESSONS, executed, notebook, write

HOW = """
    python -m venv .venv
    .venv/bin/python -m pip install erlsim jupyterlab
    .venv/bin/jupyter lab
"""
STUDENT = f"""# A course in Erlang's processes

Open the lessons in their order, in Jupyter:
{HOW}
Run the cells from the top, and read what stands between them. Answer each question before you run the cell below it.
Each lesson ends in exercises: write into the cell, run it, and the checker answers.

"""
TEACHER = f"""# A course in Erlang's processes: for the teacher

The same lessons with everything run, solutions, notes, and what students write often with what the checker says to it.
The students' edition is the folder beside this one.
{HOW}
"""


def begin(folder: Path) -> None:
    """Make the two folders anew, each with a page that says how to begin."""
    titles = [notebook(lesson)["cells"][0]["source"].splitlines()[0].lstrip("# ") for lesson in LESSONS]
    links = "".join(f"- [{title}]({lesson.stem}.ipynb)\n" for lesson, title in zip(LESSONS, titles, strict=True))
    for name, words in (("student", STUDENT), ("teacher", TEACHER)):
        place = folder / name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        (place / "README.md").write_text(words + links, encoding="utf-8")


def add(lesson: Path, folder: Path) -> None:
    """Write both editions of a lesson: the student's has no outputs yet."""
    name = lesson.with_suffix(".ipynb").name
    write(notebook(lesson, "student"), folder / "student" / name)
    write(executed(lesson, "teacher"), folder / "teacher" / name)
