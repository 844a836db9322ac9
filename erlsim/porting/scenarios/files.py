"""Scenarios in files: text (`*.scenario`) or JSON (`*.json`)."""

from __future__ import annotations

import json
from pathlib import Path

from erlsim.errors import ErlsimError
from erlsim.porting.scenarios import forms
from erlsim.porting.scenarios.scenario import Scenario


def load(path: str | Path) -> list[Scenario]:
    """The scenarios of a file: JSON (one, or a list) if its name ends so, else text.

    Places in Python are relative to the file's folder. `ErlsimError` with file and line for what cannot be read.
    """
    path = Path(path)
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise ErlsimError(f"{path} cannot be read: {exc}") from None
    folder = path.resolve().parent
    if path.suffix != ".json":
        return forms.read(source, str(path), folder)
    try:
        tree = json.loads(source)
    except ValueError as exc:
        raise ErlsimError(f"{path}: {exc}") from None
    found = [forms.from_json(each) for each in (tree if isinstance(tree, list) else [tree])]
    for each in found:
        each.folder = folder
    return found


def save(path: str | Path, scenarios: list[Scenario]) -> None:
    """Write scenarios so that `load` reads them again."""
    path = Path(path)
    if path.suffix == ".json":
        path.write_text(json.dumps(list(map(forms.to_json, scenarios)), indent=1) + "\n", encoding="utf-8")
    else:
        path.write_text("\n".join(map(forms.text, scenarios)), encoding="utf-8")
