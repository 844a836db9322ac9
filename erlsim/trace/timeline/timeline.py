"""Lifelines as a value, and how they show themselves."""

from __future__ import annotations

from erlsim.trace.picture import Line, Picture
from erlsim.trace.timeline import drawing, text
from erlsim.trace.timeline.lives import Lives


class Timeline(Picture, Lives):
    """See the package's text. From `start` to `end`, in ms or events (`unit`); `notes` say what was left out."""

    def lines(self) -> list[Line]:
        """A bar for each lifeline, and the deaths below."""
        return text.lines(self)

    def svg(self) -> str:
        """Bars on a common scale, a cross for each death, an arrow from who did it."""
        return drawing.svg(self, self.text())

    def mermaid(self) -> str:
        """A Gantt chart."""
        return text.mermaid(self)
