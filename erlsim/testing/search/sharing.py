"""A search shared out over an executor's workers, so that it comes to the same whoever runs it.

The tree of runs that are planned is kept here. Round by round each of its leaves is handed out, as a *part*: a worker
explores what begins so, up to some number of runs, and gives back what it has found, what of its part is left, and what
is to be explored beside the way that leads to it. All that is put into the tree in the order of the leaves. What is
handed out together counts as explored for whoever comes after it in the tree, as in a search by one: so each trace is
explored once. Nothing depends on how many workers there are, or on which of them is faster.

A search with a bound has schedules to make, each by itself; those of one cost are handed out in batches.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor
from typing import Any, NamedTuple

from erlsim.errors import pass_on
from erlsim.testing.runs import Run
from erlsim.testing.search.answers import Table, Tables
from erlsim.testing.search.bounded import Bound, Prefix, Schedules, made
from erlsim.testing.search.dependency import MAIL, SEND, TAKE, Touch, Unseen
from erlsim.testing.search.exploration import Answers, Exploration, Origin, Walk
from erlsim.testing.search.limits import Limits
from erlsim.testing.search.results import Exhaustion
from erlsim.testing.search.simulated import Simulated
from erlsim.testing.search.wakeup import Node, Step, insert
from erlsim.testing.workers import in_order

# So many runs are made here before anything is handed out: smaller searches have no use for workers.
BEGUN_HERE = 100
# So many jobs a round at most, and so many runs a job: with more some workers would wait for others at the end.
JOBS = 64
RUNS_OF_A_JOB = 500
BATCH = 100


class Other(NamedTuple):
    """A step that is explored instead of one of a path; one that is `unseen` is planned only, and may touch less."""

    step: Step
    unseen: bool


# From the root: each step, and what is explored instead of it.
Path = list[tuple[Step, list[Other]]]


class Found(NamedTuple):
    """What a worker has found in a part: its runs, the race behind the first failure, further tables of answers.

    `tree` has what is left of the part, and what is to be explored beside its path.
    """

    result: Exhaustion
    origin: Origin | None
    tables: list[Table]
    tree: Node
    finished: bool


# ---- what can be sent -------------------------------------------------------------------


def portable(touches: Sequence[Touch]) -> list[Touch]:
    """The same so that it can be handed to others: what cannot be pickled may be anything there."""
    return [
        Touch(thing, mode, _portable(mode, detail)) if thing[0] == MAIL else touch
        for touch in touches
        for thing, mode, detail in (touch,)
    ]


def _portable(mode: str, detail: Any) -> Any:
    if mode == SEND:
        serial, message = detail
        return serial, message if _can_be_sent(message) else Unseen
    if mode == TAKE:
        serial, patterns, after = detail
        return serial, patterns if _can_be_sent(patterns) else (...,), after
    return detail


def _can_be_sent(term: Any) -> bool:
    try:
        pickle.dumps(term)
    except Exception as refused:
        pass_on(refused)
        return False
    return True


def _portable_steps(steps: Sequence[Step]) -> list[Step]:
    return [Step(process, portable(touches)) for process, touches in steps]


def make_portable(root: Node) -> None:
    """The same for all of a tree."""
    nodes = [root]
    while nodes:
        node = nodes.pop()
        node.touches = portable(node.touches)
        node.done = _portable_steps(node.done)
        nodes += node.children


# ---- what a worker does -------------------------------------------------------------------


def explored_parts(
    test: Callable[..., Any], options: dict[str, Any], table: Table, paths: list[Path], limits: Limits
) -> list[Found | None]:
    """Explore the parts at the end of these paths, as far as a job goes."""
    found: list[Found | None] = []
    left = RUNS_OF_A_JOB
    for path in paths:
        if left <= 0:
            found.append(None)
            continue
        part = _explored(Simulated(test, options), table, path, limits._replace(max_runs=left))
        found.append(part)
        left = 0 if limits.reached(part.result) else left - part.result.runs - part.result.blocked
    return found


def _explored(machine: Simulated, table: Table, path: Path, limits: Limits) -> Found:
    tables, result = Tables(table), Exhaustion()
    answers = tables.next()
    assert answers is not None
    exploration = Exploration(machine, answers)
    exploration.begin_at([(step, _known(machine, answers, path[:at], each)) for at, (step, each) in enumerate(path)])
    # So many runs were made for that.
    result.blocked = sum(other.unseen for _, each in path for other in each)
    origin = explored_so_far(exploration, machine, tables, result, limits)
    make_portable(exploration.root)
    return Found(result, origin, tables.found(), exploration.root, exploration.finished)


def _known(machine: Simulated, answers: Answers, path: Path, others: list[Other]) -> list[Step]:
    """What others do behind a path; of one that has not been seen there a run shows what it really touches."""
    steps = []
    for step, unseen in others:
        if unseen:
            plan = [Node(*each) for each in (*(step for step, _ in path), step)]
            step = Step(step.process, machine.run(Walk(plan, answers))[len(path)].touches)
        steps.append(step)
    return steps


def explored_so_far(
    exploration: Exploration, machine: Simulated, tables: Tables, result: Exhaustion, limits: Limits
) -> Origin | None:
    """Let an exploration go on to a limit: the race behind the first failure."""
    origin = None
    while not exploration.finished and not limits.reached(result):
        events = exploration.step()
        run = machine.last
        assert run is not None and exploration.walk is not None
        if exploration.blocked or not tables.learn(exploration.walk):
            result.blocked += 1
        else:
            result.add(run, len(events))
            if run.failed and len(result.failures) == 1:
                origin = exploration.origin
    return origin


class _Branch(NamedTuple):
    run: Run
    events: int
    beside: list[tuple[int, Prefix]]
    counts: bool


def made_batch(
    test: Callable[..., Any],
    options: dict[str, Any],
    table: Table,
    bound: Bound,
    batch: tuple[int, list[Prefix]],
) -> tuple[list[_Branch], list[Table]]:
    """Make some schedules of one cost."""
    machine, tables = Simulated(test, options), Tables(table)
    answers = tables.next()
    assert answers is not None
    branches = []
    cost, prefixes = batch
    for prefix in prefixes:
        events, walk, beside = made(machine, bound, answers, prefix, cost)
        assert machine.last is not None
        branches.append(_Branch(machine.last, len(events), beside, tables.learn(walk)))
    return branches, tables.found()


# ---- who shares it out --------------------------------------------------------------------


class Sharing:
    """One search, by the workers of an executor. `origin` is the race behind the first failure."""

    def __init__(
        self,
        executor: Executor,
        test: Callable[..., Any],
        options: dict[str, Any],
        result: Exhaustion,
        bound: Bound | None,
        limits: Limits,
        say: Callable[[str], object],
    ) -> None:
        self._executor = executor
        self._test = test
        self._options = options
        self._result = result
        self._bound = bound
        self._limits = limits
        self._say = say
        self._tables = Tables()
        self.origin: Origin | None = None
        self.beyond = False

    def run(self) -> None:
        """Until it is complete, or has to end."""
        while not self._result.why_not and (answers := self._tables.next()) is not None:
            if self._bound is None:
                self._explore(answers)
            else:
                self._make(self._bound)

    def _work(self, work: Callable[..., Any], jobs: list[tuple[Any, ...]]) -> Generator[Any, None, None]:
        table = self._tables.table
        return in_order(self._executor, self._test, work, ((self._test, self._options, table, *job) for job in jobs))

    def _explore(self, answers: Answers) -> None:
        """All that there is under one table of answers."""
        result, limits = self._result, self._limits
        machine = Simulated(self._test, self._options)
        exploration, here = Exploration(machine, answers), Exhaustion()
        origin = explored_so_far(
            exploration, machine, self._tables, here, limits._replace(max_runs=min(BEGUN_HERE, limits.max_runs))
        )
        self._count(here, origin)
        root = exploration.root
        make_portable(root)
        while not (why := self._why_not(root)) and (leaves := list(open_leaves(root))):
            size = -(-len(leaves) // JOBS)
            jobs = [leaves[at : at + size] for at in range(0, len(leaves), size)]
            paths = [[path_to(leaf) for leaf in job] for job in jobs]
            all_found = self._work(explored_parts, [(each, limits) for each in paths])
            for job, found in zip(jobs, all_found, strict=True):
                for leaf, part in zip(job, found, strict=True):
                    if part is not None:
                        self._count(part.result, part.origin)
                        self._tables.plan(part.tables)
                        graft(leaf, part)
                if self._why_not(root):
                    break
            all_found.close()
            self._say(f"{result.runs} interleavings, {sum(1 for _ in open_leaves(root))} more planned\n")
        result.why_not = why
        if why:
            result.waiting = sum(1 for _ in open_leaves(root)) + len(self._tables)
            explored = explored_of(root)
            result.estimate = (result.runs + result.blocked) / explored if explored else 0.0

    def _count(self, part: Exhaustion, origin: Origin | None) -> None:
        if part.failures and not self._result.failures:
            self.origin = origin
        self._result.merge(part)

    def _why_not(self, root: Node) -> str:
        """Why the search has to end, if it has to and is not at its end."""
        why = self._limits.reached(self._result)
        if self._result.failures and self._limits.stop:
            return why
        return why if self._tables or next(open_leaves(root), None) is not None else ""

    def _make(self, bound: Bound) -> None:
        """All schedules within the bound under one table of answers."""
        result, schedules = self._result, Schedules(bound)
        while schedules:
            cost = schedules.cheapest()
            batches = []
            while schedules.cheapest() == cost:
                batches.append(schedules.take(BATCH))
            all_made = self._work(made_batch, [(bound, batch) for batch in batches])
            for branches, tables in all_made:
                self._tables.plan(tables)
                for branch in branches:
                    if branch.counts:
                        result.add(branch.run, branch.events)
                    else:
                        result.blocked += 1
                    schedules.plan(branch.beside)
            self._say(f"{result.runs} schedules, {len(schedules)} more are planned\n")
            why = self._limits.reached(result)
            if why and (schedules or self._tables or (result.failures and self._limits.stop)):
                result.why_not = why
                result.waiting = len(schedules) + len(self._tables)
                break
        self.beyond = self.beyond or schedules.beyond
        if result.why_not and not self._tables and (cheapest := schedules.cheapest()):
            result.finished_bound = bound.of(cheapest - 1)


# ---- the tree -----------------------------------------------------------------------------

# The way to a leaf: each node on it, with its parent.
Leaf = list[tuple[Node, Node]]


def open_leaves(root: Node) -> Iterator[Leaf]:
    """The ways to those leaves that are still to be explored, in their order."""
    nodes: list[Leaf] = [[(child, root)] for child in reversed(root.children)]
    while nodes:
        way = nodes.pop()
        node = way[-1][0]
        if node.children:
            nodes += [[*way, (child, node)] for child in reversed(node.children)]
        elif not node.closed:
            yield way


def path_to(leaf: Leaf) -> Path:
    """The way to a leaf as steps, each with what is explored elsewhere: what was, and what comes before it."""
    path = []
    for node, parent in leaf:
        others = [Other(step, False) for step in parent.done]
        for each in parent.children:
            if each is node:
                break
            others.append(Other(_step_of(each), not each.ran))
        path.append((_step_of(node), others))
    return path


def _step_of(node: Node) -> Step:
    return Step(node.process, node.touches)


def graft(leaf: Leaf, part: Found) -> None:
    """Put what a worker has given back into the tree: what is left of the part, and what is to be beside its path."""
    theirs = part.tree
    for node, parent in leaf:
        node.touches, node.ran = theirs.children[0].touches, True
        for planned in theirs.children[1:]:
            for sequence, origin in _sequences(planned):
                end = insert(parent, sequence)
                if end is not None:
                    end.origin = origin
        theirs = theirs.children[0]
    node = leaf[-1][0]
    node.children, node.done = theirs.children, theirs.done
    node.closed = part.finished


def _sequences(node: Node) -> Iterator[tuple[list[Step], Any]]:
    """What is planned from a node on: the steps to each leaf."""
    ways = [[node]]
    while ways:
        way = ways.pop()
        if way[-1].children:
            ways += [[*way, child] for child in reversed(way[-1].children)]
        else:
            yield [_step_of(each) for each in way], way[-1].origin


def explored_of(root: Node) -> float:
    """A guess at how much of a tree has been explored: what lies beside each other is taken to be of the same size."""
    explored, nodes = 0.0, [(root, 1.0)]
    while nodes:
        node, weight = nodes.pop()
        if not node.children:
            explored += weight * node.closed
            continue
        each = weight / (len(node.done) + len(node.children))
        explored += each * len(node.done)
        nodes += [(child, each) for child in node.children]
    return explored
