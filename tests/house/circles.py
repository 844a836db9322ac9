"""No circle of imports: the modules of a folder can be put in an order in which each imports earlier ones alone.

Imports for the type checker count, and so do those inside a function: a circle that is hidden is one all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from tests.house.files import Source
from tests.house.layers import imports

FOLDERS = ("erlsim._kernel",)


def check(sources: Iterable[Source]) -> list[str]:
    """The circle among some modules, if there is one."""
    by_name = {source.module: source for source in sources}
    graph = {name: _imported(source, by_name) - {name} for name, source in by_name.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return [f"a circle of imports: {' <- '.join(found.args[1])}"]
    return []


def within(folder: str, sources: Iterable[Source]) -> list[Source]:
    """The modules of a folder, but its door."""
    return [source for source in sources if source.module.startswith(folder + ".")]


def _imported(source: Source, by_name: dict[str, Source]) -> set[str]:
    """The modules that one imports, or has imported a name from."""
    names = [name for _, name in imports(source)]
    return {found for name in names for found in (name, name.rpartition(".")[0]) if found in by_name}
