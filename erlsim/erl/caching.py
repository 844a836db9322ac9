"""What was compiled is kept: a folder with a file for each source, as Python keeps its bytecode.

What is found there is used only if nothing that it was made of has changed: the source and the files that it includes
(and which files those are), the options, erlsim itself, and what is known of the modules that it calls. Whatever else
is found (half a file, another's, a damaged one) is compiled anew. A file is written beside its place and then moved
there, so nobody ever sees a part of one; where nothing can be written nothing is.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import erlsim
from erlsim.erl.compiling.object_code import ObjectCode
from erlsim.erl.reading import Places
from erlsim.erl.running import failures

__in_stacks__ = False

VARIABLE = "ERLSIM_CACHE"
"""The environment variable that names the folder, or turns the cache off."""
_OFF = ("", "0", "no", "off", "false")
_MOST = 1_000
"""So many sources are kept; beyond them those that were kept first go."""
_SUFFIX = ".erlc"
_DIGEST = 32


def folder(wanted: str | Path | bool | None = None) -> Path | None:
    """Where to keep what is compiled: what is wanted, else what the environment says; `None` for nowhere."""
    if wanted is False:
        return None
    if wanted is not None and wanted is not True:
        return Path(wanted)
    given = os.environ.get(VARIABLE)
    if given is not None:
        return None if given.lower() in _OFF else Path(given)
    return _of_the_user()


def _of_the_user() -> Path | None:
    """The folder for such things on this system; `None` if the user has no home."""
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        home = "~/Library/Caches"
    else:
        home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    found = os.path.expanduser(home or "~")
    return None if found.startswith("~") or not os.path.isabs(found) else Path(found) / "erlsim"


class Watched(Places):
    """Places that remember which files were asked for, what was found, and what was in it then."""

    def __init__(self, places: Places) -> None:
        super().__init__(places.includes, places.libraries, places.variables)
        self.asked: dict[tuple[str, str, str], tuple[str | None, bytes | None]]
        object.__setattr__(self, "asked", {})

    def include(self, name: str, folder: str) -> str | None:
        """As it is, and remembered."""
        return self._remembered("include", name, folder, super().include(name, folder))

    def include_lib(self, name: str, folder: str) -> str | None:
        """As it is, and remembered."""
        return self._remembered("include_lib", name, folder, super().include_lib(name, folder))

    def _remembered(self, how: str, name: str, folder: str, path: str | None) -> str | None:
        self.asked[how, name, folder] = (path, None if path is None else _digest_of(path))
        return path


class Cache:
    """The folder in which one source's object code is kept."""

    def __init__(self, home: Path, path: str, places: Places, *options: Any) -> None:
        """`options` are what else the source is compiled with: their `repr` tells them apart."""
        given = (os.path.abspath(path), path, list(places.includes), list(places.libraries), options, _compiler())
        name = hashlib.sha256(repr(given).encode()).hexdigest()[:40]
        self._file = home / (name + _SUFFIX)
        self._path = path
        self._places = places
        self._source = _digest_of(path)
        self.watched = Watched(places)

    def find(self, is_as_then: Callable[[ObjectCode], bool]) -> ObjectCode | None:
        """What was kept, if it is what would be compiled now; `is_as_then` looks at what it calls."""
        try:
            data = self._file.read_bytes()
            if hashlib.sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
                return None
            source, asked, parts = marshal.loads(memoryview(data)[_DIGEST:])
        except (OSError, ValueError, TypeError, EOFError):
            return None
        if source != self._source or not all(self._is_still_found(*each) for each in asked):
            return None
        kept = _restored(parts)
        return kept if is_as_then(kept) else None

    def _is_still_found(self, how: str, name: str, folder: str, path: str | None, digest: bytes | None) -> bool:
        found = getattr(self._places, how)(name, folder)
        return bool(found == path and (path is None or _digest_of(path) == digest))

    def keep(self, object_code: ObjectCode) -> None:
        """Keep what was compiled of the source, unless somebody has changed it meanwhile."""
        asked = [(*question, *answer) for question, answer in self.watched.asked.items()]
        if self._source is None or self._source != _digest_of(self._path):
            return
        if not all(self._is_still_found(*each) for each in asked):
            return
        try:
            body = marshal.dumps((self._source, asked, _parts(object_code)))
        except ValueError:
            return  # An attribute with a value that Python cannot write.
        with contextlib.suppress(OSError):
            self._write(hashlib.sha256(body).digest() + body)

    def _write(self, data: bytes) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self._file.parent, prefix="new-", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(name, self._file)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
        self._forget_the_oldest()

    def _forget_the_oldest(self) -> None:
        kept = [each for each in os.scandir(self._file.parent) if each.name.endswith(_SUFFIX)]
        if len(kept) > _MOST:
            for each in sorted(kept, key=lambda entry: entry.stat().st_mtime_ns)[: len(kept) - _MOST]:
                with contextlib.suppress(OSError):
                    os.unlink(each.path)


def _digest_of(path: str) -> bytes | None:
    try:
        return hashlib.sha256(Path(path).read_bytes()).digest()
    except OSError:
        return None


def _compiler() -> tuple[Any, ...]:
    """What compiles: this Python, and this erlsim, down to the files that it consists of."""
    home = Path(__file__).parent
    files = []
    with contextlib.suppress(OSError):
        for path in sorted(home.rglob("*.py")):
            state = path.stat()
            files.append((str(path.relative_to(home)), state.st_size, state.st_mtime_ns))
    return (sys.version, sys.implementation.cache_tag, erlsim.__version__, files)


# ---- as data that Python can write


def _parts(object_code: ObjectCode) -> tuple[Any, ...]:
    values = {field.name: getattr(object_code, field.name) for field in fields(object_code)}
    places = values.pop("places")
    return (values, places.module, places.file, [_flat(place) for place in places.all()])


def _restored(parts: tuple[Any, ...]) -> ObjectCode:
    values, module, file, rows = parts
    places = failures.Places(module, "".join(map(chr, file)))
    for row in rows:
        places.number(_place(row))
    return ObjectCode(places=places, **values)


def _flat(place: failures.Place) -> tuple[Any, ...]:
    within = None if place.within is None else (_flat(place.within[0]), place.within[1])
    return (place.function, place.arity, place.is_tail, within)


def _place(row: tuple[Any, ...]) -> failures.Place:
    function, arity, is_tail, within = row
    return failures.Place(function, arity, is_tail, None if within is None else (_place(within[0]), within[1]))


__all__ = ["Cache", "Watched", "folder"]
