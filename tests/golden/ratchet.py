"""The counts once reached, which may only grow: `ratchet.json` holds them."""

from __future__ import annotations

import json
from pathlib import Path

FILE = Path(__file__).with_name("ratchet.json")


def held(file: Path = FILE) -> dict[str, int]:
    """The count that every area has to reach."""
    counts: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    return counts


def raise_to(counts: dict[str, int], file: Path = FILE) -> dict[str, int]:
    """Hold these counts from now on, where they are higher than those held so far."""
    before = held(file)
    after = {area: max(before.get(area, 0), counts.get(area, 0)) for area in [*before, *counts]}
    file.write_text(json.dumps(after, indent=2) + "\n")
    return after


def fallen(counts: dict[str, int], file: Path = FILE) -> list[str]:
    """A line for each area whose count is below the one that is held."""
    return [
        f"{area}: {counts[area]} scenarios pass, {least} once did"
        for area, least in held(file).items()
        if area in counts and counts[area] < least
    ]
