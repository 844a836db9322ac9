"""The supervision tree of one moment, as a value: who is whose child, in which state, restarted how often.

A tree compares equal with the tree of another moment when it has the same processes in the same places and
states, and with a literal that says what it should be:

    ("top", [("a", "running"), ("b", "restarting"), ("sub", [("w", 2)])])

A process is a tuple: what it is called (child id, registered name, pid, or the function it runs), then in any order
its state (a string), its number of restarts (an integer), its children (a list). What is left out is not compared.
Under a supervisor the list has exactly its children, in their order; under any other process those that it
has spawned. `...` in a list stands for any number of further children. A list of tuples is compared with all
processes at the top. The shell does not count: its children are at the top.

Growing a tree is in `growing`, drawing it in `drawing`, comparing it in `comparing`.
"""

from __future__ import annotations

from erlsim.trace.tree.growing import grow
from erlsim.trace.tree.nodes import Node
from erlsim.trace.tree.tree import Tree

__all__ = ["Node", "Tree", "grow"]
