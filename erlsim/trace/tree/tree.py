"""A tree as a value: what it is equal to, and how it shows itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from erlsim.terms import Term
from erlsim.trace.events import SHELL
from erlsim.trace.picture import Line, Picture
from erlsim.trace.tree import comparing, drawing
from erlsim.trace.tree.nodes import Node


@dataclass(frozen=True, repr=False, eq=False)
class Tree(Picture):
    """See the package's text. `time` is in ms; `nodes` are the processes without a living parent, the shell first."""

    time: Any
    nodes: tuple[Node, ...]

    @property
    def roots(self) -> tuple[Node, ...]:
        """The processes at the top, as the literal form counts them: the shell's children take its place."""
        top: list[Node] = []
        for node in self.nodes:
            top += [*node.children, *node.spawned] if node.kind == SHELL else [node]
        return tuple(top)

    def find(self, name: Term) -> Node | None:
        """The first process of that id, name, pid or function, from the top."""
        waiting = list(self.nodes)
        while waiting:
            node = waiting.pop(0)
            if comparing.is_called(node, name):
                return node
            waiting = [*node.children, *node.spawned, *waiting]
        return None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Tree | tuple | list):
            return not self._differences(other)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def _differences(self, other: Any) -> list[str]:
        """What keeps the tree from being equal to another tree or to a literal; nothing if it is."""
        if isinstance(other, Tree):
            return comparing.between(self.roots, other.roots)
        return comparing.with_literals(self.roots, other if isinstance(other, list) else [other])

    def __explain_difference__(self, other: object) -> list[str]:
        """Why this tree is not equal to `other`, line by line; pytest shows it."""
        return [
            f"the tree at {self.time} ms is another one",
            *self._differences(other),
            "it is:",
            *self.text().splitlines(),
        ]

    def lines(self) -> list[Line]:
        """Every process on a line of its own, below its parent."""
        return drawing.lines(self.nodes)

    def svg(self, direction: str = "right") -> str:
        """The tree from left to right, or from the top `"down"`."""
        return drawing.svg(self.nodes, f"supervision tree at {self.time} ms", self.text(), direction)

    def mermaid(self) -> str:
        """A flow chart."""
        return drawing.mermaid(self.nodes)
