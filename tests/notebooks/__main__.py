"""`python -m tests.notebooks [NN ...]` runs the lessons and writes their notebooks anew."""

from __future__ import annotations

import sys

from tests.notebooks.lessons import LESSONS, write

for lesson in LESSONS:
    if not sys.argv[1:] or any(lesson.name.startswith(number) for number in sys.argv[1:]):
        print(lesson.stem)
        write(lesson)
