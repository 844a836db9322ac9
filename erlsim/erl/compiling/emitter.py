"""The lines of Python that become one function, each with its line of Erlang and its place in stacks.

Python is compiled as it was generated, and then the table of positions in each code object is written anew (`placed`).
That is several times as fast as moving the nodes of a syntax tree before it is compiled.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import CodeType
from typing import Any

from erlsim.erl.reading.annotations import Node
from erlsim.erl.running.failures import Place

Line = tuple[int, str, int, int]
"""Indentation, text, line of the Erlang source, number of the place."""

SIMPLE = re.compile(r"[A-Za-z_]\w*\Z|'[^'\\]*'\Z|-?\d+\Z|\[\]\Z|\(\)\Z")

# CPython's format of `co_linetable` since 3.11 (Objects/locations.md): an entry is for at most 8 units of code, has its
# kind and their number in its first byte, and then, if it is a "long" one, lines and columns as variable integers.
_UNIT = 2
_MOST_UNITS = 8
_LONG = 0x80 | 14 << 3
_NOWHERE = 0x80 | 15 << 3


class Env(dict[str, str]):
    """Erlang's variables that are bound, with their names in Python, and what is known of their values."""

    __slots__ = ("integers", "records")

    def __init__(self, bound: Mapping[str, str] | None = None) -> None:
        super().__init__(bound or {})
        self.integers: set[str] = set()
        """The variables whose values are integers."""
        self.records: dict[str, Any] = {}
        """The names of the records that variables stand for."""

    def copy(self) -> Env:
        """What is bound in a branch is not bound elsewhere, and what a branch knows only it does."""
        found = Env(self)
        found.integers = set(self.integers)
        found.records = dict(self.records)
        return found

    def bind(self, variable: str, name: str) -> None:
        """A new variable, which may hide one of a function around."""
        self[variable] = name
        self.integers.discard(variable)
        self.records.pop(variable, None)


def identifier(name: Any) -> str:
    """An Erlang name as a part of a Python name."""
    text = re.sub(r"[^A-Za-z0-9_]", lambda match: f"_{ord(match[0]):x}_", str(name))
    return text + "_" if keyword.iskeyword(text) or not text else text


def function_identifier(name: tuple[Any, int]) -> str:
    """The Python name of a function, but for its first letter."""
    return f"{identifier(name[0])}_{name[1]}"


class Emitter:
    """Collects the lines of one Python function; `unit` is the module that it belongs to."""

    def __init__(self, unit: Any, place: Place, is_async: bool) -> None:
        """No lines so far."""
        self.unit: Any = unit
        self.place = place
        self.is_async = is_async
        self.lines: list[Line] = []
        self.opened: dict[str, str] = {}
        """Names whose values, if they are lists that are not empty, are cells already, and of what tells that."""
        self.indent = 1
        self.line = 1

    def at(self, node: Node) -> None:
        """What is emitted next belongs to the line of a node."""
        self.line = node[1][0]

    def emit(self, text: str, is_tail: bool = False) -> None:
        """One line."""
        place = replace(self.place, is_tail=True) if is_tail else self.place
        self.lines.append((self.indent, text, self.line, self.unit.places.number(place)))

    def temp(self, prefix: str = "t") -> str:
        """A new name; Erlang's variables begin with capitals, these do not."""
        self.unit.counter += 1
        return f"{prefix}{self.unit.counter}"

    def simple(self, value: str) -> str:
        """A name for a value, which may then be used more than once."""
        if SIMPLE.match(value):
            return value
        name = self.temp()
        self.emit(f"{name} = {value}")
        return name

    def open(self, name: str) -> None:
        """Let the value of a name be cells if it is a list, since patterns take it apart."""
        found = f"cell_{name}"
        self.emit(f"if not ({found} := type({name}) is cell): {found} = type({name} := opened({name})) is cell")
        self.opened[name] = found

    def add(self, lines: list[Line]) -> None:
        """Lines that were collected elsewhere, indented as the next line here."""
        self.lines += [(indent + self.indent, text, line, place) for indent, text, line, place in lines]

    def captured(self, lines: list[Line], env: Env) -> list[str]:
        """The variables of this function that the lines of an inner one use."""
        words = {word for _, text, _, _ in lines for word in re.findall(r"\b[A-Za-z_]\w*", text)}
        return sorted(name for name in dict.fromkeys(env.values()) if name in words)


def placed(code: CodeType, lines: Sequence[Line]) -> CodeType:
    """The code object with the positions of `lines`, those inside of it, too: columns are the numbers of places."""
    first = before = lines[code.co_firstlineno - 1][2]
    table = bytearray()
    for start, end, generated in code.co_lines():
        units = (end - start) // _UNIT
        if generated is None:
            position = b""
        else:
            _, _, line, place = lines[generated - 1]
            position = _signed(line - before) + b"\0" + _unsigned(place + 1) * 2
            before = line
        while units > 0:
            count = min(units, _MOST_UNITS)
            table.append((_LONG if position else _NOWHERE) | count - 1)
            table += position
            units -= count
            if units and position:
                # The same place again.
                position = b"\0\0" + _unsigned(place + 1) * 2
    inner = tuple(placed(each, lines) if type(each) is CodeType else each for each in code.co_consts)
    return code.replace(co_firstlineno=first, co_linetable=bytes(table), co_consts=inner)


def _unsigned(number: int) -> bytes:
    """Six bits a byte, the lowest first; all bytes but the last have a bit more."""
    found = bytearray()
    while number >= 64:
        found.append(64 | number & 63)
        number >>= 6
    found.append(number)
    return bytes(found)


def _signed(number: int) -> bytes:
    return _unsigned(number << 1 if number >= 0 else -number << 1 | 1)
