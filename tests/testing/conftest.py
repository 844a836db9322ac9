"""pytest runs inside of pytest runs, under each of the two newest major versions of pytest.

One of them is the one that runs; the other lies in a folder beside what is installed, where `make setup` puts it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests import needs
from tests.house.files import ROOT
from tests.testing.warm import Nursery

MAJORS = (9, 8)
RUNNING = int(pytest.__version__.partition(".")[0])
# To look for everything that is installed takes as long as most of these runs.
ALONE = ("--disable-plugin-autoload", "-p", "erlsim_pytest")
# What would reach through from the outer run: how it was called, and that output is longer in CI.
OUTER = ("CI", "BUILD_NUMBER", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")
LONGEST_SECONDS = 60
COMMON = ("-p", "no:cacheprovider")


def folder_of(major: int) -> list[str]:
    """What has to be on the path for pytest to be of this major version."""
    if major == RUNNING:
        return []
    folder = Path(sys.prefix) / f"pytest-{major}"
    if not (folder / "pytest").is_dir():
        needs.lacks(f"no pytest {major} beside pytest {RUNNING}: `make setup` installs it into {folder.name}")
    return [str(folder)]


@pytest.fixture(params=MAJORS, ids=[f"pytest{major}" for major in MAJORS])
def major(request):
    """The major version of pytest that is tried."""
    return request.param


@pytest.fixture(scope="session")
def nurseries(tmp_path_factory):
    """By major version of pytest, where runs begin that need nothing else of their interpreter."""
    begun = {}
    yield begun
    for each in begun.values():
        each.close()


def warm(pytester, nurseries, major):
    """What starts the runs of `pytester`: warm ones, but where something speaks for an interpreter of their own."""
    cold = pytester.popen

    def popen(command, stdout, stderr, stdin=pytester.CLOSE_STDIN):
        environment = dict(os.environ)
        if major not in nurseries:
            nurseries[major] = Nursery(environment, ROOT)
        nursery = nurseries[major]
        if command[1] != "-mpytest" or not nursery.suits(environment):
            return cold(command, stdout=stdout, stderr=stderr, stdin=stdin)
        typed = os.devnull
        if isinstance(stdin, bytes):
            typed = str(pytester.path / "stdin")
            Path(typed).write_bytes(stdin)
        return nursery.start(command[2:], environment, (typed, stdout.name, stderr.name))

    return popen


@pytest.fixture
def run(major, nurseries, pytester, monkeypatch):
    """`run(source, *args)`: what pytest makes of a file of tests, with warnings as errors; `stdin` is typed to it.

    It has erlsim's plugin and those that are named; with None for `plugins`, every one that is installed. A `cold` run
    has an interpreter of its own, in which nothing has been imported.
    """
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([*folder_of(major), str(ROOT)]))
    for name in OUTER:
        monkeypatch.delenv(name, raising=False)
    starting = {True: pytester.popen, False: warm(pytester, nurseries, major)}

    def running(source, *args, plugins=(), stdin=None, cold=False):
        monkeypatch.setattr(pytester, "popen", starting[cold])
        pytester.makepyfile(test_it=source)
        pytester.makeini("[pytest]\nfilterwarnings = error\n")
        pytester.makeconftest(f"import pytest\nassert pytest.__version__.startswith('{major}.'), pytest.__version__")
        named = () if plugins is None else (*ALONE, *(part for name in plugins for part in ("-p", name)))
        given = (*COMMON, *named, *args)
        if stdin is None:
            return pytester.runpytest_subprocess(*given, timeout=LONGEST_SECONDS)
        command = (sys.executable, "-mpytest", *given)
        return pytester.run(*command, timeout=LONGEST_SECONDS, stdin=stdin.encode())

    return running
