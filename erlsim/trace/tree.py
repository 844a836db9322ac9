"""The supervision tree of one moment, as a value: who is whose child, in which state, restarted how often.

A tree compares equal with the tree of another moment when it has the same processes in the same places and
states, and with a literal that says what it should be:

    ("top", [("a", "running"), ("b", "restarting"), ("sub", [("w", 2)])])

A process is a tuple: what it is called (child id, registered name, pid, or the function it runs), then in any order
its state (a string), its number of restarts (an integer), its children (a list). What is left out is not compared.
Under a supervisor the list has exactly its children, in their order; under any other process those that it
has spawned. `...` in a list stands for any number of further children. A list of tuples is compared with all
processes at the top. The shell does not count: its children are at the top.

Growing a tree is in `growing`, drawing it in `tree_views`, comparing it in `tree_literals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from erlsim.terms import Pid, Term
from erlsim.trace import tree_literals, tree_views
from erlsim.trace.facts import SHELL, show
from erlsim.trace.picture import Line, Picture


@dataclass(frozen=True, slots=True)
class Node:
    """One process, or one child that has none at the moment.

    `id` is the child's id, `None` for a process that nobody supervises; `name` the registered name or `None`;
    `pid` is `None` without a process. `kind` is `shell`, `process`, `worker` or the behaviour of a supervisor, and
    `detail` what that says of itself. `state` is `running`, `restarting`, `waiting`, `terminated`, `undefined`,
    `launching`, `terminating` or `exited` (dead, and its supervisor has not looked yet). `children` are supervised,
    `spawned` are those that it has merely started. `links` and `monitors` are there when they were asked for;
    `tied` says whether a link runs along the edge to the parent.
    """

    id: Term
    name: str | None
    pid: Pid | None
    kind: str
    detail: str
    state: str
    restarts: int
    label: str
    messages: int
    children: tuple[Node, ...] = ()
    spawned: tuple[Node, ...] = ()
    links: tuple[str, ...] = ()
    monitors: tuple[str, ...] = ()
    tied: bool = True

    @property
    def is_supervisor(self) -> bool:
        """Whether it has published children."""
        return self.kind not in (SHELL, "process", "worker")

    @property
    def title(self) -> str:
        """What to call it."""
        if self.id is not None and not isinstance(self.id, Pid):
            return show(self.id, 40)
        if self.name is not None:
            return show(self.name, 40)
        return "" if self.id is not None else SHELL if self.kind == SHELL else self.label or "process"


@dataclass(frozen=True, repr=False, eq=False)
class Tree(Picture):
    """See the module's text. `time` is in ms; `nodes` are the processes without a living parent, the shell first."""

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
            if tree_literals.is_called(node, name):
                return node
            waiting = [*node.children, *node.spawned, *waiting]
        return None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Tree | tuple | list):
            return not tree_literals.differences(self, other)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __explain_difference__(self, other: object) -> list[str]:
        """Why this tree is not equal to `other`, line by line; pytest shows it."""
        return tree_literals.explain(self, other)

    def lines(self) -> list[Line]:
        """Every process on a line of its own, below its parent."""
        return tree_views.lines(self)

    def svg(self) -> str:
        """The tree from left to right."""
        return tree_views.svg(self)

    def mermaid(self) -> str:
        """A flow chart."""
        return tree_views.mermaid(self)
