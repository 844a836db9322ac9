"""Mailboxes: what `receive` takes out of them, by the patterns of `terms.matches`.

Matching is message-major: the oldest message that matches any pattern wins.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, Final

from erlsim.errors import pass_on
from erlsim.terms import Improper, matches

LONG: Final = 32
"""Marks are set in mailboxes that hold so many messages."""


class _Nothing:
    __slots__ = ()


NOTHING: Final = _Nothing()


class MatchError(Exception):
    """Whether a message matches cannot be told, because of `cause`: a comparison of objects has failed."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(cause)
        self.cause = cause


def matches_any(patterns: tuple[Any, ...], term: Any) -> bool:
    """Whether `term` matches one of `patterns`; no pattern at all matches everything."""
    if not patterns:
        return True
    try:
        for pattern in patterns:
            if pattern is ... or pattern is term or matches(pattern, term):
                return True
    except Exception as cause:
        pass_on(cause)
        raise MatchError(cause) from None
    return False


def nothing(message: Any) -> bool:
    """The pattern of who only lets time pass, as `timer:sleep/1` does: what comes meanwhile he does not look at."""
    return False


def find(patterns: tuple[Any, ...], messages: Iterable[Any]) -> int:
    """The index of the oldest message that matches, or -1."""
    for index, message in enumerate(messages):
        if matches_any(patterns, message):
            return index
    return -1


class Mailbox(deque[Any]):
    """The messages that have arrived and were not received yet, oldest first.

    `mark` is the newest pid or reference that the owner made while its mailbox was long. No message that
    was here then can hold it, so a receive whose patterns all name it starts behind those: the receive
    marker of the BEAM. Without it a busy server that calls others would look through its whole mailbox each time.
    Invariant: whatever removes a message counts it in `gone`, so that `behind_mark` never skips a newer one.

    `unseen` is the number of the newest messages, which came while the owner only let time pass: on the BEAM they are
    in the outer queue until he looks for a message further than in the inner one, or a signal of another kind comes.
    It is `None` if there is a message of his own among them, which lets him see them all.
    """

    __slots__ = ("gone", "mark", "marked", "unseen")

    def __init__(self) -> None:
        super().__init__()
        self.gone = 0
        self.unseen: int | None = 0
        self.mark: Any = None
        self.marked = 0

    def remove_at(self, index: int) -> None:
        """Remove one message."""
        if self.unseen and index >= len(self) - self.unseen:
            self.unseen = 0
        del self[index]
        self.gone += 1

    def leave_unseen(self, number: int) -> None:
        """The newest `number` messages have come to who only lets time pass."""
        if self.unseen is not None:
            # The owner may have taken the oldest without a look at how many he had seen.
            before = self.unseen if self.unseen <= len(self) - number else 0
            self.unseen = before + number

    def seen(self) -> list[Any]:
        """The messages that the owner sees in `process_info(self(), messages)`."""
        unseen = self.unseen or 0
        return list(self) if not 0 < unseen <= len(self) else [*self][: len(self) - unseen]

    def set_mark(self, made: Any) -> None:
        """`made`, a pid or a reference, is new: nothing that is here now holds it."""
        self.mark = made
        self.marked = self.gone + len(self)

    def behind_mark(self, patterns: tuple[Any, ...]) -> int:
        """Where a receive of `patterns` may start: 0, or behind what cannot match any of them."""
        mark = self.mark
        if mark is None:
            return 0
        for pattern in patterns:
            if type(pattern) is not tuple or not _names(pattern, mark):
                return 0
        return max(0, self.marked - self.gone)


def _names(pattern: tuple[Any, ...], mark: Any) -> bool:
    for part in pattern:  # noqa: SIM110 (no generator here either)
        if part is mark or (type(part) is Improper and part.tail is mark):
            return True
    return False


def take(patterns: tuple[Any, ...], messages: Mailbox) -> Any:
    """Remove and return the oldest message that matches, or `NOTHING`."""
    if not patterns:
        messages.gone += 1
        return messages.popleft()
    start = messages.behind_mark(patterns) if len(messages) >= LONG else 0
    if start:
        index = next((i for i in range(start, len(messages)) if matches_any(patterns, messages[i])), -1)
    else:
        index = find(patterns, messages)
    if index < 0:
        return NOTHING
    message = messages[index]
    messages.remove_at(index)
    return message
