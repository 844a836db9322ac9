"""Traces as JSON lines: one object that says what follows, then one list an event, `[time, kind, pid, ...]`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from erlsim.errors import ErlsimError
from erlsim.terms import Pid
from erlsim.trace.events import WIDTHS, Present
from erlsim.trace.tagged import decode, encode

Row = tuple[Any, ...]

VERSION = 1


def write(rows: list[Row], present: tuple[Present, ...], now: Any) -> Iterator[str]:
    """The lines, each with its end."""
    head = {
        "erlsim": "trace",
        "version": VERSION,
        "now": now,
        "present": [[p.number, role, n] for p, role, n in present],
    }
    yield _line(head)
    for time, kind, pid, *data in rows:
        yield _line([time, kind, pid.number, *(None if each is None else encode(each) for each in data)])


def _line(tree: Any) -> str:
    return json.dumps(tree, separators=(",", ":")) + "\n"


def read(text: str) -> tuple[list[Row], tuple[Present, ...], Any]:
    """Rows, who was there before the first, and the time at the end."""
    lines = [line for line in text.splitlines() if line.strip()]
    head = _parse(lines[0], 1) if lines else {}
    if not isinstance(head, dict) or head.get("erlsim") != "trace":
        raise ErlsimError('this is no trace: its first line should be {"erlsim":"trace",...}')
    if head.get("version") != VERSION:
        raise ErlsimError(f"this trace has version {head.get('version')!r}; this erlsim reads version {VERSION}")
    present = tuple((Pid(number), role, name) for number, role, name in head["present"])
    return [_row(_parse(line, number), number) for number, line in enumerate(lines[1:], 2)], present, head["now"]


def _parse(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as exc:
        raise ErlsimError(f"line {number} of the trace is not JSON: {exc}") from None


def _row(tree: Any, number: int) -> Row:
    if not isinstance(tree, list) or len(tree) < 3:
        raise ErlsimError(f"line {number} of the trace is no event: {tree!r}")
    time, kind, pid, *data = tree
    if WIDTHS.get(kind) != len(data):
        raise ErlsimError(f"line {number} of the trace is no event: {kind!r} with {len(data)} values")
    return (time, kind, Pid(pid), *(None if each is None else decode(each) for each in data))
