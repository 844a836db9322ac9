"""Random programs of linked, monitoring, trapping processes, under random schedules: what always holds."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import erlsim
from erlsim import erlang
from erlsim.errors import ErlangException
from erlsim.terms import Pid, Ref
from erlsim.testing import RandomWalk

WORKERS = 4
NAMES = ("a", "b", "c")
REASONS = ("normal", "normal", "kill", "boom", ("shutdown", "x"))

workers = st.integers(0, WORKERS - 1)
names = st.sampled_from(NAMES)
reasons = st.sampled_from(REASONS)

ACTIONS = st.one_of(
    st.tuples(st.just("link"), workers),
    st.tuples(st.just("link"), workers),
    st.tuples(st.just("unlink"), workers),
    st.tuples(st.just("monitor"), workers),
    st.tuples(st.just("monitor_name"), names),
    st.tuples(st.just("demonitor"), st.integers(0, 9), st.booleans()),
    st.tuples(st.just("exit"), workers, reasons),
    st.tuples(st.just("end"), reasons),
    st.tuples(st.just("trap"), st.booleans()),
    st.tuples(st.just("trap"), st.just(True)),
    st.tuples(st.just("send"), workers),
    st.tuples(st.just("register"), names, workers),
    st.tuples(st.just("unregister"), names),
    st.tuples(st.just("alive"), workers),
    st.tuples(st.just("wait")),
)
PROGRAMS = st.lists(st.tuples(workers, ACTIONS), min_size=20, max_size=40)
SEEDS = st.one_of(st.none(), st.integers(0, 2**16))


class World:
    """Runs one program: `WORKERS` processes that do what the shell tells them, and note what they hear."""

    def __init__(self, seed: int | None) -> None:
        self.sim = erlsim.Simulation(chooser=None if seed is None else RandomWalk(seed))
        self.pids: list[Pid] = []
        self.heard: dict[Pid, list[Any]] = {}
        self.monitors: dict[Ref, Pid] = {}
        self.ended: set[Ref] = set()
        self.flushed: dict[Ref, int] = {}
        self.count = 0

    async def main(self, program: list[Any]) -> None:
        """Take every step, and come to rest."""
        erlang.process_flag("trap_exit", True)
        for _ in range(WORKERS):
            pid = erlang.spawn(self.worker)
            self.heard[pid] = []
            self.pids.append(pid)
        for who, action in program:
            if action[0] == "wait":
                await erlang.receive(lambda _message: False, after=1)
            else:
                erlang.send(self.pids[who], ("do", *action))
        await erlang.receive(lambda _message: False, after=10)

    async def worker(self) -> None:
        """Does as it is told, and notes everything else."""
        me, own = erlang.self(), []
        while True:
            match await erlang.receive():
                case ("do", *action):
                    try:
                        self.act(me, own, *action)
                    except ErlangException as exc:
                        if exc.kind == "exit":
                            raise
                case message:
                    self.heard[me].append(message)

    def act(self, me: Pid, own: list[Ref], what: str, *args: Any) -> None:
        """One action of a worker."""
        match what, *args:
            case "link" | "unlink", int(who):
                getattr(erlang, what)(self.pids[who])
            case "monitor", int(who):
                self.watch(me, own, self.pids[who])
            case "monitor_name", str(name):
                self.watch(me, own, name)
            case "demonitor", int(number), bool(flush) if number < len(own):
                self.ended.add(own[number])
                erlang.demonitor(own[number], ["flush"] if flush else [])
                if flush:
                    self.flushed.setdefault(own[number], self.downs(me, own[number]))
            case "exit", int(who), reason:
                erlang.exit(self.pids[who], reason)
            case "end", reason:
                erlang.exit(reason)
            case "trap", bool(flag):
                erlang.process_flag("trap_exit", flag)
            case "send", int(who):
                self.count += 1
                erlang.send(self.pids[who], ("message", me, self.count))
            case "register", str(name), int(who):
                erlang.register(name, self.pids[who])
            case "unregister", str(name):
                erlang.unregister(name)
            case "alive", int(who):
                erlang.is_process_alive(self.pids[who])

    def downs(self, me: Pid, ref: Ref) -> int:
        """How many DOWN messages of a monitor its owner has taken out of his mailbox."""
        return sum(1 for message in self.heard[me] if message[:2] == ("DOWN", ref))

    def watch(self, me: Pid, own: list[Ref], item: Any) -> None:
        """Monitor, and remember whose monitor it is."""
        target = erlang.whereis(item) if isinstance(item, str) else item
        ref = erlang.monitor("process", item)
        if target != me:
            own.append(ref)
            self.monitors[ref] = me


def run(program: list[Any], seed: int | None) -> World:
    """The world after a program."""
    world = World(seed)
    world.sim.run(world.main, program)
    return world


def info(pid: Pid, item: str) -> Any:
    """One item of a living process."""
    return erlang.process_info(pid, item)[1]


def living(world: World) -> list[Pid]:
    """The workers that are alive."""
    return [pid for pid in world.pids if erlang.is_process_alive(pid)]


always = settings(max_examples=60, deadline=None, derandomize=True)


@always
@given(PROGRAMS, SEEDS)
def test_links_are_symmetric_and_never_to_the_dead(program, seed):
    world = run(program, seed)
    with world.sim:
        alive = living(world)
        for pid in alive:
            linked = info(pid, "links")
            assert len(linked) == len(set(linked))
            assert pid not in linked
            assert all(other in alive and pid in info(other, "links") for other in linked)


@always
@given(PROGRAMS, SEEDS)
def test_a_monitor_is_known_on_both_sides_or_has_told_of_its_end_once(program, seed):
    world = run(program, seed)
    with world.sim:
        alive = living(world)
        active: Counter[tuple[Pid, Pid]] = Counter()
        for pid in alive:
            for _, item in info(pid, "monitors"):
                target = erlang.whereis(item[0]) if isinstance(item, tuple) else item
                # A name may have moved on meanwhile; what it was looked up to then still counts.
                if not isinstance(item, tuple):
                    assert target in alive
                    active[pid, target] += 1
        watched = Counter((owner, pid) for pid in alive for owner in info(pid, "monitored_by"))
        assert all(watched[pair] >= count for pair, count in active.items())
        assert all(owner in alive for owner, _ in watched)
        told = Counter(m[1] for heard in world.heard.values() for m in heard if m[0] == "DOWN")
        for ref, owner in world.monitors.items():
            if owner in alive:
                assert told[ref] <= 1
        owned = Counter(owner for ref, owner in world.monitors.items() if ref not in world.ended and not told[ref])
        assert all(owned[pid] == len(info(pid, "monitors")) for pid in alive)


@always
@given(PROGRAMS, SEEDS)
def test_a_monitor_that_was_flushed_away_tells_nothing_any_more(program, seed):
    world = run(program, seed)
    for ref, before in world.flushed.items():
        assert world.downs(world.monitors[ref], ref) == before


@always
@given(PROGRAMS, SEEDS)
def test_nobody_dies_by_another_to_whom_he_is_not_linked_and_who_sent_him_nothing(program, seed):
    world = run(program, seed)
    linked: dict[frozenset[Pid], bool] = {}
    sent: set[tuple[Pid, Pid]] = set()
    for event in world.sim.trace:
        if event.kind in ("link", "unlink"):
            linked[frozenset((event.pid, event.data[0]))] = event.kind == "link"
        elif event.kind == "exit_signal":
            sent.add((event.pid, event.data[0]))
        elif event.kind == "exit" and event.data[1] is not None:
            killer = event.data[1]
            assert (killer, event.pid) in sent or linked.get(frozenset((killer, event.pid)))


@always
@given(PROGRAMS, SEEDS)
def test_messages_between_two_processes_keep_their_order(program, seed):
    world = run(program, seed)
    for heard in world.heard.values():
        for sender in world.pids:
            numbers = [m[2] for m in heard if m[0] == "message" and m[1] == sender]
            assert numbers == sorted(set(numbers))


@always
@given(PROGRAMS, SEEDS)
def test_names_are_unique_and_belong_to_the_living(program, seed):
    world = run(program, seed)
    with world.sim:
        owners = {name: erlang.whereis(name) for name in NAMES}
        taken = [pid for pid in owners.values() if pid != "undefined"]
        assert len(taken) == len(set(taken))
        assert all(erlang.is_process_alive(pid) for pid in taken)
        for pid in living(world):
            named = erlang.process_info(pid, ["registered_name"])[0][1]
            assert [name for name, owner in owners.items() if owner == pid] == ([named] if named else [])


@always
@given(PROGRAMS, SEEDS)
def test_the_dead_do_nothing_and_hear_nothing(program, seed):
    world = run(program, seed)
    dead: set[Pid] = set()
    for event in world.sim.trace:
        if event.kind != "timer":
            assert event.pid not in dead, event
        if event.kind == "exit":
            dead.add(event.pid)
    with world.sim:
        assert {pid for pid in world.pids if not erlang.is_process_alive(pid)} == dead & set(world.pids)


@always
@given(PROGRAMS, SEEDS)
def test_who_does_not_trap_hears_of_no_exit_and_who_dies_dies_of_a_reason_that_was_sent(program, seed):
    world = run(program, seed)
    if not any(action[0] == "trap" and action[1] for _, action in program):
        assert not [m for heard in world.heard.values() for m in heard if m[0] == "EXIT"]
    for event in world.sim.trace.of("exit"):
        if event.pid in world.pids:
            assert event.data[0] in (*REASONS, "killed", "noproc")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(PROGRAMS, SEEDS)
def test_the_same_program_under_the_same_schedule_does_the_same(program, seed):
    first, second = run(program, seed), run(program, seed)
    assert first.sim.trace.text() == second.sim.trace.text()
    assert first.sim.trace.text()
