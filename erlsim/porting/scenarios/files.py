"""Scenarios in files: text (`*.scenario`), JSON (`*.json`), or JSON with one on each line (`*.jsonl`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from erlsim.errors import ErlsimError
from erlsim.porting.scenarios import forms
from erlsim.porting.scenarios.cutting import cut
from erlsim.porting.scenarios.scenario import Scenario
from erlsim.trace import Trace


def load(path: str | Path, starts: Sequence[str] = ()) -> list[Scenario]:
    """The scenarios of a file: JSON (one, a list, or one a line) if its name ends so, else text.

    JSON lines may be recordings, or the trace of a run (`sim.trace.to_jsonl()`): what its shell did to the program is
    the scenario then, and `starts` say how what it started was started (`"pool_sup:start_link(1)"`), in order.
    Places in Python are relative to the file's folder. `ErlsimError` with file and line for what cannot be read.
    """
    path = Path(path)
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise ErlsimError(f"{path} cannot be read: {exc}") from None
    folder = path.resolve().parent
    if path.suffix not in (".json", ".jsonl"):
        return forms.read(source, str(path), folder)
    if source.startswith(_TRACE):
        return [cut(Trace.from_jsonl(source), list(map(_started, starts)), path.stem, folder=folder)]
    try:
        lines = [line for line in source.splitlines() if line.strip()] if path.suffix == ".jsonl" else [source]
        trees = list(map(json.loads, lines))
    except ValueError as exc:
        raise ErlsimError(f"{path}: {exc}") from None
    found = [forms.from_json(each) for tree in trees for each in (tree if isinstance(tree, list) else [tree])]
    for each in found:
        each.folder = folder
    return found


_TRACE = '{"erlsim":"trace"'


def _started(call: str) -> tuple[Any, ...]:
    """`m:f(A)` as `cut` has it."""
    (scenario,) = forms.read(f'-scenario("start").\n{call}.\n', "start")
    calls = [each for step in scenario.steps for each in step.calls]
    if len(calls) != 1:
        raise ErlsimError(f"{call!r} is no call: pool_sup:start_link(1), for instance")
    return (calls[0].module, calls[0].function, *calls[0].args)


def save(path: str | Path, scenarios: list[Scenario]) -> None:
    """Write scenarios so that `load` reads them again."""
    path = Path(path)
    if path.suffix == ".json":
        path.write_text(json.dumps(list(map(forms.to_json, scenarios)), indent=1) + "\n", encoding="utf-8")
    else:
        path.write_text("\n".join(map(forms.text, scenarios)), encoding="utf-8")
