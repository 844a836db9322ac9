"""The module `binary`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from erlsim import erlang
from erlsim.erl.library.conversions import iolist
from erlsim.erl.running import bits
from erlsim.erl.running.cells import is_list, listed, outward
from erlsim.erl.running.failures import Failed
from erlsim.terms import ABSENT, Ref, Term, matchable

__in_stacks__ = False


def _badarg(function: str, *args: Term) -> Failed:
    return Failed("badarg", ("binary", function, [outward(each) for each in args if each is not ABSENT], []))


class _Patterns:
    """Patterns that are looked for: the leftmost, of those there the longest."""

    def __init__(self, words: list[bytes]) -> None:
        self.kind = "bm" if len(words) == 1 else "ac"
        longest_first = sorted(words, key=lambda each: (-len(each), each))
        self.found = re.compile(b"|".join(map(re.escape, longest_first)), re.DOTALL).finditer
        self.words = words

    def places(self, data: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """Where they are, and how long."""
        for match in self.found(data, start, stop):
            yield match.start(), match.end() - match.start()


def _patterns(pattern: Term, function: str, *args: Term) -> _Patterns:
    if type(pattern) is tuple and len(pattern) == 2 and type(pattern[1]) is Ref and type(pattern[1].home) is _Patterns:
        return pattern[1].home
    found = [pattern] if type(pattern) is bytes else listed(pattern)
    if not found or not all(type(each) is bytes and each for each in found):
        raise _badarg(function, *args)
    return _Patterns(found)


def compile_pattern(pattern: Term) -> Term:
    """`compile_pattern/1`."""
    found = _patterns(pattern, "compile_pattern", pattern)
    ref = erlang.make_ref()
    ref.home = found
    return (found.kind, ref)


def _scope(data: Term, options: list[Term]) -> tuple[int, int] | None:
    """The part to look in that `{scope, {Start, Length}}` names; `None` if it is none of the data's."""
    start, stop = 0, len(data)
    for option in options:
        match matchable(option):
            case ("scope", (int() as place, int() as length)) if type(place) is int and type(length) is int:
                start, stop = sorted((place, place + length))
            case _:
                return None
    return (start, stop) if start >= 0 and stop <= len(data) else None


def _places(function: str, data: Term, pattern: Term, options: Term) -> Iterator[tuple[int, int]]:
    args = (data, pattern, options)
    given = [] if options is ABSENT else listed(options)
    scope = None if type(data) is not bytes or given is None else _scope(data, list(map(outward, given)))
    if scope is None:
        raise _badarg(function, *args)
    return _patterns(pattern, function, *args).places(data, *scope)


def match(data: Term, pattern: Term, options: Term = ABSENT) -> Term:
    """`match/2,3`: `{Start, Length}` or nomatch."""
    return next(_places("match", data, pattern, options), "nomatch")


def matches(data: Term, pattern: Term, options: Term = ABSENT) -> list[Term]:
    """`matches/2,3`: all places."""
    return list(_places("matches", data, pattern, options))


def split(data: Term, pattern: Term, options: Term = ABSENT) -> list[Term]:
    """`split/2,3`."""
    given = [] if options is ABSENT else listed(options)
    if given is None:
        raise _badarg("split", data, pattern, options)
    words = [each for each in given if type(each) is str and each in ("global", "trim", "trim_all")]
    rest = [each for each in given if each not in ("global", "trim", "trim_all")]
    try:
        places = list(_places("split", data, pattern, rest))
    except Failed:
        raise _badarg("split", data, pattern, options) from None
    found, start = [], 0
    for place, length in places if "global" in words else places[:1]:
        found.append(data[start:place])
        start = place + length
    found.append(data[start:])
    if "trim_all" in words:
        return [each for each in found if each]
    while "trim" in words and found and not found[-1]:
        found.pop()
    return found


def replace(data: Term, pattern: Term, new: Term, options: Term = ABSENT) -> bytes:
    """`replace/3,4`: `{insert_replaced, Places}` puts what is replaced into the new text."""
    args = (data, pattern, new, options)
    given = [] if options is ABSENT else listed(options)
    if type(new) is not bytes or given is None:
        raise _badarg("replace", *args)
    inserts: list[int] = []
    rest = []
    for option in map(outward, given):
        if type(option) is tuple and option[:1] == ("insert_replaced",) and len(option) == 2:
            inserts = [option[1]] if type(option[1]) is int else listed(option[1]) or []
        elif option != "global":
            rest.append(option)
    if not all(type(each) is int and 0 <= each <= len(new) for each in inserts):
        raise _badarg("replace", *args)
    try:
        places = list(_places("replace", data, pattern, rest))
    except Failed:
        raise _badarg("replace", *args) from None
    found, start = [], 0
    for place, length in places if "global" in given else places[:1]:
        found += [data[start:place], _with_inserts(new, sorted(inserts), data[place : place + length])]
        start = place + length
    return b"".join([*found, data[start:]])


def _with_inserts(new: bytes, places: list[int], replaced: bytes) -> bytes:
    parts, before = [], 0
    for place in places:
        parts.append(new[before:place])
        before = place
    return replaced.join([*parts, new[before:]])


def part(data: Term, *place: Term) -> bytes:
    """`part/2,3`."""
    found = bits.part(data, *place)
    if found is None:
        raise _badarg("part", data, *place)
    return found


MORE: dict[tuple[str, int], Any] = {("part", 2): part, ("part", 3): part}


def at(data: Term, place: Term) -> int:
    """The byte at a place, from 0 on."""
    if type(data) is not bytes or type(place) is not int or not 0 <= place < len(data):
        raise _badarg("at", data, place)
    return data[place]


def first(data: Term) -> int:
    """The first byte."""
    if type(data) is not bytes or not data:
        raise _badarg("first", data)
    return data[0]


def last(data: Term) -> int:
    """The last byte."""
    if type(data) is not bytes or not data:
        raise _badarg("last", data)
    return data[-1]


def copy(data: Term, *times: Term) -> bytes:
    """`copy/1,2`."""
    count = times[0] if times else 1
    if type(data) is not bytes or type(count) is not int or count < 0:
        raise _badarg("copy", data, *times)
    return data * count


MORE |= {("copy", 1): copy, ("copy", 2): copy}


def bin_to_list(data: Term, *place: Term) -> list[int]:
    """`bin_to_list/1,2,3`."""
    found = None if type(data) is not bytes else bits.part(data, *place) if place else data
    if found is None:
        raise _badarg("bin_to_list", data, *place)
    return list(found)


MORE |= {("bin_to_list", arity): bin_to_list for arity in (1, 2, 3)}


def list_to_bin(items: Term) -> bytes:
    """`list_to_bin/1`."""
    try:
        if type(items) not in (int, bytes):
            return iolist(items, "list_to_bin")
    except Failed:
        pass
    raise _badarg("list_to_bin", items)


def encode_unsigned(value: Term, endianness: Term = "big") -> bytes:
    """`encode_unsigned/1,2`."""
    if type(value) is not int or value < 0 or endianness not in ("big", "little"):
        raise _badarg("encode_unsigned", value, endianness)
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "little" if endianness == "little" else "big")


def decode_unsigned(data: Term, endianness: Term = "big") -> int:
    """`decode_unsigned/1,2`."""
    if type(data) is not bytes or endianness not in ("big", "little"):
        raise _badarg("decode_unsigned", data, endianness)
    return int.from_bytes(data, "little" if endianness == "little" else "big")


def longest_common_prefix(binaries: Term) -> int:
    """`longest_common_prefix/1`: its length."""
    return _in_common(_binaries(binaries, "longest_common_prefix"))


def longest_common_suffix(binaries: Term) -> int:
    """`longest_common_suffix/1`: its length."""
    return _in_common([each[::-1] for each in _binaries(binaries, "longest_common_suffix")])


def _in_common(binaries: list[bytes]) -> int:
    least, greatest = min(binaries), max(binaries)
    place = 0
    while place < len(least) and least[place] == greatest[place]:
        place += 1
    return place


def _binaries(binaries: Term, function: str) -> list[bytes]:
    found = listed(binaries) if is_list(binaries) else None
    if not found or not all(type(each) is bytes for each in found):
        raise _badarg(function, binaries)
    return found


def referenced_byte_size(data: Term) -> int:
    """`referenced_byte_size/1`: no binary here is a part of a greater one."""
    if type(data) is not bytes:
        raise _badarg("referenced_byte_size", data)
    return len(data)


def encode_hex(data: Term) -> bytes:
    """`encode_hex/1`."""
    if type(data) is not bytes:
        raise _badarg("encode_hex", data)
    return data.hex().upper().encode()


def decode_hex(data: Term) -> bytes:
    """`decode_hex/1`."""
    try:
        return bytes.fromhex(data.decode("ascii"))
    except (AttributeError, UnicodeDecodeError, ValueError):
        raise _badarg("decode_hex", data) from None
