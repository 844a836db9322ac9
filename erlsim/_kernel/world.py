"""What a simulated world consists of, as data: nodes, processes, names, the clock, the run queue, who watches.

Nothing here acts. What happens to a process is in `sending` (how a signal gets into its queue), `arrivals` (what
the signal does), `receiving` (how it waits) and `lifecycle` (how it begins and ends); who runs is up to `scheduler`,
and `shell` speaks for the code outside every process. Worlds and processes know each other, hence one file.

A process that idles costs its record, its coroutine and little else: every container is made when it is first
needed. `parked` is the one bit that senders look at; the rest of the state follows from `patterns` (waits for a
message that matches), `waiting` (waits for a simpy event), `code` (the coroutine) and `alive`.

Invariants:
- A process is in `ready` at most once, and exactly when it is alive, not parked, not suspended and not running.
- A parked process has seen every message in its `mailbox`; only `inq` can hold something new.
- `nsig` is the number of `Signal` objects in `inq`; what else lies there is a plain message.
- `slow` is false (`UNWATCHED`) only in an untraced world under first-in first-out: senders then need to do nothing but
  append and mark the receiver ready, and no operation is told to anybody. With a chooser alone it is `CHOSEN`: signals
  are told apart by their senders, and still nobody hears of operations. Else it is `WATCHED`, and so it is while
  `closing` is true. The clock looks at the run queue by itself before time moves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from erlsim._kernel.choice import Chooser
from erlsim._kernel.clock import MessageTimer, Timer
from erlsim._kernel.links import Links, Monitors
from erlsim._kernel.mailbox import LONG, Mailbox
from erlsim.terms import Pid, Ref, copy
from erlsim.terms.ids import pid_on

T = TypeVar("T")

FIRST_PID = 83
NONODE: Final = "nonode@nohost"
"""What a node is called that has no name: it is not distributed."""
EMPTY: Final[Any] = ()
# How closely a world is looked at: `World.slow`.
UNWATCHED: Final = 0
CHOSEN: Final = 1
WATCHED: Final = 2
# The kinds of events whose data are the program's own terms; all other data are names, pids, references and numbers.
WITH_TERMS: Final = frozenset(("send", "receive", "exit", "exit_signal", "timer", "arrive", "drop", "child"))
# Of so many processes that had a name and have ended it is kept.
MOST_FORMER = 1000


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


class Rare(Generic[T]):
    """An attribute that few processes have: of the others it is `default`. To read it costs a call."""

    def __init__(self, default: T) -> None:
        self._default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, process: Process, owner: type) -> T:
        if process.rare is None:
            return self._default
        value: T = process.rare.get(self._name, self._default)
        return value

    def __set__(self, process: Process, value: T) -> None:
        if process.rare is None:
            process.rare = {}
        process.rare[self._name] = value


class Process:
    """A process, alive or dead. `inq` is what the BEAM calls so: the signals that it has not handled yet."""

    __slots__ = (
        "alive",
        "body",
        "code",
        "dictionary",
        "error",
        "group_leader",
        "initial_call",
        "inq",
        "links",
        "mailbox",
        "monitored_by",
        "monitors",
        "nsig",
        "parent",
        "parked",
        "patterns",
        "pid",
        "rare",
        "stand",
        "suspended",
        "timer",
        "timers",
        "trap_exit",
        "value",
        "world",
    )

    # What few processes have takes no room in the others: it is in `rare`.
    name: Rare[str | None] = Rare(None)
    # A simpy event, or the body of one that hibernates.
    waiting: Rare[Any] = Rare(None)
    at_exit: Rare[dict[str, Callable[[Pid], None]] | None] = Rare(None)
    flags: Rare[dict[str, Any] | None] = Rare(None)
    is_shell: Rare[bool] = Rare(False)
    is_system: Rare[bool] = Rare(False)

    def __init__(self, world: World, pid: Pid, body: Callable[[], Any] | None) -> None:
        self.world = world
        self.pid = pid
        self.body = body
        self.code: Any = None
        self.alive = True
        self.parked = False
        self.patterns: tuple[Any, ...] | None = None
        # What it goes on with; of one that is dead, why it has ended.
        self.value: Any = None
        self.error: BaseException | None = None
        # It holds no list while there is nothing in it: see `sending.put`.
        self.inq: list[Any] = EMPTY
        self.nsig = 0
        self.mailbox: Mailbox | None = None
        self.timer: Timer | None = None
        self.timers: dict[int, MessageTimer] | None = None
        self.trap_exit = False
        self.links: Links | None = None
        self.monitors: Monitors | None = None
        self.monitored_by: dict[int, Monitor] | None = None
        self.dictionary: Any = None
        self.group_leader: Pid = pid
        self.parent: Pid | None = None
        self.initial_call: tuple[str, str, int] = ("erlang", "apply", 2)
        self.suspended = 0
        self.rare: dict[str, Any] | None = None
        # Where it stands in a world with steps (`steps.Stand`).
        self.stand: Any = None

    def messages(self) -> list[Any]:
        """What lies in the mailbox, oldest first (signals in transit not counted)."""
        return list(self.mailbox) if self.mailbox else []

    def __repr__(self) -> str:
        return f"{self.pid!r}" + (f" ({self.name})" if self.name else "")


class Registry:
    """Names of living processes, in the order in which they were registered: one name a process, one process a name.

    `former` has the names that were taken away last, by number of pid: errors tell by them who was who. `node` is the
    node that they are of, `None` for the first one.
    """

    __slots__ = ("_by_name", "former", "node")

    def __init__(self, node: str | None = None) -> None:
        self.node = node
        self._by_name: dict[str, Process] = {}
        self.former: dict[int, str] = {}

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
            self.former[process.pid.number] = process.name
            if len(self.former) > MOST_FORMER:
                del self.former[next(iter(self.former))]
            process.name = None

    def names(self) -> list[str]:
        """All names."""
        return list(self._by_name)

    def thing(self, name: Any) -> tuple[Any, ...]:
        """What who asks for `name`, gives it or takes it away has to do with (see `steps.records`)."""
        return ("name", name if self.node is None else (name, self.node))


class Node:
    """One node. Its pids have its `number`; 0 is the first one, where the world began. One that is down stays so."""

    __slots__ = ("is_up", "name", "next_pid", "number", "registry")

    def __init__(self, number: int, name: str, registry: Registry) -> None:
        self.number = number
        self.name = name
        self.registry = registry
        # Of the first one it is the world's.
        self.next_pid = FIRST_PID
        self.is_up = True

    def pids(self) -> list[Pid]:
        """Those of all processes that the node has had; of the first one none are known."""
        return [pid_on(self.number, each) for each in range(FIRST_PID, self.next_pid)]


class World:
    """One simulated node, and others beside it if a program starts them: all have one clock and one run queue.

    `epoch` is its calendar's date at 0 ms, in ms since 1970.
    `on_crash(process, kind, reason, exception)` hears of each process that dies of what nobody has caught.
    """

    __slots__ = (
        "blame",
        "chooser",
        "clock",
        "closing",
        "current",
        "diversion",
        "drive",
        "epoch",
        "extensions",
        "inbox",
        "inside",
        "interrupted",
        "last_ref",
        "late",
        "moving",
        "next_pid",
        "node",
        "node_watchers",
        "nodes",
        "on_crash",
        "picture",
        "ready",
        "received",
        "registry",
        "seen",
        "sent",
        "shell",
        "slow",
        "stepping",
        "steps",
        "table",
        "tracer",
        "unsent",
        "yields",
    )

    # The process that stands for the code outside every process, and the one that runs now: the shell too if none does.
    shell: Process
    current: Process
    # How the shell waits: `shell.Shell` puts it here.
    drive: Callable[[Any], Any]

    def __init__(
        self,
        chooser: Chooser | None = None,
        on_crash: Callable[[Process, str, Any, BaseException], None] | None = None,
        epoch: int = 0,
    ) -> None:
        from erlsim._kernel.clock.environment import Clock

        self.chooser = chooser
        self.on_crash = on_crash
        self.epoch = epoch
        self.next_pid = FIRST_PID
        self.last_ref = 0
        self.table: dict[int, Process] = {}
        self.registry = Registry()
        self.node = Node(0, NONODE, self.registry)
        # All nodes by number, from when there is a second one: until then nobody asks which node something is of.
        self.nodes: list[Node] | None = None
        # Who is to hear that a node goes down, `(process, its name)`, or of all that come and go, `(process, None)`.
        self.node_watchers: list[tuple[Process, str | None]] = []
        self.ready: deque[Process] = deque()
        self.clock = Clock(self.ready, chooser)
        self.extensions: dict[str, Any] = {}
        # What other threads send: `(pid or name, message)`; to append to a deque is safe in any thread.
        self.inbox: deque[tuple[Any, Any]] = deque()
        # It is told of events by rows `(time, kind, pid, *data)`. What is in a row is nobody else's, or cannot change.
        self.tracer: Callable[[tuple[Any, ...]], None] | None = None
        # The message that it was told of last, as it was sent; and the one whose row shows a copy of it, or itself: who
        # watches what becomes of that finds it here.
        self.sent: Any = None
        self.received: Any = None
        self.slow = UNWATCHED if chooser is None else CHOSEN
        # Whether the scheduler's loop runs: who waits then is a process, and else the shell.
        self.stepping = False
        # Whether a process unwinds that is dead already: the world does not listen to it.
        self.closing = False
        # Whether what waits now is the code of a process that lives: stepping, and nobody unwinds by himself.
        self.inside = False
        # What has interrupted the world in the middle of something, if anything has: it is closed then.
        self.interrupted: str | None = None
        # And where every process was then, in words.
        self.picture: list[str] | None = None
        # The monitor that the running process has asked for last, if nobody is there to be watched. In a world with
        # steps there is none: it is on its way, as all that goes to several is (`steps.Channels`).
        self.unsent: Monitor | None = None
        # What a test does to signals: whether a signal to a process does not go its usual way.
        self.diversion: Callable[[Process, Any], bool] | None = None
        # Who has signals that a chooser has made late, and how often somebody has yielded since.
        self.late: list[Process] = []
        self.yields = 0
        # What lets processes give way before each visible operation (`steps.Steps`), and who hears of these operations.
        self.steps: Any = None
        self.seen: Callable[[Any, tuple[Any, ...]], None] | None = None
        # Whether the clock goes on: what is done outside of every process then is not the shell's code's doing.
        self.moving = False
        # What knows which deaths are a test's own doing (`erlsim.trace.crashes`): it is told of those by signals.
        self.blame: Any = None

    def watch(self, tracer: Callable[[tuple[Any, ...]], None] | None) -> None:
        """Let `tracer` see every event from now on."""
        self.tracer = tracer
        self.note_watchers()

    def note_watchers(self) -> None:
        """Set `slow` by who is there to watch."""
        if self.closing or self.tracer is not None or self.seen is not None or self.diversion is not None:
            self.slow = WATCHED
        else:
            self.slow = UNWATCHED if self.chooser is None else CHOSEN

    def visible(self, operation: Any, *args: Any) -> None:
        """The running code is about to do what others can notice (`steps.Operation`): others may go first."""
        if self.seen is not None:
            self.seen(operation, args)

    def note(self, kind: str, pid: Pid, *data: Any) -> None:
        """Put an event into the trace, if there is one."""
        if self.tracer is not None:
            self.tracer((self.clock._now, kind, pid, *(copy(data) if kind in WITH_TERMS else data)))

    def new_ref(self, home: Any = None) -> Ref:
        """A reference that no other one equals."""
        self.last_ref += 1
        ref = Ref(self.last_ref, home)
        box = self.current.mailbox
        if box and len(box) >= LONG:
            box.set_mark(ref)
        return ref

    def node_of(self, pid: Pid) -> Node:
        """The node that `pid` is of, which may be down."""
        return self.node if self.nodes is None else self.nodes[pid.node]

    def node_named(self, name: Any) -> Node | None:
        """The node of this name that is up."""
        for node in self.nodes or (self.node,):
            if node.name == name and node.is_up and type(name) is str:
                return node
        return None

    def names_of(self, pid: Pid) -> Registry:
        """The names on the node of `pid`."""
        return self.registry if self.nodes is None else self.nodes[pid.node].registry

    def named(self, item: Any) -> tuple[Process | None, tuple[Any, ...]]:
        """Who goes by `item`, a name on the first node or `(name, node)`; and what who asks that has to do with."""
        if type(item) is not tuple:
            return self.registry.get(item), self.registry.thing(item)
        node = self.node_named(item[1])
        return (None, ("name", item)) if node is None else (node.registry.get(item[0]), node.registry.thing(item[0]))

    def processes(self) -> list[Process]:
        """The living, oldest first."""
        return list(self.table.values())

    def extension(self, name: str, factory: Callable[[], Any]) -> Any:
        """What a layer above keeps for each world (ETS keeps its tables so)."""
        if name not in self.extensions:
            self.extensions[name] = factory()
        return self.extensions[name]
