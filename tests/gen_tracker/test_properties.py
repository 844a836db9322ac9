"""Whatever the interleaving of callers, deaths and writes: names are unique, rows go, increments stay.

Several clients do what hypothesis thinks of, under the default schedule and under random ones.
"""

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import erlsim
import gen_tracker
from erlsim import erlang, ets, timer
from erlsim.otp import supervisor
from erlsim.terms import Pid
from erlsim.testing import CHOOSERS
from tests.gen_tracker.kit import ZONE, idle, tracker

NAMES = ("a", "b")
SHUTDOWNS = (10, "brutal_kill", "infinity")

names = st.sampled_from(NAMES)
actions = st.one_of(
    st.tuples(st.just("open"), names, st.sampled_from(["temporary", "transient", "permanent"]), st.integers(0, 2)),
    st.tuples(st.just("kill"), names, st.sampled_from(["kill", "normal", "oops"])),
    st.tuples(st.just("delete"), names),
    st.tuples(st.just("add"), names),
    st.tuples(st.just("set"), names),
    st.tuples(st.just("increment")),
    st.tuples(st.just("wait")),
    st.tuples(st.just("sleep"), st.integers(0, 3)),
)
programs = st.lists(st.lists(actions, max_size=8), min_size=1, max_size=4)
schedules = st.tuples(st.sampled_from(sorted(CHOOSERS)), st.integers(0, 2**16))


@erlsim.module(name="trk_watched")
class Watched:
    """Children that know their namesakes, and attributes that outlive nobody."""

    async def start(name, takes):
        await timer.sleep(takes)
        pid = erlang.spawn_link(idle)
        World.current.born(name, pid)
        return ("ok", pid)

    async def after_terminate(_name, attrs):
        await timer.sleep(dict(attrs).get("take", 0))


class World:
    """What happens in one run, and what must not."""

    current = None

    def __init__(self):
        World.current = self
        self.children = {name: [] for name in NAMES}
        self.increments = Counter()
        self.faults = []

    def born(self, name, pid):
        living = [other for other in self.children[name] if erlang.is_process_alive(other)]
        if living:
            self.faults.append(("namesakes", name, living, pid))
        self.children[name].append(pid)

    async def act(self, action):
        match action:
            case ("open", name, restart, takes):
                start = ("trk_watched", "start", [name, takes])
                await gen_tracker.find_or_open(ZONE, (name, start, restart, SHUTDOWNS[takes], "worker", []))
            case ("kill", name, reason):
                pid = _pid_of(name)
                if pid is not None:
                    erlang.exit(pid, "kill") if reason == "kill" else erlang.send(pid, ("exit", reason))
            case ("delete", name):
                await supervisor.delete_child(ZONE, name)
            case ("add", name):
                await self.add(name)
            case ("set", name):
                await self.set(name)
            case ("increment",):
                self.increments["steady"] += 1
                gen_tracker.increment(ZONE, "steady", "n", 1)
            case ("wait",):
                await self.wait()
            case ("sleep", ms):
                await timer.sleep(ms)

    async def add(self, name):
        pid = erlang.spawn(idle)
        if await gen_tracker.add_existing_child(ZONE, (name, pid, "worker", [])) != ("ok", pid):
            erlang.exit(pid, "kill")
        else:
            self.children[name].append(pid)

    async def set(self, name):
        try:
            await gen_tracker.setattr(ZONE, name, [("k", 1), ("take", 1)])
        except erlsim.Error as failure:
            assert failure.reason == ("void_setting", ZONE, name, ["k", "take"])

    async def wait(self):
        """Whoever is dead now is in no row afterwards."""
        dead = [pid for pids in self.children.values() for pid in pids if not erlang.is_process_alive(pid)]
        await gen_tracker.wait(ZONE)
        for name, pid, _, _ in gen_tracker.which_children(ZONE):
            if pid in dead:
                self.faults.append(("a row outlives its child", name, pid))


def _pid_of(name):
    found = gen_tracker.find(ZONE, name)
    return found[1] if found != "undefined" else None


async def run_clients(program, options):
    world = World()
    await tracker(options)
    await gen_tracker.find_or_open(ZONE, ("steady", ("trk_plain", "start", []), "temporary"))
    await gen_tracker.setattr(ZONE, "steady", "n", 0)

    async def client(work):
        for action in work:
            await world.act(action)

    for _, ref in [erlang.spawn_monitor(client, [work]) for work in program]:
        down = await erlang.receive(("DOWN", ref, "process", ..., ...))
        assert down[4] == "normal", down
    await world.wait()
    await timer.sleep(1000)
    check(world)


def check(world):
    """After everything has come to rest."""
    assert world.faults == []
    assert gen_tracker.getattr(ZONE, "steady", "n") == ("ok", world.increments["steady"])
    rows = ets.tab2list(ZONE)
    assert all(type(row[11]) is Pid and erlang.is_process_alive(row[11]) for row in rows)
    named = {row[1] for row in rows}
    assert {name for (name, _), _ in ets.tab2list("zone_attrs")} <= named
    alive = [name for name, pids in world.children.items() for pid in pids if erlang.is_process_alive(pid)]
    assert sorted(alive) == sorted(named - {"steady"})


KILLED_EARLY = [[("sleep", 1)], [("wait",), ("open", "a", "temporary", 2), ("kill", "a", "kill")]]


@pytest.mark.parametrize("options", [None, {"restart": True}, {"tidy": True}], ids=["forgetting", "restarting", "tidy"])
@settings(deadline=None, max_examples=150)
@given(program=programs, schedule=schedules)
@example(program=KILLED_EARLY, schedule=("pct", 1))
def test_names_are_unique_no_row_outlives_its_child_and_no_increment_is_lost(options, program, schedule):
    name, seed = schedule
    erlsim.run(run_clients, program, options, chooser=CHOOSERS[name](seed), trace=False)


@settings(deadline=None, max_examples=50)
@given(counts=st.lists(st.integers(1, 30), min_size=1, max_size=6), schedule=schedules, defaults=st.booleans())
def test_increments_of_concurrent_processes_add_up(counts, schedule, defaults):
    async def main():
        await tracker()
        if not defaults:
            await gen_tracker.find_or_open(ZONE, ("tv", ("trk_plain", "start", []), "temporary"))
            await gen_tracker.setattr(ZONE, "tv", "n", 0)

        async def count(by, times):
            for _ in range(times):
                gen_tracker.increment(ZONE, "tv", "n", by, *([0] if defaults else []))
                await timer.sleep(1)

        for _, ref in [erlang.spawn_monitor(count, [by, times]) for by, times in enumerate(counts, 1)]:
            await erlang.receive(("DOWN", ref, ..., ..., ...))
        total = sum(by * times for by, times in enumerate(counts, 1))
        assert gen_tracker.getattr(ZONE, "tv", "n") == ("ok", total)

    name, seed = schedule
    erlsim.run(main, chooser=CHOOSERS[name](seed), trace=False)


@settings(deadline=None, max_examples=50)
@given(callers=st.integers(1, 20), takes=st.integers(0, 3), fails=st.booleans(), schedule=schedules)
def test_all_callers_of_one_name_get_the_same_answer(callers, takes, fails, schedule):
    async def main():
        await tracker()
        me = erlang.self()
        start = ("trk_plain", "fail_after", [takes, "no"]) if fails else ("trk_plain", "start_after", [takes])

        async def ask():
            erlang.send(me, ("answer", await gen_tracker.find_or_open(ZONE, ("tv", start, "temporary"))))

        for _ in range(callers):
            erlang.spawn(ask)
        answers = [(await erlang.receive(("answer", ...)))[1] for _ in range(callers)]
        assert answers == [("error", "no") if fails else gen_tracker.find(ZONE, "tv")] * callers

    name, seed = schedule
    erlsim.run(main, chooser=CHOOSERS[name](seed), trace=False)
