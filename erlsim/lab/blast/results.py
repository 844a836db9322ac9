"""What a strike has done, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from erlsim.lab.blast.strikes import Moment, moment_text, reason_text
from erlsim.terms import Term
from erlsim.trace.facts import show

UNTOUCHED, RECOVERED, CHANGED, DOWN, SPINS = "untouched", "recovered", "changed", "down", "spins"


class Fall(NamedTuple):
    """`name` ended `at` ms after the strike with `reason`; `by` is whose exit signal it was, if it was one."""

    name: str
    at: int
    reason: Term
    by: str | None


class Restart(NamedTuple):
    """`name` was there again `at` ms after the strike."""

    name: str
    at: int


class Away(NamedTuple):
    """`name` was away for `ms` in all; `None`: it was not back at the end."""

    name: str
    ms: int | None


class Saw(NamedTuple):
    """`caller` got `what` (an exit reason: `noproc`, `timeout` ...) in place of an answer of `callee`."""

    caller: str
    callee: str
    what: Term
    at: int


@dataclass(frozen=True)
class Lost:
    """`count` rows of a table (`kind` is `"rows"`) or unread messages (`"messages"`) that went with somebody who fell.

    `what` is the table's name; of messages the process whose they were. `"unheard"`: messages that were sent to it when
    it was no more.
    """

    kind: str
    what: str
    count: int


@dataclass(frozen=True)
class Blast:
    """What came of one strike: see the package's text.

    `outcome` is `"untouched"` (nobody fell), `"recovered"` (the tree is as it would be without the strike),
    `"changed"` (it is not: `differences` says in what), `"down"` (a process at the top is gone) or `"spins"` (time
    stood still: something restarts without end). `gave_up` are the supervisors that ended by themselves. `fell` and
    `restarted` are in the order in which it happened.
    """

    victim: str
    reason: Term
    moment: Moment
    outcome: str
    fell: tuple[Fall, ...] = ()
    restarted: tuple[Restart, ...] = ()
    away: tuple[Away, ...] = ()
    saw: tuple[Saw, ...] = ()
    lost: tuple[Lost, ...] = ()
    gave_up: tuple[str, ...] = ()
    failed_starts: int = 0
    differences: tuple[str, ...] = ()

    @property
    def fallen(self) -> tuple[str, ...]:
        """Who fell, each once, in order, the victim too."""
        return tuple(dict.fromkeys(each.name for each in self.fell))

    @property
    def back(self) -> tuple[str, ...]:
        """Who was started again, each once, in order."""
        return tuple(dict.fromkeys(each.name for each in self.restarted))

    def away_ms(self, name: str) -> int | None:
        """How long `name` was away: 0 if it was not, `None` if it did not come back."""
        return next((each.ms for each in self.away if each.name == name), 0)

    @property
    def words(self) -> tuple[str, str, str, str, str, str]:
        """Who fell, who was restarted, how long who was away, what callers saw, what was lost, what came of it."""
        return (
            ", ".join(_others(self.fallen, self.victim)) or "nobody else",
            ", ".join(self.back) or "nobody",
            _grouped_away(self.away) or "nobody",
            _counted([f"{each.caller}: {show(each.what, 40)}" for each in self.saw]) or "nothing",
            ", ".join(_loss(each) for each in self.lost) or "nothing",
            self.outcome_text(),
        )

    def outcome_text(self) -> str:
        """The outcome, with who gave up and what is different."""
        parts = [f"{', '.join(self.gave_up)} gave up"] if self.gave_up else []
        if self.failed_starts:
            parts.append(f"{self.failed_starts} start{'' if self.failed_starts == 1 else 's'} failed")
        if self.outcome == CHANGED:
            missing = [each.removeprefix("no ") for each in self.differences if each.startswith("no ")]
            parts += [f"no {', '.join(missing)}"] if missing else []
            parts += [each for each in self.differences if not each.startswith("no ")]
        return f"{self.outcome}: {'; '.join(parts)}" if parts else self.outcome

    def __str__(self) -> str:
        fell, back, away, saw, lost, outcome = self.words
        return (
            f"{self.victim}, {reason_text(self.reason)} {moment_text(self.moment)}: {outcome}\n"
            f"  fell: {fell}\n  restarted: {back}\n  away: {away}\n  callers saw: {saw}\n  lost: {lost}"
        )


class Group(NamedTuple):
    """Strikes at `victim` for one of `reasons` at one of `moments` all did what `blast` shows."""

    victim: str
    reasons: list[Term]
    moments: list[Moment]
    blast: Blast


@dataclass(frozen=True)
class Place:
    """One process of the tree at rest: its name, how deep it stands, whether it supervises, what it says of itself."""

    name: str
    depth: int
    is_supervisor: bool
    detail: str


def _others(fallen: tuple[str, ...], victim: str) -> list[str]:
    return [name for name in fallen if name != victim]


def _grouped_away(away: tuple[Away, ...]) -> str:
    """Who was away equally long is told together."""
    groups: dict[int | None, list[str]] = {}
    for each in away:
        groups.setdefault(each.ms, []).append(each.name)
    if len(groups) == 1 and len(away) > 1:
        groups = {ms: ["all"] for ms in groups}
    return "; ".join(f"{', '.join(names)} {'for good' if ms is None else f'{ms:,} ms'}" for ms, names in groups.items())


def _counted(texts: list[str]) -> str:
    counts: dict[str, int] = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    return ", ".join(text if count == 1 else f"{text} ({count} times)" for text, count in counts.items())


def _loss(lost: Lost) -> str:
    unit = {"rows": "row", "messages": "message", "unheard": "message"}[lost.kind]
    plural = "" if lost.count == 1 else "s"
    if lost.kind == "rows":
        return f"{lost.count:,} {unit}{plural} of {lost.what}"
    where = "in the mailbox of" if lost.kind == "messages" else "sent too late to"
    return f"{lost.count:,} {unit}{plural} {where} {lost.what}"
