"""How a name has served: how long it was there, how fast it came back, how much it had to read, how fast it answered.

A name is a child's id or a registered name; it outlives the processes that bear it. All times are virtual milliseconds.
`reading` takes it from a trace, `service` is the value, `calls` finds the calls, `drawing` draws.
"""

from __future__ import annotations

from erlsim.trace.service.reading import serve
from erlsim.trace.service.service import Availability, HighWater, Latency, Outage, Service

__all__ = ["Availability", "HighWater", "Latency", "Outage", "Service", "serve"]
