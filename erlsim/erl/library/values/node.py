"""What `erlang` says of its node, and what one may ask of it, in virtual time."""

from __future__ import annotations

import hashlib

from erlsim import code, erlang, io, terms
from erlsim.erl.library import erlang_
from erlsim.erl.library.conversions import iolist
from erlsim.erl.library.values import calendar_
from erlsim.erl.running import operators
from erlsim.erl.running.calls import is_fun
from erlsim.erl.running.cells import listed, outward
from erlsim.erl.running.failures import Failed, bif_failed
from erlsim.errors import ErlsimError, Error
from erlsim.simulation import current, storage
from erlsim.terms import ABSENT, Term, chars

__in_stacks__ = False

_EPOCH = 62167219200
_FUN_ITEMS = ("module", "name", "arity", "env", "type")


def _badarg(function: str, *args: Term) -> Failed:
    return bif_failed("badarg", "erlang", function, [each for each in args if each is not ABSENT])


def get_cookie() -> str:
    """`get_cookie/0`."""
    return "nocookie"


def memory(wanted: Term = ABSENT) -> Term:
    """`memory/0,1`: it is not known here, so everything is 0."""
    kinds = ("total", "processes", "processes_used", "system", "atom", "atom_used", "binary", "code", "ets")
    if wanted is ABSENT:
        return [(each, 0) for each in kinds]
    if type(wanted) is str and wanted in kinds:
        return 0
    names = listed(wanted)
    if names is None or any(type(each) is not str or each not in kinds for each in names):
        raise _badarg("memory", wanted)
    return [(each, 0) for each in names]


def statistics(item: Term) -> Term:
    """`statistics/1`: of the clock; nothing else is counted."""
    if item == "wall_clock":
        kept: dict[str, int] = storage("wall_clock", dict)
        passed = current().now
        since, kept["last"] = passed - kept.get("last", 0), passed
        return (passed, since)
    if item == "run_queue":
        return 0
    if type(item) is str and item in ("runtime", "reductions", "exact_reductions", "garbage_collection", "io"):
        raise ErlsimError(f"erlang:statistics({item}) is not simulated")
    raise _badarg("statistics", item)


# ---- code


def loaded() -> list[Term]:
    """`loaded/0`: nothing tells."""
    return []


def module_loaded(module: Term) -> bool:
    """`module_loaded/1`."""
    if type(module) not in (str, bool):
        raise _badarg("module_loaded", module)
    try:
        return code.resolve(module) is not None
    except Error:
        return False


def check_old_code(module: Term) -> bool:
    """`check_old_code/1`: old code is gone when new code comes."""
    if type(module) not in (str, bool):
        raise _badarg("check_old_code", module)
    return False


def check_process_code(pid: Term, module: Term, options: Term = ABSENT) -> bool:
    """`check_process_code/2,3`: nobody runs old code."""
    if type(pid) is not terms.Pid or type(module) not in (str, bool):
        raise _badarg("check_process_code", pid, module, options)
    return False


def fun_to_list(fun: Term) -> list[int]:
    """`fun_to_list/1`."""
    if not is_fun(fun):
        raise _badarg("fun_to_list", fun)
    return chars(terms.format("~w", [fun]))


# ---- lists and tuples


def append(left: Term, right: Term) -> Term:
    """`append/2`."""
    return operators.append(left, right)


def subtract(left: Term, right: Term) -> Term:
    """`subtract/2`."""
    return operators.subtract(left, right)


def make_tuple(size: Term, value: Term, rows: Term) -> Term:
    """`make_tuple/3`: with some elements given; the last of a place counts."""
    given = listed(rows)
    if type(size) is not int or size < 0 or given is None:
        raise _badarg("make_tuple", size, value, rows)
    found = [value] * size
    for row in given:
        if type(row) is not tuple or len(row) != 2 or type(row[0]) is not int or not 1 <= row[0] <= size:
            raise _badarg("make_tuple", size, value, rows)
        found[row[0] - 1] = row[1]
    return tuple(found)


# ---- time


def now() -> tuple[int, int, int]:
    """`now/0`: the time, and each time a microsecond later at least."""
    kept: dict[str, int] = storage("now", dict)
    micro = max(int(erlang.system_time("microsecond")), kept.get("last", 0) + 1)
    kept["last"] = micro
    seconds, rest = divmod(micro, 1_000_000)
    return (*divmod(seconds, 1_000_000), rest)


def localtime_to_universaltime(when: Term, summer: Term = ABSENT) -> Term:
    """`localtime_to_universaltime/1,2`: they are the same."""
    _seconds(when, "localtime_to_universaltime", when, summer)
    return when


def universaltime_to_localtime(when: Term) -> Term:
    """`universaltime_to_localtime/1`."""
    _seconds(when, "universaltime_to_localtime", when)
    return when


def universaltime_to_posixtime(when: Term) -> int:
    """`universaltime_to_posixtime/1`: seconds since 1970."""
    return _seconds(when, "universaltime_to_posixtime", when) - _EPOCH


def posixtime_to_universaltime(seconds: Term) -> Term:
    """`posixtime_to_universaltime/1`."""
    if type(seconds) is not int:
        raise _badarg("posixtime_to_universaltime", seconds)
    return calendar_.gregorian_seconds_to_datetime(seconds + _EPOCH)


def _seconds(when: Term, function: str, *args: Term) -> int:
    try:
        (year, month, day), (hour, minute, second) = when
        if calendar_.valid_date(year, month, day) and 0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60:
            return int(calendar_.datetime_to_gregorian_seconds(when))
    except (TypeError, ValueError, Error):
        pass
    raise _badarg(function, *args)


# ---- checksums bit by bit


def md5_init() -> bytes:
    """`md5_init/0`: a context is what it was given so far."""
    return b""


def md5_update(context: Term, data: Term) -> bytes:
    """`md5_update/2`."""
    if type(context) is not bytes or type(data) is int:
        raise _badarg("md5_update", context, data)
    return context + iolist(data, "md5_update")


def md5_final(context: Term) -> bytes:
    """`md5_final/1`."""
    if type(context) is not bytes:
        raise _badarg("md5_final", context)
    return hashlib.md5(context, usedforsecurity=False).digest()


_ADLER = 65521


def adler32_combine(first: Term, second: Term, size: Term) -> int:
    """`adler32_combine/3`: the checksum of two parts from those of each and the size of the second."""
    if not all(type(each) is int and 0 <= each < 1 << 32 for each in (first, second, size)):
        raise _badarg("adler32_combine", first, second, size)
    if size == 0:
        return int(first)
    rest = size % _ADLER
    low = ((first & 0xFFFF) + (second & 0xFFFF) - 1) % _ADLER
    high = (rest * (first & 0xFFFF) + (first >> 16) + (second >> 16) - rest) % _ADLER
    return int(high << 16 | low)


def crc32_combine(first: Term, second: Term, size: Term) -> int:
    """`crc32_combine/3`."""
    if not all(type(each) is int and 0 <= each < 1 << 32 for each in (first, second, size)):
        raise _badarg("crc32_combine", first, second, size)
    # The first checksum goes on over `size` zero bytes: by squaring the matrix of one zero bit.
    matrix = [0xEDB88320, *(1 << bit for bit in range(31))]
    for _ in range(3):
        matrix = [_times(matrix, row) for row in matrix]
    found = first
    while size:
        if size & 1:
            found = _times(matrix, found)
        matrix = [_times(matrix, row) for row in matrix]
        size >>= 1
    return int(found ^ second)


def _times(matrix: list[int], vector: int) -> int:
    found = 0
    for row in matrix:
        if vector & 1:
            found ^= row
        vector >>= 1
    return found


# ---- output


async def display(term: Term) -> bool:
    """`display/1`."""
    await io.put_chars("user", terms.format("~tw~n", [outward(term)]))
    return True


async def display_string(text: Term) -> bool:
    """`display_string/1`."""
    await io.put_chars("user", "".join(map(chr, outward(text))))
    return True


def fun_info(fun: Term) -> list[Term]:
    """`fun_info/1`; `fun_info/2` tells one item."""
    if not is_fun(fun):
        raise _badarg("fun_info", fun)
    return [erlang_.fun_info(fun, each) for each in _FUN_ITEMS]
