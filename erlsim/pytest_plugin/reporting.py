"""What the report of a failed test says of its simulation: causes first, then who did what, then the last events."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from erlsim import terms
from erlsim.errors import Deadlock, ErlangException, ErlsimError, Interrupted, NotPortable
from erlsim.pytest_plugin import calls
from erlsim.pytest_plugin.simulations import plan_of
from erlsim.simulation import Simulation
from erlsim.terms import Pid
from erlsim.testing.strikes import faults_of
from erlsim.trace import Trace
from erlsim.trace.events import SHELL
from erlsim.trace.facts import cut, show
from erlsim.trace.history import History

LAST_EVENTS = 12
LAST_REPORTS = 5
# So many characters of the name of a page come from the test's id; files may not have long names everywhere.
LONGEST_NAME = 150
ALL = "all"
_PID = re.compile(r"<0\.(\d+)\.0>")


def parts(item: pytest.Item, sim: Simulation, exc: BaseException) -> list[str]:
    """The paragraphs of the report, but for the schedule."""
    told = str(exc)
    found = []
    if isinstance(exc, ErlangException):
        found.append(f"reason ({exc.kind}): {terms.format('~tp', [exc.reason])}")
    asked = calls.without_answer(sim.trace)
    found += _listed("calls without an answer:", calls.lines(asked))
    if not calls.circle(asked) and not isinstance(exc, Deadlock):
        found += ["\n".join(line[2:] for line in sim.circles())] if sim.circles() else []
    found += _listed("the faults of this run:", _faults(sim))
    if not isinstance(exc, Deadlock):
        found += _listed(f"at {sim.now} ms the processes were:", sim.describe())
    if not isinstance(exc, NotPortable):
        found += _listed("strict mode has found:", [str(each) for each in sim.findings])
    found += _reports(sim, told)
    found += _events(sim, events_wanted(item))
    found += _listed("of those who have ended:", _ended(sim.trace, "\n".join([told, *found])))
    found += _page(item, sim)
    return found


def _listed(heading: str, lines: list[str]) -> list[str]:
    return ["\n".join([heading, *(f"  {line}" for line in lines)])] if lines else []


def _faults(sim: Simulation) -> list[str]:
    try:
        return [str(record) for record in faults_of(sim)]
    except Interrupted:
        return []


def _reports(sim: Simulation, told: str) -> list[str]:
    """The last reports as OTP prints them, less those that the exception has already."""
    texts = [text for text in sim.reports.texts() if text.strip() not in told]
    shown = texts[-LAST_REPORTS:]
    more = f"the last {len(shown)} of {len(texts)} reports" if len(texts) > len(shown) else "the reports"
    lines = [line for text in shown for line in text.strip("\n").splitlines()]
    return _listed(f"{more} (sim.reports):", lines)


# ---- events ---------------------------------------------------------------------------


def events_wanted(item: pytest.Item) -> int | None:
    """How many of the last events are shown, all of them for `None`: as the command line or else a marker says."""
    given: Any = item.config.getoption("--erlsim-events")
    if given is None:
        said = plan_of(item).events
        given = LAST_EVENTS if said is None else said
    if given == ALL:
        return None
    if type(given) is not int or given < 0:
        raise ErlsimError(f"erlsim(events=...) is a number of events or {ALL!r}, not {given!r}")
    return given


def _events(sim: Simulation, wanted: int | None) -> list[str]:
    count = len(sim.trace)
    first = 0 if wanted is None else max(count - wanted, 0)
    if first == count:
        return []
    shown = [str(sim.trace[index]) for index in range(first, count)]
    return _listed(f"the last {count - first} of {count} events:", shown)


# ---- names ----------------------------------------------------------------------------


def _ended(trace: Trace, text: str) -> list[str]:
    """Who the processes were that the text speaks of and that have ended, and of what: a line each."""
    numbers = {int(number) for number in _PID.findall(text)}
    history = History(trace.present)
    ends: dict[int, str] = {}
    for row in trace.rows:
        history.apply(row)
        if row[1] == "exit" and row[2].number in numbers:
            ends[row[2].number] = _end(history, *row)
    return [
        f"{show(history.dead[number].pid)} was {_title(history, history.dead[number].pid)}; {ends[number]}"
        for number in sorted(ends)
    ]


def _end(history: History, time: Any, _kind: str, _pid: Pid, reason: Any, by: Pid | None) -> str:
    sender = "" if by is None else f", by a signal of {_title(history, by)} {show(by)}"
    return f"it ended at {time} ms: {show(reason, 100)}{sender}"


def _title(history: History, pid: Pid) -> str:
    actor = history.actor(pid)
    return SHELL if actor.role == SHELL else actor.title


# ---- the page of the run ----------------------------------------------------------------


def page_name(nodeid: str) -> str:
    """The file name for a test: its id, and a number where that has something that no file name should have."""
    plain = nodeid.replace("/", "-").replace("::", "-")
    name = re.sub(r"[^\w.\-\[\]]+", "_", plain)
    if len(name) > LONGEST_NAME or name != plain:
        name = f"{cut(name, LONGEST_NAME).rstrip('…')}-{crc32(nodeid.encode()):08x}"
    return f"{name}.html"


def _page(item: pytest.Item, sim: Simulation) -> list[str]:
    folder: str | None = item.config.getoption("--erlsim-html")
    if folder is None:
        return []
    path = Path(folder, page_name(item.nodeid))
    try:
        Path(item.config.invocation_params.dir, folder).mkdir(parents=True, exist_ok=True)
        sim.to_html(Path(item.config.invocation_params.dir, path), item.nodeid)
    except OSError as failure:
        return [f"the page of this run could not be written to {path}: {failure.strerror or failure}"]
    return [f"the page of this run is {path}"]
