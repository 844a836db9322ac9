"""The module `binary`, in part."""

from __future__ import annotations

from erlsim.erl.running import bits
from erlsim.erl.running.cells import listed, outward
from erlsim.erl.running.failures import Failed
from erlsim.terms import Term

__in_stacks__ = False


def _badarg(function: str, *args: Term) -> Failed:
    return Failed("badarg", ("binary", function, [outward(each) for each in args], []))


def _patterns(pattern: Term, function: str, *args: Term) -> list[bytes]:
    found = [pattern] if type(pattern) is bytes else listed(pattern)
    if not found or not all(type(each) is bytes and each for each in found):
        raise _badarg(function, *args)
    return found


def _first(data: bytes, patterns: list[bytes], start: int) -> tuple[int, int] | None:
    """Where the first of some patterns is: the leftmost, of those there the longest."""
    found = [(data.find(each, start), -len(each)) for each in patterns]
    places = sorted(each for each in found if each[0] >= 0)
    return (places[0][0], -places[0][1]) if places else None


def match(data: Term, pattern: Term, options: Term = None) -> Term:
    """`{Start, Length}` or nomatch; without options."""
    if type(data) is not bytes or listed(options or []) != []:
        raise _badarg("match", data, pattern)
    return _first(data, _patterns(pattern, "match", data, pattern), 0) or "nomatch"


def matches(data: Term, pattern: Term) -> list[Term]:
    """All places."""
    if type(data) is not bytes:
        raise _badarg("matches", data, pattern)
    patterns, found, start = _patterns(pattern, "matches", data, pattern), [], 0
    while (place := _first(data, patterns, start)) is not None:
        found.append(place)
        start = place[0] + place[1]
    return found


def split(data: Term, pattern: Term, options: Term = None) -> list[bytes]:
    """`split/2,3` with the options `global`, `trim` and `trim_all`."""
    wanted = listed(options if options is not None else [])
    if type(data) is not bytes or wanted is None or not all(each in ("global", "trim", "trim_all") for each in wanted):
        raise _badarg("split", data, pattern)
    places = matches(data, pattern)
    found, start = [], 0
    for place, length in places if "global" in wanted else places[:1]:
        found.append(data[start:place])
        start = place + length
    found.append(data[start:])
    if "trim_all" in wanted:
        return [each for each in found if each]
    while "trim" in wanted and found and not found[-1]:
        found.pop()
    return found


def part(data: Term, *place: Term) -> bytes:
    """`part/2,3`."""
    found = bits.part(data, *place)
    if found is None:
        raise _badarg("part", data, *place)
    return found


MORE = {("part", 2): part, ("part", 3): part}


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


def bin_to_list(data: Term) -> list[int]:
    """`bin_to_list/1`."""
    if type(data) is not bytes:
        raise _badarg("bin_to_list", data)
    return list(data)


def list_to_bin(items: Term) -> bytes:
    """`list_to_bin/1`."""
    from erlsim.erl.library.conversions import iolist

    try:
        if type(items) not in (int, bytes):
            return iolist(items, "list_to_bin")
    except Failed:
        pass
    raise _badarg("list_to_bin", items)


def replace(data: Term, pattern: Term, new: Term, options: Term = None) -> bytes:
    """`replace/3,4`, with the option `global`."""
    wanted = listed(options if options is not None else [])
    if type(data) is not bytes or type(new) is not bytes or wanted is None or any(each != "global" for each in wanted):
        raise _badarg("replace", data, pattern, new)
    return new.join(split(data, pattern, wanted))


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
