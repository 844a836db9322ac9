"""Pids and references: the two kinds of term that name something in a running world.

Both are immutable, compare by number and print as Erlang prints them. `home` belongs to those who
make them: the process behind a living pid; the active alias, the monitor, the timer or the compiled
match specification behind a reference; `None` otherwise. It takes no part in equality, order,
copying or printing.
"""

from __future__ import annotations

from typing import Any, Final

OF_NODE: Final = 48
"""So many low bits of a pid's number count processes; those above number its node, which is 0 for the first one."""
COUNTED: Final = (1 << OF_NODE) - 1


class Pid:
    """A process identifier, printed `<0.83.0>`; on the first node that a simulation adds to its own, `<1.83.0>`."""

    __slots__ = ("home", "number")

    def __init__(self, number: int, home: Any = None) -> None:
        self.number = number
        self.home = home

    @property
    def node(self) -> int:
        """The number of its node: 0 for the first one."""
        return self.number >> OF_NODE

    def __eq__(self, other: object) -> bool:
        return self is other or (type(other) is Pid and other.number == self.number)

    def __hash__(self) -> int:
        return self.number

    def __repr__(self) -> str:
        number = self.number
        if self.node:
            return f"<{self.node}.{number & 0x7FFF}.{number >> 15 & 0x1FFFFFFFF}>"
        return f"<0.{number & 0x7FFF}.{number >> 15}>"

    def __copy__(self) -> Pid:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Pid:
        return self

    def __reduce__(self) -> tuple[type[Pid], tuple[int]]:
        return (Pid, (self.number,))


def pid_on(node: int, count: int) -> Pid:
    """The pid on the node with this number that has this number among those of its own."""
    return Pid(node << OF_NODE | count)


class Ref:
    """A reference, printed `#Ref<0.0.1.7>`; aliases and timers are references too."""

    __slots__ = ("home", "number")

    def __init__(self, number: int, home: Any = None) -> None:
        self.number = number
        self.home = home

    def __eq__(self, other: object) -> bool:
        return self is other or (type(other) is Ref and other.number == self.number)

    def __hash__(self) -> int:
        return self.number

    def __repr__(self) -> str:
        return f"#Ref<0.{self.number >> 50}.{self.number >> 18 & 0xFFFFFFFF}.{self.number & 0x3FFFF}>"

    def __copy__(self) -> Ref:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Ref:
        return self

    def __reduce__(self) -> tuple[type[Ref], tuple[int]]:
        return (Ref, (self.number,))
