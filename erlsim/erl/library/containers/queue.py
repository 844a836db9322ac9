"""The module `queue`: `{Rear, Front}`, the rear in reverse order; neither is empty if there are two elements."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from erlsim.erl.library import lists_
from erlsim.erl.library.registry import applying
from erlsim.erl.running.cells import Cell, cells, is_list, listed, prepend
from erlsim.erl.running.failures import Failed
from erlsim.erl.running.operators import exact_eq
from erlsim.terms import Term

__in_stacks__ = False

Queue = tuple[Term, Term]
Steps = Generator[tuple[Any, ...], Any, Any]


def _failed(reason: Term, function: str, *args: Term) -> Failed:
    return Failed(reason, ("queue", function, list(args), []))


def _sides(term: Term, function: str, *args: Term) -> Queue:
    if type(term) is not tuple or len(term) != 2 or not is_list(term[0]) or not is_list(term[1]):
        raise _failed("badarg", function, *args)
    return term


def _all(term: Term) -> list[Term]:
    return listed(term) or []


def _shared(items: list[Term]) -> tuple[list[Term], list[Term]]:
    """All elements of a queue as they are on one side: what stays there, and the other side."""
    kept = len(items) // 2
    return items[:kept], items[kept:][::-1]


def _of_rear(items: list[Term]) -> Queue:
    return _shared(items)


def _of_front(items: list[Term]) -> Queue:
    front, rear = _shared(items)
    return (rear, front)


def new() -> Queue:
    """The empty queue."""
    return ([], [])


def is_queue(term: Term) -> bool:
    """Whether a term looks like a queue."""
    return type(term) is tuple and len(term) == 2 and is_list(term[0]) and is_list(term[1])


def is_empty(queue: Term) -> bool:
    """Whether there are no elements."""
    return _sides(queue, "is_empty", queue) == ([], [])


def len_(queue: Term) -> int:
    """How many elements."""
    rear, front = _sides(queue, "len", queue)
    return len(_all(rear)) + len(_all(front))


def to_list(queue: Term) -> list[Term]:
    """The elements, the front first."""
    rear, front = _sides(queue, "to_list", queue)
    return _all(front) + _all(rear)[::-1]


def from_list(items: Term) -> Queue:
    """The queue of some elements, the front first."""
    if not is_list(items):
        raise _failed("badarg", "from_list", items)
    return _of_front(_all(items))


def member(item: Term, queue: Term) -> bool:
    """Whether an element is in the queue."""
    rear, front = _sides(queue, "member", item, queue)
    return lists_.member(item, rear) or lists_.member(item, front)


def in_(item: Term, queue: Term) -> Queue:
    """The queue with an element at the rear."""
    rear, front = _sides(queue, "in", item, queue)
    return _pushed(item, rear, front)


def in_r(item: Term, queue: Term) -> Queue:
    """The queue with an element at the front."""
    rear, front = _sides(queue, "in_r", item, queue)
    front, rear = _pushed(item, front, rear)
    return (rear, front)


def _is_single(side: Term) -> bool:
    cell = cells(side)
    return cell is not None and type(cell.tail) is list and not cell.tail


def _pushed(item: Term, near: Term, far: Term) -> Queue:
    """An element on the near side, as the two sides then are."""
    if type(far) is list and not far and _is_single(near):
        return ([item], near)
    return (Cell(item, near), far)


def _popped(near: Term, far: Term) -> tuple[Term, Term, Term] | None:
    """The element at the near end, and the sides without it."""
    cell = cells(near)
    if cell is not None:
        if type(cell.tail) is list and not cell.tail:
            new_far, new_near = _of_rear(_all(far))
            return cell.head, new_near, new_far
        return cell.head, cell.tail, far
    rest = _all(far)
    if not rest:
        return None
    if len(rest) == 1:
        return rest[0], [], []
    return rest[-1], rest[-2:0:-1], rest[:1]


def out(queue: Term) -> Term:
    """`{{value, Front}, Queue}` or `{empty, Queue}`."""
    rear, front = _sides(queue, "out", queue)
    found = _popped(front, rear)
    return ("empty", queue) if found is None else (("value", found[0]), (found[2], found[1]))


def out_r(queue: Term) -> Term:
    """`{{value, Rear}, Queue}` or `{empty, Queue}`."""
    rear, front = _sides(queue, "out_r", queue)
    found = _popped(rear, front)
    return ("empty", queue) if found is None else (("value", found[0]), (found[1], found[2]))


def _end(function: str, queue: Term, is_front: bool) -> tuple[Term, Term, Term] | None:
    rear, front = _sides(queue, function, queue)
    return _popped(front, rear) if is_front else _popped(rear, front)


def _some(function: str, queue: Term, is_front: bool) -> tuple[Term, Term, Term]:
    found = _end(function, queue, is_front)
    if found is None:
        raise _failed("empty", function, queue)
    return found


def get(queue: Term) -> Term:
    """The element at the front."""
    return _some("get", queue, True)[0]


def get_r(queue: Term) -> Term:
    """The element at the rear."""
    return _some("get_r", queue, False)[0]


def peek(queue: Term) -> Term:
    """`{value, Front}` or empty."""
    found = _end("peek", queue, True)
    return "empty" if found is None else ("value", found[0])


def peek_r(queue: Term) -> Term:
    """`{value, Rear}` or empty."""
    found = _end("peek_r", queue, False)
    return "empty" if found is None else ("value", found[0])


def drop(queue: Term) -> Queue:
    """The queue without the element at the front."""
    found = _some("drop", queue, True)
    return (found[2], found[1])


def drop_r(queue: Term) -> Queue:
    """The queue without the element at the rear."""
    found = _some("drop_r", queue, False)
    return (found[1], found[2])


def reverse(queue: Term) -> Queue:
    """The elements in reverse order."""
    rear, front = _sides(queue, "reverse", queue)
    return (front, rear)


def join(left: Term, right: Term) -> Queue:
    """The elements of the first before those of the second."""
    rear, front = _sides(left, "join", left, right)
    other_rear, other_front = _sides(right, "join", left, right)
    if (other_rear, other_front) == ([], []):
        return (rear, front)
    if (rear, front) == ([], []):
        return (other_rear, other_front)
    return (other_rear, prepend(_all(front), prepend(_all(rear)[::-1], other_front)))


def split(count: Term, queue: Term) -> tuple[Queue, Queue]:
    """The first elements, and the others."""
    rear_side, front_side = _sides(queue, "split", count, queue)
    rear, front = _all(rear_side), _all(front_side)
    if type(count) is not int or count < 0 or count > len(rear) + len(front):
        raise _failed("badarg", "split", count, queue)
    if count == 0:
        return (new(), queue)
    if count == len(rear) + len(front) and count != len(front):
        return (queue, new())
    if count < len(front):
        return ((front[1:count][::-1], front[:1]), (rear_side, front[count:]))
    if count == len(front):
        return (_of_front(front), _of_rear(rear))
    rest = len(rear) + len(front) - count
    return ((rear[rest:], front_side), (rear[:1], rear[1:rest][::-1]))


def _together(rear: list[Term], front: list[Term]) -> Queue:
    """The two sides, shared out anew if one is empty."""
    if not rear:
        return _of_front(front)
    return (rear, front) if front else _of_rear(rear)


def _answers(item: Term, answer: Term) -> list[Term]:
    """What the fun of `filter/2` wants in the place of an element."""
    if answer is True:
        return [item]
    return [] if answer is False else _all(answer)


@applying(0)
def filter_(fun: Term, queue: Term) -> Steps:
    """`filter/2`."""
    rear, front = _sides(queue, "filter", fun, queue)
    kept: list[Term] = []
    for item in _all(front):
        kept += _answers(item, (yield fun, item))
    others: list[Term] = []
    for item in reversed(_all(rear)):
        others += _answers(item, (yield fun, item))
    return _together(others[::-1], kept)


@applying(0)
def filtermap(fun: Term, queue: Term) -> Steps:
    """`filtermap/2`."""
    rear, front = _sides(queue, "filtermap", fun, queue)
    sides: list[list[Term]] = []
    for side in (_all(front), _all(rear)[::-1]):
        kept: list[Term] = []
        for item in side:
            answer = yield fun, item
            if answer is not False:
                kept.append(item if answer is True else answer[1])
        sides.append(kept)
    return _together(sides[1][::-1], sides[0])


@applying(0)
def fold(fun: Term, value: Term, queue: Term) -> Steps:
    """`fold/3`."""
    _sides(queue, "fold", fun, value, queue)
    for item in to_list(queue):
        value = yield fun, item, value
    return value


@applying(0)
def any_(fun: Term, queue: Term) -> Steps:
    """`any/2`."""
    rear, front = _sides(queue, "any", fun, queue)
    for item in _all(front) + _all(rear):
        if (yield fun, item) is True:
            return True
    return False


@applying(0)
def all_(fun: Term, queue: Term) -> Steps:
    """`all/2`."""
    rear, front = _sides(queue, "all", fun, queue)
    for item in _all(front) + _all(rear):
        if (yield fun, item) is False:
            return False
    return True


def delete(item: Term, queue: Term) -> Queue:
    """The queue without the first such element."""
    _sides(queue, "delete", item, queue)
    places = (place for place, each in enumerate(to_list(queue)) if exact_eq(each, item))
    return _without(queue, next(places, None))


def delete_r(item: Term, queue: Term) -> Queue:
    """The queue without the last such element."""
    rear, front = _sides(queue, "delete_r", item, queue)
    front, rear = delete(item, (front, rear))
    return (rear, front)


def _without(queue: Queue, place: int | None) -> Queue:
    """The queue without the element at a place; if that leaves a side empty, the other is shared out."""
    if place is None:
        return queue
    rear, front = _all(queue[0]), _all(queue[1])
    if place < len(front):
        kept = front[:place] + front[place + 1 :]
        return (queue[0], kept) if kept else _of_rear(rear)
    place = len(front) + len(rear) - 1 - place
    kept = rear[:place] + rear[place + 1 :]
    return (kept, queue[1]) if kept else _of_front(front)


@applying(0)
def delete_with(fun: Term, queue: Term) -> Steps:
    """`delete_with/2`."""
    _sides(queue, "delete_with", fun, queue)
    return (yield from _delete_with(fun, queue))


@applying(0)
def delete_with_r(fun: Term, queue: Term) -> Steps:
    """`delete_with_r/2`."""
    rear, front = _sides(queue, "delete_with_r", fun, queue)
    front, rear = yield from _delete_with(fun, (front, rear))
    return (rear, front)


def _delete_with(fun: Term, queue: Queue) -> Steps:
    for place, each in enumerate(to_list(queue)):
        if (yield fun, each) is True:
            return _without(queue, place)
    return queue


# The names of a deque's ends, as Okasaki has them.
cons, tail, daeh, last, liat, lait, init = in_r, drop, get_r, get_r, drop_r, drop_r, drop_r


def head(queue: Term) -> Term:
    """`get/1`."""
    return _some("head", queue, True)[0]


def snoc(queue: Term, item: Term) -> Queue:
    """`in/2`."""
    return in_(item, queue)
