"""The nodes of a tree: one for each process, and for each child that has no process at the moment."""

from __future__ import annotations

from dataclasses import dataclass

from erlsim.terms import Pid, Term
from erlsim.trace.events import SHELL
from erlsim.trace.facts import show


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
