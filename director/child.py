"""A child as its director keeps it: the childspec's values and what has happened since. Mirrors `#child{}`.

A `Child` is never changed; a director puts another one in its place, made by `but`. `pid` is a pid, `"undefined"` (not
running) or `"restarting"` (its timer runs). `count2` is how often the plan has been run to its end,
`restart_count` how many elements of it have been run in all, `index` the element that is next (0 for an
empty plan). `timer` stays after it has fired or was cancelled, until the next one replaces it, as in the original.

Checks of childspecs are in `checks`, running a plan is in `plan`.
"""

from __future__ import annotations

from dataclasses import dataclass

from erlsim import code
from erlsim.terms import Pid, Term

Mfa = tuple[Term, str, list[Term]]

_new = object.__new__


@dataclass(slots=True)
class Child:
    """One child. See the module's text for what the fields mean."""

    id: Term
    start: Mfa
    plan: list[Term]
    count: Term
    terminate_timeout: Term
    type: str
    modules: Term
    append: bool
    index: int
    pid: Term = "undefined"
    extra: Term = "undefined"
    timer: Term = "undefined"
    count2: int = 0
    restart_count: int = 0

    def but(self, **changes: Term) -> Child:
        """A copy with other values for some fields."""
        new = self._copy()
        for name, value in changes.items():
            setattr(new, name, value)
        return new

    def _copy(self) -> Child:
        # Every crash makes four copies. Written field by field, one takes a third of the time of `Child(...)`.
        new = _new(Child)
        new.id = self.id
        new.start = self.start
        new.plan = self.plan
        new.count = self.count
        new.terminate_timeout = self.terminate_timeout
        new.type = self.type
        new.modules = self.modules
        new.append = self.append
        new.pid = self.pid
        new.extra = self.extra
        new.timer = self.timer
        new.count2 = self.count2
        new.restart_count = self.restart_count
        new.index = self.index
        return new

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return type(self.pid) is Pid

    def down(self) -> Child:
        """The child without its process."""
        new = self._copy()
        new.pid = new.extra = "undefined"
        return new

    def up(self, pid: Term, extra: Term = "undefined") -> Child:
        """The child with the process that its start function gave; for `"undefined"` there is none."""
        new = self._copy()
        new.pid, new.extra = pid, extra
        return new

    def waiting(self, timer: Term) -> Child:
        """The child while `timer` runs; when it fires the child is started."""
        new = self._copy()
        new.pid, new.extra, new.timer = "restarting", "undefined", timer
        return new

    def counted(self) -> Child:
        """The child when one more element of its plan has been run."""
        new = self._copy()
        new.restart_count += 1
        if self.index < len(self.plan):
            new.index += 1
        else:
            new.index = 1
            new.count2 += 1
        return new

    def planned(self, plan: list[Term]) -> Child:
        """The child with another plan, whose runs are counted from 0 again."""
        return self.but(plan=plan, index=first_index(plan), count2=0)

    def properties(self) -> list[Term]:
        """The list of pairs that stands for the child in reports and exit reasons."""
        return [
            ("id", self.id),
            ("pid", self.pid),
            ("plan", self.plan),
            ("count", self.count),
            ("count2", self.count2),
            ("restart_count", self.restart_count),
            ("mfargs", (_atom(self.start[0]), *self.start[1:])),
            ("plan_element_index", self.index),
            ("plan_length", len(self.plan)),
            ("timer_reference", self.timer),
            ("terminate_timeout", self.terminate_timeout),
            ("extra", self.extra),
            ("modules", self.module_names()),
            ("type", self.type),
            ("append", self.append),
        ]

    def childspec(self) -> dict[str, Term]:
        """The childspec map with every key."""
        return {
            "id": self.id,
            "start": self.start,
            "plan": self.plan,
            "count": self.count,
            "terminate_timeout": self.terminate_timeout,
            "type": self.type,
            "modules": self.modules,
            "append": self.append,
        }

    def module_names(self) -> Term:
        """The modules as atoms, or `"dynamic"`."""
        return [_atom(each) for each in self.modules] if type(self.modules) is list else self.modules

    def row(self) -> tuple[Term, ...]:
        """What `which_children` tells: `(id, pid, type, modules)`."""
        return (self.id, self.pid, self.type, self.module_names())


def _atom(module: Term) -> Term:
    """The atom of a module; what is none, or an atom already, as it is: nobody checks these."""
    return module if isinstance(module, bool) or not code.is_module(module) else code.name(module)


def first_index(plan: list[Term]) -> int:
    """The index of the element that a fresh plan runs first, counted from 1; 0 if there is none."""
    return 1 if plan else 0
