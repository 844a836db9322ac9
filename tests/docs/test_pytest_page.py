"""The page about pytest shows what pytest says."""

from __future__ import annotations

import re

from tests.docs.test_sessions import DOCS
from tests.house.files import ROOT


def test_the_page_about_pytest_shows_what_comes_out(pytester, monkeypatch):
    page = (DOCS / "how-to" / "test-with-pytest.md").read_text(encoding="utf-8")
    source = re.search(r"```python\n# (test_first)\.py\n(.*?)```", page, re.DOTALL)
    shown = re.search(r"```text\n(.*?)```", page, re.DOTALL)[1].splitlines()
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(**{source[1]: source[2]})
    result = pytester.runpytest_subprocess("-p", "no:asyncio", "-p", "no:anyio", "-p", "no:hypothesispytest")
    result.assert_outcomes(passed=1, failed=1)
    first = result.outlines.index(shown[0])
    rest = result.outlines.index(shown[1], first)
    assert [result.outlines[first], *result.outlines[rest : rest + len(shown) - 1]] == shown


def test_the_other_tests_that_the_page_shows_pass(pytester, monkeypatch):
    page = (DOCS / "how-to" / "test-with-pytest.md").read_text(encoding="utf-8")
    sources = dict(re.findall(r"```python\n# (test_\w+)\.py\n(.*?)```", page, re.DOTALL))
    del sources["test_first"]
    assert list(sources) == ["test_fixtures", "test_given", "test_crashes"]
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(**sources)
    pytester.runpytest_subprocess("-p", "no:asyncio", "-p", "no:anyio").assert_outcomes(passed=5)
