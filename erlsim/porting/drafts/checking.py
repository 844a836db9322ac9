"""A draft under the scenarios of its prototype: on erlsim, and on a real Erlang or Elixir where that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from erlsim.porting.drafts import calls
from erlsim.porting.drafts.door import Draft
from erlsim.porting.scenarios import (
    Call,
    Module,
    NoBeam,
    Report,
    Run,
    Scenario,
    compare,
    run_on_beam,
    run_on_elixir,
    run_on_erlang,
    run_on_python,
    unmet,
)
from erlsim.porting.scenarios.checks import counted
from erlsim.porting.scenarios.exports import exported

# Real time plays a part on the BEAM: what differs is tried again before it counts.
ATTEMPTS = 3
# {Module, Id}
HANDLER = 2


def adapted(scenario: Scenario, draft: Draft, names: Mapping[str, str]) -> Scenario:
    """A scenario that knows where its modules are in the prototype, with other names for some of them."""
    elixir = draft.modules if draft.target == "elixir" else {}
    found = Scenario(scenario.name, draft.python, elixir, scenario.applications, draft.root)
    for step in scenario.steps:
        found.add(replace(step, calls=tuple(_adapted_call(call, draft, names) for call in step.calls)))
    return found


def _adapted_call(call: Call, draft: Draft, names: Mapping[str, str]) -> Call:
    """A call of a module by its name here; modules may be among the arguments: of callbacks, of handlers."""
    name = (call.module, call.function)
    place = calls.STARTERS.get(name, calls.NAMED.get(name))
    args = list(call.args)
    if place is not None and -len(args) <= place < len(args):
        args[place] = _adapted_module(args[place], draft, names)
    return Call(names.get(call.module, call.module), call.function, tuple(args))


def _adapted_module(argument: Any, draft: Draft, names: Mapping[str, str]) -> Any:
    match argument:
        case str() if argument in draft.python:
            return Module(names.get(argument, argument))
        case tuple() if len(argument) == HANDLER and argument[0] in draft.python:
            return (Module(names.get(argument[0], argument[0])), argument[1])
    return argument


def tests(draft: Draft, scenarios: Sequence[Scenario]) -> dict[str, str]:
    """The scenarios as tests that stand alone in the project: of EUnit, or of ExUnit."""
    kind = "exunit" if draft.target == "elixir" else "eunit"
    file, text = exported(
        [adapted(each, draft, {}) for each in scenarios], kind, draft.application, draft.root, draft.modules
    )
    return {f"test/{file}": text}


def check(
    draft: Draft, folder: Path, scenarios: Iterable[Scenario], *, beam: bool = False, libraries: Sequence[Path] = ()
) -> list[Report]:
    """How the draft, written into a folder, does in scenarios beside its prototype.

    On erlsim, and with `beam` on a real `erl`; a draft in Elixir runs on a real Elixir alone. There a draft that needs
    libraries outside OTP runs if `libraries` are their sources in Erlang: files or folders.
    """
    return [_checked(each, draft, folder, beam, libraries) for each in scenarios]


def _checked(scenario: Scenario, draft: Draft, folder: Path, beam: bool, libraries: Sequence[Path]) -> Report:
    first = adapted(scenario, draft, {})
    report = Report(first)
    python = run_on_python(first, draft.root)
    report.runs[python.world] = python
    wrong = unmet(python)
    if wrong is not None:
        report.differences.append(wrong)
        return report
    missing = f"it needs {' and '.join(draft.needs)}, and the sources of that library are not given"
    if draft.target == "elixir":
        if draft.needs and not libraries:
            report.skipped["elixir"] = missing
        else:
            _add(report, python, draft, lambda each: run_on_elixir(each, folder, libraries=libraries), ATTEMPTS)
        return report
    _add(report, python, draft, lambda each: run_on_erlang(each, folder / "src"), 1)
    if beam and draft.needs and not libraries:
        report.skipped["erl"] = missing
    elif beam:
        _add(report, python, draft, lambda each: run_on_beam(each, [folder / "src", *libraries]), ATTEMPTS)
    return report


def _add(report: Report, python: Run, draft: Draft, run: Callable[[Scenario], Run], attempts: int) -> None:
    """Run the port, and note the first difference. Its modules have names of their own."""
    names = {} if draft.target == "elixir" else draft.modules
    scenario = adapted(report.scenario, draft, names)
    try:
        for attempt in range(attempts):
            there = run(scenario)
            there.atoms = {**there.atoms, **draft.modules}
            found = compare(report.scenario, python, there)
            if found is None or attempt == attempts - 1:
                break
    except NoBeam as exc:
        report.skipped["elixir" if draft.target == "elixir" else "erl"] = str(exc)
        return
    report.runs[there.world] = there
    if found is not None:
        report.differences.append(found)


def sentence(reports: Iterable[Report]) -> str:
    """`31 of 31 steps equal on erlsim, 31 of 31 on OTP 25`, over all scenarios."""
    return ", ".join(counted(reports))
