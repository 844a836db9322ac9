"""What Concuerror found in the programs, as data.

`data/concuerror.jsonl` has a line for each program: how many interleavings Concuerror 0.21 explores (optimal DPOR with
observers, every pair of races assumed; messages arrive as they are sent, or are `delayed`), and the outcomes that they
have. `histories` are those of each process, and an outcome says which of them each has. A program without `delayed` has
more interleavings then than could be waited for, or is one of ours, and was not asked for them.

`python -m tests.search.recorded CHECKOUT [PROGRAM...]` records anew what is named, or what is new.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.search import concuerror
from tests.search.programs import PROGRAMS
from tests.search.programs.kit import Program, birth

DATA = Path(__file__).parent / "data" / "concuerror.jsonl"


@dataclass(frozen=True)
class Recorded:
    """What is known of one program; `delayed` and `late` are interleavings and further outcomes with late messages."""

    interleavings: int
    outcomes: frozenset[str]
    delayed: int | None
    late: frozenset[str]


def load() -> dict[str, Recorded]:
    """All that is recorded, by the program's name."""
    lines = DATA.read_text(encoding="utf-8").splitlines() if DATA.exists() else []
    return {entry["name"]: _read(entry) for entry in map(json.loads, lines)}


def save(recorded: dict[str, Recorded]) -> None:
    """Write it, a line for each program."""
    lines = [json.dumps(_written(name, recorded[name]), separators=(",", ":")) for name in PROGRAMS if name in recorded]
    DATA.parent.mkdir(exist_ok=True)
    DATA.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _read(entry: dict) -> Recorded:
    processes = list(entry["histories"].items())

    def texts(rows: list[list[int | None]]) -> frozenset[str]:
        return frozenset(
            "; ".join(f"{name}: {seen[at]}" for (name, seen), at in zip(processes, row, strict=True) if at is not None)
            for row in rows
        )

    return Recorded(entry["interleavings"], texts(entry["outcomes"]), entry["delayed"], texts(entry["late"]))


def _written(name: str, recorded: Recorded) -> dict:
    told = [_histories(outcome) for outcome in sorted(recorded.outcomes)]
    late = [_histories(outcome) for outcome in sorted(recorded.late)]
    histories: dict[str, list[str]] = {each: [] for each in sorted({n for row in told + late for n in row}, key=birth)}

    def row(outcome: dict[str, str]) -> list[int | None]:
        for process, seen in outcome.items():
            if seen not in histories[process]:
                histories[process].append(seen)
        return [histories[each].index(outcome[each]) if each in outcome else None for each in histories]

    return {
        "name": name,
        "source": PROGRAMS[name].source,
        "interleavings": recorded.interleavings,
        "delayed": recorded.delayed,
        "outcomes": [row(outcome) for outcome in told],
        "late": [row(outcome) for outcome in late],
        "histories": histories,
    }


def _histories(outcome: str) -> dict[str, str]:
    return dict(part.split(": ", 1) for part in outcome.split("; "))


def record(checkout: Path, program: Program) -> Recorded:
    """Ask Concuerror."""
    inside = program.kind == "otp"
    instant = concuerror.explore(checkout, program.source, True, inside=inside)
    try:
        delayed = concuerror.explore(checkout, program.source, False, inside=inside)
    except subprocess.TimeoutExpired:
        return Recorded(instant.interleavings, instant.outcomes, None, frozenset())
    late = delayed.outcomes - instant.outcomes
    return Recorded(instant.interleavings, instant.outcomes, delayed.interleavings, late)


def main(checkout: Path, names: list[str]) -> None:
    """Record what is named, or what is not recorded yet."""
    recorded = load()
    for name in names or [name for name in PROGRAMS if name not in recorded]:
        recorded[name] = record(checkout, PROGRAMS[name])
        sys.stdout.write(f"{name}: {recorded[name].interleavings}, {len(recorded[name].outcomes)} outcomes\n")
        save(recorded)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
