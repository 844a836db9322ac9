"""Concuerror on one of its own test functions: how many interleavings it explores, and which outcomes they have.

The outcomes are written as `tests.search.programs.kit` writes those of erlsim's programs. Concuerror itself is not a
part of this project: who has a checkout of it that is built, and an `erl`, names its folder.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from erlsim import terms
from tests.search.programs.kit import READS, birth, is_stack, printed
from tests.search.programs.ours import FOLDER, OURS

# What a test of Concuerror's asks for itself would win over what it is asked here.
OWN_OPTIONS = re.compile(r"-concuerror_options(_forced)?\((.*?)\)\.\n", re.DOTALL)
OPTIONS = ["--dpor", "optimal", "--assume_racing", "true", "--log_all", "true", "--keep_going", "true"]
# So that none of the programs is cut off in the middle.
OPTIONS += ["--depth_bound", "20000"]
OPTIONS += ["--print_depth", "10000", "-q"]

EVENT = re.compile(r"^ *\d+: (.*)$")
PLACE = re.compile(r"^    in (\S+) line .*$")
ACTOR = re.compile(r"^<(P[0-9.]*)>: (.*)$", re.DOTALL)
CALL = re.compile(r"^(.*) = (\w+):(\w+)\((.*)\)$", re.DOTALL)
BORN = re.compile(r"^\{?<(P[0-9.]*)>(?:,#Ref\})? = erlang:spawn")
FAILED = re.compile(r"^Exception (.*) is raised by: (?:\w+:(\w+)\(|.* ! )", re.DOTALL)
ENDED = re.compile(r"^exits abnormally \((.*)\)$", re.DOTALL)
SUMMARY = re.compile(r"Summary: \d+ errors, (\d+)/(\d+) interleavings explored")


@dataclass(frozen=True)
class Report:
    """What Concuerror found: its interleavings, their outcomes, and the seconds that it took."""

    interleavings: int
    outcomes: frozenset[str]
    seconds: float = 0.0


def explore(checkout: Path, source: str, instant: bool = True, timeout: float = 120, inside: bool = False) -> Report:
    """Explore `SUITE/MODULE:FUNCTION` of the tests of a Concuerror in `checkout`; those of the suite `ours` are ours.

    With `instant` messages arrive as they are sent. With `inside` only what happens in the test's own module is noted.
    """
    place, function = source.split(":")
    suite, module = place.split("/")
    folder_of_suite = FOLDER if suite == OURS else checkout / "tests" / "suites" / suite / "src"
    text = (folder_of_suite / f"{module}.erl").read_text()
    with tempfile.TemporaryDirectory() as folder:
        program, report = Path(folder) / f"{module}.erl", Path(folder) / "report.txt"
        program.write_text(OWN_OPTIONS.sub("", text))
        command = [str(checkout / "priv" / "concuerror"), "-f", str(program), "-t", function, "-o", str(report)]
        started = time.perf_counter()
        subprocess.run(
            [*command, *OPTIONS, "--instant_delivery", str(instant).lower()],
            cwd=folder,
            timeout=timeout,
            capture_output=True,
        )
        seconds = time.perf_counter() - started
        return read(report.read_text(encoding="utf-8", errors="replace"), f"{module}.erl" if inside else None, seconds)


def read(report: str, only: str | None = None, seconds: float = 0.0) -> Report:
    """What a report says; with `only` the notes are those of events in that file."""
    found = SUMMARY.search(report)
    if found is None or found[1] != found[2]:
        raise ValueError(f"the exploration did not end: {report[-200:]!r}")
    runs = re.split(r"^Interleaving #\d+$", report, flags=re.MULTILINE)[1:]
    if len(runs) != int(found[1]):
        raise ValueError(f"{found[1]} interleavings are reported, {len(runs)} of them logged")
    return Report(len(runs), frozenset(_outcome(run, only) for run in runs), seconds)


def _outcome(run: str, only: str | None) -> str:
    notes: dict[str, list[str]] = {"P": []}
    for text, place in _events(run):
        actor = ACTOR.match(text)
        if actor is None:
            continue
        name, what = actor.groups()
        born = BORN.match(what)
        if born is not None:
            notes.setdefault(born[1], [])
        note = _note(what)
        ended = notes[name] and notes[name][-1].startswith("exit ")
        # What a process does "while exiting" is done to it: a table that its heir does not take is no error of its own.
        if note is not None and not ended and (only is None or place in (None, only)):
            notes[name].append(note)
    histories = []
    for name in sorted(notes, key=birth):
        blocked = not (notes[name] and notes[name][-1].startswith("exit "))
        histories.append(f"{name}: {' | '.join(notes[name] + ['blocked'] * blocked)}")
    return "; ".join(histories)


def _events(run: str) -> list[tuple[str, str | None]]:
    """The events of an interleaving, each with the file that it happened in."""
    events: list[tuple[str, str | None]] = []
    _, _, trace = run.partition("Event trace:\n")
    for line in re.split(r"^(?:-|#){20,}$", trace, flags=re.MULTILINE)[0].splitlines():
        place, event = PLACE.match(line), EVENT.match(line)
        if event is not None:
            events.append((_plain(event[1]), None))
        elif place is not None:
            events[-1] = (events[-1][0], place[1])
    return events


def _plain(text: str) -> str:
    """Without what differs from run to run; a process's registered name is no part of its own."""
    text = re.sub(r"<(P[0-9.]*)/(?:[^<>]|<[^<>]*>)*>", r"<\1>", text)
    text = re.sub(r"'?#(Fun|Ref)<[^>]*>'?", r"#\1", text)
    return re.sub(r"<(?!P[0-9.]*>)[a-z0-9_.]+(?:/[^>]*)?>", "Q", text)


def _note(what: str) -> str | None:
    if what.startswith("receives message ("):
        return f"? {_without_stacks(what[len('receives message (') : -1])}"
    if what.startswith("receive timeout expires"):
        return "after"
    if what == "exits normally":
        return "exit normal"
    ended = ENDED.match(what)
    if ended is not None:
        return f"exit {_without_stacks(ended[1])}"
    failed = FAILED.match(what)
    if failed is not None:
        return f"! {failed[1]} {failed[2] or 'send'}"
    call = CALL.match(what)
    if call is None or call[3] not in READS:
        return None
    answer = "ms" if call[3].endswith("_timer") and call[1].isdigit() else call[1]
    return f"{call[3]}({call[4].replace(', ', ',')}) = {answer}"


def _without_stacks(text: str) -> str:
    """A term as it is in a report, without the stacks that are in it."""
    if "[{" not in text:
        return text
    return printed(_plain_term(terms.parse(re.sub(r"<P[0-9.]*>|#Ref|#Fun|\bQ\b", r"'\g<0>'", text))))


def _plain_term(term: Any) -> Any:
    match term:
        case (why, [*frames]) if is_stack(frames):
            return _plain_term(why)
        case tuple():
            return tuple(map(_plain_term, term))
        case list():
            return [_plain_term(each) for each in term]
    return term
