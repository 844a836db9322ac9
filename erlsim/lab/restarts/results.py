"""What came of the trials, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from erlsim.lab.restarts.trials import SECOND, Life, Plan, Setting
from erlsim.lab.statistics import percentile, wilson

HOUR = 3_600 * SECOND


class Outcome(NamedTuple):
    """What became of a setting or a plan: of `runs` trials `survived` to the end.

    `low` and `high` are the 95 % interval of the chance to survive; `exact` is that chance itself where it can be
    computed. `away` is the share of time without the child, given up ones included to the end; `away_alive` the same
    while the supervisor lived. `gave_up` is the median time (ms) of giving up, of those that did.
    """

    subject: Setting | Plan
    runs: int
    survived: int
    low: float
    high: float
    away: float
    away_alive: float
    gave_up: int | None
    exact: float | None = None

    @property
    def chance(self) -> float:
        """The share that survived."""
        return self.survived / self.runs

    @property
    def sure(self) -> float:
        """The chance to survive that can be relied on: what was computed, else the lower bound."""
        return self.low if self.exact is None else self.exact

    @property
    def agrees(self) -> bool:
        """Whether the interval holds the chance that was computed; true if none was."""
        return self.exact is None or self.low <= self.exact <= self.high


def outcome(subject: Setting | Plan, lives: list[Life], horizon: int, exact: float | None = None) -> Outcome:
    """What some trials come to."""
    runs = len(lives)
    ends = [life.gave_up for life in lives if life.gave_up is not None]
    survived = runs - len(ends)
    low, high = wilson(survived, runs)
    alive = sum(horizon if life.gave_up is None else life.gave_up for life in lives)
    away = sum(life.away for life in lives)
    lost = sum(horizon - end for end in ends)
    return Outcome(
        subject=subject,
        runs=runs,
        survived=survived,
        low=low,
        high=high,
        away=away / (runs * horizon),
        away_alive=(away - lost) / alive if alive else 0.0,
        gave_up=percentile(ends, 0.5) if ends else None,
        exact=exact,
    )


@dataclass(frozen=True)
class Recommendation:
    """The setting to take, or `None` if none of those tried will do; and why, in sentences."""

    setting: Setting | None
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        head = "No setting of these will do" if self.setting is None else f"Take {self.setting}"
        return "\n".join([f"{head}:", *(f"- {reason}" for reason in self.reasons)])


def recommend(cells: list[Outcome], plans: list[Outcome], target: float, hours: float) -> Recommendation:
    """The strictest of the settings that survive often enough; what fails for ever should be given up on soon."""
    good = [cell for cell in cells if isinstance(cell.subject, Setting) and cell.sure >= target]
    reasons: list[str] = []
    if not good:
        best = max(cells, key=lambda cell: (cell.sure, cell.chance)) if cells else None
        if best is not None:
            reasons.append(
                f"the best, {best.subject}, survived {best.survived:,} of {best.runs:,} runs of {hours:g} h "
                f"({_interval(best)}), and {target:.1%} is wanted"
            )
            if best.survived == best.runs and best.exact is None:
                reasons.append("more runs would narrow the interval: all of these were survived")
        reasons += _of_plans(plans, best)
        return Recommendation(None, tuple(reasons))
    chosen = min(good, key=_laxness)
    setting = chosen.subject
    assert isinstance(setting, Setting)
    reasons.append(f"it survived {chosen.survived:,} of {chosen.runs:,} runs of {hours:g} h ({_interval(chosen)})")
    if len(good) > 1:
        reasons.append(f"{len(good)} of {len(cells)} settings survive often enough; this one bears the fewest crashes")
    if setting.intensity:
        pause = setting.period / setting.intensity
        reasons.append(f"it bears one crash every {pause:g} s for ever, and gives up on a faster loop of crashes")
    stricter = [cell for cell in cells if cell not in good and _laxness(cell) < _laxness(chosen)]
    if stricter:
        next_best = max(stricter, key=lambda cell: cell.chance)
        reasons.append(f"the next stricter one, {next_best.subject}, survived {next_best.chance:.1%}")
    return Recommendation(setting, (*reasons, *_of_plans(plans, chosen)))


def _laxness(cell: Outcome) -> tuple[float, int]:
    """How many crashes a second a setting bears, and for how many in a row."""
    setting = cell.subject
    assert isinstance(setting, Setting)
    return setting.intensity / setting.period, setting.intensity


def _interval(cell: Outcome) -> str:
    computed = "" if cell.exact is None else f"; computed {cell.exact:.2%}"
    return f"95 % interval {cell.low:.1%} to {cell.high:.1%}{computed}"


def _of_plans(plans: list[Outcome], rival: Outcome | None) -> list[str]:
    """How each plan does beside the best setting of a plain supervisor."""
    found = []
    for each in plans:
        if rival is None:
            continue
        if each.low > rival.high:
            how = "survives more often"
        elif each.high < rival.low:
            how = "survives less often"
        else:
            how = "cannot be told from it by survival"
        found.append(
            f"the plan {each.subject} ({each.chance:.1%}) {how} beside {rival.subject} ({rival.chance:.1%}); "
            f"its child is away {each.away_alive:.3%} of the time that it lives, there {rival.away_alive:.3%}"
        )
    return found
