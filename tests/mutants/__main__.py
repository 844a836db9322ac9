"""`python -m tests.mutants [AREAS...] [--every N]`: how many small mistakes in the code the tests find.

cosmic-ray makes one mistake after another in copies of the repository; the tests that reach its statement are run on
each. All of them take a day: `--every 50` tries each fiftieth. Prints the share that was found, and the mistakes that
were not.
"""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest

ROOT = Path(__file__).parents[2]
AREAS = {
    "kernel": "erlsim/_kernel",
    "otp": "erlsim/otp",
    "director": "director",
    "gen_tracker": "gen_tracker",
}
TESTS = tuple(
    f"tests/{area}"
    for area in (
        *("kernel", "steps", "otp", "otp_suites", "director", "gen_tracker", "ets", "golden"),
        *("testing", "exhaust", "search", "hostile", "wrong", "determinism", "terms", "trace"),
        *("erl", "lab", "porting", "cli"),
    )
)
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
# So much longer may a test that hangs keep it from giving up.
WAIT_FACTOR = 4
# Whether a type or `None` is asked for by identity or by equality makes no difference.
EQUIVALENT = ("core/ReplaceComparisonOperator_Is_Eq", "core/ReplaceComparisonOperator_IsNot_NotEq")
CONFIGURATION = """
[cosmic-ray]
module-path = "{code}"
timeout = {limit}
excluded-modules = []
test-command = "{python} -m tests.mutants.tried {pristine} {reached} {seconds}"
[cosmic-ray.distributor]
name = "local"
"""


class Tried(NamedTuple):
    """What came of one mistake."""

    place: str
    operator: str
    diff: str
    found: bool
    said: str


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("areas", nargs=-1, type=click.Choice(list(AREAS)))
@click.option("--every", default=50, show_default=True, help="Try one mistake out of so many.")
@click.option("--first", default=0, show_default=True, help="Begin with this one.")
@click.option("--file", "files", multiple=True, help="Only in files whose path holds this; may be given again.")
@click.option(
    "--seconds", default=300, show_default=True, help="What no test has found after so long is said not to be found."
)
@click.option("--jobs", default=2, show_default=True, help="So many at a time.")
@click.option(
    "--reach", type=click.Path(path_type=Path), help="Keep in this file which tests reach what, or take it from there."
)
def main(
    areas: tuple[str, ...], every: int, first: int, files: tuple[str, ...], seconds: int, jobs: int, reach: Path | None
) -> None:
    """Try mistakes in AREAS, all of them by default."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        copies = [directory / str(number) / "copy" for number in range(jobs)]
        for copy in copies:
            _copy_to(copy)
        if reach is None or not reach.exists():
            reach = (reach or directory / "reach.json").absolute()
            _measure(copies[0], reach)
        else:
            reach = _without_gone_tests(copies[0], reach, directory / "reach.json")
        for area in areas or AREAS:
            code = AREAS[area]
            shutil.copytree(copies[0] / code, directory / area / code)
            configuration = {"code": code, "seconds": seconds, "limit": WAIT_FACTOR * seconds}
            configuration |= {"pristine": directory / area, "python": sys.executable}
            session = _session(copies[0], configuration, files)
            shares = [
                (copy, session, reach, configuration, every * jobs, first + every * at)
                for at, copy in enumerate(copies)
            ]
            with ThreadPoolExecutor(jobs) as workers:
                tried = [each for share in workers.map(_try, *zip(*shares, strict=True)) for each in share]
            _tell(area, sorted(tried))


def _tell(area: str, tried: list[Tried]) -> None:
    missed = [each for each in tried if not each.found]
    found = len(tried) - len(missed)
    click.echo(f"{area}: {found} of {len(tried)} mistakes were found ({100 * found / max(len(tried), 1):.1f} %)")
    for each in missed:
        click.echo(f"  not found: {each.place} {each.operator} ({each.said})")
        for line in each.diff.splitlines():
            if line[:1] in "+-" and line[:3] not in ("---", "+++"):
                click.echo(f"    {line}")


def _copy_to(copy: Path) -> None:
    """All files that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)


def _measure(copy: Path, reached: Path) -> None:
    """Run all tests once, and write down which of them reach what."""
    click.echo("which tests reach what ...", err=True)
    of = [word for code in AREAS.values() for word in ("--reach-of", code)]
    done = subprocess.run([*PYTEST, "-p", "tests.mutants.reach", "--reach", str(reached), *of, *TESTS], cwd=copy)
    if done.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise click.ClickException("the tests have come to no end")


def _without_gone_tests(copy: Path, reached: Path, kept: Path) -> Path:
    """What an earlier measurement tells of tests that there still are: a missing one would fail on every mistake."""
    listed = subprocess.run(
        [*PYTEST, "--collect-only", *TESTS], cwd=copy, stdout=subprocess.PIPE, text=True, check=True
    )
    names = set(listed.stdout.splitlines())
    measured = json.loads(reached.read_text(encoding="utf-8"))
    there = {number for number, test in enumerate(measured["tests"]) if test in names}
    for tests_by_line in measured["lines"].values():
        for line, tests in tests_by_line.items():
            tests_by_line[line] = [number for number in tests if number in there]
    kept.write_text(json.dumps(measured), encoding="utf-8")
    return kept


def _session(copy: Path, configuration: dict[str, Any], files: tuple[str, ...]) -> Path:
    """All mistakes of an area that are mistakes, or those in the files whose path holds one of these texts."""
    session = Path(configuration["pristine"]) / "mutants.sqlite"
    (copy / "mutants.toml").write_text(CONFIGURATION.format(reached="", **configuration), encoding="utf-8")
    _cosmic_ray(copy, "init", "mutants.toml", str(session))
    _leave(session, lambda items: _with_effect(items, copy, files))
    return session


def _try(copy: Path, of: Path, reached: Path, configuration: dict[str, Any], every: int, first: int) -> list[Tried]:
    own = copy.with_name("reach.json")
    shutil.copy(reached, own)
    (copy / "mutants.toml").write_text(CONFIGURATION.format(reached=own, **configuration), encoding="utf-8")
    session = copy / "mutants.sqlite"
    shutil.copy(of, session)
    _leave(session, lambda items: items[first % every :: every])
    _cosmic_ray(copy, "exec", "mutants.toml", session.name)
    return list(_results(session))


def _cosmic_ray(copy: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "cosmic_ray.cli", *arguments], cwd=copy, check=True)


def _leave(session: Path, chosen: Callable[[list[Any]], list[Any]]) -> None:
    """Forget all mistakes but the chosen of them, which are told in the order of their places."""
    from cosmic_ray.work_db import use_db

    with use_db(session) as database:
        left = chosen(sorted(database.work_items, key=_place))
        database.clear()
        database.add_work_items(left)


def _with_effect(items: list[Any], copy: Path, files: tuple[str, ...]) -> list[Any]:
    """Without those where nothing depends on it."""
    idle: dict[str, set[tuple[int, int]]] = {}
    found = []
    for item in items:
        path, place, operator, _ = _place(item)
        if files and not any(part in path for part in files):
            continue
        if path not in idle:
            idle[path] = _without_effect((copy / path).read_text(encoding="utf-8"))
        if place not in idle[path] and operator not in EQUIVALENT:
            found.append(item)
    return found


def _without_effect(text: str) -> set[tuple[int, int]]:
    """Line and column of what nothing depends on.

    That is each `|` that says what something may be, and the default of a parameter that is not used, as its name says.
    """
    found: set[tuple[int, int]] = set()
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if annotation is not None:
                found |= {
                    (line, column) for line, column in _places(annotation, lines) if lines[line - 1][column] == "|"
                }
        if isinstance(node, ast.arguments):
            for parameter, default in _with_default(node):
                if parameter.arg.startswith("_"):
                    found |= _places(default, lines)
    return found


def _with_default(arguments: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    yield from zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            yield parameter, default


def _places(node: ast.expr, lines: list[str]) -> set[tuple[int, int]]:
    """All lines and columns of an expression."""
    first, last = node.lineno, node.end_lineno or node.lineno
    return {
        (line, column)
        for line in range(first, last + 1)
        for column in range(
            node.col_offset if line == first else 0,
            (node.end_col_offset or 0) if line == last else len(lines[line - 1]),
        )
    }


def _results(session: Path) -> Iterator[Tried]:
    from cosmic_ray.work_db import use_db
    from cosmic_ray.work_item import TestOutcome

    with use_db(session) as database:
        for item, result in database.completed_work_items:
            path, (line, column), operator, _ = _place(item)
            said = (result.output or "").strip().rpartition("\n")[2]
            # One that has come to no end, though each of its tests would have been stopped, proves nothing.
            found = result.test_outcome is not TestOutcome.SURVIVED and said != "timeout"
            yield Tried(f"{path}:{line}:{column + 1}", operator, result.diff or "", found, said)


def _place(item: Any) -> tuple[str, Any, str, int]:
    mutation = item.mutations[0]
    return str(mutation.module_path), mutation.start_pos, mutation.operator_name, mutation.occurrence


if __name__ == "__main__":
    main()
