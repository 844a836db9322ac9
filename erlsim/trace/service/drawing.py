"""Plots of a name's service in SVG: a bar of its time, steps of its mailbox, a histogram of its answers."""

from __future__ import annotations

from collections.abc import Sequence

from erlsim.trace import svg as draw

WIDTH, HEIGHT, LEFT, TOP, MARGIN, BAR = 520, 130, 70, 34, 14, 22
BINS = 24


def bar(name: str, start: int, end: int, outages: Sequence[tuple[int, int]]) -> str:
    """Green while it was there, red while not."""
    length = max(end - start, 1)
    parts = [_title(f"{name}: there and away"), draw.rect(LEFT, TOP, WIDTH, BAR, "up", rx=2)]
    for since, until in outages:
        wide = max(WIDTH * (until - since) / length, 1.5)
        tip = draw.tip(f"away {until - since:,} ms from {since:,} ms on")
        parts.append(draw.rect(LEFT + WIDTH * (since - start) / length, TOP, wide, BAR, "down", tip))
    parts += _scale(TOP + BAR, f"{start:,} ms", f"{end:,} ms")
    return draw.picture(LEFT + WIDTH + MARGIN, TOP + BAR + 24, f"{name}: there and away", parts)


def steps(name: str, levels: Sequence[tuple[int, int]]) -> str:
    """How many messages waited, over the time."""
    most = max((count for _, count in levels), default=0)
    first, last = (levels[0][0], levels[-1][0]) if levels else (0, 0)
    length = max(last - first, 1)
    n = draw.number
    points = [
        (LEFT + WIDTH * (time - first) / length, TOP + HEIGHT * (1 - count / max(most, 1))) for time, count in levels
    ]
    parts = [_title(f"{name}: messages that wait"), _axis()]
    if points:
        line = f"M{n(points[0][0])} {n(points[0][1])}" + "".join(f"H{n(x)}V{n(y)}" for x, y in points[1:])
        parts.append(draw.path(line, "waiting-line"))
    parts.append(draw.text(LEFT - 6, TOP + 8, f"{most:,}", "soft", anchor="end"))
    parts += _scale(TOP + HEIGHT, f"{first:,} ms", f"{last:,} ms")
    return draw.picture(LEFT + WIDTH + MARGIN, TOP + HEIGHT + 24, f"{name}: messages that wait", parts)


def histogram(name: str, values: Sequence[int]) -> str:
    """How many calls took how long."""
    low, high = (min(values), max(values)) if values else (0, 0)
    size = max((high - low) // BINS + 1, 1)
    counts = [0] * BINS
    for value in values:
        counts[(value - low) // size] += 1
    most = max(counts)
    wide = WIDTH / BINS
    parts = [_title(f"{name}: how long calls took"), _axis()]
    for number, count in enumerate(counts):
        if count:
            tall = HEIGHT * count / most
            tip = draw.tip(f"{count:,} calls: {low + number * size:,} to {low + (number + 1) * size - 1:,} ms")
            parts.append(draw.rect(LEFT + number * wide, TOP + HEIGHT - tall, wide - 1.5, tall, "waiting", tip))
    parts.append(draw.text(LEFT - 6, TOP + 8, f"{most:,}", "soft", anchor="end"))
    parts += _scale(TOP + HEIGHT, f"{low:,} ms", f"{low + BINS * size - 1:,} ms")
    return draw.picture(LEFT + WIDTH + MARGIN, TOP + HEIGHT + 24, f"{name}: how long calls took", parts)


def _title(words: str) -> str:
    return draw.text(MARGIN, MARGIN + 8, words, "ink bold")


def _axis() -> str:
    return draw.line(LEFT, TOP + HEIGHT, LEFT + WIDTH, TOP + HEIGHT, "edge")


def _scale(y: float, left: str, right: str) -> list[str]:
    return [draw.text(LEFT, y + 16, left, "soft"), draw.text(LEFT + WIDTH, y + 16, right, "soft", anchor="end")]
