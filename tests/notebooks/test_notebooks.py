"""Every lesson runs from top to bottom, shows what its notebook shows, and can be run again, from any section on.

`python -m tests.notebooks` writes the notebooks anew. After `SAYS` a `wrong` cell has what the checker must answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.notebooks.lessons import LESSONS, ROOT, cells, committed, kind, notebook, outputs, sources
from tests.notebooks.playing import Ran, sections, student

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
    "10_gen_statem",
    "11_every_schedule",
    "12_erlang_itself",
]
SAYS = "The checker says: "
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)


@dataclass(frozen=True)
class Played:
    """What the cells of a lesson have shown: from top to bottom, then each twice, then from each section on."""

    lesson: Path
    kinds: list[str]
    once: list[Ran]
    twice: list[Ran]
    sections: list[Ran]


def is_long(cell) -> bool:
    return "long" in cell["metadata"].get("tags", [])


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def played(request):
    """All of it in one session. Cells that take long are run again once, from the top, and not in each order."""
    found = cells(request.param)
    code = [cell for cell in found if cell["cell_type"] == "code"]
    with student() as person:
        once = [person.run(cell) for cell in code]
        twice = [person.run(cell) for cell in code for _ in range(1 if is_long(cell) else 2)]
        back = [person.run(cell) for part in reversed(sections(found)) for cell in part if not is_long(cell)]
    return Played(request.param, [kind(cell) for cell in code], once, twice, back)


def test_the_course_has_its_lessons_and_nothing_else():
    assert [path.stem for path in LESSONS] == NAMES
    assert sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")) == NAMES


@each_lesson
def test_a_notebook_is_in_step_with_its_text(lesson):
    assert sources(committed(lesson)) == sources(notebook(lesson))


def test_a_lesson_shows_what_its_notebook_shows(played):
    ran = [(each.source, each.shown) for each, tag in zip(played.once, played.kinds) if tag in ("plain", "task")]
    assert ran == outputs(committed(played.lesson))


def test_no_cell_fails_when_it_is_run_twice(played):
    assert [(each.source, each.failure) for each in played.twice if each.failure] == []


def test_a_student_can_go_back_to_the_beginning_of_each_section(played):
    assert [(each.source, each.failure) for each in played.sections if each.failure] == []


def test_each_exercise_has_a_task_a_solution_and_two_mistakes(played):
    tasks = [tag for tag in played.kinds if tag != "plain"]
    assert tasks == ["task", "solution", "wrong", "wrong"] * 3


def test_the_checkers_answer_rightly(played):
    for ran, tag in zip(played.once, played.kinds):
        if tag == "task":
            assert "Not written yet." in ran.shown or "Not yet." in ran.shown
        elif tag == "solution":
            assert "Right. Tried" in ran.shown, ran
        elif tag == "wrong":
            [says] = [line.partition(SAYS)[2] for line in ran.source.splitlines() if SAYS in line]
            assert "Not yet." in ran.shown and says in ran.shown, ran


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
