"""No circle of imports: the modules can be put in an order in which each imports earlier ones alone.

Imports for the type checker count, and so do those inside a function: a circle that is hidden is one all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from tests.house.files import Source
from tests.house.layers import imports


def check(sources: Iterable[Source]) -> list[str]:
    """A circle among some modules, if there is one."""
    by_name = {source.module: source for source in sources}
    graph = {name: _imported(source, by_name) for name, source in by_name.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return [f"a circle of imports: {' <- '.join(found.args[1])}"]
    return []


def _imported(source: Source, by_name: dict[str, Source]) -> set[str]:
    """The modules that one imports, or imports a name from."""
    names = [name for _, name in imports(source)]
    return {found for name in names if (found := name if name in by_name else name.rpartition(".")[0]) in by_name}
