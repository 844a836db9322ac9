"""Making a scenario small that tells a mutant from the original: fewer actions, fewer times, earlier.

A reader wants no more than that nothing can be left out and nothing happens twice that need not. Each step is played
by the mutant and by the original, so there are few of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from erlsim.lab.mutation.telling.pairs import Actions, Drawn

# So many scenarios are played to make one smaller.
STEPS = 40
# When things may as well happen: 1 ms is when a test is under way.
EARLY = (1, 10, 100, 1000)


def smaller(drawn: Drawn, differs: Callable[[Drawn], bool]) -> Drawn:
    """A scenario that `differs`, as `drawn` does, and of which nothing can be taken away."""
    steps = 0
    test, actions = drawn
    todo = _simpler(actions)
    while steps < STEPS and (simpler := next(todo, None)) is not None:
        steps += 1
        if differs((test, simpler)):
            actions = simpler
            todo = _simpler(actions)
    return test, actions


def _simpler(actions: Actions) -> Iterator[Actions]:
    """What is simpler by one step, the great steps first."""
    for place in reversed(range(len(actions))):
        yield actions[:place] + actions[place + 1 :]
    for place, action in enumerate(actions):
        for change in _changes(action):
            yield [*actions[:place], {**action, **change}, *actions[place + 1 :]]


def _changes(action: dict[str, Any]) -> Iterator[dict[str, Any]]:
    times, gap = action.get("times", 1), action.get("gap", 1)
    for fewer in dict.fromkeys([1, times // 2, times - 1]):
        if 0 < fewer < times:
            yield {"times": fewer}
    if times > 1 and gap > 1:
        yield {"gap": 1}
    for after in EARLY:
        if after < action["after"]:
            yield {"after": after}
