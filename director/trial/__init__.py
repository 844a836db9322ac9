"""Looking at childspecs and plans without a program around them.

`lint` says what is odd about a childspec; `timeline` plays plans against given crashes: a `Trial`.
"""

from __future__ import annotations

from director.trial.lint import lint, linting
from director.trial.playing import timeline
from director.trial.trial import Ending, Trial

__all__ = ["Ending", "Trial", "lint", "linting", "timeline"]
