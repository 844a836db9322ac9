"""How one list becomes another: what a page's script applies."""

from __future__ import annotations

from typing import Any

Splice = tuple[int, int, list[Any]]


def splice(before: list[Any], after: list[Any]) -> Splice:
    """How one list becomes the other: from where, how many go, what comes."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return start, len(before) - start - end, after[start : len(after) - end]
