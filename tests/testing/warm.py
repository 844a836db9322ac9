"""pytest runs that begin in an interpreter which has imported what they all need: most of a short run is imports.

A *nursery* (`python -m tests.testing.warm`) is such an interpreter. It is asked for a run by a line of JSON, forks, and
lets the child be pytest: in the folder, with the arguments, the environment and the files for its input and output
that it was given. It answers with the child's pid, and when the child has ended with how.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.config import default_plugins

import erlsim.pytest_plugin
import erlsim.testing  # noqa: F401  (what most runs need)


class Nursery:
    """The other side: where a run is asked for."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._given = environment
        command = (sys.executable, "-m", "tests.testing.warm")
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, 0, stdin=pipe, stdout=pipe, env=environment, cwd=folder)

    def suits(self, environment: dict[str, str]) -> bool:
        """Whether an interpreter would be the same in this environment: what it reads when it starts is as it was."""
        early = {name for name in (*environment, *self._given) if name.startswith("PYTHON")}
        return all(environment.get(name) == self._given.get(name) for name in early)

    def start(self, args: Sequence[str], environment: dict[str, str], files: tuple[str, str, str]) -> Child:
        """pytest with these arguments, in the folder that we are in, with files for its input and its two outputs."""
        request = {"args": args, "folder": os.getcwd(), "environment": environment, "files": files}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        return Child(int(self.answer(None)), self)

    def answer(self, seconds: float | None) -> str:
        """The next answer; nothing if there is none in so many seconds."""
        assert self._process.stdout is not None
        there, _, _ = select.select([self._process.stdout], [], [], seconds)
        return self._process.stdout.readline().decode() if there else ""

    def close(self) -> None:
        """No more runs."""
        self._process.communicate(timeout=10)


class Child:
    """What `subprocess.Popen` is for a run of its own."""

    stdin = None

    def __init__(self, pid: int, nursery: Nursery) -> None:
        self.pid = pid
        self._nursery = nursery
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """How it has ended; `TimeoutExpired` if it has not in so many seconds."""
        if self.returncode is None:
            said = self._nursery.answer(timeout)
            if not said:
                raise subprocess.TimeoutExpired("pytest", timeout or 0)
            self.returncode = int(said)
        return self.returncode

    def kill(self) -> None:
        """End it."""
        os.kill(self.pid, signal.SIGKILL)


def prepare() -> None:
    """Have what every run begins with. Python's garbage collector leaves it alone: pytest calls it when a run ends."""
    for name in default_plugins:
        importlib.import_module(f"_pytest.{name}")
    gc.collect()
    gc.freeze()


def serve() -> dict[str, Any] | None:
    """Answer requests until there are no more; in a child that has been born, what it was asked for."""
    for line in sys.stdin:
        request: dict[str, Any] = json.loads(line)
        pid = os.fork()
        if not pid:
            return request
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    return None


def become(request: dict[str, Any]) -> None:
    """Be an interpreter that was started so."""
    for number, name in enumerate(request["files"]):
        file = os.open(name, os.O_WRONLY | os.O_TRUNC if number else os.O_RDONLY)
        os.dup2(file, number)
        os.close(file)
    sys.stdin = os.fdopen(0, closefd=False)  # the one that was there has read ahead
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.path[0] = request["folder"]
    sys.argv = [str(Path(pytest.__file__).with_name("__main__.py")), *request["args"]]


def main() -> int:
    """A nursery; or one of its children, which is pytest."""
    prepare()
    request = serve()
    if request is None:
        return 0
    become(request)
    return int(pytest.main())


if __name__ == "__main__":
    sys.exit(main())
