"""What all pictures have in common: text, rich text, SVG, Mermaid, and what notebooks ask for.

A picture is a value: it was taken once and does not change. Its text is made of pieces with a style each, so that
`str()`, a rich console and a notebook's plain text cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from erlsim.trace.svg import framed

if TYPE_CHECKING:
    from rich.text import Text

Piece = tuple[str, str]
"""Some text, and the name of its style."""
Line = list[Piece]

RICH = {
    "": "",
    "frame": "bright_black",
    "soft": "bright_black",
    "strong": "bold",
    "pid": "cyan",
    "up": "green",
    "restarting": "yellow",
    "waiting": "bright_blue",
    "down": "red",
    "deleted": "bright_black",
    "message": "",
    "signal": "red",
    "link": "magenta",
    "note": "italic bright_black",
}


class Picture:
    """Base of everything that can be looked at."""

    def lines(self) -> Iterable[Line]:
        """The text of the picture, line by line, in pieces."""
        raise NotImplementedError

    def svg(self) -> str:
        """The picture as SVG, complete in itself, for light and for dark surroundings."""
        raise NotImplementedError

    def mermaid(self) -> str:
        """The picture in Mermaid's language, for whoever renders that."""
        raise NotImplementedError

    def text(self) -> str:
        """The picture for a terminal, without colours; `rich.print` shows it with colours."""
        return "\n".join("".join(text for text, _ in line).rstrip() for line in self.lines())

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def __rich__(self) -> Text:
        from rich.text import Text  # it takes as long to import as all of erlsim

        shown = Text(no_wrap=True, overflow="ignore")
        for number, line in enumerate(self.lines()):
            if number:
                shown.append("\n")
            for text, style in line:
                shown.append(text, RICH[style])
        return shown

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_html_(self) -> str:
        return framed(self.svg())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self._repr_html_(), "image/svg+xml": self.svg()}
