"""Open files: where one is in them, and what may be done."""

from __future__ import annotations

from dataclasses import dataclass

from erlsim.erl.library.files.places import File, Places, Refusal, now
from erlsim.erl.running.cells import listed, outward
from erlsim.terms import Term, matchable

__in_stacks__ = False

_ENCODINGS = {
    "latin1": "latin-1",
    "utf8": "utf-8",
    "unicode": "utf-8",
    ("utf16", "big"): "utf-16-be",
    ("utf16", "little"): "utf-16-le",
    "utf16": "utf-16-be",
    ("utf32", "big"): "utf-32-be",
    ("utf32", "little"): "utf-32-le",
    "utf32": "utf-32-be",
}


@dataclass(frozen=True)
class Modes:
    """What `file:open/2` was asked for."""

    reads: bool = False
    writes: bool = False
    appends: bool = False
    exclusive: bool = False
    binary: bool = False
    raw: bool = False
    encoding: Term = "latin1"

    @staticmethod
    def of(options: Term) -> Modes:
        """Of a list of modes; raises `Refusal`."""
        given = listed(options)
        if given is None:
            raise Refusal("badarg")
        words = []
        encoding: Term = "latin1"
        for option in map(outward, given):
            match matchable(option):
                case str():
                    words.append(option)
                case ("encoding", name) if name in _ENCODINGS:
                    encoding = "unicode" if name == "utf8" else name
                case ("delayed_write" | "read_ahead", *_):
                    pass
                case _:
                    raise Refusal("badarg")
        appends = "append" in words
        writes = "write" in words or appends or "exclusive" in words
        return Modes(
            reads="read" in words or not writes,
            writes=writes,
            appends=appends,
            exclusive="exclusive" in words,
            binary="binary" in words,
            raw="raw" in words,
            encoding=encoding,
        )


class Handle:
    """A file that is open."""

    def __init__(self, file: File, modes: Modes) -> None:
        self.file, self.modes = file, modes
        self.place = 0
        self.encoding = modes.encoding

    @staticmethod
    def open(places: Places, path: str, modes: Modes) -> Handle:
        """Open a file; raises `Refusal`."""
        file = places.opened(path, modes.writes, modes.exclusive)
        if modes.writes and not modes.reads and not modes.appends:
            file.data.clear()
        return Handle(file, modes)

    @property
    def codec(self) -> str:
        """The encoding in Python's words."""
        return _ENCODINGS[self.encoding]

    def shown(self, data: bytes) -> Term:
        """Bytes as they are given to the reader."""
        return data if self.modes.binary else list(data)

    def _check_reading(self) -> None:
        if not self.modes.reads:
            raise Refusal("ebadf")

    def _check_writing(self) -> None:
        if not self.modes.writes:
            raise Refusal("ebadf")

    def read(self, count: int) -> bytes | None:
        """The next bytes; `None` at the end."""
        self._check_reading()
        found = bytes(self.file.data[self.place : self.place + count])
        self.place += len(found)
        return found if found or count == 0 else None

    def read_line(self) -> bytes | None:
        """The next line with its end, which is one character; `None` at the end."""
        self._check_reading()
        end = self.file.data.find(b"\n", self.place)
        found = self.read(len(self.file.data) if end < 0 else end + 1 - self.place)
        if found is not None and found.endswith(b"\r\n"):
            return found[:-2] + b"\n"
        return found

    def read_at(self, place: int, count: int) -> bytes | None:
        """Bytes at a place."""
        self._check_reading()
        found = bytes(self.file.data[place : place + count])
        return found if found or count == 0 else None

    def write(self, data: bytes) -> None:
        """Write at the current place, or at the end of what is appended to."""
        self._check_writing()
        if self.modes.appends:
            self.place = len(self.file.data)
        self.write_at(self.place, data)
        self.place += len(data)

    def write_at(self, place: int, data: bytes) -> None:
        """Write at a place; zeros fill what lies between it and the end."""
        self._check_writing()
        if data:
            contents = self.file.data
            if place > len(contents):
                contents.extend(bytes(place - len(contents)))
            contents[place : place + len(data)] = data
            self.file.changed = now()

    def truncate(self) -> None:
        """Cut off what lies behind the current place."""
        self._check_writing()
        contents = self.file.data
        del contents[self.place :]
        contents.extend(bytes(self.place - len(contents)))

    def move(self, location: Term) -> int:
        """Go to a place; raises `Refusal`."""
        place = self.located(location)
        if place < 0:
            raise Refusal("einval")
        self.place = place
        return place

    def located(self, location: Term) -> int:
        """The place that a location names."""
        match matchable(location):
            case "bof":
                return 0
            case "cur":
                return self.place
            case "eof":
                return len(self.file.data)
            case int() if type(location) is int:
                return location
            case ("bof", int() as offset):
                return offset
            case ("cur", int() as offset):
                return self.place + offset
            case ("eof", int() as offset):
                return len(self.file.data) + offset
        raise Refusal("badarg" if type(location) is not tuple else "einval")

    # ---- as a device of characters

    def put_text(self, text: str) -> None:
        """Write characters in the file's encoding; raises `UnicodeEncodeError`."""
        self.write(text.encode(self.codec))

    def rest(self) -> str:
        """The characters from here to the end; raises `UnicodeDecodeError`."""
        self._check_reading()
        return bytes(self.file.data[self.place :]).decode(self.codec)

    def skip(self, text: str) -> None:
        """Go on behind some characters."""
        self.place += len(text.encode(self.codec))

    def answer_text(self, text: str) -> Term:
        """Characters as they are given to the reader."""
        return text.encode() if self.modes.binary else list(map(ord, text))
