"""`blast_radius`: every process of a tree is struck in every way, one run each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from erlsim.hints import function_name, nearest
from erlsim.lab.blast.found import BlastRadius
from erlsim.lab.blast.judging import judge
from erlsim.lab.blast.results import Blast, Place
from erlsim.lab.blast.strikes import (
    MOMENTS,
    REASONS,
    REST,
    Moment,
    Strike,
    check_moments,
    check_reasons,
    moment_text,
    strikes_at_messages,
)
from erlsim.lab.blast.watching import Experiment, Watched, watch
from erlsim.lab.places import Names, Path
from erlsim.lab.progress import progressing
from erlsim.lab.questions import WrongQuestion
from erlsim.terms import Term
from erlsim.trace.facts import show

WINDOW = 60_000
MOST_RUNS = 2_000


def blast_radius(
    make_tree: Callable[[], Any],
    load: Any = None,
    *,
    reasons: Any = REASONS,
    at: Any = None,
    who: Any = None,
    window: int = WINDOW,
    limit: int = MOST_RUNS,
    progress: bool | None = False,
    **options: Any,
) -> BlastRadius:
    """Strike each process of a tree, and see who falls with it and what comes back.

    `make_tree` (a function, plain or `async`) starts the tree from the shell of a fresh simulation and returns; `load`
    is a function, or a list of them, that each run in a process of its own and use the tree. `reasons` are of `"kill"`,
    `"crash"`, `"shutdown"`, `"hang"` and other exit reasons; `at` is `"rest"`, `"instants"` (each instant of the load
    at which something happens), `"messages"` (each message of the load to the victim, on its way), `"all"`, a number of
    ms since the load began, or a list of these; without it all, or at rest if there is no load. `who` are the names of
    those to strike, if not all. Each run is looked at for `window` ms of virtual time, and compared with one in which
    nobody is struck. Of more than `limit` runs as many are made, evenly chosen. `options` are those of `Simulation`.
    """
    _check(window, limit)
    loads = () if load is None else tuple(load) if isinstance(load, list | tuple) else (load,)
    experiment = Experiment(make_tree, loads, window, options)
    moments = check_moments(at, bool(loads))
    kinds = check_reasons(reasons)
    runs = _Runs(experiment)
    victims = runs.victims(who)
    strikes, skipped = runs.strikes(victims, kinds, moments)
    chosen = _evenly(strikes, limit)
    with progressing("strikes", len(chosen), progress) as advance:
        blasts = []
        for strike in chosen:
            found = runs.strike(strike)
            blasts += [] if found is None else [found]
            advance(1)
    notes = _not_tried(runs, chosen, strikes, skipped, kinds, moments, len(blasts), victims)
    return BlastRadius(tuple(blasts), tuple(runs.places()), window, tuple(notes), runs.calm.tree)


def _check(window: Any, limit: Any) -> None:
    for name, value in (("window", window), ("limit", limit)):
        if type(value) is not int or value < 1:
            raise WrongQuestion(f"{name} is a positive number, not {value!r}")


class _Runs:
    """The runs of one experiment: the calm ones, which every struck one is compared with, and what they tell."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.calm = watch(experiment, None, False, experiment.window)
        if not self.calm.shape:
            name = function_name(experiment.make_tree)
            raise WrongQuestion(f"{name} has left no process behind: there is no tree to strike")
        self.loaded: Watched | None = None
        if experiment.loads:
            self.loaded = watch(experiment, None, True, None)
        self.names = Names([*_paths(self.calm), *([] if self.loaded is None else _paths(self.loaded))])

    def victims(self, who: Any) -> list[Path]:
        """Who is there at rest, from the top; or those of them that were asked for."""
        born = [row[3] for row in self.calm.rows[: self.calm.struck_row] if row[1] == "spawn"]
        dead = {row[2].number for row in self.calm.rows[: self.calm.struck_row] if row[1] == "exit"}
        paths = [self.calm.places.path(pid) for pid in born if pid.number not in dead]
        there = sorted((path for path in paths if path is not None), key=self._order)
        if who is None:
            return there
        wanted = [who] if isinstance(who, str) else list(who)
        known = {self.names.of(path): path for path in there}
        for name in wanted:
            if name not in known:
                raise WrongQuestion(
                    f"nobody in the tree is called {name!r}; there are {', '.join(known)}{nearest(str(name), known)}"
                )
        return [known[name] for name in wanted]

    def _order(self, path: Path) -> int:
        order = list(self.calm.shape)
        return order.index(path) if path in self.calm.shape else len(order)

    def strikes(
        self, victims: list[Path], kinds: tuple[Term, ...], moments: tuple[Moment, ...]
    ) -> tuple[list[Strike], int]:
        """Every strike that was asked for; and how many were not, as no message can be on its way to them."""
        found: list[Strike] = []
        skipped = 0
        for path in victims:
            for reason in kinds:
                for moment in self._spelt_out(path, moments):
                    if isinstance(moment, tuple) and not strikes_at_messages(reason):
                        skipped += 1
                    else:
                        found.append(Strike(path, reason, moment))
        return found, skipped

    def _spelt_out(self, path: Path, moments: tuple[Moment, ...]) -> Iterator[Moment]:
        for moment in moments:
            if moment == "instants":
                yield from self._instants()
            elif moment == "messages":
                yield from (("message", number + 1) for number in range(self._messages_to(path)))
            else:
                yield moment

    def _load_rows(self) -> list[tuple[Any, ...]]:
        assert self.loaded is not None
        end = self.loaded.load_ended
        last = self.loaded.begun + self.experiment.window if end is None else end
        return [row for row in self.loaded.rows[self.loaded.struck_row :] if row[0] <= last]

    def _instants(self) -> list[int]:
        begun = self.loaded.begun if self.loaded is not None else 0
        return sorted({int(row[0] - begun) for row in self._load_rows()})

    def _messages_to(self, path: Path) -> int:
        assert self.loaded is not None
        return sum(row[1] == "send" and self.loaded.places.path(row[3]) == path for row in self._load_rows())

    def strike(self, strike: Strike) -> Blast | None:
        """What comes of a strike; `None` if the victim was not there."""
        if strike.moment == REST:
            seen = watch(self.experiment, strike, False, self.experiment.window)
            calm = self.calm
        else:
            assert self.loaded is not None
            calm = self.loaded
            seen = watch(self.experiment, strike, True, int(calm.ended - calm.begun))
        return None if seen.victim is None else judge(strike, self.names, seen, calm)

    def places(self) -> Iterator[Place]:
        """The processes of the tree at rest."""
        details: dict[str, tuple[bool, str]] = {}
        waiting = list(self.calm.tree.nodes) if self.calm.tree is not None else []
        while waiting:
            node = waiting.pop()
            path = self.calm.places.path(node.pid) if node.pid is not None else None
            if path is not None:
                about = f"{node.kind} {node.detail}".rstrip() if node.is_supervisor else node.label
                details[self.names.of(path)] = (node.is_supervisor, about)
            waiting += [*node.children, *node.spawned]
        for path in self.victims(None):
            name = self.names.of(path)
            yield Place(name, len(path) - 1, *details.get(name, (False, "")))


def _paths(seen: Watched) -> list[Path]:
    """Every place of a run but those of children that never came to be."""
    dead = {row[2].number for row in seen.rows if row[1] == "exit"}
    found: list[Path] = []
    for row in seen.rows:
        if row[1] != "spawn":
            continue
        failed = row[2].number in seen.places.starters and not seen.places.is_child(row[3])
        path = seen.places.path(row[3])
        if path is not None and not (failed and row[3].number in dead):
            found.append(path)
    return found


def _evenly(strikes: list[Strike], limit: int) -> list[Strike]:
    """At most `limit` of them, evenly chosen."""
    if len(strikes) <= limit:
        return strikes
    return [strikes[index * len(strikes) // limit] for index in range(limit)]


def _not_tried(
    runs: _Runs,
    chosen: list[Strike],
    strikes: list[Strike],
    skipped: int,
    kinds: tuple[Term, ...],
    moments: tuple[Moment, ...],
    done: int,
    victims: list[Path],
) -> list[str]:
    """What was left out, in sentences."""
    notes = []
    everybody = len(runs.victims(None))
    if len(victims) < everybody:
        notes.append(f"{everybody - len(victims)} of {everybody} processes were not asked for")
    left = [reason for reason in REASONS if not any(show(reason) == show(kind) for kind in kinds)]
    if left:
        notes.append(f"nobody was struck by {', '.join(left)}")
    if not runs.experiment.loads:
        notes.append("no load: what callers would have seen, and what is lost under way, was not tried")
    elif moments != (REST, *MOMENTS[1:3]):
        notes.append(f"struck {', '.join(_kind_text(moment) for moment in moments)} alone")
    if skipped:
        notes.append(f"{skipped} moments of a message on its way: one can be killed or crash then, no more")
    if len(chosen) < len(strikes):
        notes.append(f"{len(strikes) - len(chosen):,} of {len(strikes):,} strikes are beyond the limit")
    if done < len(chosen):
        notes.append(f"{len(chosen) - done:,} strikes came to nothing: the victim was not there then")
    notes.append("one strike a run, one schedule (first-in first-out)")
    return notes


def _kind_text(moment: Moment) -> str:
    if isinstance(moment, str):
        return {"rest": "at rest", "instants": "at each instant", "messages": "at each message"}[moment]
    return moment_text(moment)
