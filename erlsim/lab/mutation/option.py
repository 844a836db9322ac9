"""pytest's option `--erlsim-mutate PATH`: when all tests have passed, the mutants of some files are put to them."""

from __future__ import annotations

import pytest

from erlsim.lab.mutation.run import OWN_LIST, Plan, run
from erlsim.lab.mutation.trying import CannotStart, FailingTests, default_jobs
from erlsim.lab.mutation.words import text

OPTION = "--erlsim-mutate"
_told: pytest.StashKey[list[str]] = pytest.StashKey()


def check(config: pytest.Config) -> None:
    """Refuse what is not there before anything runs."""
    for each in config.getoption(OPTION):
        if not (config.invocation_params.dir / each).exists():
            raise pytest.UsageError(f"{OPTION}: no file or folder {each!r}")


def mutate(session: pytest.Session) -> None:
    """Do it, with the arguments that pytest was given; the session fails if mutants survive that are not equivalent."""
    config = session.config
    folder = config.invocation_params.dir
    places = tuple(folder / each for each in config.getoption(OPTION))
    arguments = _without([str(each) for each in config.invocation_params.args])
    own = folder / OWN_LIST
    plan = Plan(folder, places, arguments, own=own if own.exists() else None, jobs=default_jobs())
    try:
        report = run(plan)
    except (FailingTests, CannotStart, ValueError) as wrong:
        config.stash[_told] = [str(wrong)]
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return
    config.stash[_told] = list(text(report))
    if report.survivors:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _without(arguments: list[str]) -> tuple[str, ...]:
    """The arguments of pytest, less the option and what it is given."""
    kept: list[str] = []
    skipping = False
    for each in arguments:
        if not skipping and each != OPTION and not each.startswith(f"{OPTION}="):
            kept.append(each)
        skipping = each == OPTION
    return tuple(kept)


def lines(config: pytest.Config) -> list[str]:
    """What there is to tell at the end."""
    return config.stash.get(_told, [])
