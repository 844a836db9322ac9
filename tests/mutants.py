"""`python -m tests.mutants [AREAS...] [--every N]`: how many small mistakes in the code the tests find.

cosmic-ray makes one mistake after another in a copy of the repository and runs the tests of the area on each. All of
them take days: `--every 50` tries each fiftieth. Prints the share that was found, and the mistakes that were not.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).parents[1]
AREAS = {
    "kernel": (
        "erlsim/_kernel",
        "tests/kernel tests/steps tests/otp_suites/process tests/otp_suites/monitor",
    ),
    "otp": ("erlsim/otp", "tests/otp"),
    "director": ("director", "tests/director"),
    "gen_tracker": ("gen_tracker", "tests/gen_tracker"),
}
CONFIGURATION = """
[cosmic-ray]
module-path = "{code}"
timeout = {seconds}
excluded-modules = []
test-command = "{python} -m pytest -q -x -p no:cacheprovider {tests}"
[cosmic-ray.distributor]
name = "local"
"""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("areas", nargs=-1, type=click.Choice(list(AREAS)))
@click.option("--every", default=50, show_default=True, help="Try one mistake out of so many.")
@click.option("--seconds", default=300, show_default=True, help="What takes longer has been found.")
def main(areas: tuple[str, ...], every: int, seconds: int) -> None:
    """Try mistakes in AREAS, all of them by default."""
    for area in areas or AREAS:
        with tempfile.TemporaryDirectory() as directory:
            copy = Path(directory) / "copy"
            _copy_to(copy)
            tried, survivors = _try(copy, area, every, seconds)
        found = tried - len(survivors)
        click.echo(f"{area}: {found} of {tried} mistakes were found ({100 * found / max(tried, 1):.1f} %)")
        for survivor in survivors:
            click.echo(f"  not found: {survivor}")


def _copy_to(copy: Path) -> None:
    """All files that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)


def _try(copy: Path, area: str, every: int, seconds: int) -> tuple[int, list[str]]:
    code, tests = AREAS[area]
    text = CONFIGURATION.format(code=code, tests=tests, python=sys.executable, seconds=seconds)
    (copy / "mutants.toml").write_text(text, encoding="utf-8")
    _cosmic_ray(copy, "init", "mutants.toml", "mutants.sqlite")
    _leave_one_of(copy, every)
    _cosmic_ray(copy, "exec", "mutants.toml", "mutants.sqlite")
    return _results(copy / "mutants.sqlite")


def _cosmic_ray(copy: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "cosmic_ray.cli", *arguments], cwd=copy, check=True)


def _leave_one_of(copy: Path, every: int) -> None:
    """Mark all mistakes as skipped but one of so many, and those in annotations, which nothing evaluates."""
    from cosmic_ray.work_db import use_db
    from cosmic_ray.work_item import WorkerOutcome, WorkResult

    annotations: dict[str, set[tuple[int, int]]] = {}
    with use_db(copy / "mutants.sqlite") as database:
        number = 0
        for item in sorted(database.pending_work_items, key=_place):
            path, place, _, _ = _place(item)
            if path not in annotations:
                annotations[path] = _operators_in_annotations((copy / path).read_text(encoding="utf-8"))
            tried = place not in annotations[path]
            if not tried or number % every:
                database.set_result(item.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))
            number += tried


def _operators_in_annotations(text: str) -> set[tuple[int, int]]:
    """Line and column of each `|` that says what something may be."""
    found: set[tuple[int, int]] = set()
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if annotation is not None:
                for line in range(annotation.lineno, annotation.end_lineno + 1):
                    begin = annotation.col_offset if line == annotation.lineno else 0
                    end = annotation.end_col_offset if line == annotation.end_lineno else len(lines[line - 1])
                    found |= {(line, column) for column in range(begin, end) if lines[line - 1][column] == "|"}
    return found


def _results(session: Path) -> tuple[int, list[str]]:
    """How many mistakes were tried, and those that no test has found."""
    from cosmic_ray.work_db import use_db
    from cosmic_ray.work_item import TestOutcome, WorkerOutcome

    with use_db(session) as database:
        items = {item.job_id: item for item in database.work_items}
        results = [(items[job], result) for job, result in database.results]
    tried = [(item, result) for item, result in results if result.worker_outcome is not WorkerOutcome.SKIPPED]
    missed = [item for item, result in tried if result.test_outcome is TestOutcome.SURVIVED]
    return len(tried), [_words(item) for item in sorted(missed, key=_place)]


def _place(item: Any) -> tuple[str, Any, str, int]:
    mutation = item.mutations[0]
    return str(mutation.module_path), mutation.start_pos, mutation.operator_name, mutation.occurrence


def _words(item: Any) -> str:
    path, (line, column), operator, _ = _place(item)
    return f"{path}:{line}:{column + 1} {operator}"


if __name__ == "__main__":
    main()
