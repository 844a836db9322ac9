"""What exported tests in both languages have in common: names of functions, and the functions that they need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from erlsim.porting.scenarios import steps as ops
from erlsim.porting.scenarios.exports.expected import Check, Names


def function_name(title: str) -> str:
    """A name that says what a title does: small letters, digits and underscores."""
    words = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    return words if words[:1].isalpha() else f"scenario_{words}"


def unseen(tests: Iterable[tuple[str, list[Check], Names]], sign: str) -> list[str]:
    """A comment that says what the scenarios look at and the tests do not, if there is such a thing."""
    if not any(check.step.op == ops.REPORTS for _, checks, _ in tests for check in checks):
        return []
    return [f"{sign} Reports of crashes are not looked at here: `erlsim compare` compares them."]


def needed_parts(kit: Path, tests: str, indent: str = "", head: str = "") -> str:
    """The parts of a kit that some tests need, and those that these need.

    A part begins behind an empty line, `indent` to the right; one defines the functions that stand behind `head`.
    """
    parts = re.split(rf"\n\n(?={indent}\S)", kit.read_text(encoding="utf-8").rstrip())
    defined = [set(re.findall(rf"^{indent}{head}([a-z_]+)\(", each, flags=re.M)) for each in parts]
    needed = {"run"}
    while True:
        reached = tests + "".join(part for part, names in zip(parts, defined, strict=True) if names & needed)
        wanted = {name for names in defined for name in names if re.search(rf"\b{name}\(", reached)}
        if wanted <= needed:
            break
        needed |= wanted
    return "\n\n".join(part for part, names in zip(parts, defined, strict=True) if not names or names & needed) + "\n"
