"""What is found in a source, in the order in which erlc tells of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from erlsim import terms
from erlsim.terms import Term

Place = Any
"""`(Line, Column)`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One error or warning."""

    file: str
    place: Place
    text: str
    is_error: bool

    def __str__(self) -> str:
        """As erlc prints it."""
        kind = "" if self.is_error else "Warning: "
        return f"{self.file}:{self.place[0]}:{self.place[1]}: {kind}{self.text}"


@dataclass(slots=True)
class Findings:
    """Those of one module; `file` is the one that is looked at."""

    file: str
    all: list[Finding] = field(default_factory=list)

    def error(self, place: Place, text: str, *args: Term) -> None:
        """An error; `text` is a format of `io_lib`."""
        self.all.append(Finding(self.file, place, terms.format(text, list(args)), True))

    def warning(self, place: Place, text: str, *args: Term) -> None:
        """A warning."""
        self.all.append(Finding(self.file, place, terms.format(text, list(args)), False))

    def errors(self) -> list[Finding]:
        """The errors, by place; of the same file and place in the order in which they were found."""
        return sorted((each for each in self.all if each.is_error), key=lambda each: each.place)

    def warnings(self) -> list[Finding]:
        """The warnings, by place."""
        # At one place what shadows is told last.
        found = (each for each in self.all if not each.is_error)
        return sorted(found, key=lambda each: (each.place, " shadowed in " in each.text))
