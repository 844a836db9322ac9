"""What is known of mutants from earlier runs, by content: nothing is believed of code or tests that have changed.

A mutant that a test has found stays found while the code, what the tests share (conftest and other helpers) and the
file of that test are what they were. One that has survived does so while all of this and all test files are. So
whoever writes a test for a survivor has the survivors tried again, and little else.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import erlsim
from erlsim.lab.mutation.finding.mutants import Mutant
from erlsim.lab.mutation.finding.sources import LEFT_OUT

FOLDER = ".erlsim_cache"
# What may change how tests go.
SUFFIXES = (".py", ".toml", ".ini", ".cfg", ".erl", ".hrl")


class Cache:
    """The file `mutants.json` of a project's cache; without a `folder` nothing is known and nothing kept."""

    def __init__(self, folder: Path | None, arguments: Sequence[str] = (), fresh: bool = False) -> None:
        self._file = None if folder is None else folder / FOLDER / "mutants.json"
        self._root = folder
        self._known: dict[str, dict[str, Any]] = {}
        self._kept: dict[str, dict[str, Any]] = {}
        self._digests: dict[Path, str] = {}
        self._shared = self._all = ""
        if folder is None or self._file is None:
            return
        files = _files(folder)
        tests = [each for each in files if is_test(each)]
        own = [each for each in _files(Path(erlsim.__file__).parent) if each.suffix == ".py"]
        about = json.dumps([sys.version, erlsim.__version__, list(arguments)])
        self._shared = self._digest(about, [*own, *(each for each in files if each not in tests)])
        self._all = self._digest(self._shared, tests)
        if fresh:
            return
        try:
            self._known = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._known = {}

    def known(self, mutant: Mutant) -> dict[str, Any] | None:
        """What came of this mutant, if nothing has changed since."""
        entry = self._known.get(mutant.key)
        if entry is None or self._root is None:
            return None
        files = [self._root / each for each in entry["files"]]
        wanted = self._digest(self._shared, files) if files else self._all
        if entry["digest"] != wanted:
            return None
        self._kept[mutant.key] = entry
        return entry

    def keep(self, mutant: Mutant, state: str, by: str, why: str, ran: int, file: Path | None) -> None:
        """Remember what came of a mutant; `file` is that of the test that found it."""
        if self._root is None:
            return
        files = [] if file is None else [file]
        self._kept[mutant.key] = {
            "state": state,
            "by": by,
            "why": why,
            "ran": ran,
            "files": [os.path.relpath(each, self._root) for each in files],
            "digest": self._digest(self._shared, files) if files else self._all,
        }

    def whole(self, what: str, about: object) -> dict[str, Any] | None:
        """What was found out that depends on all files: `what` it is, and what it is `about`."""
        found = self._known.get(what)
        if found is None or found["digest"] != self._all or found["about"] != about:
            return None
        self._kept[what] = found
        result: dict[str, Any] = found["result"]
        return result

    def keep_whole(self, what: str, about: object, result: dict[str, Any]) -> None:
        """Remember what was found out."""
        if self._root is not None:
            self._kept[what] = {"digest": self._all, "about": about, "result": result}

    def write(self) -> None:
        """Write what is known now; what is not of this run any more is kept, for there may be runs of single kinds."""
        if self._file is None:
            return
        self._file.parent.mkdir(exist_ok=True)
        ignored = self._file.parent / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n", encoding="utf-8")
        text = json.dumps(self._known | self._kept, indent=0, sort_keys=True)
        self._file.write_text(text, encoding="utf-8")

    def _digest(self, begin: str, files: Sequence[Path]) -> str:
        found = hashlib.sha256(begin.encode())
        for file in files:
            if file not in self._digests:
                content = file.read_bytes() if file.exists() else b""
                self._digests[file] = hashlib.sha256(content).hexdigest()
            found.update(f"{os.path.relpath(file, self._root)}\0{self._digests[file]}\n".encode())
        return found.hexdigest()


def is_test(file: Path) -> bool:
    """Whether a file holds tests and nothing that other tests use."""
    return file.suffix == ".py" and (file.name.startswith("test_") or file.name.endswith("_test.py"))


def _files(folder: Path) -> list[Path]:
    found: list[Path] = []
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(
            each
            for each in folders
            if not each.startswith(".")
            and not (Path(here) / each / "pyvenv.cfg").exists()
            and (each not in LEFT_OUT or each in ("tests", "test", "testing", "docs"))
        )
        found += [Path(here) / name for name in sorted(names) if name.endswith(SUFFIXES)]
    return found
