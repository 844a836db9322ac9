"""A chart as a value, and how it shows itself."""

from __future__ import annotations

from erlsim.trace.picture import Line, Picture
from erlsim.trace.sequence import drawing, text
from erlsim.trace.sequence.rows import Chart


class SequenceChart(Picture, Chart):
    """See the package's text. `notes` say what was left out."""

    def lines(self) -> list[Line]:
        """Lanes side by side, one line a row."""
        return text.lines(self)

    def svg(self) -> str:
        """The usual drawing, time from top to bottom."""
        return drawing.svg(self)

    def mermaid(self) -> str:
        """A sequence diagram."""
        return text.mermaid(self)
