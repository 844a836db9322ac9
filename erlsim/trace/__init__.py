"""What happened in a simulation, as data, as text and as pictures.

`Trace` is the record, `Tree` a supervision tree, `SequenceChart` a chart of messages and signals, `Timeline` the lives
of processes and children, `Moment` the world after one event. Every picture has the form of text, of SVG and of
Mermaid, and notebooks show it. Their code is loaded when the first picture is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from erlsim.trace.events import Event
from erlsim.trace.record import Trace

if TYPE_CHECKING:
    from erlsim.trace.moments import Mailbox, Moment
    from erlsim.trace.picture import Picture
    from erlsim.trace.sequence import Lane, Row, SequenceChart
    from erlsim.trace.timeline import Death, Lifeline, Span, Timeline
    from erlsim.trace.tree import Node, Tree

_HOMES = {
    "moments": ("Mailbox", "Moment"),
    "picture": ("Picture",),
    "sequence": ("Lane", "Row", "SequenceChart"),
    "timeline": ("Death", "Lifeline", "Span", "Timeline"),
    "tree": ("Node", "Tree"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"erlsim.trace.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "Death",
    "Event",
    "Lane",
    "Lifeline",
    "Mailbox",
    "Moment",
    "Node",
    "Picture",
    "Row",
    "SequenceChart",
    "Span",
    "Timeline",
    "Trace",
    "Tree",
]
