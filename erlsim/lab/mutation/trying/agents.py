"""Processes that do jobs of a mutation run (`agent` is what runs in them), and how one talks to them."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

from erlsim.lab.mutation.trying.agent import COMPILED, READY

PLUGIN = "erlsim.lab.mutation.trying.agent"
# What other plugins do that is of no use here: an option for those that are installed.
WITHOUT = {"xdist": "-n0", "pytest_cov": "--no-cov", "pytest_randomly": "-p no:randomly"}
# Of what pytest says so many lines are told.
SAID = 15
# The real seconds that starting pytest may take.
STARTING = 120.0


class Done(NamedTuple):
    """What came of a job: the lines that it wrote, and how its process ended; `late` if it had to be ended."""

    answers: list[dict[str, Any]]
    status: int | None
    late: bool = False


class CannotStart(RuntimeError):
    """pytest does not even start; the message is what it says."""


class Running(Protocol):
    """What is needed of a process; one of `subprocess` has it."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None
    returncode: int | Any

    @property
    def pid(self) -> int:
        """Its number."""

    def poll(self) -> int | None:
        """How it has ended; `None` if it has not."""

    def kill(self) -> None:
        """End it."""

    def wait(self) -> int:
        """How it has ended, when it has."""


class Twin:
    """A process that another one has forked: whoever uses it cannot wait for it, only end it."""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.pid = pid
        self.stdin: IO[bytes] | None = stdin
        self.stdout: IO[bytes] | None = stdout
        self.returncode: int | Any = None

    def poll(self) -> int | None:
        """Nothing until it has been ended."""
        return self.returncode

    def kill(self) -> None:
        """End it."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """It has been ended."""
        self.returncode = -signal.SIGKILL
        return self.returncode


class Agent:
    """A pytest session that waits for jobs, in `folder`, with some arguments of pytest's."""

    def __init__(self, folder: Path, arguments: Sequence[str], scratch: Path, forks: bool = True) -> None:
        self._folder = folder
        self._arguments = list(arguments)
        self._scratch = scratch
        self.forks = forks and hasattr(os, "fork")
        self._process: Running | None = None
        self._preloaded: list[str] = []
        self._errors = scratch / "errors.txt"
        self._twins = 0

    def do(self, job: dict[str, Any], seconds: float) -> Done:
        """Have a job done, in so many real seconds."""
        with self._limited(seconds) as limit:
            self.send(job)
            answers, status = [], None
            for line in self.lines():
                if "ended" in line:
                    status = line["ended"]
                    break
                answers.append(line)
        if status is None or limit.struck:
            status = self.close() if status is None else status
        return Done(answers, status, limit.struck)

    def preload(self, modules: list[str]) -> None:
        """What every copy would import: an agent that forks does so itself, now or as soon as it runs."""
        self._preloaded = modules
        if self.forks and modules and self._process is not None:
            self.do({"do": "preload", "modules": modules}, STARTING)

    def twin(self, other: Agent) -> None:
        """Let a copy of this one's process, as it is now, be the process of another that has none yet."""
        if not self.forks or self._process is None:
            return
        pipes = [self._scratch / f"twin-{self._process.pid}-{id_}" for id_ in (self._twins, self._twins + 1)]
        self._twins += 2
        for each in pipes:
            os.mkfifo(each)
        with self._limited(STARTING):
            self.send({"do": "twin", "in": str(pipes[0]), "out": str(pipes[1])})
            # Opening a named pipe waits until somebody opens its other end.
            stdin, stdout = pipes[0].open("wb"), pipes[1].open("rb")
            other._process = Twin(json.loads(stdout.readline())["pid"], stdin, stdout)
            next(self.lines(), None)

    def send(self, what: dict[str, Any]) -> None:
        """Write one line to it; it is started if it does not run."""
        process = self._running()
        stdin = process.stdin
        if stdin is None:
            raise CannotStart("pytest has no standard input")
        with suppress(BrokenPipeError):
            stdin.write(json.dumps(what).encode() + b"\n")
            stdin.flush()

    def lines(self) -> Iterator[dict[str, Any]]:
        """What it writes, line by line, to its end."""
        process = self._running()
        for line in process.stdout or ():
            yield json.loads(line)

    def answer(self, seconds: float) -> dict[str, Any] | None:
        """Its next line, in so many real seconds; `None` if there is none any more."""
        with self._limited(seconds):
            return next(self.lines(), None)

    def close(self) -> int | None:
        """End it, and whatever it has started: how it has ended."""
        process, self._process = self._process, None
        if process is None:
            return None
        _end(process)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        return process.returncode

    def errors(self) -> str:
        """The last lines that it has written to standard error, and to standard output if it could not begin."""
        said = self._errors.read_text(errors="replace") if self._errors.exists() else ""
        return "\n".join(said.strip().splitlines()[-SAID:])

    def _limited(self, seconds: float) -> _Limit:
        return _Limit(self._running(), seconds)

    def _running(self) -> Running:
        if self._process is None:
            self._process = self._started()
            self.preload(self._preloaded)
        return self._process

    def _started(self) -> subprocess.Popen[bytes]:
        with self._errors.open("ab") as errors:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "pytest",
                    "-p",
                    PLUGIN,
                    *self._options(),
                    *self._arguments,
                ],
                cwd=self._folder,
                env={
                    **os.environ,
                    "ERLSIM_MUTATE": "fork" if self.forks else "once",
                    "HYPOTHESIS_STORAGE_DIRECTORY": str(self._scratch / "hypothesis"),
                    COMPILED: str(self._scratch / "compiled"),
                },
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=os.name == "posix",
            )
        told = b""
        with _Limit(process, STARTING):
            for line in process.stdout or ():
                if READY.encode() in line:
                    return process
                told += line
        _end(process)
        raise CannotStart(f"{told.decode(errors='replace')}{self.errors()}".strip())

    def _options(self) -> list[str]:
        there = [option for name, option in WITHOUT.items() if importlib.util.find_spec(name) is not None]
        return " ".join(there).split()


class _Limit:
    """Ends a process after so many real seconds, unless what is done under it is over by then."""

    def __init__(self, process: Running, seconds: float) -> None:
        self.struck = False
        self._process = process
        self._timer = threading.Timer(seconds, self._strike)

    def _strike(self) -> None:
        self.struck = True
        _end(self._process)

    def __enter__(self) -> _Limit:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _end(process: Running) -> None:
    """End it, and the copies that it has made of itself."""
    if process.poll() is None:
        if os.name == "posix":
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
