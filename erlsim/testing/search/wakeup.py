"""Wakeup trees: the runs that are still to be made, as a tree of events, and how a new one is put into it.

Each path from the root to a leaf is the beginning of a run: who goes on at its first event, at its second, and so on.
What comes behind a leaf is open. The path of the run that was made last is the first child, its first child, and so
on; events whose every continuation has been explored are kept in `done` of the node before them, which is what
keeps the search from going the same way twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from erlsim.testing.search.dependency import ANYTHING, MAIL, SEND, TAKE, UNKNOWN, Touch, dependent, matches
from erlsim.testing.search.mail import Box, Send, boxes

UNCLEAR: Final[tuple[Touch, ...]] = (Touch((ANYTHING,), "w"),)
"""What an event touches of which nothing is known but whose it is."""


class Step(NamedTuple):
    """An event that is to come: whose, and what it will touch."""

    process: str
    touches: Sequence[Touch]


class Node:
    """An event in the tree, and what may come after it: `children` in the order in which they are explored."""

    __slots__ = ("children", "closed", "done", "origin", "process", "ran", "touches")

    def __init__(self, process: str, touches: Sequence[Touch]) -> None:
        self.process = process
        self.touches = touches
        self.children: list[Node] = []
        self.done: list[Step] = []
        # In a tree that is shared out: whether some run went this way, and whether all that begins so is explored.
        self.ran = False
        self.closed = False
        # Of the end of a plan: the race that it was made for.
        self.origin: Any = None


def insert(root: Node, sequence: Sequence[Step]) -> Node | None:
    """Let a run that begins with the `sequence`, or one of the same trace, come after `root`: the end of that plan.

    `None` if one will already.
    """
    left = list(sequence)
    children = root.children
    while True:
        for child in children:
            at = initial(Step(child.process, child.touches), left)
            if at is None:
                continue
            if at < len(left):
                del left[at]
            if not left or any(initial(step, left) is not None for step in child.done):
                return None
            if not child.children and not is_vague(child.touches):
                return None
            children = child.children
            break
        else:
            node = root
            for process, touches in left:
                node = Node(process, touches)
                children.append(node)
                children = node.children
            return node


def is_vague(touches: Sequence[Touch]) -> bool:
    """Whether nobody knows yet what an event will touch.

    A plan that ends with it stands beside others as if it depended on them. It may turn out that it does not; then what
    comes after both is in neither, unless it is planned behind this one.
    """
    return any(
        thing[0] == ANYTHING or (mode == TAKE and thing[0] == MAIL and detail[0] is UNKNOWN)
        for thing, mode, detail in touches
    )


def initial(event: Step, sequence: Sequence[Step]) -> int | None:
    """Where in the sequence the event is, if it may as well come first (the length: nowhere); `None` if it may not.

    It may if it is independent of all before it, or, where it does not come at all, of everything.
    """
    process, touches = event
    at = len(sequence)
    for index, step in enumerate(sequence):
        if step.process == process:
            at = index
            if step.touches != UNCLEAR:
                touches = step.touches
            break
        if dependent(process, touches, step.process, step.touches):
            return None
    if any(mode == SEND and thing[0] == MAIL for thing, mode, _ in touches):
        if told_apart(touches, sequence, at) or _may_be_told_apart(touches, sequence, at):
            return None
    return at


def _may_be_told_apart(touches: Sequence[Touch], sequence: Sequence[Step], at: int) -> bool:
    """Whether there is a message of another before `at` in the same mailbox, and a step of which nothing is known."""
    if all(step.touches != UNCLEAR for step in sequence):
        return False
    sent = [thing for thing, mode, _ in touches if mode == SEND and thing[0] == MAIL]
    return any(mode == SEND and thing in sent for step in sequence[:at] for thing, mode, _ in step.touches)


def told_apart(touches: Sequence[Touch], sequence: Sequence[Step], at: int) -> bool:
    """Whether a receive in the sequence would go otherwise if these messages were sent first, and not at `at`."""
    found = boxes((index, step.touches) for index, step in enumerate(sequence))
    for thing, mode, detail in touches:
        if mode != SEND or thing[0] != MAIL or (box := found.get(thing)) is None:
            continue
        mine = Send(at, *detail)
        for other in box.sends:
            if other.at < at and other.serial != mine.serial and box.observer(other, mine) is not None:
                return True
        if unknown_take(sequence, thing, mine.message, box):
            return True
    return False


def unknown_take(sequence: Sequence[Step], thing: tuple[Any, ...], message: Any, box: Box) -> bool:
    """Whether a receive of which nobody knows yet what it will take might take the message instead of another."""
    if not box.sends:
        return False
    return any(
        place == thing and mode == TAKE and detail[0] is UNKNOWN and matches(detail[1], message)
        for step in sequence
        for place, mode, detail in step.touches
    )
