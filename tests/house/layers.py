"""Who may import whom: imports point down only.

Level by level: `errors` and `terms`; `_kernel`; the public layer (`erlang`, `ets`, `simulation` ...),
which uses the kernel through its door alone; `otp`, which does not use the kernel; then `erl`, `testing`,
`director` and `gen_tracker`, side by side; `lab` and `porting`, which use these; the command line and the pytest
plugin on top.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache

from tests.house.files import ROOT, Source

BOTTOM, KERNEL, PUBLIC, OTP, APPLICATION, UPON, TOP = range(7)
LEVELS = {
    "erlsim.errors": BOTTOM,
    "erlsim.releases": BOTTOM,
    "erlsim.threads": BOTTOM,
    "erlsim.terms": BOTTOM,
    "erlsim._kernel": KERNEL,
    "erlsim._bifs": PUBLIC,
    "erlsim.code": PUBLIC,
    "erlsim.erlang": PUBLIC,
    "erlsim.ets": PUBLIC,
    "erlsim.explanations": PUBLIC,
    "erlsim.hints": PUBLIC,
    "erlsim.io": PUBLIC,
    "erlsim.matching": PUBLIC,
    "erlsim.porting.portable": PUBLIC,
    "erlsim.playing": PUBLIC,
    "erlsim.reports": PUBLIC,
    "erlsim.simulation": PUBLIC,
    "erlsim.supervision": PUBLIC,
    "erlsim.timer": PUBLIC,
    "erlsim.trace": PUBLIC,
    "erlsim": PUBLIC,
    "erlsim.otp": OTP,
    "erlsim.erl": APPLICATION,
    "erlsim.testing": APPLICATION,
    "director": APPLICATION,
    "gen_tracker": APPLICATION,
    "erlsim.course": UPON,
    "erlsim.lab": UPON,
    "erlsim.porting": UPON,
    "erlsim.lab.mutation": TOP,
    "erlsim.__main__": TOP,
    "erlsim.cli": TOP,
    "erlsim.mypy_plugin": TOP,
    "erlsim.pytest_plugin": TOP,
    "erlsim_pytest": TOP,
}
# Who may use what is not ours; the standard library is free to all.
OTHERS = {
    "simpy": ("erlsim._kernel.clock.environment",),
    "greenlet": ("erlsim._kernel.steps.fibers",),
    "sortedcontainers": ("erlsim.terms", "erlsim.ets"),
    "hypothesis": ("erlsim.lab.mutation", "erlsim.pytest_plugin", "erlsim.testing"),
    "pytest": ("erlsim.lab.mutation", "erlsim.pytest_plugin", "erlsim.testing", "erlsim_pytest"),
    "_pytest": ("erlsim.lab.mutation", "erlsim.pytest_plugin", "erlsim_pytest"),
    "mypy": ("erlsim.mypy_plugin",),
    "click": ("erlsim.cli",),
    "rich": ("erlsim.cli", "erlsim.lab", "erlsim.trace", "erlsim.testing", "erlsim.pytest_plugin"),
}
# The one part of the kernel that the test kit builds on.
CHOOSING = {"erlsim._kernel.Chooser", "erlsim._kernel.Fifo"}


def imports(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Each import with the dotted name of what it brings in: a module, or a name in one."""
    package = source.module if source.is_package else source.module.rpartition(".")[0]
    for node in source.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parent = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parent, *([base] if base else [])])
            for alias in node.names:
                yield node, f"{base}.{alias.name}"


def level_of(name: str) -> int | None:
    """The level of a module or of a name in it; `None` if it is not ours."""
    if name.startswith("erlsim.") and name.split(".")[1] not in _parts():
        return LEVELS["erlsim"]  # a name that the package's map re-exports
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        known = LEVELS.get(".".join(parts[:length]))
        if known is not None and (length > 1 or parts[0] != "erlsim" or len(parts) == 1):
            return known
    return LEVELS["erlsim.otp"] if parts[0] == "erlsim" else None


@cache
def _parts() -> set[str]:
    below = {path.stem for path in (ROOT / "erlsim").iterdir() if path.suffix == ".py" or path.is_dir()}
    return below | {name.split(".")[1] for name in LEVELS if "." in name}


def check(source: Source) -> list[str]:
    """Complaints about the imports of one file."""
    return [source.at(node, complaint) for node, name in imports(source) if (complaint := _wrong(source.module, name))]


def _wrong(module: str, name: str) -> str:
    mine, theirs = level_of(module), level_of(name)
    if theirs is None:
        return _foreign(module, name.split(".")[0])
    if mine is None or _home(module) == _home(name):
        return ""
    if module == "erlsim" and theirs <= OTP:
        return ""  # the map of the package
    if mine is not None and theirs > mine:
        return f"{module} must not import {name}: imports point down only"
    if _is_private(name):
        return _through_the_door(module, name, mine)
    if _is_part_of_a_behaviour(name):
        return f"{module} must not import {name}: a behaviour's folder has one door"
    if mine == APPLICATION == theirs:
        return f"{module} must not import {name}: they stand side by side"
    return ""


def _through_the_door(module: str, name: str, mine: int) -> str:
    if name.startswith("erlsim._kernel"):
        if mine == PUBLIC and name.count(".") <= 2 and not (ROOT / (name.replace(".", "/") + ".py")).exists():
            return ""
        if mine >= APPLICATION and name in CHOOSING and module.startswith(("erlsim.testing", "erlsim.pytest_plugin")):
            return ""
        return f"{module} must not import {name}: the kernel's door is for the public layer"
    if mine == PUBLIC and name.startswith("erlsim._bifs"):
        return ""
    return f"{module} must not import {name}: it is private"


def _is_private(name: str) -> bool:
    return any(part.startswith("_") and not part.startswith("__") for part in name.split("."))


def _is_part_of_a_behaviour(name: str) -> bool:
    """Whether `name` is a file in a folder of `erlsim.otp`, or in such a file."""
    return (
        name.startswith("erlsim.otp.")
        and (ROOT / ("/".join(name.split(".")[:4]) + ".py")).exists()
        and (name.count(".") >= 3)
    )


def _home(name: str) -> str:
    parts = name.split(".")
    return parts[0] if parts[0] != "erlsim" else ".".join(parts[:2])


def _foreign(module: str, top: str) -> str:
    if top in sys.stdlib_module_names or top == "__future__":
        return ""
    allowed = OTHERS.get(top, ())
    if any(module == each or module.startswith(each + ".") for each in allowed):
        return ""
    return f"{module} must not import {top}: {'only ' + ', '.join(allowed) if allowed else 'nothing'} may"
