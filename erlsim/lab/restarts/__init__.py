"""The restart laboratory: which intensity and period, or which plan, survives which failures, and at what price.

A supervisor (or a director with a plan) with one child runs under a failure model for hours of virtual time, again and
again. `models` says when the child fails (simpy processes), `trials` runs one trial, `lab` a grid of them; `results`
counts and recommends, `heat` shows. `exact` computes the chance to survive Poisson failures, which the trials have to
agree with.
"""

from erlsim.lab.restarts.exact import exact_chance
from erlsim.lab.restarts.lab import RestartLab, restart_lab
from erlsim.lab.restarts.models import Failures, bursts, crashes_at_start, outages, poisson
from erlsim.lab.restarts.results import Outcome, Recommendation
from erlsim.lab.restarts.trials import Child, Plan, Setting

__all__ = [
    "Child",
    "Failures",
    "Outcome",
    "Plan",
    "Recommendation",
    "RestartLab",
    "Setting",
    "bursts",
    "crashes_at_start",
    "exact_chance",
    "outages",
    "poisson",
    "restart_lab",
]
