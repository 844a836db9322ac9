"""Lifelines: who was up, restarting, waiting or down from when to when, and who has killed whom.

A supervised child has one lifeline through all its processes, however often it is restarted; so have the
children of a supervisor that is restarted itself. Any other process has its own.
"""

from __future__ import annotations

from erlsim.trace.timeline.lives import Death, Lifeline, Span
from erlsim.trace.timeline.reading import timeline
from erlsim.trace.timeline.timeline import Timeline

__all__ = ["Death", "Lifeline", "Span", "Timeline", "timeline"]
