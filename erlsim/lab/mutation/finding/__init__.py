"""All mutants of some files, in the order of their kinds, places and texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from erlsim.lab.mutation.finding import conduct, declarations, own
from erlsim.lab.mutation.finding.mutants import KINDS, Mutant, Unread, distinct
from erlsim.lab.mutation.finding.reading import Reading
from erlsim.lab.mutation.finding.sources import find, read


class Finds(NamedTuple):
    """What was found: mutants, declarations that could not be read, kinds that there is nothing of; files looked at."""

    mutants: list[Mutant]
    unread: list[Unread]
    nothing_of: list[str]
    files: int


def find_mutants(places: Iterable[Path], root: Path, kinds: Sequence[str] = (), own_list: Path | None = None) -> Finds:
    """The mutants of the files in `places`, of some `kinds` or of all; with those of a list of the user's own."""
    sources = [read(path, root) for path in find(places, root)]
    reading = Reading(sources)
    found = [
        each
        for source in sources
        for each in (*declarations.mutants(source, reading), *conduct.mutants(source, reading))
    ]
    mine = [] if own_list is None else list(own.mutants(own_list, sources))
    mutants = distinct([*(each for each in found if isinstance(each, Mutant)), *mine])
    order = list(KINDS)
    mutants.sort(key=lambda each: (order.index(each.kind), each.source.name, each.line))
    there = dict.fromkeys([*(each.kind for each in found), *(["own"] if mine else [])])
    return Finds(
        [each for each in mutants if each.is_of(kinds)],
        list(dict.fromkeys(each for each in found if isinstance(each, Unread) and each.kind in (kinds or KINDS))),
        [kind for kind in KINDS if kind not in there and (not kinds or kind in kinds)],
        len(sources),
    )


__all__ = ["Finds", "find_mutants"]
