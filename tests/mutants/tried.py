"""`python -m tests.mutants.tried PRISTINE REACHED`: run the tests that reach the one mistake in this copy.

Status 0 if they all pass: nobody has found the mistake.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

import pytest

from tests.mutants.reach import tests_of

MEMORY = 4 << 30
SECONDS = "120"
IMPORTERS = 5


def changed(pristine: Path) -> tuple[str, str, int]:
    """The file that differs from the one in `pristine`, as it is there, and the first line that differs."""
    for path in sorted(pristine.rglob("*.py")):
        name = path.relative_to(pristine).as_posix()
        before, now = path.read_text(encoding="utf-8"), Path(name).read_text(encoding="utf-8")
        if before != now:
            pairs = zip(before.splitlines(), now.splitlines(), strict=False)
            return name, before, 1 + next((number for number, (old, new) in enumerate(pairs) if old != new), 0)
    raise SystemExit("no file differs")


def main(pristine: str, reached: str) -> int:
    """Run the tests, stop at the first that fails."""
    # A mistake may ask for memory without end.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    measured = json.loads(Path(reached).read_text(encoding="utf-8"))
    path, text, line = changed(Path(pristine))
    tests, whole = tests_of(measured, path, text, line), tests_of(measured, path)
    if not tests:
        # A definition that no test enters: whatever imports the module finds what cannot even be compiled.
        tests = whole[:IMPORTERS]
    if not tests:
        return 0
    chosen = Path(reached).with_name("tests.txt")
    chosen.write_text("\n".join(tests), encoding="utf-8")
    options = ["-q", "-x", "-p", "no:cacheprovider", "--timeout", SECONDS, "--timeout-method", "thread"]
    return pytest.main([*options, f"@{chosen}"])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
