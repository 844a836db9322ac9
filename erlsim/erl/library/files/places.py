"""The file system of a world: directories and files in memory, and where one is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from erlsim import erlang
from erlsim.erl.library.files.names import NoName, wide
from erlsim.simulation import storage
from erlsim.terms import Term, chars

__in_stacks__ = False

HOME = "/erlsim"


class Refusal(Exception):
    """What the operating system would say: an atom such as `enoent`."""

    def __init__(self, reason: Term) -> None:
        super().__init__(reason)
        self.reason = reason


def now() -> int:
    """The time of the simulated day, in seconds since 1970."""
    return int(erlang.system_time("second"))


@dataclass(eq=False)
class File:
    """A file and what is in it; who has it open keeps it, even if no directory does any more."""

    number: int
    data: bytearray = field(default_factory=bytearray)
    links: int = 1
    mode: int = 0o644
    changed: int = field(default_factory=now)
    kind = "regular"


@dataclass(eq=False)
class Directory:
    """A directory: its entries by name."""

    number: int
    entries: dict[str, File | Directory] = field(default_factory=dict)
    mode: int = 0o755
    changed: int = field(default_factory=now)
    kind = "directory"
    links = 2


Node = File | Directory


class Places:
    """All files of a world."""

    def __init__(self) -> None:
        self._numbers = 1
        self.root = Directory(1)
        self.path = HOME
        self.handles: dict[Any, Any] = {}
        """Open files by the pids and references that stand for them."""
        for path in (HOME, "/tmp"):
            self.make_directory(path)

    @property
    def cwd(self) -> Term:
        """The current directory."""
        return chars(self.path)

    def numbered(self) -> int:
        """A number for a new file."""
        self._numbers += 1
        return self._numbers

    def absolute(self, path: str) -> list[str]:
        """The names from the root on; those that are `.` are left out, `..` stays."""
        if not path:
            raise Refusal("enoent")
        whole = path if path.startswith("/") else f"{self.path}/{path}"
        return [each for each in whole.split("/") if each not in ("", ".")]

    def find(self, path: str) -> Node:
        """The file or directory; raises `Refusal`."""
        node: Node = self.root
        above: list[Directory] = []
        for name in self.absolute(path):
            if not isinstance(node, Directory):
                raise Refusal("enotdir")
            if name == "..":
                node = above.pop() if above else self.root
                continue
            if name not in node.entries:
                raise Refusal("enoent")
            above.append(node)
            node = node.entries[name]
        if path.endswith(("/", "/.")) and not isinstance(node, Directory):
            raise Refusal("enotdir")
        return node

    def parent(self, path: str) -> tuple[Directory, str]:
        """The directory in which a name stands or would stand, and the name there; empty for the root."""
        names = self.absolute(path)
        if not names or names[-1] == "..":
            return self.root, ""
        node = self.find("/" + "/".join(names[:-1]))
        if not isinstance(node, Directory):
            raise Refusal("enotdir")
        return node, names[-1]

    def directory(self, path: str) -> Directory:
        """A directory; raises `Refusal`."""
        node = self.find(path)
        if not isinstance(node, Directory):
            raise Refusal("enotdir")
        return node

    def make_directory(self, path: str) -> None:
        """Make one, whose parent is there."""
        parent, name = self.parent(path)
        if not name or name in parent.entries:
            raise Refusal("eexist")
        parent.entries[name] = Directory(self.numbered())
        parent.changed = now()

    def remove_directory(self, path: str) -> None:
        """Remove one that is empty."""
        parent, name = self.parent(path)
        node = self.find(path)
        if not isinstance(node, Directory):
            raise Refusal("enotdir")
        if not name or node.entries:
            raise Refusal("eexist" if name else "eacces")
        del parent.entries[name]

    def remove(self, path: str) -> None:
        """Remove a file."""
        parent, name = self.parent(path)
        node = self.find(path)
        if isinstance(node, Directory):
            raise Refusal("eperm")
        node.links -= 1
        del parent.entries[name]

    def opened(self, path: str, create: bool, exclusive: bool = False) -> File:
        """A file; made if it is not there and `create` is set."""
        parent, name = self.parent(path)
        node = parent.entries.get(name) if name else parent
        if create and path.endswith("/") and not isinstance(node, File):
            raise Refusal("eisdir")
        if node is not None:
            if create and exclusive:
                raise Refusal("eexist")
            if isinstance(node, Directory):
                raise Refusal("eisdir")
            if path.endswith("/"):
                raise Refusal("enotdir")
            return node
        if not create:
            raise Refusal("enoent")
        node = parent.entries[name] = File(self.numbered())
        parent.changed = now()
        return node

    def rename(self, source: str, target: str) -> None:
        """Rename a file or a directory."""
        node = self.find(source)
        old_parent, old = self.parent(source)
        new_parent, new = self.parent(target)
        there = new_parent.entries.get(new)
        if there is node:
            return
        if isinstance(node, Directory):
            if not old or not new or self._is_within(new_parent, node):
                raise Refusal("einval")
            if isinstance(there, File):
                raise Refusal("enotdir")
            if there is not None and there.entries:
                raise Refusal("eexist")
        elif isinstance(there, Directory) or not new:
            raise Refusal("eisdir")
        elif target.endswith("/"):
            raise Refusal("enotdir")
        del old_parent.entries[old]
        new_parent.entries[new] = node

    @staticmethod
    def _is_within(inner: Directory, outer: Directory) -> bool:
        waiting: list[Node] = [outer]
        while waiting:
            node = waiting.pop()
            if node is inner:
                return True
            if isinstance(node, Directory):
                waiting.extend(node.entries.values())
        return False

    def link(self, source: str, target: str) -> None:
        """Another name for a file."""
        node = self.find(source)
        parent, name = self.parent(target)
        if not name or name in parent.entries:
            raise Refusal("eexist")
        if not isinstance(node, File):
            raise Refusal("eperm")
        node.links += 1
        parent.entries[name] = node


def current() -> Places:
    """The file system of the current world."""
    found: Places = storage("files", Places)
    return found


def named(name: Term) -> str:
    """The path that a name stands for; raises `Refusal` with `badarg`."""
    try:
        return wide(name)
    except NoName:
        raise Refusal("badarg") from None


def datetime_of(seconds: int) -> Term:
    """`{{Year, Month, Day}, {Hour, Minute, Second}}`."""
    when = datetime.fromtimestamp(seconds, tz=UTC)
    return (when.year, when.month, when.day), (when.hour, when.minute, when.second)
