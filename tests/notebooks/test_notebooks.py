"""Every lesson runs from top to bottom in one kernel and shows what its notebook shows.

`python -m tests.notebooks` writes the notebooks anew.
"""

from __future__ import annotations

import pytest

from tests.notebooks.lessons import LESSONS, ROOT, committed, executed, notebook, outputs, sources

NAMES = [
    "01_processes_and_mailboxes",
    "02_links_monitors_exit_signals",
    "03_gen_server",
    "04_supervisors",
    "05_director",
    "06_gen_tracker_and_ets",
    "07_finding_a_race",
    "08_prototyping_a_tree",
    "09_what_would_happen_if",
]
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)


def test_the_course_has_its_lessons_and_nothing_else():
    assert [path.stem for path in LESSONS] == NAMES
    assert sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")) == NAMES


@each_lesson
def test_a_notebook_is_in_step_with_its_text(lesson):
    assert sources(committed(lesson)) == sources(notebook(lesson))


@each_lesson
# What the kernel's own libraries warn of on some platforms is not ours.
@pytest.mark.filterwarnings("ignore")
def test_a_lesson_shows_what_its_notebook_shows(lesson):
    assert outputs(executed(lesson)) == outputs(committed(lesson))


@each_lesson
def test_no_lesson_ends_in_an_error_or_shows_a_warning(lesson):
    for cell in committed(lesson).cells:
        for output in cell.get("outputs", []):
            assert output["output_type"] != "error", cell["source"]
            assert output.get("name") != "stderr", cell["source"]


@each_lesson
def test_a_lesson_asks_questions_and_answers_them(lesson):
    cells = sources(notebook(lesson))
    asked = [at for at, (kind, text) in enumerate(cells) if kind == "markdown" and "**Question" in text]
    assert len(asked) >= 2
    assert all(any(kind == "code" for kind, _ in cells[at + 1 :]) for at in asked)
