"""Scenarios that were recorded, put together anew: what a recorder thought of, in combinations that it did not.

A scenario of `tests/golden/data` is changed a little: steps of others of its area come in, arguments are taken from
another step that calls the same function, steps go or change their places. So the words are those of the recordings,
where the other generators have their own.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from tests.fuzz.draw.area import Area
from tests.fuzz.shrink import is_bound, without
from tests.golden import areas

Step = dict[str, Any]


class OtpRecorded(Area):
    """Of the areas that OTP alone can answer."""

    moves = (2, 7)
    recordings: ClassVar[tuple[str, ...]] = (
        *("process", "gen_server", "supervisor", "gen_event", "gen_statem"),
        *("programs", "machines"),
    )

    def begin(self) -> None:
        self.recorded = _steps(self.one_of(self.recordings))
        self.steps = list(self.one_of(self.recorded))

    def move(self) -> None:
        change = self.weighted({self.insert: 2, self.other_arguments: 2, self.drop: 1, self.swap: 1})
        changed = change()
        if is_bound(changed):
            self.steps = changed

    def insert(self) -> list[Step]:
        """A few steps of another scenario of the area come in."""
        other = self.one_of(self.recorded)
        start, place = self.random.randrange(len(other)), self.random.randrange(len(self.steps) + 1)
        return [*self.steps[:place], *other[start : start + self.random.randint(1, 4)], *self.steps[place:]]

    def other_arguments(self) -> list[Step]:
        """A call gets all arguments, or one, of another step that calls the same function."""
        index = self.random.randrange(len(self.steps))
        step = self.steps[index]
        same = [each for steps in self.recorded for each in steps if _calls(each) == _calls(step)]
        if not step.get("args"):
            return self.steps
        arguments = self.one_of(same)["args"]
        if self.chance(2):
            place = self.random.randrange(len(arguments))
            arguments = [*step["args"][:place], arguments[place], *step["args"][place + 1 :]]
        return [*self.steps[:index], {**step, "args": arguments}, *self.steps[index + 1 :]]

    def drop(self) -> list[Step]:
        """A step goes, and what needs it."""
        index = self.random.randrange(len(self.steps))
        return without(self.steps, index, index + 1) or self.steps

    def swap(self) -> list[Step]:
        """Two neighbours change places."""
        index = self.random.randrange(len(self.steps))
        return [*self.steps[:index], *self.steps[index : index + 2][::-1], *self.steps[index + 2 :]]

    def end(self) -> None:
        self.script.steps += self.steps
        self.script.look("flush", "reports", "texts", "io")


class Recorded(OtpRecorded):
    """Of those that need the originals."""

    needs = frozenset({"director", "gen_tracker"})
    recordings = ("director", "gen_tracker", "system")


@cache
def _steps(area: str) -> list[list[Step]]:
    return [each["steps"] for each in areas.scenarios(areas.DATA, area)]


def _calls(step: Step) -> tuple[Any, ...]:
    return step["op"], step.get("module"), step.get("function"), len(step.get("args", ()))
