"""The record behind a pid. Data alone: what happens to it is in `signals` and `scheduler`.

A process that idles costs this record, its coroutine and little else: every container is made when
it is first needed. `parked` is the one bit that senders look at; the rest of the state follows from
`patterns` (waits for a message that matches), `waiting` (waits for a simpy event), `code` (the coroutine) and `alive`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from erlsim.terms import Pid

if TYPE_CHECKING:
    from erlsim._kernel.clock import MessageTimer, Timer
    from erlsim._kernel.lifecycle import Lifecycle as World
    from erlsim._kernel.mailbox import Mailbox


class Monitor:
    """One monitor: who watches whom, under which reference; also the alias that came with it."""

    __slots__ = ("active", "alias", "item", "owner", "ref", "tag", "target")

    def __init__(self, ref: Any, owner: Process, item: Any, tag: Any = "DOWN") -> None:
        self.ref = ref
        self.owner = owner
        self.item = item
        self.tag = tag
        self.target: Process | None = None
        self.active = True
        self.alias: str | None = None


class Alias:
    """An alias that came without a monitor; `alias` is its mode, `None` once it is inactive."""

    __slots__ = ("alias", "owner", "ref")

    def __init__(self, ref: Any, owner: Process, mode: str) -> None:
        self.ref = ref
        self.owner = owner
        self.alias: str | None = mode


class Process:
    """A process, alive or dead."""

    __slots__ = (
        "alive",
        "at_exit",
        "body",
        "code",
        "dictionary",
        "error",
        "exit_reason",
        "flags",
        "group_leader",
        "initial_call",
        "inq",
        "is_shell",
        "is_system",
        "links",
        "mailbox",
        "monitored_by",
        "monitors",
        "name",
        "nsig",
        "parent",
        "parked",
        "patterns",
        "pid",
        "suspended",
        "timer",
        "timers",
        "trap_exit",
        "value",
        "waiting",
        "world",
    )

    def __init__(self, world: World, pid: Pid, body: Callable[[], Any] | None) -> None:
        self.world = world
        self.pid = pid
        self.body = body
        self.code: Any = None
        self.alive = True
        self.parked = False
        self.patterns: tuple[Any, ...] | None = None
        self.waiting: Any = None
        self.value: Any = None
        self.error: BaseException | None = None
        self.inq: list[Any] = []
        self.nsig = 0
        self.mailbox: Mailbox | None = None
        self.timer: Timer | None = None
        self.trap_exit = False
        self.links: dict[int, Process] | None = None
        self.monitors: dict[int, Monitor] | None = None
        self.monitored_by: dict[int, Monitor] | None = None
        self.timers: dict[int, MessageTimer] | None = None
        self.at_exit: dict[str, Callable[[Pid], None]] | None = None
        self.dictionary: Any = None
        self.flags: dict[str, Any] | None = None
        self.name: str | None = None
        self.group_leader: Pid = pid
        self.parent: Pid | None = None
        self.initial_call: tuple[str, str, int] = ("erlang", "apply", 2)
        self.exit_reason: Any = None
        self.suspended = 0
        self.is_shell = False
        self.is_system = False

    def messages(self) -> list[Any]:
        """What lies in the mailbox, oldest first (signals in transit not counted)."""
        return list(self.mailbox) if self.mailbox else []

    def __repr__(self) -> str:
        return f"{self.pid!r}" + (f" ({self.name})" if self.name else "")
