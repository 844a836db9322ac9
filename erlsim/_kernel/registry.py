"""The local registry: one name a process, one process a name."""

from __future__ import annotations

from erlsim._kernel.process import Process


class Registry:
    """Names of living processes, in the order in which they were registered."""

    __slots__ = ("_by_name",)

    def __init__(self) -> None:
        self._by_name: dict[str, Process] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def get(self, name: str) -> Process | None:
        """The process that goes by `name`."""
        return self._by_name.get(name)

    def add(self, name: str, process: Process) -> None:
        """Give `process` its `name`; the caller has checked that both are free."""
        self._by_name[name] = process
        process.name = name

    def remove(self, process: Process) -> None:
        """Take the name of `process` away, if it has one."""
        if process.name is not None:
            del self._by_name[process.name]
            process.name = None

    def names(self) -> list[str]:
        """All names."""
        return list(self._by_name)
