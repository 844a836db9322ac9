"""Where sources and include files lie, and the characters in them. Mirrors `epp`'s search for files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_CODING = re.compile(rb"%.*?coding\s*[:=]\s*([a-zA-Z0-9-]+)")


@dataclass(frozen=True)
class Places:
    """Where to look: folders for `-include`, folders of applications (`NAME` or `NAME-VERSION`) for `-include_lib`."""

    includes: Sequence[str] = ()
    libraries: Sequence[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    """What `$NAME` stands for at the beginning of a path."""

    def include(self, name: str, folder: str) -> str | None:
        """The path of an include file: beside the file that asks, then in the folders that were given."""
        name = self._with_variable(name)
        for each in (folder, *self.includes):
            # As OTP's file:path_open/3 has it, the folder "." leaves no mark in the path.
            path = name if each == "." else os.path.join(each, name)
            if os.path.isfile(path):
                return path
        return None

    def include_lib(self, name: str, folder: str) -> str | None:
        """The path of an include file, which may be one of an application's: `kernel/include/file.hrl`."""
        found = self.include(name, folder)
        if found is not None:
            return found
        application, _, rest = self._with_variable(name).partition("/")
        # A folder of sources may have an application in part: its tests, say, without its headers.
        paths = (os.path.join(home, rest) for home in self._homes(application)) if rest else ()
        return next((path for path in paths if os.path.isfile(path)), None)

    def application(self, name: str) -> str | None:
        """The folder of an application; of several versions the highest."""
        return next(self._homes(name), None)

    def _homes(self, name: str) -> Iterator[str]:
        """The folders of an application, one at most in each library."""
        for library in self.libraries:
            if os.path.isdir(os.path.join(library, name)):
                yield os.path.join(library, name)
                continue
            folders = (path.name for path in Path(library).glob(f"{name}-*"))
            versions = [each for each in folders if re.fullmatch(r"[\d.]*\d", each[len(name) + 1 :])]
            if versions:
                yield os.path.join(library, max(versions, key=_version))

    def _with_variable(self, name: str) -> str:
        if not name.startswith("$"):
            return name
        variable, _, rest = name[1:].partition("/")
        value = self.variables.get(variable)
        return name if value is None else os.path.join(value, rest)


def _version(folder: str) -> list[int]:
    return [int(part) for part in folder.rpartition("-")[2].split(".") if part]


def decoded(data: bytes) -> str:
    """The characters of a source: UTF-8 unless its first two lines say `coding: latin-1`."""
    for line in data[:512].split(b"\n")[:2]:
        found = _CODING.search(line)
        if found:
            encoding = found[1].lower()
            if re.match(rb"latin-1(-|$)", encoding):
                return data.decode("latin-1")
            break
    return data.decode("utf-8")
