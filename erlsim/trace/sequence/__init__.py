"""Message sequence charts: who has sent what to whom, and which signals have gone where, in virtual time.

A chart is made of lanes (processes) and rows (what happened, in order). What happens all the time and says
little is left out: registrations, receives that follow at once, and the monitor of every call.
"""

from __future__ import annotations

from erlsim.trace.sequence.chart import SequenceChart
from erlsim.trace.sequence.reading import Wanted, chart
from erlsim.trace.sequence.rows import Lane, Row

__all__ = ["Lane", "Row", "SequenceChart", "Wanted", "chart"]
