"""What small programs do, event by event, under choosers that answer by a cycle of numbers, and without one.

`choices.txt` has these texts; `python -m tests.kernel.choices` writes them anew, and what it changes is to be looked
through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from erlsim import Simulation
from tests.steps.logs import PROGRAMS, term, texts_in, write

FILE = Path(__file__).with_name("choices.txt")
CYCLES: tuple[tuple[int, ...] | None, ...] = (None, (0,), (1,), (1, 0, 2), (0, 1, 1))


class Chooser:
    """Answers by a cycle of numbers, each cut to the number of options, and writes down what it is asked."""

    def __init__(self, cycle: tuple[int, ...]) -> None:
        self.cycle = cycle
        self.asked: list[tuple[int, str]] = []
        self.trace: Any = ()

    def choose(self, kind: str, options: Any) -> int:
        """The next of the cycle, or the last option."""
        index = min(self.cycle[len(self.asked) % len(self.cycle)], len(options) - 1)
        self.asked.append((len(self.trace), f"? {kind} {' '.join(map(str, options))} -> {index}"))
        return index


def cases() -> Iterator[tuple[str, Callable[[], Any], tuple[int, ...] | None]]:
    """A name for each run, the program, and the answers to the choices."""
    for program in PROGRAMS:
        for cycle in CYCLES:
            yield f"{program.__name__} {cycle}", program, cycle


def told(program: Callable[[], Any], cycle: tuple[int, ...] | None, trace: bool = True) -> str:
    """All choices and events of one run, and what became of it; without a trace there are no events."""
    chooser = None if cycle is None else Chooser(cycle)
    with Simulation(chooser=chooser, trace=trace) as sim:
        if chooser is not None and trace:
            chooser.trace = sim.trace
        try:
            value = term(sim.run(program))
        except Exception as failure:
            value = f"{type(failure).__name__} {failure}".partition(",")[0]
    lines = [f"{event}" for event in sim.trace] if trace else []
    asked = chooser.asked if chooser is not None else []
    if trace:
        for place, question in reversed(asked):
            lines.insert(place, question)
    else:
        lines += [question for _, question in asked]
    sim.close()
    return "\n".join([*lines, f"= {value}"])


def written() -> dict[str, str]:
    """The texts by name, as they have been written down."""
    return texts_in(FILE)


if __name__ == "__main__":
    write(FILE, ((name, told(program, cycle)) for name, program, cycle in cases()))
