"""`restart_lab`: the chance to survive and the time away, over a grid of settings and for plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

from erlsim.lab.progress import progressing
from erlsim.lab.questions import WrongQuestion
from erlsim.lab.restarts import heat
from erlsim.lab.restarts.exact import exact_chance
from erlsim.lab.restarts.models import Failures, as_failures
from erlsim.lab.restarts.results import HOUR, Outcome, Recommendation, outcome, recommend
from erlsim.lab.restarts.trials import SECOND, Plan, Setting, Trial, run_trial

if TYPE_CHECKING:
    from rich.console import Group

INTENSITIES = (1, 3, 5, 10)
PERIODS = (5, 10, 30, 60)
# A timeout of Erlang's is no longer.
MOST_HOURS = 1_193


@dataclass(frozen=True, repr=False)
class RestartLab:
    """What came of the trials. `cells` are the outcomes of the settings, `plans` those of the plans.

    Each has the chance to survive with its 95 % interval, the share of time away, and when it gave up. `words` says
    under which failures, `hours` for how long a trial lasts.
    """

    words: str
    hours: float
    runs: int
    start_ms: int
    cells: tuple[Outcome, ...]
    plans: tuple[Outcome, ...]
    recommendation: Recommendation

    def __getitem__(self, key: Any) -> Outcome:
        """`lab[3, 10]` for intensity 3 and period 10, `lab["name"]` for a plan."""
        for each in (*self.cells, *self.plans):
            if (each.subject.name if isinstance(each.subject, Plan) else tuple(each.subject)) == key:
                return each
        raise KeyError(f"{key!r} was not tried")

    def sentence(self) -> str:
        """What was tried."""
        return f"{self.words}: {self.runs:,} runs of {self.hours:g} h ({self.runs * self.hours:,.0f} virtual hours)"

    def not_tried(self) -> str:
        """What was not."""
        left = [
            "one child, one_for_one",
            "failures that depend on the load",
            "what those above do when this one gives up",
        ]
        if not self.start_ms:
            left.append("starts that take time (start_ms)")
        return f"Not tried: other than {left[0]}; {'; '.join(left[1:])}. One schedule (first-in first-out)."

    def text(self) -> str:
        """The tables, the recommendation, and what was not tried."""
        tables = heat.text(self.cells, self.plans)
        return "\n\n".join([self.sentence(), *tables, str(self.recommendation), self.not_tried()])

    __str__ = __repr__ = text

    def __rich__(self) -> Group:
        return heat.rich_tables(self.sentence(), self.cells, self.plans, f"{self.recommendation}\n\n{self.not_tried()}")

    def svg(self, away: bool = False) -> str:
        """A heat map: the chance to survive, or with `away` the share of time without the child."""
        return heat.svg(self.cells, self.sentence(), away)

    def to_json(self) -> dict[str, Any]:
        """All of it as what `json` can write."""
        return {
            "failures": self.words,
            "hours": self.hours,
            "runs": self.runs,
            "start_ms": self.start_ms,
            "settings": [heat.as_json(each) for each in self.cells],
            "plans": [heat.as_json(each) for each in self.plans],
            "recommendation": {
                "setting": None if self.recommendation.setting is None else self.recommendation.setting._asdict(),
                "reasons": list(self.recommendation.reasons),
            },
            "not_tried": self.not_tried(),
        }

    def to_html(self, path: str | PathLike[str] | None = None, title: str = "Restart intensity") -> str:
        """A page that needs no network, with both heat maps. Written to `path` if there is one."""
        recommended = [str(self.recommendation), self.not_tried()]
        text = heat.page(title, self.sentence(), self.cells, self.plans, recommended)
        if path is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return text


def restart_lab(
    failures: Any,
    *,
    intensity: int | Iterable[int] = INTENSITIES,
    period: int | Iterable[int] = PERIODS,
    plans: Mapping[str, Any] | None = None,
    hours: float = 24,
    runs: int = 200,
    start_ms: int = 0,
    target: float = 0.95,
    seed: int = 0,
    progress: bool | None = False,
) -> RestartLab:
    """Try settings and plans under a failure model, in `runs` trials of `hours` of virtual time.

    `failures` is a model (`poisson`, `bursts`, `outages`, `crashes_at_start` of `erlsim.lab.restarts`) or a function
    `(env, child, random)` that is a simpy process. `intensity` and `period` (whole seconds) span a grid of OTP
    supervisors, `plans` maps names to a director's plan, or to `(plan, count)`. Every start but the first takes
    `start_ms`. The recommendation is the strictest setting whose chance to survive is at least `target`: the one that
    was computed if it could be, else the lower bound of its 95 % interval. The same `seed` gives the same result; all
    settings meet the same failures.
    """
    model = as_failures(failures)
    settings = [Setting(i, p) for i in _numbers("intensity", intensity, 0) for p in _numbers("period", period, 1)]
    named = [_plan(name, given) for name, given in (plans or {}).items()]
    _check(settings, named, hours, runs, start_ms, target)
    horizon = round(hours * HOUR)
    groups = 1 if settings else 0
    with progressing("trials", runs * (groups + len(named)), progress) as advance:

        def trials(subject: Setting | Plan) -> list[Trial]:
            found = []
            for number in range(runs):
                found.append(run_trial(model, subject, horizon, start_ms, f"{seed}/{number}"))
                advance(1)
            return found

        cells = _grid(model, settings, trials, horizon, start_ms)
        planned = [outcome(plan, [trial.life() for trial in trials(plan)], horizon) for plan in named]
    advice = recommend(cells, planned, target, hours)
    return RestartLab(model.words, hours, runs, start_ms, tuple(cells), tuple(planned), advice)


def _grid(model: Failures, settings: list[Setting], trials: Any, horizon: int, start_ms: int) -> list[Outcome]:
    """All settings of the grid, from trials of the one that gives up last: see `trials`."""
    if not settings:
        return []
    last = Setting(max(each.intensity for each in settings), min(each.period for each in settings))
    done = trials(last)
    cells = []
    for setting in settings:
        lives = [trial.replayed(setting) for trial in done]
        exact = None
        if model.every is not None and not start_ms:
            exact = exact_chance(model.every, *setting, horizon // SECOND)
        cells.append(outcome(setting, lives, horizon, exact))
    return cells


def _plan(name: str, given: Any) -> Plan:
    pair = isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], list)
    plan, count = given if pair else (given, "infinity")
    if not isinstance(plan, list) or not plan:
        raise WrongQuestion(
            f"the plan {name!r} is a list of a director's plan elements, or (list, count), not {given!r}"
        )
    return Plan(name, tuple(plan), count)


def _numbers(name: str, given: Any, least: int) -> list[int]:
    found = list(given) if isinstance(given, Iterable) else [given]
    for each in found:
        if type(each) is not int or each < least:
            raise WrongQuestion(f"{name} is a whole number from {least} on, or several, not {each!r}")
    return found


def _check(settings: list[Setting], plans: list[Plan], hours: Any, runs: Any, start_ms: Any, target: Any) -> None:
    if not settings and not plans:
        raise WrongQuestion("there is nothing to try: give intensity and period, or plans")
    if not isinstance(hours, int | float) or not 0 < hours <= MOST_HOURS:
        raise WrongQuestion(f"hours is a number up to {MOST_HOURS:,}, not {hours!r}")
    for name, value, least in (("runs", runs, 1), ("start_ms", start_ms, 0)):
        if type(value) is not int or value < least:
            raise WrongQuestion(f"{name} is a whole number from {least} on, not {value!r}")
    if not isinstance(target, int | float) or not 0 < target < 1:
        raise WrongQuestion(f"target is a probability, not {target!r}")
