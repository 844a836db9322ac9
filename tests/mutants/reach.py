"""Which tests reach which statements: measured by a pytest plugin, asked for by the runs on each mistake.

`pytest -p tests.mutants.reach --reach FILE --reach-of FOLDER TESTS` writes `FILE`.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import coverage
import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the measurement goes, and what is measured."""
    parser.addoption("--reach", metavar="FILE", help="write to FILE which tests reach which lines")
    parser.addoption("--reach-of", metavar="FOLDER", action="append", default=[], help="of the code in FOLDER")


def pytest_configure(config: pytest.Config) -> None:
    """Measure while tests run."""
    config.pluginmanager.register(_Measurement(config))


class _Measurement:
    def __init__(self, config: pytest.Config) -> None:
        self.file = Path(config.getoption("--reach"))
        self.root = config.rootpath
        include = [f"{self.root / folder}/*" for folder in config.getoption("--reach-of")]
        self.coverage = coverage.Coverage(data_file=None, include=include, concurrency=["thread", "greenlet"])
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        # Started for each test anew: some tests trace themselves, and leave no tracer behind.
        self.coverage.start()
        self.coverage.switch_context(item.nodeid)
        try:
            return (yield)
        finally:
            self.coverage.stop()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        # One that fails without a mistake finds none.
        numbers = {test: number for number, test in enumerate(self.seconds) if test not in self.failed}
        lines: dict[str, dict[int, list[int]]] = {}
        data = self.coverage.get_data()
        for path in sorted(data.measured_files()):
            lines[Path(path).relative_to(self.root).as_posix()] = {
                line: sorted(numbers[test] for test in tests if test in numbers)
                for line, tests in sorted(data.contexts_by_lineno(path).items())
            }
        self.file.write_text(json.dumps({"tests": self.seconds, "lines": lines}), encoding="utf-8")


def tests_of(reached: dict[str, Any], path: str, text: str = "", line: int = 1) -> list[str]:
    """The tests that reach the statement of `text` (the file `path` as it was) in `line`, the quick ones first.

    Without a text: those that reach the file.
    """
    lines = {int(number): tests for number, tests in reached["lines"].get(path, {}).items()}
    wanted = _lines_of_statement(text, line) if text else lines
    numbers = {number for each in wanted for number in lines.get(each, ())}
    names = list(reached["tests"].items())
    return [name for name, _ in sorted((names[number] for number in numbers), key=lambda each: (each[1], each[0]))]


def _lines_of_statement(text: str, line: int) -> range:
    """The lines that tell whether the smallest statement around `line` has run: a definition's are those of its body.

    What runs when its module is imported has run in every test that reaches the module.
    """
    found = range(1, text.count("\n") + 2)
    statements: list[ast.stmt] = ast.parse(text).body
    in_function = False
    while True:
        around = [each for each in statements if line in _extent(each)]
        if not around:
            return found
        statement = around[0]
        in_function = in_function or isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
        if in_function or isinstance(statement, ast.ClassDef):
            found = _extent(statement)
        statements = [each for each in ast.walk(statement) if isinstance(each, ast.stmt) and each is not statement]
        statements = [each for each in statements if line in _extent(each)]
        statements.sort(key=lambda each: -len(_extent(each)))


def _extent(statement: ast.stmt) -> range:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(each.lineno for each in decorators)])
    return range(first, (statement.end_lineno or first) + 1)
