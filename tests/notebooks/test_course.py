"""The editions of the course: the student's gives nothing away, the teacher's has everything."""

from __future__ import annotations

import json

import nbformat
import pytest

from tests.notebooks import course
from tests.notebooks.lessons import LESSONS, NOTE, cells, committed, kind, notebook, outputs, sources

each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)


def tagged(lesson, tag):
    return [cell["source"] for cell in cells(lesson) if kind(cell) == tag]


@each_lesson
def test_the_students_edition_has_the_tasks_and_no_solution(lesson):
    found = sources(notebook(lesson, "student"))
    whole = "\n".join(text for _, text in found)
    tasks = tagged(lesson, "task")
    assert [text for of, text in found if of == "code" and text in tasks] == tasks
    for hidden in ("solution", "wrong", "teacher"):
        assert [text for text in tagged(lesson, hidden) if text in whole] == []
    assert "<details>" not in whole
    assert NOTE not in whole


@each_lesson
def test_the_teachers_edition_has_solutions_mistakes_and_notes(lesson):
    found = sources(notebook(lesson, "teacher"))
    for tag in ("task", "solution", "wrong"):
        wanted = tagged(lesson, tag)
        assert [text for of, text in found if of == "code" and text in wanted] == wanted
    notes = [text.removeprefix(NOTE) for of, text in found if of == "markdown" and text.startswith(NOTE)]
    assert notes == tagged(lesson, "teacher")
    assert len(notes) == len(tagged(lesson, "task"))


@each_lesson
def test_in_the_lesson_solutions_are_folded(lesson):
    found = sources(notebook(lesson))
    folded = [text for of, text in found if of == "markdown" and text.startswith("<details>")]
    assert len(folded) == len(tagged(lesson, "solution"))
    assert [each for each, code in zip(folded, tagged(lesson, "solution")) if code not in each] == []


# What the kernel's own libraries warn of on some platforms is not ours.
@pytest.mark.filterwarnings("ignore")
def test_both_editions_are_written_the_teachers_as_it_runs_in_a_kernel(tmp_path):
    course.begin(tmp_path)
    course.add(LESSONS[0], tmp_path)
    name = LESSONS[0].with_suffix(".ipynb").name
    student, teacher = ((tmp_path / place / name).read_text(encoding="utf-8") for place in ("student", "teacher"))
    assert all(cell["outputs"] == [] for cell in json.loads(student)["cells"] if cell["cell_type"] == "code")
    assert "Right. Tried" in teacher and "Not yet." in teacher and NOTE in teacher
    ran = outputs(nbformat.reads(teacher, as_version=4))
    added = tagged(LESSONS[0], "solution") + tagged(LESSONS[0], "wrong")
    assert [each for each in ran if each[0] not in added] == outputs(committed(LESSONS[0]))
    for place in ("student", "teacher"):
        assert f"({name})" in (tmp_path / place / "README.md").read_text(encoding="utf-8")
