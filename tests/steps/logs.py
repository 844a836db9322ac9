"""What a log of steps tells of small programs: every choice that was put, every step with its cause and its touches.

`logs.txt` has these texts. Its first programs were looked through against the table of touches in `steps.records`, the
others are as they came out; `python -m tests.steps.logs` writes them anew, and what it changes is to be looked through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from erlsim import Simulation, erlang, ets, timer, wait_for
from erlsim.terms import format as text_of

FILE = Path(__file__).with_name("logs.txt")


class Unlogged:
    """A chooser that answers by a cycle of numbers, each cut to the number of options, and keeps what it is asked.

    It does not want the log.
    """

    def __init__(self, cycle: tuple[int, ...]) -> None:
        self.cycle = cycle
        self.count = 0
        self.lines: list[str] = []
        self.events: Any = []
        self.told = 0

    def choose(self, kind: str, options: Any) -> int:
        """The next of the cycle, or the last option."""
        if kind != "step":
            return 0
        self.tell()
        index = min(self.cycle[self.count % len(self.cycle)], len(options) - 1)
        self.count += 1
        self.lines.append("? " + " | ".join(map(_option, options)) + f" -> {index}")
        return index

    def tell(self) -> None:
        """Write down the steps that have been done by now."""
        for number in range(self.told, len(self.events)):
            step = self.events[number]
            because = "" if step.cause is None else f" since {step.cause}"
            touches = sorted({_touch(*touch) for touch in step.touches})
            self.lines.append(f"{number}: {step.process} {step.operation} at {step.at}{because}: {', '.join(touches)}")
        self.told = len(self.events)


class Chooser(Unlogged):
    """It does, and the steps stand between the choices."""

    def begin_log(self, events: Any) -> None:
        """These are the steps."""
        self.events = events


def _option(step: Any) -> str:
    touches = step.touches
    found = f"{step.process} {step.operation}"
    if step.operation == "receive":
        # The number of the signal that it takes.
        [(_, _, (serial, *_))] = touches
        found += f" of {serial}"
    return f"{found}({len(touches)})"


def _touch(thing: tuple[Any, ...], mode: str, detail: Any) -> str:
    return "/".join(map(term, thing)) + f" {mode}" + ("" if detail is None else f" {term(detail)}")


def term(value: Any) -> str:
    """A term in short: atoms as they are, `-` for nothing."""
    if value is None or value is ...:
        return "-" if value is None else "..."
    if isinstance(value, tuple):
        return "{" + ",".join(map(term, value)) + "}"
    if callable(value):
        return "fun"
    return value if isinstance(value, str) else str(text_of("~0tp", [value]))


# ---- programs ---------------------------------------------------------------------------


async def links_and_monitors() -> Any:
    """A child ends well, one is killed, one has been dead before, one is watched no more."""
    erlang.process_flag("trap_exit", True)
    first = erlang.spawn_link(erlang.receive, ["stop"])
    watched = erlang.monitor("process", first)
    second = erlang.spawn_link(erlang.receive, ["never"])
    taken_back = erlang.monitor("process", second)
    erlang.send(first, "stop")
    erlang.demonitor(taken_back)
    erlang.exit(second, "kill")
    await erlang.receive(("DOWN", watched, ..., ..., ...))
    erlang.monitor("process", first)
    erlang.link(first)
    erlang.unlink(second)
    return [await erlang.receive(), await erlang.receive(), await erlang.receive(after=1)]


async def an_end_that_spreads() -> Any:
    """Three are linked in a row; the last crashes, the first traps exits."""
    me = erlang.self()

    async def middle() -> None:
        async def last() -> None:
            await erlang.receive("go")
            erlang.exit("crash")

        pid = erlang.spawn_link(last)
        erlang.register("last", pid)
        erlang.send(me, "ready")
        await erlang.receive("never")

    erlang.process_flag("trap_exit", True)
    erlang.spawn_link(middle)
    await erlang.receive("ready")
    erlang.send("last", "go")
    found = await erlang.receive(("EXIT", ..., ...))
    return found[2], erlang.whereis("last")


async def aliases() -> Any:
    """A reply comes through an alias, and a second one too late."""

    async def server() -> None:
        _, alias = await erlang.receive(("call", ...))
        erlang.send(alias, "one")
        erlang.send(alias, "two")

    pid = erlang.spawn(server)
    ref = erlang.monitor("process", pid, [("alias", "reply_demonitor")])
    erlang.send(pid, ("call", ref))
    return [await erlang.receive("one"), await erlang.receive(after=2)]


async def timers() -> Any:
    """Two timers and a timeout in one instant: to a process, to a name, and one that is cancelled."""
    me = erlang.self()
    first = erlang.start_timer(5, me, "a")
    erlang.send_after(5, "named", "b")
    erlang.register("named", me)
    cancelled = erlang.start_timer(5, me, "c")
    await erlang.receive(("timeout", first, ...), after=5)
    return erlang.cancel_timer(cancelled) is False, await erlang.receive(after=1) == "b"


async def tables() -> Any:
    """A table and a name go with their owner."""
    me = erlang.self()

    def owner() -> None:
        table = ets.new("t", ["named_table", "public", ("heir", me, "mine")])
        ets.insert(table, ("k", 1))
        erlang.register("owner", erlang.self())

    pid, ref = erlang.spawn_monitor(owner)
    await erlang.receive(("DOWN", ref, "process", pid, ...))
    await erlang.receive(("ETS-TRANSFER", "t", ...), ("ETS-TRANSFER", "t", pid, "mine"), after=0)
    return ets.lookup("t", "k")


async def questions() -> Any:
    """Who is asked answers between two operations, in a receive, and when he has ended."""

    def busy() -> None:
        erlang.whereis("a")
        erlang.whereis("b")

    pid = erlang.spawn(busy)

    async def owns() -> None:
        ets.new("owned", ["named_table"])
        await erlang.receive("stop")

    waits = erlang.spawn(owns)
    erlang.send(waits, "first")
    erlang.send(pid, "first")
    found = [erlang.process_info(pid, "links"), erlang.process_info(waits, "links")]
    erlang.exit(waits, "stop")
    return [*found, erlang.is_process_alive(waits), erlang.is_process_alive(pid)]


async def suspended() -> Any:
    """A suspended process takes its signals in, and goes on with nothing else."""
    pid = erlang.spawn(erlang.receive, ["stop"])
    erlang.send(pid, "early")
    erlang.suspend_process(pid)
    ref = erlang.monitor("process", pid)
    erlang.send(pid, "stop")
    early = await erlang.receive(("DOWN", ref, ...), ("DOWN", ref, "process", pid, ...), after=1)
    erlang.resume_process(pid)
    return [early is None, await erlang.receive(("DOWN", ref, "process", pid, ...), after=1)]


class Woken:
    """What goes on when a message has come."""

    async def up(to: Any) -> None:
        erlang.send(to, await erlang.receive())


async def other_ways_to_wait() -> Any:
    """Yielding, hibernating, waiting for an event of simpy."""
    me = erlang.self()

    async def hibernates() -> None:
        await erlang.yield_()
        await erlang.hibernate(Woken, "up", [me])

    async def waits() -> None:
        await wait_for(simulation().env.timeout(1))
        erlang.send(me, "waited")

    pid = erlang.spawn(hibernates)
    erlang.spawn(waits)
    erlang.send(pid, "wake")
    return [await erlang.receive(), await erlang.receive()]


async def flushing() -> Any:
    """A DOWN that is there, or not yet, is flushed; the monitor was on a process that ends, or was dead."""
    pid, ref = erlang.spawn_monitor(lambda: None)
    told = erlang.demonitor(ref, ["flush", "info"])
    other, second = erlang.spawn_monitor(lambda: None)
    more = [erlang.monitor("process", other) for _ in range(3)]
    await erlang.receive("nothing", after=1)
    erlang.demonitor(second, ["flush"])
    gone = [erlang.demonitor(more[0], ["flush", "info"]), erlang.demonitor(more[1], ["info"])]
    third = erlang.monitor("process", pid)
    erlang.send(other, "late")
    return told, gone, await erlang.receive(("DOWN", third, ..., ..., ...), after=3)


async def a_node_that_goes_down() -> Any:
    """Links, monitors and messages to a process on a node that stops."""
    erlang.process_flag("trap_exit", True)
    erlang.setnode("here@localhost")
    erlang.start_node("there@localhost")
    pid = erlang.spawn("there@localhost", lambda: erlang.receive("never"))
    erlang.link(pid)
    ref = erlang.monitor("process", pid)
    erlang.send(pid, "hello")
    erlang.disconnect_node("there@localhost")
    down = await erlang.receive(("DOWN", ref, ..., ..., ...))
    late = erlang.monitor("process", pid)
    reasons = (await erlang.receive(("EXIT", pid, ...)))[2], (await erlang.receive(("DOWN", late, ..., ..., ...)))[4]
    return down[4], *reasons


async def who_dies_where_he_stands() -> Any:
    """Ended before an operation, in a receive that would find its message, while suspended, of itself."""
    me = erlang.self()
    erlang.process_flag("trap_exit", True)

    async def itself() -> None:
        erlang.process_flag("trap_exit", True)
        erlang.exit(erlang.self(), "of itself")
        await erlang.receive()
        erlang.exit(erlang.self(), "kill")

    async def finds() -> None:
        await erlang.receive("go")
        erlang.send(me, "survived")

    pids = [erlang.spawn_link(each) for each in (itself, finds, lambda: ets.new("unnamed", []))]
    erlang.suspend_process(pids[1])
    erlang.send(pids[1], "go")
    erlang.exit(pids[1], ("gone", 1))
    erlang.unlink(pids[2])
    erlang.exit(pids[2], "shutdown")
    erlang.process_flag("trap_exit", False)
    return [await erlang.receive(after=2) for _ in pids]


class Incomparable:
    """Nobody can tell what it equals."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        raise ValueError("no answer")

    def __repr__(self) -> str:
        return "Incomparable()"


async def a_message_that_cannot_be_compared() -> Any:
    """It is an error for who receives it; a receive without patience looks once."""

    async def receiver() -> None:
        try:
            await erlang.receive(Incomparable(), after=5)
        except ValueError:
            erlang.exit("cannot be told")

    pid, ref = erlang.spawn_monitor(receiver)
    nothing = await erlang.receive(("DOWN", ref, ..., ..., ...), after=0)
    erlang.send(pid, Incomparable())
    return nothing == "x", (await erlang.receive(("DOWN", ref, "process", pid, ...)))[4]


async def asked_while_he_stands() -> Any:
    """A question makes who stands before an operation take a deadly signal in, and what he owns goes after that."""

    def stands() -> None:
        ets.new("his", ["named_table"])
        erlang.register("he", erlang.self())
        erlang.whereis("he")
        erlang.whereis("he")

    pid = erlang.spawn(stands)
    await erlang.yield_()
    erlang.exit(pid, "stop")
    alive = erlang.is_process_alive(pid)
    erlang.link(erlang.spawn(stands))
    return alive, ets.whereis("his") == "undefined", await erlang.receive(after=1)


async def others_than_processes() -> Any:
    """A process of simpy, a server of erlsim's own and who unwinds do what others notice."""
    me = erlang.self()
    erlang.register("shell", me)
    ended = erlang.alias(["reply"])
    erlang.send(ended, "through")

    async def unwinds() -> None:
        try:
            await erlang.receive("never")
        finally:
            erlang.send(ended, "no more")

    def outside() -> Any:
        yield simulation().env.timeout(1)
        erlang.send("shell", "from simpy")
        ets.whereis("nothing")
        erlang.exit(pid, "stop")

    timer.apply_after(1, "erlang", "send", ["shell", "applied"])
    pid, ref = erlang.spawn_monitor(unwinds)
    simulation().env.process(outside())
    await erlang.receive("through")
    return [await erlang.receive(("DOWN", ref, ..., ..., ...), "applied", after=5) for _ in range(2)]


async def who_watches_and_acts() -> Any:
    """What an observer does in the middle of a step belongs to that step."""
    me = erlang.self()

    def seen(event: Any) -> None:
        if event.kind == "receive" and event.data == ("go",):
            ets.whereis("seen")
            erlang.send(me, "seen")
        elif event.kind == "exit":
            erlang.send(me, "gone")
        elif event.kind == "register":
            erlang.exit(event.pid, "not this one")

    async def goes() -> None:
        await erlang.receive("go")
        erlang.register("he", erlang.self())
        erlang.whereis("he")

    end = simulation().observe(seen)
    pid = erlang.spawn(goes)
    erlang.send(pid, "go")
    found = [await erlang.receive(), await erlang.receive()]
    end()
    return found


async def two_owners_end() -> Any:
    """The parts of two ends, and somebody who goes on beside them."""

    async def owns(first: str, second: str) -> None:
        ets.new(first, ["named_table"])
        ets.new(second, ["named_table"])
        await erlang.receive("never")

    pids = [erlang.spawn(owns, [f"a{number}", f"b{number}"]) for number in range(2)]
    await erlang.receive("nothing", after=1)
    for pid in pids:
        erlang.exit(pid, "stop")
    found = [erlang.is_process_alive(pid) for pid in pids]
    return [*found, *[ets.whereis(f"{letter}{number}") == "undefined" for letter in "ab" for number in range(2)]]


async def unlinked_from_the_dead() -> Any:
    """Who unlinks himself from who is dead has heard of it, whether that had come or not."""
    erlang.process_flag("trap_exit", True)
    me = erlang.self()

    def says_good_bye() -> None:
        erlang.send(me, "good bye")

    pids = [erlang.spawn_link(each) for each in (says_good_bye, lambda: erlang.exit("bad"), erlang.receive)]
    for _ in range(3):
        erlang.whereis("nobody")
    erlang.unlink(pids[0])
    found = [await erlang.receive(("EXIT", pids[0], ...), after=0)]
    erlang.unlink(pids[1])
    erlang.unlink(pids[2])
    erlang.exit(pids[2], "kill")
    return [*found, await erlang.receive(after=2), await erlang.receive(after=2)]


async def crossed_links() -> Any:
    """Two link to each other and end in one instant; a third monitors, links and asks while they do."""
    first = erlang.spawn(erlang.receive, ["stop"])

    def second() -> None:
        erlang.link(first)
        erlang.send(first, "stop")
        erlang.unlink(first)

    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn(second)
    refs = [erlang.monitor("process", each) for each in (first, pid)]
    erlang.link(first)
    alive = erlang.is_process_alive(first)
    return alive, [(await erlang.receive(("DOWN", ref, ..., ..., ...)))[4] for ref in refs]


def simulation() -> Any:
    """The simulation that the caller runs in."""
    from tests.kernel.kit import current

    return current()


PROGRAMS: tuple[Callable[[], Any], ...] = (
    links_and_monitors,
    an_end_that_spreads,
    aliases,
    timers,
    tables,
    questions,
    suspended,
    other_ways_to_wait,
    flushing,
    a_node_that_goes_down,
    who_dies_where_he_stands,
    a_message_that_cannot_be_compared,
    asked_while_he_stands,
    others_than_processes,
    who_watches_and_acts,
    two_owners_end,
    unlinked_from_the_dead,
    crossed_links,
)
CYCLES = ((0,), (9,), (1, 0, 2))
OPTIONS: tuple[dict[str, Any], ...] = ({}, {"clock": "late", "transit": True})


def cases() -> Iterator[tuple[str, Callable[[], Any], tuple[int, ...], dict[str, Any]]]:
    """A name for each run, the program, the answers to the choices, and the options of the simulation."""
    for program in PROGRAMS:
        for cycle in CYCLES:
            for options in OPTIONS:
                words = " ".join(f"{name}={value}" for name, value in options.items())
                yield f"{program.__name__} {cycle} {words}".rstrip(), program, cycle, options


def told(program: Callable[[], Any], cycle: tuple[int, ...], options: dict[str, Any], log: bool = True) -> str:
    """All choices and steps of one run, and what became of it."""
    chooser = (Chooser if log else Unlogged)(cycle)
    with Simulation(chooser=chooser, preempt=True, **options) as sim:
        try:
            value = text_of("~0tp", [sim.run(program)])
        except Exception as failure:
            value = f"{type(failure).__name__} {failure}".partition(",")[0]
    chooser.tell()
    sim.close()
    return "\n".join([*chooser.lines, f"= {value}"])


def texts_in(file: Path) -> dict[str, str]:
    """The texts by name, as they have been written down."""
    found = {}
    for part in file.read_text(encoding="utf-8").split("\n\n"):
        name, _, text = part.strip().partition("\n")
        found[name] = text
    return found


def write(file: Path, texts: Iterable[tuple[str, str]]) -> None:
    """Write texts down under their names."""
    file.write_text("\n\n".join(f"{name}\n{text}" for name, text in texts) + "\n", encoding="utf-8")


def written() -> dict[str, str]:
    """The texts by name, as they have been written down."""
    return texts_in(FILE)


if __name__ == "__main__":
    write(FILE, ((name, told(program, cycle, options)) for name, program, cycle, options in cases()))
