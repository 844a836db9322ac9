"""A mutation run as a whole: find the mutants, try them, search for what the survivors do differently."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from erlsim.lab.mutation.finding import Finds, find_mutants
from erlsim.lab.mutation.finding.mutants import Mutant
from erlsim.lab.mutation.telling import TRIES, Search, Verdict
from erlsim.lab.mutation.trying import Baseline, Cache, Campaign, Outcome
from erlsim.lab.progress import progressing

OWN_LIST = "mutants.toml"
# The tests are run once without a mutant: so many real seconds are enough.
BASELINE_SECONDS = 1800.0


@dataclass(frozen=True)
class Plan:
    """What is to be mutated and how: `places` are files and folders, `arguments` are pytest's, `folder` is the project.

    `kinds` are those of `mutants.KINDS`, all if there are none; `own` is a list of mutants of the user's own. So many
    `tries` are made for a scenario that tells a survivor from the original. With `fresh` nothing of earlier runs is
    believed; without `forks` each mutant has a Python of its own.
    """

    folder: Path
    places: tuple[Path, ...]
    arguments: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    own: Path | None = None
    jobs: int = 1
    tries: int = TRIES
    fresh: bool = False
    keeps: bool = True
    forks: bool = True

    def find(self) -> Finds:
        """The mutants."""
        return find_mutants(self.places, self.folder, self.kinds, self.own)


@dataclass(frozen=True)
class Report:
    """What has come of a run: an outcome for each mutant, and for each survivor what the search has come to."""

    plan: Plan
    finds: Finds
    tests: int
    outcomes: list[Outcome]
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def verdict(self, mutant: Mutant) -> Verdict | None:
        """What the search has come to."""
        return self.verdicts.get(mutant.key)

    @property
    def survivors(self) -> list[Outcome]:
        """Those that no test has found, less those that are the same program in other words."""
        return [each for each in self.outcomes if not each.is_found and not self.is_equivalent(each.mutant)]

    @property
    def equivalent(self) -> list[Outcome]:
        """Those that nobody can tell from the original."""
        return [each for each in self.outcomes if not each.is_found and self.is_equivalent(each.mutant)]

    def is_equivalent(self, mutant: Mutant) -> bool:
        """Whether this mutant has been shown to be the same."""
        verdict = self.verdict(mutant)
        return verdict is not None and verdict.is_equivalent

    @property
    def found(self) -> int:
        """How many the tests have found."""
        return sum(each.is_found for each in self.outcomes)

    @property
    def score(self) -> float:
        """The share of those that could be found that were; 1.0 if there are none."""
        possible = len(self.outcomes) - len(self.equivalent)
        return self.found / possible if possible else 1.0


def run(plan: Plan, progress: bool | None = None) -> Report:
    """Do it; `FailingTests`, `CannotStart`, `Unreadable` or `WrongList` if it cannot be done.

    `progress` says on standard error how far it is (`None`: if that is a terminal).
    """
    finds = plan.find()
    cache = Cache(plan.folder if plan.keeps else None, plan.arguments, plan.fresh)
    with (
        tempfile.TemporaryDirectory(prefix="erlsim-mutate-") as scratch,
        Campaign(plan.folder, plan.arguments, plan.jobs, Path(scratch), cache, plan.forks) as campaign,
    ):
        with progressing("runs of all tests", 1, progress):
            baseline = campaign.baseline(_files(finds.mutants), BASELINE_SECONDS)
        with progressing("mutants", len(finds.mutants), progress) as advance:
            outcomes = campaign.try_all(finds.mutants, baseline, lambda _: advance(1))
        report = Report(plan, finds, len(baseline.seconds), outcomes)
        cache.write()
        _search(report, campaign, baseline, cache, progress)
        cache.write()
    return report


def _files(mutants: Iterable[Mutant]) -> list[Path]:
    return list(dict.fromkeys(each.source.path for each in mutants))


def _search(report: Report, campaign: Campaign, baseline: Baseline, cache: Cache, progress: bool | None) -> None:
    """Find out of each survivor what it does differently."""
    survivors = [each.mutant for each in report.outcomes if not each.is_found]
    tries = report.plan.tries
    search = Search(campaign, baseline, tries)

    def one(mutant: Mutant) -> Verdict:
        known = cache.whole(f"search {mutant.key}", tries)
        verdict = search.of(mutant) if known is None else Verdict(**known)
        cache.keep_whole(f"search {mutant.key}", tries, verdict.data)
        advance(1)
        return verdict

    with progressing("survivors looked at", len(survivors), progress) as advance:
        verdicts = campaign.in_parallel(one, survivors)
    report.verdicts.update(zip((each.key for each in survivors), verdicts, strict=True))
