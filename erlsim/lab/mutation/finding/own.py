"""Mistakes that the user has listed in `mutants.toml`: each replaces one place of a file by something else.

    [[mutant]]
    file = "pool.py"
    old = "[*queue, client]"
    new = "[client, *queue]"
    why = "the last to come is the first to be served"

`file` is a path from the folder of the list, or the end of the path of one of the files that are looked at.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from erlsim.hints import nearest
from erlsim.lab.mutation.finding.mutants import Mutant
from erlsim.lab.mutation.finding.sources import Source

KEYS = ("file", "old", "new", "why")


class WrongList(ValueError):
    """A list of mutants that cannot be taken as it is; the message shows the entry."""


def mutants(path: Path, sources: Iterable[Source]) -> Iterator[Mutant]:
    """The mutants in the list at `path`; `WrongList` for what is none, or does not fit the files."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise WrongList(f"{path.name} is no TOML: {wrong}") from wrong
    known = list(sources)
    for number, each in enumerate(given, 1):
        yield _mutant(f"{path.name}, mutant {number}", each, path, known)


def _mutant(place: str, given: dict[str, object], path: Path, known: list[Source]) -> Mutant:
    for key in given:
        if key not in KEYS:
            raise WrongList(f"{place} has {key!r}; it may have {', '.join(KEYS)}{nearest(key, KEYS)}")
    file, old, new, why = (given.get(key, "") for key in KEYS)
    if not (isinstance(file, str) and isinstance(old, str) and isinstance(new, str) and file and old):
        raise WrongList(f"{place} says no file or nothing to replace: {given!r}")
    named = (path.parent / file).resolve()
    found = [each for each in known if each.path == named] or [
        each for each in known if each.path.as_posix().endswith(f"/{file}")
    ]
    if len(found) != 1:
        several = ", ".join(each.name for each in found)
        raise WrongList(f"{place}: {f'{file!r} may be {several}' if found else f'no file {file!r} is looked at'}")
    source = found[0]
    if source.text.count(old) != 1:
        raise WrongList(f"{place}: {source.name} has {source.text.count(old)} times {old!r}, and not once")
    start = source.text.index(old)
    line = source.text.count("\n", 0, start) + 1
    last = line + old.rstrip("\n").count("\n")
    text = source.text.replace(old, new)
    lines = _statements(source, line, last)
    return Mutant("own", source, line, lines, _first_line(old), text, why=str(why) or "your own")


def _first_line(old: str) -> str:
    lines = old.strip().splitlines()
    return f"{lines[0].strip()} ..." if len(lines) > 1 else lines[0].strip()


def _statements(source: Source, first: int, last: int) -> tuple[int, int]:
    """The lines of all statements that begin or go on between two lines."""
    heads = [source.statement(node) for node in source.statements()]
    touched = [(start, end) for start, end in heads if start <= last and end >= first]
    return (min(start for start, _ in touched), max(end for _, end in touched)) if touched else (first, last)
