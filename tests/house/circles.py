"""No circle of imports: the modules can be put in an order in which each imports earlier ones alone.

Imports for the type checker count, and so do those inside a function: a circle that is hidden is one all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from tests.house.files import Source
from tests.house.layers import imports

# The one circle that is allowed is OTP's own, module by module as there: `gen` starts processes with `proc_lib`,
# `proc_lib:stop` has `sys` end one, and `sys` calls processes with `gen`.
OF_OTP = frozenset({"erlsim.otp.gen", "erlsim.otp.proc_lib", "erlsim.otp.sys"})


def check(sources: Iterable[Source], allowed: frozenset[str] = OF_OTP) -> list[str]:
    """A circle among some modules, if there is one, but for those that consist of `allowed` modules alone."""
    by_name = {source.module: source for source in sources}
    graph: dict[str, set[str]] = {}
    for name, source in by_name.items():
        # The allowed ones count as one module: a circle that goes through them and another one is found.
        node = _together(name, allowed)
        graph.setdefault(node, set()).update(_together(each, allowed) for each in _imported(source, by_name))
        graph[node].discard(node)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return [f"a circle of imports: {' <- '.join(found.args[1])}"]
    return []


def _together(name: str, allowed: frozenset[str]) -> str:
    return " and ".join(sorted(allowed)) if name in allowed else name


def _imported(source: Source, by_name: dict[str, Source]) -> set[str]:
    """The modules that one imports, or imports a name from."""
    names = [name for _, name in imports(source)]
    return {found for name in names if (found := name if name in by_name else name.rpartition(".")[0]) in by_name}
