"""From a run that was struck and the same run that was not to what the strike has done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from erlsim.lab.blast.results import CHANGED, DOWN, RECOVERED, SPINS, UNTOUCHED, Away, Blast, Fall, Lost, Restart, Saw
from erlsim.lab.blast.strikes import Strike
from erlsim.lab.blast.watching import Watched
from erlsim.lab.places import Names, Path
from erlsim.terms import Pid, Term
from erlsim.trace.facts import show
from erlsim.trace.history import History, is_down
from erlsim.trace.service.calls import failed_calls

Death = tuple[int, int, Pid, Path, Term, Pid | None]
"""Row, time, pid, place, reason, by whom."""
Change = tuple[int, Any, bool]
"""Row, time, whether somebody came (and did not fall)."""


def judge(strike: Strike, names: Names, seen: Watched, calm: Watched) -> Blast:
    """What `strike` has done in the run `seen`; in `calm` all was the same, and nobody was struck."""
    hangs = isinstance(strike.reason, str) and strike.reason == "hang"
    return _Judge(names, seen, calm, hangs).blast(strike)


class _Judge:
    def __init__(self, names: Names, seen: Watched, calm: Watched, hangs: bool) -> None:
        self.names, self.seen, self.calm, self.hangs = names, seen, calm, hangs
        usual = Counter((path, show(reason)) for _, _, _, path, reason, _ in _deaths(calm, seen.struck))
        self.deaths: list[Death] = []
        for death in _deaths(seen, seen.struck, seen.struck_row):
            slot = (death[3], show(death[4]))
            usual[slot] -= 1
            if usual[slot] < 0:
                self.deaths.append(death)
        self.fallen = {death[2].number for death in self.deaths}
        self.starts = list(_starts(seen))

    def blast(self, strike: Strike) -> Blast:
        differences = self._differences()
        return Blast(
            victim=self.names.of(strike.path),
            reason=strike.reason,
            moment=strike.moment,
            outcome=self._outcome(differences),
            fell=tuple(self._fall(death) for death in self.deaths),
            restarted=tuple(self._restarts()),
            away=tuple(self._away()),
            saw=tuple(self._saw()),
            lost=tuple(self._lost()),
            gave_up=self._gave_up(),
            failed_starts=sum(1 for _ in _failed_starts(self.seen)),
            differences=differences,
        )

    def _since(self, time: Any) -> int:
        return int(time - self.seen.struck)

    def _called(self, pid: Pid) -> str:
        path = self.seen.places.path(pid)
        return repr(pid) if path is None else self.names.of(path)

    # ---- who fell and came back ------------------------------------------------------

    def _fall(self, death: Death) -> Fall:
        _, time, _, path, reason, by = death
        # Nobody of the tree has ended the victim.
        killer = None if by is None or self.seen.places.path(by) is None else self._called(by)
        return Fall(self.names.of(path), self._since(time), reason, killer)

    def _restarts(self) -> Iterator[Restart]:
        gone = {death[3]: death[0] for death in reversed(self.deaths)}
        for row, time, path in self.starts:
            if path in gone and row > gone[path]:
                yield Restart(self.names.of(path), self._since(time))

    def _away(self) -> Iterator[Away]:
        """For each place that somebody fell from: how long nobody was there. Who hangs is away before he falls."""
        spans: dict[Path, list[Change]] = {}
        if self.hangs:
            assert self.seen.victim is not None
            path = self.seen.places.path(self.seen.victim)
            assert path is not None
            spans[path] = [(self.seen.struck_row, self.seen.struck, False)]
        for row, time, _, path, _, _ in self.deaths:
            spans.setdefault(path, []).append((row, time, False))
        for path, gap in _gaps(spans, self.starts).items():
            yield Away(self.names.of(path), gap)
        # Who falls anyway may be away for longer than he would be.
        here, there = (_gaps(_falls(each, self.seen.struck), _starts(each)) for each in (self.seen, self.calm))
        for path, gap in here.items():
            usual = there.get(path, gap)
            if path not in spans and gap != usual and usual is not None:
                yield Away(self.names.of(path), None if gap is None else gap - usual)

    def _gave_up(self) -> tuple[str, ...]:
        """The supervisors that nobody has told to end."""
        told = {
            row[2].number
            for row in self.seen.rows[self.seen.struck_row :]
            if row[1] == "arrive" and _is_exit_of(row[3], self.seen.places.above(row[2]))
        }
        if self.seen.victim is not None:
            told.add(self.seen.victim.number)
        return tuple(
            self.names.of(path)
            for _, _, pid, path, _, by in self.deaths
            if pid.number in self.seen.places.supervisors and by is None and pid.number not in told
        )

    # ---- callers, losses -------------------------------------------------------------

    def _saw(self) -> Iterator[Saw]:
        """The calls that failed, but for those that fail anyway."""
        usual = Counter(_key(self.calm, call) for call in failed_calls(self.calm, self.seen.struck))
        complained: set[int] = set()
        for call in failed_calls(self.seen, self.seen.struck):
            complained.add(call.caller.number)
            slot = _key(self.seen, call)
            usual[slot] -= 1
            if usual[slot] < 0:
                callee = self._called(call.callee) if isinstance(call.callee, Pid) else show(call.callee)
                yield Saw(self._called(call.caller), callee, call.what, self._since(call.time))
        before = {path: _end_of(self.calm, pid) for path, pid in self.calm.loads.items()}
        for path, pid in self.seen.loads.items():
            end = _end_of(self.seen, pid)
            usually = before.get(path)
            if end is not None and pid.number not in complained and (usually is None or end[1] != usually[1]):
                yield Saw(self.names.of(path), "", end[2], self._since(end[0]))

    def _lost(self) -> Iterator[Lost]:
        for table in self.seen.tables:
            if table.owner.number in self.fallen and table.rows:
                yield Lost("rows", table.name, table.rows)
        unread, unheard = _unread(self.seen, self.fallen)
        for kind, counts in (("messages", unread), ("unheard", unheard)):
            totals: Counter[str] = Counter()
            for pid, count in counts.items():
                totals[self._called(pid)] += count
            for name, count in totals.items():
                yield Lost(kind, name, count)

    # ---- the tree afterwards ---------------------------------------------------------

    def _differences(self) -> tuple[str, ...]:
        if self.seen.spins:
            return ()
        before, after = self.calm.shape, self.seen.shape
        found = [f"no {self.names.of(path)}" for path in before if path not in after]
        found += [f"{self.names.of(path)} is there, too" for path in after if path not in before]
        for path in before:
            if path in after and before[path] != after[path]:
                state = after[path]
                found.append(f"{self.names.of(path)} {state if state == 'hangs' else f'is {state}'}")
        return tuple(found)

    def _outcome(self, differences: tuple[str, ...]) -> str:
        if self.seen.spins:
            return SPINS
        before, after = self.calm.shape, self.seen.shape
        tops = [path for path in before if len(path) == 1]
        if any(path not in after for path in tops):
            return DOWN
        if differences:
            return CHANGED
        return RECOVERED if self.deaths else UNTOUCHED


def _key(seen: Watched, call: Any) -> tuple[Any, ...]:
    callee = seen.places.path(call.callee) if isinstance(call.callee, Pid) else show(call.callee)
    return (seen.places.path(call.caller), callee, show(call.what))


def _falls(seen: Watched, since: int) -> dict[Path, list[Change]]:
    """When somebody fell from each place, from a time on."""
    found: dict[Path, list[Change]] = {}
    for row, time, _, path, _, _ in _deaths(seen, since):
        found.setdefault(path, []).append((row, time, False))
    return found


def _gaps(falls: dict[Path, list[Change]], starts: Iterable[tuple[int, Any, Path]]) -> dict[Path, int | None]:
    """How long nobody was in each place that somebody fell from."""
    changes = {path: list(each) for path, each in falls.items()}
    for row, time, path in starts:
        if path in changes:
            changes[path].append((row, time, True))
    return {path: _gap(sorted(each)) for path, each in changes.items()}


def _gap(changes: list[Change]) -> int | None:
    """How long nobody was there, of `(row, time, whether somebody came)`."""
    total, since = 0, None
    for _, time, came in changes:
        if came and since is not None:
            total, since = total + int(time - since), None
        elif not came and since is None:
            since = time
    return None if since is not None else total


def _deaths(seen: Watched, since: int, first_row: int = 0) -> Iterator[Death]:
    """Who of the tree has ended, from a time on; not who never came to be anybody's child."""
    stillborn = {row[3].number for row in _failed_starts(seen, 0)}
    for index in range(first_row, len(seen.rows)):
        row = seen.rows[index]
        if row[1] != "exit" or row[0] < since or row[2].number in stillborn:
            continue
        path = seen.places.path(row[2])
        if path is not None and seen.in_the_tree(path):
            yield index, row[0], row[2], path, row[3], row[4] if len(row) > 4 else None


def _failed_starts(seen: Watched, first_row: int | None = None) -> Iterator[tuple[Any, ...]]:
    """The births of those whom a supervisor has started and never had for a child."""
    dead = {row[2].number for row in seen.rows if row[1] == "exit"}
    for row in seen.rows[seen.struck_row if first_row is None else first_row :]:
        if row[1] == "spawn" and row[2].number in seen.places.starters:
            if not seen.places.is_child(row[3]) and row[3].number in dead:
                yield row


def _starts(seen: Watched) -> Iterator[tuple[int, Any, Path]]:
    """Who has come since the strike: children when their supervisor has them, others when they are spawned."""
    found: list[tuple[int, Pid]] = [(index, pid) for index, pid in seen.places.starts if index >= seen.struck_row]
    for index in range(seen.struck_row, len(seen.rows)):
        row = seen.rows[index]
        if row[1] == "spawn" and not seen.places.is_child(row[3]) and row[2].number not in seen.places.starters:
            found.append((index, row[3]))
    for index, pid in sorted(found, key=lambda each: each[0]):
        path = seen.places.path(pid)
        if path is not None:
            yield index, seen.rows[index][0], path


def _end_of(seen: Watched, pid: Pid) -> tuple[Any, str, Term] | None:
    """When and how a load has ended."""
    for row in seen.rows:
        if row[1] == "exit" and row[2] == pid:
            return row[0], show(row[3]), row[3]
    return None


def _unread(seen: Watched, fallen: set[int]) -> tuple[dict[Pid, int], dict[Pid, int]]:
    """What lay unread in the mailbox of each who fell; and what was sent to him when he was gone."""
    history = History(seen.present)
    unread: dict[Pid, int] = {}
    unheard: dict[Pid, int] = {}
    dead: set[int] = set()
    for row in seen.rows:
        if row[1] == "exit" and row[2].number in fallen:
            dead.add(row[2].number)
            count = sum(not _is_news(message) for message in history.actor(row[2]).mailbox)
            if count:
                unread[row[2]] = count
        elif row[1] == "send" and row[3].number in dead and not _is_news(row[4]) and not _is_call(row[4]):
            unheard[row[3]] = unheard.get(row[3], 0) + 1
        history.apply(row)
    return unread, unheard


def _is_news(message: Term) -> bool:
    """Whether it tells of somebody's end."""
    return is_down(message) or (isinstance(message, tuple) and len(message) == 3 and message[0] == "EXIT")


def _is_exit_of(message: Term, parent: int | None) -> bool:
    """Whether it tells a supervisor that the one above it has ended, or that it shall end."""
    shape = isinstance(message, tuple) and len(message) == 3 and message[0] == "EXIT"
    return shape and isinstance(message[1], Pid) and message[1].number == parent


def _is_call(message: Term) -> bool:
    """Whether who sent it hears that it came too late."""
    return isinstance(message, tuple) and len(message) == 3 and message[0] == "$gen_call"
