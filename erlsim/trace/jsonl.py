"""Traces as JSON lines: one object that says what follows, then one list an event, `[time, kind, pid, ...]`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from erlsim.errors import ErlsimError
from erlsim.terms import Pid, Ref
from erlsim.trace.events import WIDTHS, Present
from erlsim.trace.facts import cut
from erlsim.trace.tagged import decode, encode

Row = tuple[Any, ...]

VERSION = 1
MOST_LEVELS = 400
"""How deep a line may nest; `write` needs less."""
MOST_MESSAGES = 10**9
"""How many may lie in a mailbox."""
LATEST = 10**18
"""The last ms that pictures have a place for, 31 million years from the beginning."""
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]')


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
    """Rows, who was there before the first, and the time at the end. Raises `ErlsimError` for what is no trace."""
    lines = [line for line in text.splitlines() if line.strip()]
    head = _parse(lines[0], 1) if lines else {}
    if not isinstance(head, dict) or head.get("erlsim") != "trace":
        raise ErlsimError('this is no trace: its first line should be {"erlsim":"trace",...}')
    if head.get("version") != VERSION:
        raise ErlsimError(f"this trace has version {head.get('version')!r}; this erlsim reads version {VERSION}")
    now: Any = head.get("now")
    if not _is_number(now):
        raise ErlsimError('the first line of the trace does not say when it ends: "now", a number of ms')
    if not 0 <= now <= LATEST:
        raise ErlsimError(f"the trace ends at {cut(repr(now), 100)} ms, which is not between 0 and {LATEST}")
    rows = [_row(_parse(line, number), number) for number, line in enumerate(lines[1:], 2)]
    _check_times(rows, now)
    return rows, tuple(map(_present, _list(head.get("present")))), now


def _check_times(rows: list[Row], now: float) -> None:
    """Time neither goes back nor beyond the end: pictures have a place for each instant in between."""
    before: float = 0
    for number, row in enumerate(rows, 2):
        if not before <= row[0] <= now:
            raise ErlsimError(
                f"line {number} of the trace is of {cut(repr(row[0]), 100)} ms, after {before} ms and before {now} ms"
            )
        before = row[0]


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ErlsimError('the first line of the trace does not say who was there before: "present", a list')
    return value


def _present(entry: Any) -> Present:
    match entry:
        case [int() as number, str() as role, str() | None as name] if number >= 0:
            return Pid(number), role, name
    raise ErlsimError(f'in "present" of the trace stands {cut(repr(entry), 100)} and not [pid, role, name]')


def _parse(line: str, number: int) -> Any:
    if line.count("[") + line.count("{") > MOST_LEVELS and _levels(line) > MOST_LEVELS:
        raise ErlsimError(f"line {number} of the trace nests deeper than {MOST_LEVELS} levels")
    try:
        return json.loads(line, parse_constant=_refuse)
    except ValueError as exc:
        raise ErlsimError(f"line {number} of the trace is not JSON: {exc}") from None


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


def _levels(line: str) -> int:
    """How deep JSON nests: its reader would need as much of C's stack."""
    deepest = level = 0
    for found in _BRACKETS.finditer(line):
        if found[0] in "[{":
            level += 1
            deepest = max(deepest, level)
        elif found[0] in "]}":
            level -= 1
    return deepest


def _row(tree: Any, number: int) -> Row:
    if not isinstance(tree, list) or len(tree) < 3:
        raise ErlsimError(f"line {number} of the trace is no event: {cut(repr(tree), 100)}")
    time, kind, pid, *data = tree
    if type(kind) is not str or WIDTHS.get(kind) != len(data):
        raise ErlsimError(f"line {number} of the trace is no event: {cut(repr(kind), 100)} with {len(data)} values")
    if type(time) not in (int, float) or type(pid) is not int or pid < 0:
        raise ErlsimError(f"line {number} of the trace is no event: {cut(repr(tree[:3]), 100)}")
    try:
        values = [None if each is None else decode(each) for each in data]
    except ErlsimError as exc:
        raise ErlsimError(f"line {number} of the trace: {exc}") from None
    for value, fits in zip(values, SHAPES.get(kind, ()), strict=False):
        if not fits(value):
            raise ErlsimError(f"line {number} of the trace: {kind} of {cut(repr(value), 100)}")
    return (time, kind, Pid(pid), *values)


# ---- what the values of events are, but for those that are any terms ---------------------


def _is_pid(value: Any) -> bool:
    return type(value) is Pid


def _is_ref(value: Any) -> bool:
    return type(value) is Ref


def _is_name(value: Any) -> bool:
    return isinstance(value, str | bool)


def _is_target(value: Any) -> bool:
    return _is_pid(value) or _is_name(value) or (type(value) is tuple and len(value) == 2)


def _is_item(value: Any) -> bool:
    """What is monitored: a pid, or a name and its node."""
    return _is_pid(value) or (type(value) is tuple and len(value) == 2)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _is_call(value: Any) -> bool:
    return isinstance(value, str) or (type(value) is tuple and len(value) == 3)


def _is_any(value: Any) -> bool:
    return value is not None


def _is_nobody_or_pid(value: Any) -> bool:
    return value is None or _is_pid(value)


def _is_place(value: Any) -> bool:
    return type(value) is int and 0 <= value < MOST_MESSAGES


def _is_flag(value: Any) -> bool:
    return type(value) is bool


SHAPES: dict[str, tuple[Callable[[Any], bool], ...]] = {
    "spawn": (_is_pid, _is_call),
    "exit": (_is_any, _is_nobody_or_pid),
    "send": (_is_pid, _is_any),
    "receive": (_is_any,),
    "exit_signal": (_is_pid, _is_any),
    "link": (_is_pid,),
    "unlink": (_is_pid,),
    "monitor": (_is_item, _is_ref),
    "demonitor": (_is_item, _is_ref),
    "register": (_is_name,),
    "unregister": (_is_name,),
    "start_timer": (_is_target, _is_ref, _is_number),
    "cancel_timer": (_is_ref,),
    "timer": (_is_ref, _is_any),
    "arrive": (_is_any, _is_nobody_or_pid, _is_place),
    "drop": (_is_any,),
    "label": (_is_call,),
    "supervise": (_is_name, _is_name, _is_flag, _is_flag),
    "child": (_is_any, _is_any),
    "system": (_is_name,),
}
