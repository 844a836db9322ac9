"""`draft`: from paths to the files of a project, with an account of what was translated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from erlsim.errors import ErlsimError
from erlsim.porting.drafts import calls, mix, projects, sources
from erlsim.porting.drafts.building import Built, build
from erlsim.porting.drafts.doubts import without_doubt
from erlsim.porting.drafts.forms import Function, Module
from erlsim.porting.drafts.plain import plain

Target = Literal["erlang", "elixir"]


@dataclass(frozen=True)
class FunctionReport:
    """What became of one function. `state` is `whole`, `part` (some clauses are holes) or `hole`."""

    module: str
    name: str
    arity: int
    state: str
    is_callback: bool
    in_behaviour: bool
    reasons: tuple[str, ...]
    place: str

    def __str__(self) -> str:
        return f"{self.module}:{self.name}/{self.arity}"


@dataclass(frozen=True)
class Draft:
    """A port. `files` are the project's, by path; `modules` maps modules to those of the port."""

    application: str
    target: Target
    files: dict[str, str]
    modules: dict[str, str]
    functions: tuple[FunctionReport, ...]
    notes: tuple[str, ...]
    # The libraries outside OTP that it calls.
    needs: tuple[str, ...]
    # Where each of the prototype's modules is (`package.module:Class`), and the folder to import that from.
    python: dict[str, str]
    root: Path

    @property
    def sources(self) -> dict[str, str]:
        """The files that are source code of the application."""
        return {path: text for path, text in self.files.items() if path.endswith((".erl", ".ex"))}

    @property
    def translated(self) -> int:
        """How many functions were translated whole."""
        return sum(each.state == "whole" for each in self.functions)

    def sentence(self) -> str:
        """How much was translated."""
        return f"{self.translated} of {len(self.functions)} functions translated"

    def write(self, folder: Path) -> None:
        """Write the files into a folder."""
        for path, text in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


def draft(
    paths: Sequence[str | Path], *, to: Target = "erlang", name: str | None = None, without_director: bool = False
) -> Draft:
    """A draft of the port of some files and packages; `name` is the application's (the first path's, if not given).

    `without_director` makes OTP's supervisors of directors where their plans allow it; `notes` say what is lost.
    """
    program = sources.read([Path(each) for each in paths])
    built = build(program)
    lost: tuple[str, ...] = ()
    if without_director:
        built, lost = plain(built)
    application = name or re.sub(r"\W", "_", sources.snake(Path(paths[0]).resolve().stem))
    if not re.fullmatch(r"[a-z][a-z0-9_]*", application):
        raise ErlsimError(f"no name of an application: {application!r} (small letters, digits and _)")
    if not any(unit.functions for unit in program.units.values()):
        raise ErlsimError(f"there are no functions to port in {', '.join(map(str, paths))}")
    renamed = mix.names(built, application) if to == "elixir" else _renamed(built, application)
    built = without_doubt(built, renamed)
    written = mix.mix if to == "elixir" else projects.rebar3
    files = written(built, application, renamed)
    reports = tuple(_report(module, each, built) for module in built.modules for each in module.functions if each.place)
    notes = (
        tuple(f"{old} is {new} here: OTP has a module {old}" for old, new in renamed.items() if to == "erlang") + lost
    )
    needs = tuple(projects.used_libraries(built))
    prefix = "Elixir." if to == "elixir" else ""
    modules = {old: prefix + new for old, new in renamed.items()}
    python = {name: unit.place for name, unit in program.units.items() if unit.functions}
    return Draft(application, to, files, modules, reports, notes, needs, python, sources.root_of(Path(paths[0])))


def _renamed(built: Built, application: str) -> dict[str, str]:
    """Modules that would stand in the way of OTP's own."""
    return {module.name: f"{application}_{module.name}" for module in built.modules if module.name in calls.TAKEN}


def _report(module: Module, function: Function, built: Built) -> FunctionReport:
    return FunctionReport(
        module=module.name,
        name=function.name,
        arity=function.arity,
        state=function.state,
        is_callback=bool(function.callback_of),
        in_behaviour=bool(module.behaviours),
        reasons=function.reasons,
        place=function.place,
    )
