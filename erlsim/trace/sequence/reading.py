"""From a trace to a chart: who takes part, and what is worth a row."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from erlsim import hints
from erlsim.errors import ErlsimError
from erlsim.terms import Improper, Pid, Ref, Term, exact_eq, key
from erlsim.trace.events import SHELL, SYSTEM, Present
from erlsim.trace.facts import is_normal, show
from erlsim.trace.history import History, is_down
from erlsim.trace.sequence.causes import consequences
from erlsim.trace.sequence.chart import SequenceChart
from erlsim.trace.sequence.rows import Lane, Row

LONGEST_LABEL = 1_000
"""How many characters of a message are kept, for whoever points at it."""


class _Found(NamedTuple):
    """A row before its lanes are known; `answer` is the place of the reply to a call, -1 if there is none."""

    time: Any
    event: int
    kind: str
    source: Pid
    target: Pid
    label: str
    answer: int = -1


class Wanted(NamedTuple):
    """What a chart is to show: see `Trace.sequence`. `span` are the events from the first up to the last."""

    processes: Iterable[Term] | None = None
    start: Any = None
    end: Any = None
    limit: int = 100
    lanes: int = 10
    fold: bool = False
    of: int | None = None
    span: tuple[int, int] | None = None
    operations: bool = False

    def takes(self, each: _Found) -> bool:
        """Whether something happened when it is to be shown."""
        return (
            (self.start is None or each.time >= self.start)
            and (self.end is None or each.time <= self.end)
            and (self.span is None or self.span[0] <= each.event < self.span[1])
        )


def chart(rows: Sequence[tuple[Any, ...]], present: Iterable[Present], wanted: Wanted) -> SequenceChart:
    """The chart of some rows of a trace; see `Trace.sequence`."""
    present = tuple(present)
    reader = _Reader(rows, present, wanted.operations)
    of = None if wanted.of is None else consequences(rows, present, wanted.of)
    return reader.chart(wanted, [each for each in reader.found if of is None or each.event in of])


def every_row(rows: Sequence[tuple[Any, ...]], present: Iterable[Present]) -> tuple[list[_Found], list[int]]:
    """All that is worth a row, and the numbers of the pids that take part: a replacement beside the one before it."""
    reader = _Reader(rows, present)
    lanes, _ = reader.first_to_take_part(reader.found, len(reader.pids))
    return reader.found, lanes


class _Reader:
    """Goes through the trace once and notes what is worth a row, and what each process is called."""

    def __init__(self, rows: Sequence[tuple[Any, ...]], present: Iterable[Present], operations: bool = False) -> None:
        self.rows = rows
        self.operations = operations
        self.history = History(present)
        self.found: list[_Found] = []
        self.names: dict[int, list[Term]] = {}
        self.titles: dict[int, str] = {}
        self.pids: dict[int, Pid] = {}
        self.system = {actor.pid.number for actor in self.history.actors.values() if actor.role == SYSTEM}
        for actor in self.history.actors.values():
            self._add_name(actor.pid, actor.name if actor.name is not None else SHELL)
        self.signals: dict[tuple[int, int], int] = {}
        self.lives: dict[int, list[int | None]] = {}
        # Calls that nobody has answered yet, by the number of their reference; and by child the process it has now.
        self.asked: dict[int, int] = {}
        self.replaces: dict[int, int] = {}
        self.slots: dict[Any, int] = {}
        # Who is above a process: its supervisor, or else who has spawned it.
        self.above: dict[int, int] = {}
        for row in rows:
            self.history.apply(row)
            step = getattr(self, "_on_" + row[1], None)
            if step is not None:
                step(row[0], row[2], *row[3:])

    def _add_name(self, pid: Pid, name: Term, title: str | None = None, weak: bool = False) -> None:
        self.pids[pid.number] = pid
        self.names.setdefault(pid.number, []).append(name)
        if not weak or pid.number not in self.titles:
            self.titles[pid.number] = title if title is not None else show(name, 30)

    def _add(self, time: Any, kind: str, source: Pid, target: Pid, label: str) -> None:
        self.pids.setdefault(source.number, source)
        self.pids.setdefault(target.number, target)
        self.found.append(_Found(time, self.history.index, kind, source, target, label))

    # ---- what each event gives -------------------------------------------------------

    def _on_spawn(self, time: Any, me: Pid, child: Pid, call: Term) -> None:
        self.pids[child.number] = child
        self.above.setdefault(child.number, me.number)
        self._add(time, "spawn", me, child, "spawn")
        self.lives[child.number] = [self.history.index, None]

    def _on_label(self, time: Any, me: Pid, call: Term) -> None:
        label = self.history.actor(me).label
        self._add_name(me, label, label, weak=True)

    def _on_register(self, time: Any, me: Pid, name: str) -> None:
        self._add_name(me, name)
        self._operate(time, me, f"registered as {show(name)}")

    def _on_unregister(self, time: Any, me: Pid, name: str) -> None:
        self._operate(time, me, f"registered as {show(name)} no longer")

    def _on_whereis(self, time: Any, me: Pid, name: str) -> None:
        self._operate(time, me, f"whereis({show(name)})")

    def _on_flag(self, time: Any, me: Pid, flag: str, value: Term) -> None:
        self._operate(time, me, f"process_flag({show(flag)},{show(value)})")

    def _on_ask(self, time: Any, me: Pid, to: Pid, item: str) -> None:
        alive = item == "is_process_alive"
        self._operate(time, me, f"{item}({to!r})" if alive else f"process_info({to!r},{show(item)})")

    def _on_ets(self, time: Any, me: Pid, operation: str, table: Term, of: Term) -> None:
        self._operate(time, me, f"ets:{operation}({show(table)}{'' if of is None else f',{show(of)}'})")

    def _operate(self, time: Any, me: Pid, label: str) -> None:
        if self.operations:
            self._add(time, "operation", me, me, label)

    def _on_child(self, time: Any, me: Pid, id: Term, state: Term) -> None:
        overseer = self.history.overseers.get(me.number)
        if isinstance(state, Pid) and overseer is not None:
            self.above[state.number] = me.number
            slot = (me.number, key(id))
            if self.slots.get(slot, state.number) != state.number:
                self.replaces[state.number] = self.slots[slot]
            self.slots[slot] = state.number
        if isinstance(state, Pid) and overseer is not None and not overseer.nameless:
            named = self.history.actor(state).name is not None
            self._add_name(state, id, self.titles.get(state.number) if named else None)

    def _on_shell(self, time: Any, me: Pid) -> None:
        self._add_name(me, SHELL)

    def _on_system(self, time: Any, me: Pid, name: str) -> None:
        self._add_name(me, name)
        self.system.add(me.number)

    def _on_send(self, time: Any, me: Pid, to: Pid, message: Term) -> None:
        match message:
            case ("ETS-TRANSFER", table, Pid() as former, _):
                # Whoever runs when a table's owner has died is not the one whom it comes from.
                self._add(time, "heir", former, to, f"inherits {show(table, LONGEST_LABEL)}")
                return
            case ("$gen_call" | "system", (Pid(), tag), _) if number := _number(tag):
                self.asked[number] = len(self.found)
            case (tag, _) if (asked := self.asked.pop(_number(tag), None)) is not None:
                question = self.found[asked]
                if question.source == to:
                    self.found[asked] = question._replace(answer=len(self.found))
        self._add(time, "message", me, to, message_label(message))

    def _on_exit_signal(self, time: Any, me: Pid, to: Pid, reason: Term) -> None:
        self._add(time, "signal", me, to, f"exit: {show(reason, LONGEST_LABEL)}")
        pair = (me.number, to.number)
        self.signals[pair] = self.signals.get(pair, 0) + 1

    def _on_link(self, time: Any, me: Pid, to: Pid) -> None:
        last = self.found[-1] if self.found else None
        if (
            last is not None
            and last.event >= self.history.index - 2
            and (last.time, *last[2:5]) == (time, "spawn", me, to)
        ):
            self.found[-1] = last._replace(label="spawn_link")
        else:
            self._add(time, "link", me, to, "link")

    def _on_unlink(self, time: Any, me: Pid, to: Pid) -> None:
        self._add(time, "unlink", me, to, "unlink")

    def _on_monitor(self, time: Any, me: Pid, item: Term, ref: Ref) -> None:
        actor = self.history.watched(item)
        if actor is not None and not self._is_of_a_call(me, ref):
            self._add(time, "monitor", me, actor.pid, "monitor")

    def _is_of_a_call(self, me: Pid, ref: Ref) -> bool:
        """Whether this monitor is one that a call makes."""
        following = self.rows[self.history.index + 1 : self.history.index + 2]
        for row in following:
            match row:
                case (_, "send", pid, _, (str(), (_, tag), _)):
                    return bool(pid == me and ref == (tag.tail if isinstance(tag, Improper) else tag))
        return False

    def _on_arrive(self, time: Any, me: Pid, message: Term, sender: Pid | None, place: int) -> None:
        if sender is not None and (_is_exit(message) or is_down(message)):
            pair = (sender.number, me.number)
            if _is_exit(message) and self.signals.get(pair, 0):
                self.signals[pair] -= 1
            self._add(time, "signal", sender, me, message_label(message))

    def _on_exit(self, time: Any, me: Pid, reason: Term, by: Pid | None = None) -> None:
        told = by is not None and self.signals.get((by.number, me.number), 0) > 0
        kind = "end" if is_normal(reason) else "exit"
        self._add(time, kind, me if by is None or told else by, me, show(reason, LONGEST_LABEL))
        if me.number in self.lives:
            self.lives[me.number][1] = self.history.index
        else:
            self.lives[me.number] = [None, self.history.index]

    def _on_start_timer(self, time: Any, me: Pid, to: Term, ref: Ref, due: Any) -> None:
        self._add(time, "start_timer", me, me, f"timer in {due - time} ms")

    def _on_timer(self, time: Any, me: Pid, ref: Ref, message: Term) -> None:
        self._add(time, "timer", me, me, message_label(message))

    def _on_receive(self, time: Any, me: Pid, message: Term) -> None:
        origin = self.history.taken
        if origin >= 0 and self.rows[origin][0] != time:
            self._add(time, "late", me, me, f"takes {message_label(message)} of {self.rows[origin][0]} ms")

    # ---- the chart -------------------------------------------------------------------

    def chart(self, what: Wanted, found: list[_Found]) -> SequenceChart:
        """The chart of what was found: its lanes and rows, and notes on what had to be left out."""
        processes, limit, most_lanes = what.processes, what.limit, what.lanes
        found = (
            [each for each in self._folded(found) if what.takes(each)] if what.fold else list(filter(what.takes, found))
        )
        lanes, notes = (
            self.first_to_take_part(found, most_lanes) if processes is None else (self._chosen(processes), [])
        )
        wanted = [each for each in found if each.source.number in lanes and each.target.number in lanes]
        if len(wanted) > limit:
            last = wanted[-1].time
            notes.append(f"{len(wanted) - limit:,} more rows until {last} ms; narrow start and end, or raise limit")
            wanted = wanted[:limit]
        events = [each.event for each in wanted]
        shown = [lane for lane in (self._lane(pid, events) for pid in lanes) if not self._is_absent(lane, len(events))]
        numbers = {lane.pid.number: number for number, lane in enumerate(shown)}
        rows = [
            Row(each.time, each.event, each.kind, numbers[each.source.number], numbers[each.target.number], each.label)
            for each in wanted
        ]
        return SequenceChart(tuple(shown), tuple(rows), tuple(notes))

    def _folded(self, found: list[_Found]) -> list[_Found]:
        """Calls with their answers in one row each."""
        answers = {self.found[each.answer].event for each in found if each.answer >= 0}
        return [
            each._replace(label=f"{each.label} → {self.found[each.answer].label.removeprefix('reply ')}")
            if each.answer >= 0
            else each
            for each in found
            if each.event not in answers
        ]

    def _is_absent(self, lane: Lane, rows: int) -> bool:
        """Whether a process lives at other times only."""
        return rows > 0 and (lane.first == rows or lane.last == -1)

    def first_to_take_part(self, found: list[_Found], most: int) -> tuple[list[int], list[str]]:
        """The first processes that take part, at most `most`, and a note on the others."""
        lanes: dict[int, None] = {}
        for each in found:
            for pid in (each.source, each.target):
                if pid.number not in self.system:
                    lanes[pid.number] = None
        left_out = len(lanes) - most
        lanes = self._beside(lanes)
        notes = [f"{left_out:,} more processes; choose with processes=[...] or raise lanes"] if left_out > 0 else []
        return list(lanes)[:most], notes

    def _beside(self, lanes: dict[int, None]) -> dict[int, None]:
        """The lanes in order, but each process that replaces another one directly behind that."""
        after: dict[int, int] = {old: new for new, old in self.replaces.items()}
        found: dict[int, None] = {}
        for pid in lanes:
            while pid in lanes and pid not in found:
                if self.replaces.get(pid) in lanes and self.replaces[pid] not in found:
                    break
                found[pid] = None
                pid = after.get(pid, pid)
        return found | lanes

    def _chosen(self, processes: Iterable[Term]) -> list[int]:
        lanes: dict[int, None] = {}
        for wanted in processes:
            if isinstance(wanted, Pid):
                matching = [wanted.number]
                self.pids.setdefault(wanted.number, wanted)
            else:
                matching = [pid for pid, names in self.names.items() if any(exact_eq(name, wanted) for name in names)]
                matching = matching or self._matching(wanted)
            if not matching:
                raise ErlsimError(f"nobody in the trace is {show(wanted)}; there are {self._known(wanted)}")
            lanes.update(self._beside(dict.fromkeys(sorted(matching))))
        return list(lanes)

    def _matching(self, wanted: Term) -> list[int]:
        """The pids that a pattern of names means, or that are below those that it means."""
        if not isinstance(wanted, str):
            return []
        subtree, pattern = wanted.startswith("under:"), wanted.removeprefix("under:")
        if not subtree and not any(each in wanted for each in "*?["):
            return []
        found = {
            pid: None
            for pid, names in self.names.items()
            if any(fnmatchcase(show(name), pattern) for name in names) and pid not in self.system
        }
        return [pid for pid in self.pids if pid in found or (subtree and self._is_below(pid, found))]

    def _is_below(self, pid: int, above: dict[int, None]) -> bool:
        seen: dict[int, None] = {}
        while pid in self.above and pid not in seen:
            seen[pid] = None
            pid = self.above[pid]
            if pid in above:
                return True
        return False

    def _known(self, wanted: Term) -> str:
        """Who is in the trace; and who of them was perhaps meant."""
        titles = list(dict.fromkeys(title for pid, title in self.titles.items() if pid not in self.system))
        some = ", ".join(titles[:20]) + (", ..." if len(titles) > 20 else "")
        return some + hints.nearest(show(wanted), titles)

    def _lane(self, pid: int, events: list[int]) -> Lane:
        born, died = self.lives.get(pid, [None, None])
        first = bisect_left(events, born) if born is not None and events and born >= events[0] else None
        last = bisect_right(events, died) - 1 if died is not None and events and died <= events[-1] else None
        return Lane(self.pids[pid], self.titles.get(pid, "process"), first, last)


def _number(tag: Term) -> int:
    """The number of the reference of a call, an alias or not; 0 if it is none."""
    ref = tag.tail if isinstance(tag, Improper) else tag
    return ref.number if isinstance(ref, Ref) else 0


def _is_exit(message: Term) -> bool:
    return isinstance(message, tuple) and len(message) == 3 and isinstance(message[0], str) and message[0] == "EXIT"


def message_label(message: Term) -> str:
    """What is written at a message: `call`, `cast`, `reply`, ... and what it carries, or the message itself."""
    match message:
        case ("$gen_call", (Pid(), _), request):
            return f"call {show(request, LONGEST_LABEL)}"
        case ("ack", Pid(), value):
            return f"ack {show(value, LONGEST_LABEL)}"
        case ("$gen_cast", request):
            return f"cast {show(request, LONGEST_LABEL)}"
        case ("system", (Pid(), _), request):
            return f"system {show(request, LONGEST_LABEL)}"
        case (Ref() | Improper(items=("alias",)), reply):
            return f"reply {show(reply, LONGEST_LABEL)}"
        case ("EXIT", Pid(), reason):
            return f"EXIT {show(reason, LONGEST_LABEL)}"
        case (str() as tag, Ref(), "process", _, reason):
            return f"{tag} {show(reason, LONGEST_LABEL)}"
    return show(message, LONGEST_LABEL)
