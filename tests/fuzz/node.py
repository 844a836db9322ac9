"""A real Erlang that lives long: scenarios go to it through a pipe, one a line, and come back observed.

The recorder is that of the golden scenarios (`tests/golden/erl`, compiled anew), so that what comes back is a recording
like any other. Nothing of one scenario is left on the node for the next one.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from tests.golden.oracle import compile_recorder, line

Scenario = dict[str, Any]
Tree = Any

ORIGINALS = ("director", "gen_tracker")
PATIENCE_S = 90
# A node grows old: its pids become wider.
SCENARIOS_OF_A_LIFE = 500
# A process whose heap has no room for a message that it takes loses its turn for the collector: a matter of memory,
# which nothing here has. Heaps of so many words have room for whatever a scenario does.
HEAP_WORDS = 30_000
NO_WAITING = Path(__file__).with_name("no_waiting.c")


class NoAnswer(Exception):
    """A node that has gone, or that does not answer in time."""


class Answers(Protocol):
    """Whoever answers scenarios: `Nodes` is real, the tests have others."""

    def ask(self, scenario: Scenario) -> Future[list[Tree]]:
        """What is observed, as soon as it is known; `NoAnswer` if it never is."""
        ...


def compile_into(directory: Path, originals: Path | None = None) -> list[str]:
    """Compile the recorder and, from where the user has them, the originals; the names of those that were found."""
    compile_recorder(directory)
    found = []
    for name in ORIGINALS:
        for source in sorted(originals.rglob(f"{name}.erl"))[:1] if originals is not None else []:
            include = source.parent.parent / "include"
            command = ["erlc", "-W0", "-I", str(include), "-o", str(directory), str(source)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            found.append(name)
    return found


def compile_no_waiting(directory: Path) -> Path | None:
    """Compile what lets an Erlang's clocks jump over its waits (`no_waiting.c`); `None` where that cannot be done."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    library = directory / "no_waiting.so"
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(NO_WAITING), "-ldl"]
    done = subprocess.run(command, check=False, capture_output=True)
    return library if done.returncode == 0 else None


class Node:
    """One `erl`, started when it is first asked, and again when it has died or grown old.

    With `no_waiting` (see `compile_no_waiting`) it never waits for a timer: a hundred times as many scenarios a minute.
    """

    def __init__(self, ebin: Path, no_waiting: Path | None = None) -> None:
        self._ebin = ebin
        self._environment = os.environ if no_waiting is None else {**os.environ, "LD_PRELOAD": str(no_waiting)}
        self._process: subprocess.Popen[str] | None = None
        self._asked = 0

    def ask(self, scenario: Scenario) -> list[Tree]:
        """What this Erlang observes in a scenario."""
        text = line(scenario)
        if self._process is None or self._asked >= SCENARIOS_OF_A_LIFE:
            self.stop()
            self._process = self._start()
        self._asked += 1
        process = self._process
        # `readline` cannot be told how long to wait: a node that says nothing is killed instead.
        watchdog = threading.Timer(PATIENCE_S, process.kill)
        watchdog.start()
        try:
            assert process.stdin is not None
            process.stdin.write(text)
            process.stdin.flush()
            answer = self._line(process, f'{{"name":"{scenario["name"]}","observed":')
        except OSError:
            answer = ""
        finally:
            watchdog.cancel()
        if not answer:
            self.stop()
            raise NoAnswer(f"the node ended, or took longer than {PATIENCE_S} s, in {scenario['name']}")
        observed: list[Tree] = json.loads(answer)["observed"]
        if any("timeout" in each for each in observed):
            raise NoAnswer(f"{scenario['name']} took too long for a recording")
        return observed

    def _start(self) -> subprocess.Popen[str]:
        self._asked = 0
        command = [
            "erl",
            "+S",
            "1",
            "+hms",
            str(HEAP_WORDS),
            "-noshell",
            "-pa",
            str(self._ebin),
            "-eval",
            "scn:serve().",
        ]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env=self._environment,
        )
        self._line(process, "ready")
        return process

    def _line(self, process: subprocess.Popen[str], begins: str) -> str:
        """The next line that begins so, whatever a scenario may have printed before it; `""` when there is none."""
        assert process.stdout is not None
        for text in process.stdout:
            if text.startswith(begins):
                return text
        return ""

    def stop(self) -> None:
        """End this Erlang, if it lives."""
        if self._process is not None:
            process, self._process = self._process, None
            with process:
                process.kill()


class Nodes:
    """Some nodes that share the work."""

    def __init__(self, ebin: Path, number: int, no_waiting: Path | None = None) -> None:
        self._all = [Node(ebin, no_waiting) for _ in range(number)]
        self._free: queue.SimpleQueue[Node] = queue.SimpleQueue()
        for each in self._all:
            self._free.put(each)
        self._pool = ThreadPoolExecutor(number)

    def ask(self, scenario: Scenario) -> Future[list[Tree]]:
        """What a free node observes, or the next that is."""
        return self._pool.submit(self._ask, scenario)

    def _ask(self, scenario: Scenario) -> list[Tree]:
        node = self._free.get()
        try:
            return node.ask(scenario)
        finally:
            self._free.put(node)

    def __enter__(self) -> Nodes:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._pool.shutdown(cancel_futures=True)
        for each in self._all:
            each.stop()
