"""A `match` on patterns of tuples asks `matchable` about what it matches: Python takes a list for a tuple.

What comes from elsewhere (a message, what a callback returned, an argument) may be a list where a tuple is meant:
`["EXIT", pid, reason]` is no exit message.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from erlsim.porting.portable.patterns import whole
from tests.house.files import Source

FOREIGN = ("erlsim/", "director/", "gen_tracker/")
# What these match is their own: forms of a parser, events of a trace.
OWN = (
    "erlsim/_kernel/",
    "erlsim/cli/",
    "erlsim/erl/",
    "erlsim/terms/",
    "erlsim/testing/",
    "erlsim/trace/",
    "director/trial/",
)


def check(source: Source) -> list[str]:
    """Complaints about each `match` that would take a list for a tuple."""
    if not source.path.startswith(FOREIGN) or source.path.startswith(OWN):
        return []
    return [
        source.at(node, "a match on tuples takes lists too: match matchable(...)")
        for node in source.nodes
        if isinstance(node, ast.Match) and not _is_guarded(node.subject) and any(_tuples(node, source))
    ]


def _is_guarded(subject: ast.expr) -> bool:
    """Whether the subject is a call of `matchable`, or a tuple that stands there."""
    if isinstance(subject, ast.Call):
        return isinstance(subject.func, ast.Name) and subject.func.id == "matchable"
    return isinstance(subject, ast.Tuple)


def _tuples(node: ast.Match, source: Source) -> Iterator[bool]:
    """Whether each pattern for the whole subject is one of a tuple: not written in square brackets."""
    lines = source.text.splitlines()
    for case in node.cases:
        for pattern in whole(case.pattern):
            start = lines[pattern.lineno - 1].encode()[pattern.col_offset : pattern.col_offset + 1]
            yield isinstance(pattern, ast.MatchSequence) and start != b"["
