"""`python -m tests.notebooks [NN ...]` runs the lessons and writes their notebooks anew.

`python -m tests.notebooks --course DIR [NN ...]` writes the student's and the teacher's edition of the course into DIR.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.notebooks import course
from tests.notebooks.lessons import LESSONS, executed, write

parser = argparse.ArgumentParser(prog="python -m tests.notebooks", description=__doc__)
parser.add_argument("numbers", nargs="*", metavar="NN", help="lessons, all if there is none")
parser.add_argument("--course", type=Path, metavar="DIR", help="write both editions of the course")
asked = parser.parse_args()
wanted = [each for each in LESSONS if not asked.numbers or each.name.startswith(tuple(asked.numbers))]
if asked.course is not None:
    course.begin(asked.course)
for lesson in wanted:
    print(lesson.stem)
    if asked.course is None:
        write(executed(lesson), lesson.with_suffix(".ipynb"))
    else:
        course.add(lesson, asked.course)
