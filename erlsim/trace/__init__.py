"""What happened in a simulation, as data, as text and as pictures."""

from erlsim.trace.events import Event, Trace

__all__ = ["Event", "Trace"]
