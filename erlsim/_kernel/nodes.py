"""Nodes: one more comes up beside the first, and goes down with all that runs there.

What a node has of its own are its processes and their names. Everything else (the clock, the run queue, tables, loaded
modules) is the world's, and so is the connection: every node is connected with every other one as long as both are up.
That one goes down is felt by the others as the end of all its processes, for the reason `noconnection`, whatever else
they were about to do.

DIVERGES(otp): nodes share what is the world's: ETS tables, loaded modules, `persistent_term`, applications, the logger,
files; a table dies with its owner, wherever that is. A node is up at once when it is started and connected with all
others, which see it gone in the same instant; messages between nodes take no time, and no connection breaks by itself.
DIVERGES(otp): a pid prints the same on every node, where the BEAM prints those of its own as `<0.N.0>`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from erlsim._kernel.lifecycle import end_in_turn, new_process, terminate_together
from erlsim._kernel.sending import post, post_message
from erlsim._kernel.signals import CrashSignal
from erlsim._kernel.world import Node, Process, Registry, World

NOCONNECTION: Final = "noconnection"


def start_node(world: World, name: str) -> Node:
    """A node of this name, which no other one has that is up."""
    if world.nodes is None:
        world.nodes = [world.node]
    node = Node(len(world.nodes), name, Registry(name))
    world.nodes.append(node)
    for process, wanted in world.node_watchers:
        if wanted is None and process.alive:
            post_message(process, ("nodeup", name))
    return node


def stop_node(world: World, node: Node) -> None:
    """`node` goes down; the running process too, if it runs there."""
    node.is_up = False
    me = world.current
    ending = [process for process in on_node(world, node) if process is not me]
    if world.steps is not None:
        # DIVERGES(otp): in a search each process ends by itself from here on, though it does nothing else; so who hears
        # of these ends, and that the node is down, hears of all in any order.
        for process in ending:
            post(process, CrashSignal(NOCONNECTION))
    else:
        terminate_together(ending, NOCONNECTION)
    tell_of_end(world, node.name)
    if world.node_of(me.pid) is node:
        end_in_turn(me, NOCONNECTION)


def on_node(world: World, node: Node) -> list[Process]:
    """The living processes of a node, oldest first."""
    return [process for process in world.processes() if world.node_of(process.pid) is node]


def tell_of_end(world: World, name: str) -> None:
    """Those hear that a node is down who have asked for that: once for each time that they did."""
    watchers, world.node_watchers = world.node_watchers, []
    for process, wanted in watchers:
        if process.alive and wanted in (name, None):
            post_message(process, ("nodedown", name))
        if process.alive and wanted != name:
            world.node_watchers.append((process, wanted))


def start_sleeper(world: World, node: Node, name: str, body: Callable[[], Any], is_system: bool) -> Process:
    """A process that has a name and does nothing until its first message comes."""
    process = new_process(world, body, None, node)
    process.is_system = is_system
    process.waiting = process.body
    process.parked = True
    node.registry.add(name, process)
    return process
