"""The links and the monitors of a process, and the order in which its end reaches them.

The BEAM keeps links in a red-black tree ordered by pid and monitors in one ordered by reference, and takes the trees
down when the process ends: what hangs below a node goes first, the left side before the right, the node itself last. So
the order depends on how the tree grew. It is not kept here, where links and monitors come and go all the time and ends
are rare: what happened to it is remembered, and an end grows it anew.
"""

from __future__ import annotations

from typing import Any

from erlsim._kernel.links.tree import Tree

__all__ = ["Links", "Monitors"]

# DIVERGES(otp): a process with more links than this, or with eight times as many changes since it last had one link, is
# taken to have made the links that it has in their order, with nobody unlinked in between; and one with eight times as
# many monitors taken back, its monitors.
REMEMBERED = 64


class Links(dict[int, Any]):
    """Who is linked, by the number of the pid, the oldest link first.

    `history` has the numbers in the order in which they came, and negative ones for those that went; `None` stands for
    the present links in their order.
    """

    __slots__ = ("__dict__",)

    # Of the class: nearly no process ever has one of its own.
    history: list[int] | None = None

    def add(self, number: int, peer: Any) -> None:
        """A new link; nothing, if there is one already."""
        if number not in self:
            self[number] = peer
            if self.history is not None:
                self.history.append(number)

    def drop(self, number: int) -> bool:
        """Take a link away: whether there was one."""
        if number not in self:
            return False
        size = len(self)
        if size <= 2 or size > REMEMBERED:
            self.history = None
        elif self.history is None:
            self.history = [*self, -number]
        elif len(self.history) < 8 * REMEMBERED:
            self.history.append(-number)
        else:
            self.history = None
        del self[number]
        return True

    def in_order_of_end(self) -> list[Any]:
        """The peers in the order in which they hear of the end."""
        if len(self) < 2:
            return list(self.values())
        tree = Tree()
        for number in self.history or self:
            if number > 0:
                tree.insert(number)
            else:
                tree.delete(-number)
        return [self[number] for number in tree.taken_down()]


class Monitors(dict[int, Any]):
    """Who is watched, by the number of the reference, the oldest monitor first: numbers grow.

    `gone` has the monitors that went while others stayed, each with the number of the last reference of that moment.
    """

    __slots__ = ("__dict__",)

    # Of the class: who watches one process at a time has none of its own.
    gone: list[tuple[int, int]] | None = None

    def went(self, number: int, last: int) -> None:
        """The monitor of this number has been taken away, and there are others."""
        if self.gone is None or len(self.gone) >= 8 * REMEMBERED:
            self.gone = []
        self.gone.append((number, last))

    def in_order_of_end(self) -> list[Any]:
        """The monitors in the order in which they end when the process does."""
        if len(self) < 2:
            return list(self.values())
        gone = self.gone or []
        coming = sorted([*self, *(number for number, _ in gone)], reverse=True)
        tree = Tree()
        for number, last in gone:
            while coming and coming[-1] <= last:
                tree.insert(coming.pop())
            tree.delete(number)
        while coming:
            tree.insert(coming.pop())
        return [self[number] for number in tree.taken_down()]
