"""The module `rand`: the default algorithm, exsss, exsp and exsplus, with the numbers that OTP gives for a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import trunc
from typing import Any

from erlsim import erlang
from erlsim.erl.running import maps
from erlsim.erl.running.cells import Cell, cells, listed
from erlsim.erl.running.failures import no_clause
from erlsim.terms import Term

__in_stacks__ = False

Pair = tuple[int, int]
State = tuple[Term, Term]
"""What OTP hands out: a map that tells of the algorithm, and its state."""

_58 = (1 << 58) - 1
_64 = (1 << 64) - 1


def _next_state(one: int, other: int) -> int:
    other ^= other << 24 & _58
    return other ^ one ^ other >> 11 ^ one >> 41


def _exsss(pair: Pair) -> tuple[int, Pair]:
    first, last = pair[1] & _58, pair[0] & _58
    value = first + (first << 2 & _58)
    value = value << 7 & _58 | value >> 51 & 127
    return value + (value << 3 & _58) & _58, (first, _next_state(first, last))


def _exsp(pair: Pair) -> tuple[int, Pair]:
    first, last = pair[1] & _58, pair[0] & _58
    made = _next_state(first, last)
    return made + first & _58, (first, made)


@dataclass(frozen=True, slots=True)
class _Algorithm:
    """An algorithm: its name, the next of its numbers of 58 bits, and how many low bits of these are weak."""

    name: str
    next: Callable[[Pair], tuple[int, Pair]]
    weak: int
    is_old: bool = False
    """Its numbers are made to fit a range in the way that OTP had first."""

    def handler(self) -> Term:
        """The map by which a state tells of it."""
        rows: dict[Term, Term] = {"max" if self.is_old else "bits": _58 if self.is_old else 58, "type": self.name}
        if self.weak and not self.is_old:
            rows["weak_low_bits"] = self.weak
        return maps.make(rows.items())


_ALGORITHMS = {
    each.name: each
    for each in (_Algorithm("exsss", _exsss, 0), _Algorithm("exsp", _exsp, 1), _Algorithm("exsplus", _exsp, 2, True))
}
_DEFAULT = "exsss"


def _splitmix(state: int) -> Pair:
    """A number of 64 bits, and the state after it."""
    state = state + 0x9E3779B97F4A7C15 & _64
    value = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & _64
    value = (value ^ value >> 27) * 0x94D049BB133111EB & _64
    return value ^ value >> 31, state


def _seed58(state: int) -> Pair:
    """A number of 58 bits that is not 0, and the state after it."""
    while True:
        value, state = _splitmix(state & _64)
        if value & _58:
            return value & _58, state


def _seeded(seed: Term) -> Pair | None:
    match seed:
        case int() if type(seed) is int:
            first, state = _seed58(seed)
            return first, _seed58(state)[0]
        case (int(one), int(two), int(three)) if type(seed) is tuple:
            state = _seed58(one)[1]
            first, state = _seed58(two ^ state)
            return first, _seed58(three ^ state)[0]
    numbers = listed(seed)
    if numbers is None or len(numbers) != 2 or not all(type(each) is int for each in numbers):
        return None
    return numbers[0], numbers[1]


def _exsp_seeded(seed: Term) -> Pair | None:
    """The older way, in which three numbers are mixed by multiplication and two steps."""
    if type(seed) is not tuple or len(seed) != 3:
        return _seeded(seed)
    first = seed[0] * 4294967197 + 1 & _58
    last = seed[1] * 4294967231 + 1 & _58
    _, pair = _exsp((first, last))
    return _exsp((seed[2] * 4294967279 + 1 & _58, pair[1]))[1]


def _state(algorithm: _Algorithm, pair: Pair) -> State:
    return (algorithm.handler(), Cell(*pair))


def _taken(state: Term, function: str, *args: Term) -> tuple[_Algorithm, Pair]:
    if type(state) is tuple and len(state) == 2 and maps.is_map(state[0]):
        algorithm = _ALGORITHMS.get(maps.find("type", state[0]))
        pair = cells(state[1])
        if algorithm is not None and pair is not None:
            return algorithm, (pair.head, pair.tail)
    raise no_clause("rand", function, *args)


def seed_s(algorithm: Term, *more: Term) -> State:
    """`seed_s/1,2`. Without a seed, the numbers are the same in each simulation."""
    if not more and (found := _exported(algorithm)) is not None:
        return found
    name = _DEFAULT if algorithm == "default" else algorithm
    known = _ALGORITHMS.get(name) if type(name) is str else None
    if known is None:
        raise no_clause("rand", "mk_alg", algorithm)
    # DIVERGES(otp): without a seed a process has the same numbers in each run; OTP takes the time and the node.
    seed = more[0] if more else (erlang.unique_integer(["positive"]), 0, 0)
    pair = (_exsp_seeded if known.next is _exsp else _seeded)(seed)
    if pair is None:
        raise no_clause("rand", "exsss_seed" if known.next is _exsss else "exsplus_seed", seed)
    return _state(known, pair)


def _exported(term: Term) -> State | None:
    """The state that `export_seed/0` gave, or a state itself."""
    if type(term) is not tuple or len(term) != 2:
        return None
    if type(term[0]) is str and term[0] in _ALGORITHMS:
        return (_ALGORITHMS[term[0]].handler(), term[1])
    return term if maps.is_map(term[0]) else None


def seed(algorithm: Term, *more: Term) -> State:
    """`seed/1,2`."""
    state = seed_s(algorithm, *more)
    erlang.put("rand_seed", state)
    return state


MORE: dict[tuple[str, int], Any] = {("seed", 1): seed, ("seed", 2): seed, ("seed_s", 1): seed_s, ("seed_s", 2): seed_s}


def _current() -> State:
    found = erlang.get("rand_seed")
    return seed(_DEFAULT) if found == "undefined" else found


def export_seed() -> Term:
    """`export_seed/0`."""
    found = erlang.get("rand_seed")
    return "undefined" if found == "undefined" else export_seed_s(found)


def export_seed_s(state: Term) -> Term:
    """`export_seed_s/1`."""
    algorithm, _ = _taken(state, "export_seed_s", state)
    return (algorithm.name, state[1])


def uniform_s(*args: Term) -> tuple[Term, State]:
    """`uniform_s/1,2`: a float from 0.0 to below 1.0, or an integer from 1 to a limit."""
    algorithm, pair = _taken(args[-1], "uniform_s", *args)
    if len(args) == 1:
        value, pair = algorithm.next(pair)
        number = value / (1 << 58) if algorithm.is_old else (value >> 5) * 1.11022302462515657e-16
        return number, _state(algorithm, pair)
    limit = args[0]
    if type(limit) is not int or limit < 1:
        raise no_clause("rand", "uniform_s", *args)
    if algorithm.is_old:
        value, pair = algorithm.next(pair)
        found = value % limit if limit <= _58 else trunc(value / (1 << 58) * limit)
        return found + 1, _state(algorithm, pair)
    if limit > 1 << 58:
        return _great(algorithm, pair, limit)
    while True:
        value, pair = algorithm.next(pair)
        found = value % limit
        # What is left of the numbers behind the last whole range would make small ones more likely.
        if value - found <= (1 << 58) - limit:
            return found + 1, _state(algorithm, pair)


def _great(algorithm: _Algorithm, pair: Pair, limit: int) -> tuple[int, State]:
    """An integer from 1 to a limit of more than 58 bits, put together of several numbers."""
    strong = 58 - algorithm.weak
    is_power = not limit & limit - 1
    while True:
        value, pair = algorithm.next(pair)
        bits, rest = 58, limit >> (58 if is_power else 56)
        while rest > 1:
            number, pair = algorithm.next(pair)
            value = (value >> algorithm.weak << algorithm.weak) << strong | number
            bits, rest = bits + strong, rest >> strong
        if is_power:
            return (value & limit - 1) + 1, _state(algorithm, pair)
        found = value % limit
        if value - found <= (1 << bits) - limit:
            return found + 1, _state(algorithm, pair)


MORE |= {("uniform_s", 1): uniform_s, ("uniform_s", 2): uniform_s}


def _stepped(function: Callable[..., tuple[Term, State]], *args: Term) -> Term:
    """A function on the state of the process."""
    value, state = function(*args, _current())
    erlang.put("rand_seed", state)
    return value


def uniform(*args: Term) -> Term:
    """`uniform/0,1`."""
    if args and (type(args[0]) is not int or args[0] < 1):
        raise no_clause("rand", "uniform_s", args[0], _current())
    return _stepped(uniform_s, *args)


MORE |= {("uniform", 0): uniform, ("uniform", 1): uniform}


def bytes_s(count: Term, state: Term) -> tuple[bytes, State]:
    """`bytes_s/2`."""
    algorithm, pair = _taken(state, "bytes_s", count, state)
    if type(count) is not int or count < 0:
        raise no_clause("rand", "bytes_s", count, state)
    good = (58 - algorithm.weak) // 8
    found = b""
    while True:
        value, pair = algorithm.next(pair)
        missing = count - len(found)
        if missing <= good:
            # OTP shifts the last number by less.
            last = value >> 8 * (good - missing) & (1 << 8 * missing) - 1
            return found + last.to_bytes(missing, "big"), _state(algorithm, pair)
        found += (value >> 58 - 8 * good).to_bytes(good, "big")


def bytes_(count: Term) -> Term:
    """`bytes/1`."""
    return _stepped(bytes_s, count)
