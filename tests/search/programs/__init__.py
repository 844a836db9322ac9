"""Small programs with known outcomes: those of Concuerror's own suites, written anew, by what their processes race for.

A program names the function of Concuerror's tests that it says again (`SUITE/MODULE:FUNCTION`); what Concuerror
found there is in `tests/search/data`. To add one, write it beside its kind and record it (`tests.search.recorded`).
`ours` are not Concuerror's, and written in Erlang: Concuerror runs the same source.
"""

from __future__ import annotations

from types import ModuleType

from tests.search.programs import ets, info, message, otp, ours, readers, registry, signal, table, timer
from tests.search.programs.kit import Program

KINDS = (readers, ets, message, registry, signal, timer, info, table, otp)


def _of(kind: ModuleType) -> list[Program]:
    return [each for each in vars(kind).values() if isinstance(each, Program)]


PROGRAMS = {program.name: program for kind in KINDS for program in _of(kind)} | ours.PROGRAMS
