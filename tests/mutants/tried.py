"""`python -m tests.mutants.tried PRISTINE REACHED SECONDS`: run the tests that reach the one mistake in this copy.

Status 0 if they all pass, or as many as there is time for: nobody has found the mistake. The last line says how many
tests these were.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from itertools import chain, islice, repeat
from pathlib import Path

import pytest

from tests.mutants.reach import tests_of

MEMORY = 4 << 30
IMPORTERS = 5
# Nearly all mistakes are found by the first few tests, and collecting all the others takes longer than running these.
AT_ONCE = (20, 80, 300)
# A test that takes so much longer than without a mistake, and some seconds more, does not come to its end.
SLOWER = 20
MORE_SECONDS = 20


def changed(pristine: Path) -> tuple[str, str, int]:
    """The file that differs from the one in `pristine`, as it is there, and the first line that differs."""
    for path in sorted(pristine.rglob("*.py")):
        name = path.relative_to(pristine).as_posix()
        before, now = path.read_text(encoding="utf-8"), Path(name).read_text(encoding="utf-8")
        if before != now:
            pairs = zip(before.splitlines(), now.splitlines(), strict=False)
            return name, before, 1 + next((number for number, (old, new) in enumerate(pairs) if old != new), 0)
    raise SystemExit("no file differs")


def main(pristine: str, reached: str, seconds: str) -> int:
    """Run the tests, stop at the first that fails."""
    # A mistake may ask for memory without end.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    measured = json.loads(Path(reached).read_text(encoding="utf-8"))
    path, text, line = changed(Path(pristine))
    tests = tests_of(measured, path, text, line)
    if not tests:
        # A definition that no test enters: whatever imports the module finds what cannot even be compiled.
        tests = tests_of(measured, path)[:IMPORTERS]
    give_up = time.monotonic() + int(seconds)
    passed = 0
    for some in _in_parts(tests):
        if time.monotonic() > give_up:
            break
        limit = MORE_SECONDS + SLOWER * max(measured["tests"][test] for test in some)
        status = _run(some, Path(reached).with_name("tests.txt"), limit)
        if status:
            return status
        passed += len(some)
    print(f"{passed} of {len(tests)} tests passed")
    return 0


def _in_parts(tests: list[str]) -> Iterator[list[str]]:
    left = iter(tests)
    for size in chain(AT_ONCE, repeat(AT_ONCE[-1])):
        some = list(islice(left, size))
        if not some:
            return
        yield some


def _run(tests: list[str], chosen: Path, limit: float) -> int:
    chosen.write_text("\n".join(tests), encoding="utf-8")
    options = ["-q", "-x", "-p", "no:cacheprovider", "--timeout", str(limit), "--timeout-method", "thread"]
    return pytest.main([*options, f"@{chosen}"])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
