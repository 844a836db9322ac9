"""The checksums of `erlang`: of binaries, and of lists of bytes and binaries."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable

from erlsim.erl.library.conversions import iolist
from erlsim.erl.running.failures import Failed, bif_failed
from erlsim.terms import ABSENT, Term

__in_stacks__ = False

_MOST = 1 << 32


def md5(data: Term) -> bytes:
    """`md5/1`."""
    return hashlib.md5(_bytes(data, "md5", data), usedforsecurity=False).digest()


def crc32(first: Term, data: Term = ABSENT) -> int:
    """`crc32/1`, and `crc32/2`, which goes on from the checksum of what comes before."""
    return _summed("crc32", zlib.crc32, 0, *([first] if data is ABSENT else [first, data]))


def adler32(first: Term, data: Term = ABSENT) -> int:
    """`adler32/1`, and `adler32/2`, which goes on from the checksum of what comes before."""
    return _summed("adler32", zlib.adler32, 1, *([first] if data is ABSENT else [first, data]))


def _summed(name: str, function: Callable[[bytes, int], int], nothing: int, *args: Term) -> int:
    before, data = args if len(args) == 2 else (nothing, args[0])
    if type(before) is not int or not 0 <= before < _MOST:
        raise bif_failed("badarg", "erlang", name, list(args))
    return function(_bytes(data, name, *args), before)


def _bytes(data: Term, name: str, *args: Term) -> bytes:
    try:
        if type(data) is not int:
            return iolist(data, name)
    except Failed:
        pass
    raise bif_failed("badarg", "erlang", name, list(args))
