"""What differs between two lists of observations, and of which kind the difference is.

Many scenarios show one and the same difference. Its kind is the function whose step it shows in, and the first two
parts of the observations that cannot be the same, without their numbers: enough to tell differences apart, and to
keep hold of one while its scenario is made smaller.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from erlsim.porting.scenarios import comparing, tagged, texts
from tests.golden import world
from tests.golden.oracle import unordered

Tree = Any
Scenario = dict[str, Any]

WIDTH = 100
# As on the recorder's nodes, which are made to begin so (`scn:serve/0`).
FIRST_PID = 10_000


@dataclass(frozen=True)
class Kind:
    """What differences have in common: where they show, what OTP says there and what erlsim."""

    where: str
    otp: str
    here: str

    def __str__(self) -> str:
        return f"{self.where}: OTP {self.otp}, here {self.here}"


@dataclass
class Answer:
    """What erlsim observes in a scenario, and why it went no further if something stopped the runner."""

    observed: list[Tree]
    failure: str = ""


def here(scenario: Scenario) -> Answer:
    """Run a scenario in a fresh world."""
    result = world.run({**scenario, "observed": []}, first_pid=FIRST_PID)
    return Answer(result.observed, result.failure)


def first(scenario: Scenario, otp: list[Tree], ours: list[Tree]) -> int | None:
    """The index of the first observation that differs; `None` if all are the same."""
    return comparing.first_difference(otp, ours, unordered(scenario))


def observing(scenario: Scenario) -> list[dict[str, Any]]:
    """The steps that have an observation."""
    return [each for each in scenario["steps"] if each["op"] not in tagged.SILENT]


def kind(scenario: Scenario, otp: list[Tree], ours: Answer) -> Kind | None:
    """The kind of the first difference; `None` if there is none."""
    index = first(scenario, otp, ours.observed)
    if index is None:
        return None
    step = observing(scenario)[index]
    where = _where(step)
    if index >= len(ours.observed):
        return Kind(where, outline(otp[index]), ours.failure.strip().rsplit("\n", 1)[-1][:WIDTH] or "nothing")
    if index >= len(otp):
        return Kind(where, "nothing", outline(ours.observed[index]))
    return Kind(where, *map(outline, _apart(otp[index], ours.observed[index])))


def _where(step: dict[str, Any]) -> str:
    """The function of a step; of one that is to call another, that one, too."""
    if "module" not in step:
        return str(step["op"])
    atoms = itertools.takewhile(lambda tree: isinstance(tree, dict) and "a" in tree, step["args"])
    inner = ",".join(tree["a"] for tree in atoms) if step["module"].startswith("scn_") else ""
    return f"{step['module']}:{step['function']}" + (f"({inner})" if inner else "")


def _apart(one: Tree, other: Tree) -> tuple[Tree, Tree]:
    """The smallest parts of two trees that differ, the first of them."""
    for left, right in _parts(one, other):
        if left is None or right is None or not comparing.same([_blank(left)], [_blank(right)]):
            return _apart(left, right)
    return one, other


def _parts(one: Tree, other: Tree) -> Iterator[tuple[Tree, Tree]]:
    codes = all(
        isinstance(each, list) and each and all(type(code) is int and code >= ord(" ") for code in each)
        for each in (one, other)
    )
    if isinstance(one, list) and isinstance(other, list) and not codes:
        yield from itertools.zip_longest(one, other)
    elif isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys() and len(one) == 1:
        ((tag, value),) = one.items()
        if tag not in ("pid", "ref", "a", "b", "io", "text"):
            yield value, other[tag]


def _blank(tree: Tree) -> Tree:
    """A tree as `comparing.same` takes it, whatever it is."""
    return {"ok": tree} if not isinstance(tree, str) else {"io": tree}


def outline(tree: Tree) -> str:
    """A part of an observation on one short line, without its numbers."""
    if tree is None:
        return "nothing"
    if isinstance(tree, list) and tree and all(type(each) is int and each >= ord(" ") for each in tree):
        tree = json.dumps("".join(map(chr, tree)))
    text = tree if isinstance(tree, str) else tagged.show(tree)
    text = re.sub(r"\d+", "N", texts.fold(text))
    return text if len(text) <= WIDTH else text[: WIDTH - 3] + "..."
