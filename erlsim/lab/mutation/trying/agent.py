"""pytest's side of a mutation run: a pytest session that waits until it is told what to do, and does it in a copy.

`python -m pytest -p erlsim.lab.mutation.trying.agent` stops before any file of the user's is loaded, and reads jobs
from standard input, a line of JSON each. For each job it forks; the copy loads the mutant in the place of its original,
goes on as any pytest session does, and writes a line of JSON to standard output. The agent then writes
`{"ended": status}`, and waits for the next job. So a mutant costs no start of Python and no import of pytest or erlsim,
and finds nothing that another one has left. Where there is no `fork`, one agent does one job.

Jobs: `{"do": "cover", "files": [...]}`: run all tests, tell which lines each of them runs; `{"do": "run", "mutant":
{"path", "text"}, "tests": [...], "skip": [...], "cpu": s}`: run these tests in this order until one fails;
`{"do": "preload", "modules": [...]}`: import them here; `{"do": "twin", "in": path, "out": path}`: be two from now on;
`{"do": "play", ...}`: see `playing`.
"""

from __future__ import annotations

import gc
import importlib
import importlib.machinery
import json
import os
import sys
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from erlsim.lab.mutation.trying.coverage import IMPORTED, Coverage

READY = "erlsim-mutate-ready"
# The variable that names the folder for what Python compiles where it must not write beside the files.
COMPILED = "ERLSIM_MUTATE_COMPILED"
# Plugins of pytest's that remember from one run to the next.
REMEMBERING = ("lfplugin", "nfplugin", "stepwiseplugin")
# An explanation is a line, and not a long one.
WHY = 300


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Before anything of the user's is loaded: wait for a job. What comes after this is a copy, and has one."""
    line = Line()
    if sys.dont_write_bytecode and (compiled := os.environ.get(COMPILED)) is not None:
        # Every copy would compile, and rewrite the asserts of, all files of the user's.
        sys.pycache_prefix, sys.dont_write_bytecode = compiled, False
    job = line.wait()
    early_config.pluginmanager.register(Session(line, job), "erlsim-mutate-session")
    return (yield)


class Line:
    """The line to whoever gives the jobs: standard input and output, which nobody else may use from here on."""

    def __init__(self) -> None:
        self._in, self._out = os.dup(0), os.dup(1)
        # What pytest prints is read if it cannot begin, as what it writes to standard error is.
        os.dup2(2, 1)
        _to_nowhere(0)
        self.forks = hasattr(os, "fork") and os.environ.get("ERLSIM_MUTATE") != "once"
        self._rest = b""

    def tell(self, what: object) -> None:
        """Write one line."""
        data = json.dumps(what).encode() + b"\n"
        while data:
            data = data[os.write(self._out, data) :]

    def hear(self, alone: bool = False) -> dict[str, Any] | None:
        """The next line; `None` when there is none any more.

        A job is read to its end and not a byte further: its copy may want what comes next. Whoever is `alone`, with
        lines of which each is answered before the next one comes, takes what there is.
        """
        found = bytearray()
        while not found.endswith(b"\n"):
            some = os.read(self._in, 65536 if alone else 1)
            if not some:
                return None
            found += some
        heard: dict[str, Any] = json.loads(found)
        return heard

    def wait(self) -> dict[str, Any]:
        """The job of this process. An agent that forks has none itself: it is over when this returns in its copies."""
        self.tell({"ready": READY})
        while True:
            job = self.hear()
            if job is None:
                os._exit(0)
            if job["do"] == "preload":
                _preload(job["modules"])
                self.tell({"ended": 0})
            elif job["do"] == "twin":
                self._twin(job["in"], job["out"])
            elif not self.forks:
                return job
            elif (copy := os.fork()) == 0:
                return job
            else:
                _, status = os.waitpid(copy, 0)
                self.tell({"ended": os.waitstatus_to_exitcode(status)})

    def _twin(self, named_in: str, named_out: str) -> None:
        """Be two agents from here on; the new one has a line of its own, made of named pipes."""
        if os.fork() == 0:
            os.setsid()
            os.close(self._in)
            os.close(self._out)
            self._in, self._out = os.open(named_in, os.O_RDONLY), os.open(named_out, os.O_WRONLY)
            self.tell({"ready": READY, "pid": os.getpid()})
        else:
            self.tell({"ended": 0})


def _to_nowhere(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _preload(modules: list[str]) -> None:
    """Import what every copy would import; then leave it alone, so that its memory stays shared."""
    for name in modules:
        with suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()


class Session:
    """The plugin of a session that does one job."""

    def __init__(self, line: Line, job: dict[str, Any]) -> None:
        self.line = line
        self.job = job
        self.failed: dict[str, Any] | None = None
        self.outcomes: dict[str, dict[str, Any]] = {}
        self.files: dict[str, None] = {}
        self.playable: list[str] = []
        self.coverage = Coverage(job.get("files", ()))
        if job["do"] != "cover":
            _to_nowhere(1)
        if (cpu := job.get("cpu")) is not None and self.line.forks:
            _limit_cpu(cpu)
        if (mutant := job.get("mutant")) is not None:
            load_instead(mutant["path"], mutant["text"])

    # ---- how the session goes ------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Stop at the first failure and make nothing of it: one is enough, and nobody reads its traceback."""
        if self.job["do"] != "cover":
            config.option.maxfail = 1
            config.option.tbstyle = "no"
            config.option.fulltrace = config.option.showlocals = False
            config.option.no_header = config.option.no_summary = True
        from erlsim.pytest_plugin import unread_key

        config.stash[unread_key] = True
        _leave_hypothesis_small()
        if self.job["do"] == "cover":
            self.coverage.start()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """What failed last is the user's affair, not what a mutant did: it is neither looked at nor written down."""
        for name in REMEMBERING:
            if session.config.pluginmanager.has_plugin(name):
                session.config.pluginmanager.unregister(name=name)

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Files none of whose tests is wanted are not even loaded."""
        return True if str(collection_path) in self.job.get("skip", ()) else None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """The tests that are wanted, in the order in which they are."""
        from erlsim.pytest_plugin import is_given, wants

        self.files = dict.fromkeys(str(each.path) for each in items)
        functions = [each for each in items if isinstance(each, pytest.Function)]
        self.playable = [each.nodeid for each in functions if wants(each) and not is_given(each)]
        tests = self.job.get("tests")
        if tests is not None:
            there = {each.nodeid: each for each in items}
            items[:] = [there[each] for each in tests if each in there]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Say whose lines these are, and how long they take."""
        before = _cpu()
        self.coverage.test = item.nodeid
        try:
            return (yield)
        finally:
            self.coverage.test = IMPORTED
            self.outcomes.setdefault(item.nodeid, {})["seconds"] = round(_cpu() - before, 4)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep what has failed first."""
        report = yield
        known = self.outcomes.setdefault(item.nodeid, {})
        if report.failed:
            known["failed"] = True
            why = "" if call.excinfo is None else call.excinfo.exconly(tryshort=True)
            self.failed = self.failed or {"test": item.nodeid, "why": " ".join(why.split())[:WHY]}
        elif report.skipped and report.when != "teardown":
            known["skipped"] = True
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be loaded has failed, too."""
        if report.failed:
            why = str(report.longrepr).strip().splitlines()[-1:] or [""]
            self.failed = self.failed or {"test": report.nodeid, "why": f"it cannot be loaded: {why[0]}"[:WHY]}

    def pytest_runtestloop(self, session: pytest.Session) -> object:
        """Play scenarios instead of running tests, if that is the job."""
        if self.job["do"] != "play":
            return None
        from erlsim.lab.mutation.telling import playing

        playing.serve(self.line, session.items)
        return True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, exitstatus: int) -> Generator[None, None, None]:
        """Tell what came of it, and be gone."""
        yield
        self.coverage.stop()
        if self.job["do"] == "cover":
            self.line.tell(self._covered())
        elif self.job["do"] == "run":
            self.line.tell({"failed": self.failed, "ran": len(self.outcomes), "exit": int(exitstatus), "cpu": _cpu()})
        os._exit(0)

    def _covered(self) -> dict[str, Any]:
        lines = {
            file: {str(line): list(tests) for line, tests in found.items()}
            for file, found in self.coverage.lines.items()
        }
        return {
            "tests": self.outcomes,
            "failed": self.failed,
            "lines": lines,
            "files": list(self.files),
            "playable": self.playable,
            "modules": _modules(),
        }


def _modules() -> list[str]:
    """What has been imported that is neither the user's nor anybody's that may start something when it is imported."""
    ours = ("erlsim", "director", "gen_tracker", "hypothesis", "simpy", "sortedcontainers", "greenlet", "rich")
    names = list(sys.stdlib_module_names)
    return [name for name in sys.modules if name.partition(".")[0] in ours or name.partition(".")[0] in names]


def _cpu() -> float:
    used = os.times()
    return used.user + used.system


def _limit_cpu(seconds: float) -> None:
    """Who takes longer is ended by the system, whatever it does."""
    with suppress(ImportError):
        import resource

        limit = int(_cpu() + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _leave_hypothesis_small() -> None:
    """An example that fails is enough: it is not made smaller, nor kept among the user's."""
    if "hypothesis" in sys.modules:
        from hypothesis import Phase, settings

        settings.register_profile("erlsim-mutate", phases=[Phase.explicit, Phase.generate], database=None)
        settings.load_profile("erlsim-mutate")


def load_instead(path: str, text: str) -> None:
    """Let the file at `path` be loaded as if `text` stood in it. What Python keeps compiled of it is left alone."""
    loader: Any = importlib.machinery.SourceFileLoader
    usual = loader.get_code

    def get_code(self: Any, name: str) -> CodeType | None:
        if os.path.realpath(self.path) == path:
            return compile(text, self.path, "exec", dont_inherit=True)
        code: CodeType | None = usual(self, name)
        return code

    loader.get_code = get_code
