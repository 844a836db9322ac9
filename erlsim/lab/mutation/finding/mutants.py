"""A mutant: one change of what the user has written, and what it is about."""

from __future__ import annotations

import ast
import difflib
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from erlsim.lab.mutation.finding.sources import Source

KINDS = {
    "strategy": "the strategy of a supervisor",
    "intensity": "how many restarts it bears",
    "period": "in how many seconds",
    "auto_shutdown": "whether it ends with its significant children",
    "restart": "the restart type of a child",
    "significant": "whether a child is significant",
    "shutdown": "how long a child may take to end",
    "order": "the order of children",
    "plan": "the elements of a director's plan",
    "count": "how often a plan is run",
    "trap_exit": "whether a process traps exits",
    "link": "a link that is not there",
    "monitor": "a monitor that is not there, or is never taken away",
    "exit": "an exit that is swallowed, or is not caught",
    "timeout": "half and twice the time",
    "own": "mistakes of your own, from mutants.toml",
}
"""What can be changed."""


@dataclass(frozen=True)
class Mutant:
    """`source` with `text` instead of its own; `what` says it in words.

    `why` is what the user says of it, if it is one of his own list. `lines` are the first and the last line of the
    statement that is changed: a test that runs none of them cannot notice. Of a constant, `uses` are the statements
    that use it. `numbers` are the times in ms at which a difference is likely.
    """

    kind: str
    source: Source
    line: int
    lines: tuple[int, int]
    what: str
    text: str
    numbers: tuple[int, ...] = field(default=())
    why: str = ""
    uses: tuple[tuple[Source, tuple[int, int]], ...] = ()

    @cached_property
    def key(self) -> str:
        """What tells it from all others: where it is and what it changes, not what else is in the file."""
        return hashlib.sha256(f"{self.source.name}\0{self.diff}".encode()).hexdigest()[:16]

    @cached_property
    def diff(self) -> str:
        """The change as a unified diff."""
        name = self.source.name
        before, after = self.source.text.splitlines(keepends=True), self.text.splitlines(keepends=True)
        lines = difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", n=2)
        return "".join(each if each.endswith("\n") else f"{each}\n" for each in lines)

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.source.name}:{self.line}"

    def __str__(self) -> str:
        return f"{self.place} {self.kind}: {self.words}"

    @property
    def words(self) -> str:
        """What is changed, and what goes wrong with it as far as the user has said."""
        return " - ".join(filter(None, (self.what, self.why)))

    def is_of(self, kinds: Sequence[str]) -> bool:
        """Whether it is of one of these kinds; one that the user has listed is his own, whatever else it is."""
        return not kinds or self.kind in kinds or (bool(self.why) and "own" in kinds)


@dataclass(frozen=True)
class Unread:
    """Something that was declared in a way that is not read: nothing of it was changed."""

    kind: str
    place: str
    why: str

    def __str__(self) -> str:
        return f"{self.place} {self.kind}: {self.why}"


Found = Mutant | Unread


def change(
    kind: str, source: Source, node: ast.expr | ast.stmt, new: str, what: str, numbers: Iterable[int] = ()
) -> Mutant:
    """The mutant that has `new` instead of the text of `node`."""
    return edit(kind, source, node, [(source.span(node), new)], what, numbers)


def edit(
    kind: str,
    source: Source,
    node: ast.expr | ast.stmt,
    edits: list[tuple[tuple[int, int], str]],
    what: str,
    numbers: Iterable[int] = (),
) -> Mutant:
    """The mutant that is changed in some places of the statement that `node` is in."""
    return Mutant(kind, source, node.lineno, source.statement(node), what, source.edited(*edits), tuple(numbers))


def distinct(found: Iterable[Mutant]) -> list[Mutant]:
    """Each mutant once: two ways to say the same are one, which keeps what the user has said of it."""
    known: dict[tuple[str, str], Mutant] = {}
    for each in found:
        key = each.source.name, each.text
        before = known.get(key, each)
        uses = tuple(dict.fromkeys((*before.uses, *each.uses)))
        known[key] = replace(before, why=before.why or each.why, uses=uses)
    return list(known.values())
