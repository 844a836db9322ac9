"""Trees as data, and the modules that they are made of; `lab_tree.erl` makes the same of the same data in Erlang.

("sup", name, flags, options, [child, ...])     a supervisor; its options are those of a child specification
("worker", name, options)                       a gen_server; with `"trap": True` it traps exits
("pool", name, flags, options, restart, count)  a simple_one_for_one supervisor with so many children
"""

from __future__ import annotations

import director
import erlsim
import gen_tracker
from erlsim import erlang, ets
from erlsim.otp import gen_server, supervisor


@erlsim.module(name="lab_tree")
class LabTree:
    async def start(tree):
        if tree[0] == "sup":
            return await supervisor.start_link(("local", tree[1]), "lab_tree", tree)
        if tree[0] == "worker":
            return await gen_server.start_link(("local", tree[1]), "lab_worker", tree[2], [])
        return await supervisor.start_link(("local", tree[1]), "lab_tree", tree)

    async def fill(tree):
        """Start the children of pools: nobody does that again when a pool is restarted."""
        if tree[0] == "pool":
            for _ in range(tree[5]):
                await supervisor.start_child(tree[1], [])
        for child in tree[4] if tree[0] == "sup" else []:
            await LabTree.fill(child)

    async def start_one():
        return await gen_server.start_link("lab_worker", {}, [])

    def init(tree):
        if tree[0] == "sup":
            return ("ok", (tree[2], [_spec(child) for child in tree[4]]))
        flags = tree[2] | {"strategy": "simple_one_for_one"}
        one = {"id": "one", "start": ("lab_tree", "start_one", []), "restart": tree[4]}
        return ("ok", (flags, [one]))


def _spec(tree):
    options = tree[3] if tree[0] in ("sup", "pool") else {key: tree[2][key] for key in tree[2] if key != "trap"}
    kind = "worker" if tree[0] == "worker" else "supervisor"
    return {"id": tree[1], "start": ("lab_tree", "start", [tree]), "type": kind} | options


@erlsim.module(name="lab_worker")
class Worker:
    def init(options):
        erlang.process_flag("trap_exit", options.get("trap", False))
        return ("ok", options)

    def handle_call(request, _from, state):
        return ("reply", request, state)

    def handle_cast(request, state):
        return ("noreply", state)

    def handle_info(message, state):
        return ("noreply", state)


@erlsim.module(name="lab_table")
class Table:
    """A gen_server with a table of three rows."""

    async def start_link():
        return await gen_server.start_link(("local", "table"), "lab_table", [], [])

    def init(_):
        ets.insert(ets.new("rows", []), [(1, "a"), (2, "b"), (3, "c")])
        return ("ok", [])


@erlsim.module(name="lab_director")
class Director:
    """A director whose children are workers, one for each plan."""

    async def start(plans):
        return await director.start_link(("local", "boss"), "lab_director", plans)

    def init(plans):
        start = ("lab_tree", "start_one")
        return ("ok", [{"id": name, "start": start, "plan": plan, "count": 5} for name, plan in plans])


@erlsim.module(name="lab_kid")
class Kid:
    """A child of a tracker."""

    async def start_link(name):
        return await gen_server.start_link("lab_kid", name, [])

    def init(name):
        return ("ok", name)

    def after_terminate(name, attrs):
        return "ok"


@erlsim.module(name="lab_streams")
class Streams:
    """A supervisor with a tracker, `restart` as it is told to."""

    async def start(restart):
        started = await supervisor.start_link(("local", "top"), "lab_streams", restart)
        for name, kind in (("one", "temporary"), ("two", "permanent")):
            spec = (name, ("lab_kid", "start_link", [name]), kind, 200, "worker", ["lab_kid"])
            await gen_tracker.find_or_open("streams", spec)
        return started

    def init(restart):
        arguments = ["streams", {"restart": restart}]
        tracker = ("streams", ("gen_tracker", "start_link", arguments), "permanent", "infinity", "supervisor", [])
        return ("ok", (("one_for_one", 5, 10), [tracker]))


def worker(name, **options):
    """A gen_server of that name."""
    return ("worker", name, options)


def sup(name, strategy, children, **flags):
    """A supervisor: `options` of it as a child may be among the flags."""
    return ("sup", name, {"strategy": strategy} | flags, {}, children)


def made(tree):
    """What makes a tree of data."""

    async def make():
        started = await LabTree.start(tree)
        await LabTree.fill(tree)
        return started

    return make
