"""What a look at a program finds: the rules, as data, and a finding.

The rules stand in `rules.toml`: of each why it is one, the portable way in a line, and an example in three forms: as
it does not port, as it does, and the Erlang that this becomes. The tests go through all of them, and the page
"Write portable Python" is made of them.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any, NamedTuple

from erlsim.errors import ErlsimError
from erlsim.hints import nearest


class Finding(NamedTuple):
    """Something that does not port: where, by which rule (`code`), a `sentence` on it, and the portable `way`.

    `column` counts from 1, as editors do. A `level` of `"warning"` is what will not port, or will behave in another
    way, `"note"` what does so only for values that may never come. As `supervision.Finding` is of a specification.
    """

    file: str
    line: int
    column: int
    code: str
    sentence: str
    way: str
    level: str = "warning"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.code}: {self.sentence} {self.way}"


class Rule(NamedTuple):
    """One rule. `by` says who finds it: the lint, the strict mode, or both."""

    name: str
    group: str
    level: str
    by: tuple[str, ...]
    why: str
    way: str
    wrong: str
    right: str
    erlang: str


def rules() -> dict[str, Rule]:
    """All rules by name, in the order in which the page tells of them."""
    text = resources.files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")
    return {name: _rule(name, entry) for name, entry in tomllib.loads(text).items()}


def _rule(name: str, entry: dict[str, Any]) -> Rule:
    return Rule(
        name,
        entry["group"],
        entry.get("level", "warning"),
        tuple(entry.get("by", ["lint"])),
        " ".join(entry["why"].split()),
        " ".join(entry["way"].split()),
        entry["wrong"].strip("\n"),
        entry["right"].strip("\n"),
        entry["erlang"].strip("\n"),
    )


def checked(names: tuple[str, ...] | list[str], known: dict[str, Rule]) -> frozenset[str]:
    """Names of rules; `ErlsimError` for one that is none."""
    for name in names:
        if name not in known:
            raise ErlsimError(f"there is no rule {name!r}{nearest(name, list(known))}")
    return frozenset(names)
