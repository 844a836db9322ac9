"""Harder random programs, and every interleaving of each by brute force: a search has to have all of their outcomes.

Two or three processes link, watch and kill each other, trap exits, send and receive selectively, with a timeout or
without, use names, aliases, timers and rows of a table. `python -m tests.exhaust.brute FIRST LAST [MOST]` compares the
programs of these numbers that have at most so many interleavings (3,000).
"""

from __future__ import annotations

import random
import sys

from erlsim.testing import exhaust
from tests.exhaust.programs import Program, interleavings, running

MOST = 3_000
OTHERS = 8


def drawn(seed: int) -> Program:
    """The program of this number."""
    draw = random.Random(seed)
    count = draw.choice((2, 2, 2, 3))
    most = 3 if count == 2 else 2
    return [[_operation(draw, count) for _ in range(draw.randint(1, most))] for _ in range(count)]


def _operation(draw: random.Random, count: int) -> tuple[object, ...]:
    to, name, message = draw.randrange(count), draw.choice(("name", "other")), draw.choice("ab")
    wanted = draw.choice(((), (), ("a",), ("b",)))
    ms = draw.choice((5, 7))
    kinds: list[list[tuple[object, ...]]] = [
        [("send", to, message), ("send", to, message), ("tell", name, message)],
        [("take", *wanted), ("wait", *wanted), ("within", ms, *wanted), ("late", ms)],
        [("link", to), ("unlink", to), ("trap",), ("trap",), ("spawn_link", draw.choice(("normal", "boom")))],
        [("monitor", to), ("demonitor",), ("demonitor", "flush"), ("demonitor", "info"), ("watch", name)],
        [("kill", to), ("stop", to), ("exit", to, draw.choice(("normal", "kill", "boom"))), ("alive", to)],
        [("register", name), ("unregister", name), ("whereis", name)],
        [("insert", "x", draw.randint(1, 2)), ("insert_new", "x", 1), ("count", "x"), ("delete", "x"), ("lookup", "x")],
        [("timer", to, ms), ("cancel",)],
        [("alias", "reply"), ("alias", "explicit_unalias"), ("unalias",), ("to alias", message)],
        [("info", to, draw.choice(("links", "trap_exit", "message_queue_len", "registered_name")))],
    ]
    return draw.choice(draw.choice(kinds))


def compared(seed: int, most: int) -> str | None:
    """What is wrong with the search of a program, nothing if nothing is; `None` if it has too many interleavings."""
    test = running(drawn(seed))
    runs = interleavings(test, most)
    if runs is None:
        return None
    outcomes = {run.outcome for run in runs}
    found = exhaust(test, stop=False, check=0, progress=False)
    if found.complete and outcomes == set(found.outcomes):
        return ""
    lacking, beyond = sorted(outcomes - set(found.outcomes)), sorted(set(found.outcomes) - outcomes)
    return "\n".join([f"program {seed}: {drawn(seed)}", found.sentence(), "lacking", *lacking, "beyond", *beyond])


def main(first: int, last: int, most: int = MOST) -> int:
    """Compare programs; how many searches are wrong."""
    if first >= last:
        sys.exit(f"no programs: FIRST has to be below LAST, and {first} is not below {last}")
    done = bad = 0
    for seed in range(first, last):
        wrong = compared(seed, most)
        done += wrong is not None
        if wrong:
            bad += 1
            sys.stdout.write(f"{wrong}\n\n")
            sys.stdout.flush()
    sys.stdout.write(f"{done} of {last - first} programs compared, {bad} wrong\n")
    return bad


if __name__ == "__main__":
    sys.exit(min(1, main(*map(int, sys.argv[1:]))))
