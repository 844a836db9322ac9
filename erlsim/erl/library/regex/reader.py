"""An expression that is read from left to right, for those who read parts of it."""

from __future__ import annotations

from erlsim.erl.library.regex.settings import Settings


class Wrong(Exception):
    """PCRE refuses the expression: its words, and the place in the text."""

    def __init__(self, words: str, place: int) -> None:
        super().__init__(words)
        self.words, self.place = words, place
        self.is_told = False
        """Whether `re:run/3` is to tell of it."""


class Reader:
    """The text and the place that was come to; how many groups were opened so far."""

    def __init__(self, text: str, settings: Settings) -> None:
        self.text = text
        self.settings = settings
        self.at = 0
        self.groups = 0

    def peek(self) -> str:
        """The next character; an empty text at the end."""
        return self.text[self.at : self.at + 1]
