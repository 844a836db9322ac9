"""What a director knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from director.checks import Spec
from director.children import Children
from erlsim import code
from erlsim.terms import Ref, Term


@dataclass(slots=True)
class State:
    """`name` is what the director goes by in reports; `table` stands for its children when the state is shown.

    `watch`, if there is one, is called at once with `("up", child)` when a child has a process and with
    `("step", child, reason, step)` when a plan was run for one; `timeline` observes its director by it. `debug` are
    the debug options of `sys`.
    """

    name: Term
    module: Term
    argument: Term
    table: Ref
    default: Spec
    watch: Callable[..., None] | None = None
    debug: list[Term] = field(default_factory=list)
    children: Children = field(default_factory=Children)

    def record(self) -> tuple[Term, ...]:
        """The state as the original's record: what `sys:get_state` and its final message show."""
        return ("director_state_record", self.name, code.name(self.module), self.argument, self.table, self.default)
