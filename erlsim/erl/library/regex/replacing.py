"""`re:replace/4`: what a replacement says, and the iodata that it comes to."""

from __future__ import annotations

import re

from erlsim import terms
from erlsim.erl.library.regex.expressions import Unfit
from erlsim.erl.library.regex.matching import Span
from erlsim.terms import Term

__in_stacks__ = False

_PART = re.compile(rb"\\g\{(\d*)|\\g(\d*)|\\([1-9]\d*)|\\([^1-9])|(&)|([\s\S])")


class BadReplacement(Exception):
    """The braces of a group's number are not closed; `value` is what OTP fails to match."""

    def __init__(self, value: Term) -> None:
        super().__init__(value)
        self.value = value


def parts_of(replacement: bytes) -> list[bytes | int]:
    """The replacement as bytes and numbers of groups."""
    found: list[bytes | int] = []
    at = 0
    while at < len(replacement):
        number, text, at = _part(replacement, at)
        if number is not None:
            found.append(number)
        elif found and isinstance(found[-1], bytes):
            found[-1] += text
        else:
            found.append(text)
    return found


def _part(data: bytes, at: int) -> tuple[int | None, bytes, int]:
    """A number of a group or a byte, and where it ends."""
    match = _PART.match(data, at)
    assert match is not None
    end = match.end()
    if data.startswith(b"\\g", at) and at + 2 < len(data):
        if match[1] is not None and at + 3 < len(data):
            if data[end : end + 1] != b"}":
                raise BadReplacement((list(match[1]), data[end:]))
            return _number(match[1]), b"", end + 1
        return _number(b"" if match[2] is None else match[2]), b"", end
    if data.startswith(b"\\g", at):
        return None, b"g", at + 2
    if match[3] is not None:
        return int(match[3]), b"", end
    if match[5] is not None:
        return 0, b"", end
    return None, match[4] or match[6], end


def _number(digits: bytes) -> int:
    if not digits:
        raise Unfit
    return int(digits)


def replaced(data: bytes, parts: list[bytes | int], rows: list[list[Span]]) -> Term:
    """The subject with the matches replaced: a list whose tail is what follows the last."""
    found: list[Term] = []
    place = 0
    for spans in rows:
        start, length = spans[0]
        if start > place:
            found.append(data[place:start])
        found.append(_new(data, parts, spans))
        place = start + length
    rest = data[place:]
    return terms.cons(found, rest if rest else [])


def _new(data: bytes, parts: list[bytes | int], spans: list[Span]) -> Term:
    if len(parts) == 1 and isinstance(parts[0], bytes):
        return parts[0]
    found = []
    for part in parts:
        if isinstance(part, bytes):
            found.append(part)
        else:
            start, length = spans[part] if part < len(spans) else (-1, 0)
            found.append(data[start : start + length] if start >= 0 else b"")
    return found
